"""`jotline understand`: what the language makes of a text, for people who extend it and for programs that score it.

    jotline understand "buy milk tomorrow 5pm" [--now 2026-11-25T10:00-05:00] [--tz America/New_York]
    jotline understand --jsonl < texts.jsonl

The first shows each command with the words it came from, the form that matched and what it means. The second reads a JSON object a
line, `{"text", "now", "tz"}`, and answers each at once with one line: a JSON list of commands with `intent`, `title`, `due`,
`due_end`, `rrule`, `remind`, `priority`, `tags`, `ref` and `confidence`. `due` is a date, or an instant with its offset; `remind`
holds instants, or seconds before `due`. A line that cannot be read is answered with `[]` and named on standard error; the exit
status is then 1. Blank lines are passed over. Without `now` it is the present, without `tz` UTC.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from shared.language import understand
from shared.language.model import Command, Intent, Meanings, Moment, Query, Ref, Reminder, Repeat, Understanding, When
from shared.messages.dates import say_weekday

#: Our finer intents under the names public corpora use.
LABELS = {
    Intent.MOVE: "edit",
    Intent.SKIP: "edit",
    Intent.SHOW: "query",
    Intent.MORE: "query",
    Intent.REDO: "undo",
    Intent.WHY: "help",
    Intent.ANSWER: "none",
    Intent.CHAT: "none",
    Intent.DELETE_ME: "delete",
    Intent.DELETE_RECORDINGS: "delete",
    Intent.HEAR_AGAIN: "none",
}


class BadLine(ValueError):
    """A line that is no question to the language."""


def main(argv: list[str]) -> int:
    """Run the subcommand; answers the exit status."""
    parser = argparse.ArgumentParser(prog="jotline understand", description=(__doc__ or "").splitlines()[0].split(": ")[1])
    parser.add_argument("text", nargs="*", help="the text to read")
    parser.add_argument("--now", help="when it was sent, ISO 8601 (default: now); without an offset it is local time in --tz")
    parser.add_argument("--tz", default="UTC", help="IANA zone of the sender (default: UTC)")
    parser.add_argument("--jsonl", action="store_true", help='read lines {"text", "now", "tz"}, write a JSON list for each')
    options = parser.parse_args(argv)
    if options.jsonl == bool(options.text):
        parser.error("a text is needed, or --jsonl")
    try:
        _speak_utf8()
        if options.jsonl:
            return answer(sys.stdin, sys.stdout, sys.stderr)
        zone = zone_of(options.tz)
        sys.stdout.write(shown(" ".join(options.text), moment_of(options.now, zone, local=True), zone))
        sys.stdout.flush()
    except BadLine as problem:
        parser.error(str(problem))
    except BrokenPipeError:  # whoever read has seen enough; what is left in the buffer must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


def answer(source: TextIO, target: TextIO, errors: TextIO) -> int:
    """Each line of `source` answered on `target` before the next is read; 1 when a line was bad, else 0."""
    status = 0
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            commands = as_dicts(line)
        except BadLine as problem:
            commands, status = [], 1
            errors.write(f"line {number}: {problem}\n")
        target.write(json.dumps(commands, ensure_ascii=False) + "\n")
        target.flush()
    return status


def as_dicts(line: str) -> list[dict[str, Any]]:
    """The commands of one line.

    Raises:
        BadLine: it is no JSON object, or one of its values is missing or no text, time or zone.
    """
    try:
        asked = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise BadLine(f"no JSON ({error})") from error
    if not isinstance(asked, dict):
        raise BadLine('no JSON object {"text", "now", "tz"}')
    text, now, tz = (_said(asked, key) for key in ("text", "now", "tz"))
    if text is None:
        raise BadLine('"text" is missing')
    zone = zone_of(tz or "UTC")
    return [as_dict(command) for command in understand(text, moment_of(now, zone), zone).commands]


def as_dict(command: Command) -> dict[str, Any]:
    """One command in the words of public corpora. For a question, due is the day asked about."""
    when = command.when or (command.query.when if command.query else None)
    return {
        "intent": label(command),
        "title": command.title or None,
        "due": _iso(when.start) if when else None,
        "due_end": _iso(when.end) if when and when.end else None,
        "rrule": command.repeat.rrule if command.repeat else None,
        "remind": [_iso(each.at) if each.at else each.before_seconds for each in command.remind],
        "priority": command.priority.value if command.priority else None,
        "tags": list(command.tags),
        "ref": said_ref(command.ref),
        "confidence": command.confidence,
    }


def label(command: Command) -> str:
    """The intent's name in public corpora, which tell a plain add from one with a reminder or a recurrence."""
    if command.intent is Intent.ADD:
        return "recur" if command.repeat else "remind" if command.remind or command.remind_asked else "add"
    if command.intent is Intent.SETTING:
        return "digest" if command.setting is not None and command.setting.what == "digest" else "none"
    return LABELS.get(command.intent, command.intent.value)


def said_ref(ref: Ref) -> str | None:
    """What stands for existing todos: `#2 #4`, `2.` (the second), `all`, `that`, or words."""
    if ref.numbers:
        return " ".join(f"#{number}" for number in ref.numbers)
    if ref.ordinals:
        return " ".join(f"{number}." for number in ref.ordinals)
    flags = [
        name for name, value in (("all", ref.everything), ("both", ref.both), ("last", ref.last), ("that", ref.that)) if value
    ]
    day = ref.day.day.isoformat() if ref.day else ""
    return " ".join(flags) or ref.words or (f"#{ref.tag}" if ref.tag else "") or ref.status or day or None


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises:
        BadLine: there is none.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # OSError: "America" is a folder of the zone database
        raise BadLine(f"unknown time zone {name!r}; say it like America/New_York") from error


def moment_of(said: str | None, zone: ZoneInfo, *, local: bool = False) -> datetime:
    """An aware instant from ISO 8601; the present when nothing is said. `local`: without an offset it is the time in `zone`.

    Raises:
        BadLine: it is no instant, or has no offset.
    """
    if said is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(said)
        aware = at.replace(tzinfo=zone) if local and at.tzinfo is None else at
        aware.astimezone(zone)  # the first hours of year 1 and the last of 9999 are not there in every zone
    except (ValueError, OverflowError) as error:
        raise BadLine(f"{said!r} is no instant; say it like 2026-11-25T10:00:00-05:00") from error
    if aware.tzinfo is None:
        raise BadLine(f"now {said!r} has no offset; say it like 2026-11-25T10:00:00-05:00")
    return aware


def shown(text: str, now: datetime, zone: ZoneInfo) -> str:
    """What was understood, for people: every command with its words, the form that matched, and its fields in plain writing."""
    read = understand(text, now, zone)
    lines = [read.text or "(an empty text)", f"sent {_plainly(now.astimezone(zone))}, {zone.key}"]
    for number, command in enumerate(read.commands, start=1):
        name, common = command.intent.value, label(command)
        lines += ["", f"{number}. {name}" + (f" ({common})" if common != name else "")]
        lines += [f"   {field:<11}{value}" for field, value in _fields(read, command, now, zone)]
    return "\n".join(lines) + "\n"


def _fields(read: Understanding, command: Command, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    start, end = command.span
    yield "words", f"{start}-{end}  {read.text[start:end]}".replace("\n", " / ")
    yield from (("time words", f"{start + at}-{start + to}  {said}") for at, to, said in times_in(command.text, now, zone))
    yield "form", command.rule or "-"
    yield "confidence", f"{command.confidence:.1f}"
    yield from _what(command)
    yield from _when(command.when) if command.when else ()
    yield from _repeat(command.repeat, command.when, zone) if command.repeat else ()
    yield from (("remind", _reminder(each)) for each in command.remind)
    yield from _query(command.query) if command.query else ()
    yield from _marks(command)


def _what(command: Command) -> Iterator[tuple[str, str]]:
    for name in ("title", "topic", "note", "list_name"):
        if value := getattr(command, name):
            yield name.removesuffix("_name"), value
    if (ref := said_ref(command.ref)) is not None:
        yield "todo", ref
    if command.maybe is not None and command.maybe_intent is not None:
        yield "or", f"{command.maybe_intent.value} {said_ref(command.maybe)}, when exactly one open todo fits"


def _marks(command: Command) -> Iterator[tuple[str, str]]:
    if command.priority is not None:
        yield "priority", command.priority.value
    if command.tags:
        yield "tags", " ".join(f"#{tag}" for tag in command.tags)
    if command.setting is not None:
        yield "setting", json.dumps(command.setting.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
    flags = (
        ("no_date", "no_repeat", "quoted", "bare")
        if command.remind
        else ("remind_asked", "no_date", "no_repeat", "quoted", "bare")
    )
    if said := ", ".join(flag.replace("_", " ") for flag in flags if getattr(command, flag)):
        yield "also", said


def _when(when: When) -> Iterator[tuple[str, str]]:
    if when.over:
        yield "over", f"{when.over}: asked about, not taken"
    elif when.shift_seconds is not None:
        yield "due", f"{_length(abs(when.shift_seconds))} {'later' if when.shift_seconds >= 0 else 'earlier'} than it was"
    else:
        yield "due", _moment(when.start) + (f", {when.aside}" if when.aside else "")
    if when.end is not None:
        yield "until", _moment(when.end)
    if when.other is not None:
        yield "could be", _moment(when.other)


def _repeat(repeat: Repeat, when: When | None, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield "repeat", repeat.rrule + (", counted from when it is done" if repeat.after_done else "")
    if when is not None and not repeat.after_done:
        yield "then", "; ".join(_moment(each) for each in _following(repeat, when.start, zone)) or "no more"


def _following(repeat: Repeat, due: Moment, zone: ZoneInfo) -> Iterator[Moment]:
    """The next three times, as completing each in time would give them."""
    from shared.schedule.repeats import next_due

    for _ in range(3):
        at = due.at or datetime.combine(due.day, datetime.min.time(), zone)
        following = next_due(repeat, due, zone.key, after=at, done_at=at)
        if following is None:
            return
        repeat, due = following.repeat, following.moment
        yield due


def _query(query: Query) -> Iterator[tuple[str, str]]:
    yield "asked for", " ".join(filter(None, (query.what, query.words, f"#{query.tag}" if query.tag else "")))
    if query.when is not None:
        yield "from" if query.when.end else "day", _moment(query.when.start)
        if query.when.end is not None:
            yield "until", _moment(query.when.end)


def _reminder(reminder: Reminder) -> str:
    return _moment(reminder.at) if reminder.at else f"{_length(reminder.before_seconds or 0)} before"


def _length(seconds: int) -> str:
    """E.g. `1 day 2 h 30 min`."""
    parts = ((86_400, "days"), (3_600, "h"), (60, "min"), (1, "s"))
    said = []
    for size, unit in parts:
        count, seconds = divmod(seconds, size)
        said += [f"{count} {unit.removesuffix('s') if count == 1 and unit == 'days' else unit}"] if count else []
    return " ".join(said) or "0 min"


def _moment(moment: Moment) -> str:
    return _plainly(moment.at) if moment.at else f"{say_weekday(moment.day)} {moment.day.isoformat()}"


def _plainly(at: datetime) -> str:
    return f"{say_weekday(at.date())} {at.isoformat(sep=' ', timespec='minutes')}"


def times_in(text: str, now: datetime, zone: ZoneInfo) -> list[tuple[int, int, str]]:
    """The stretches of a clause that are read as time: where, and their words."""
    from shared.language.english.language import ENGLISH
    from shared.language.moments import Context
    from shared.language.reading import begin
    from shared.language.timing import find_times

    parse = begin(text, Context(now.astimezone(zone), zone, Meanings(), ENGLISH)).parse
    tokens = parse.tokens
    found = ((tokens[time.start].start, tokens[time.end - 1].end) for time in find_times(parse, 0, len(tokens)))
    return [(start, end, text[start:end]) for start, end in found]


def _said(asked: dict[str, Any], key: str) -> str | None:
    value = asked.get(key)
    if value is not None and not isinstance(value, str):
        raise BadLine(f'"{key}" is no text')
    return value


def _iso(moment: Moment) -> str:
    return moment.at.isoformat() if moment.at is not None else moment.day.isoformat()


def _speak_utf8() -> None:
    """Whatever the locale says, lines are UTF-8, and no byte or half of a character stops the others."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)
