"""`jotline understand`: what the language makes of a text, for people who extend it and for programs that score it.

    jotline understand "buy milk tomorrow 5pm" [--now 2026-11-25T10:00-05:00] [--tz America/New_York]
    jotline understand --jsonl < texts.jsonl

The first shows each command with the words it came from, the form that matched and the fields it filled. The second reads lines
`{"text", "now", "tz"}` and writes for each one line: a JSON list of commands with `intent`, `title`, `due`, `due_end`, `rrule`,
`remind`, `priority`, `tags`, `ref` and `confidence`, in the input's order.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from shared.language import understand
from shared.language.model import Command, Intent, Moment, Ref

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
}


def main(argv: list[str]) -> int:
    """Run the subcommand; answers the exit status."""
    parser = argparse.ArgumentParser(prog="jotline understand", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("text", nargs="?", help="the text to read")
    parser.add_argument("--now", help="when it was sent, ISO 8601; without an offset it is local time in --tz")
    parser.add_argument("--tz", default="UTC", help="IANA zone of the sender (default UTC)")
    parser.add_argument("--jsonl", action="store_true", help="read and write JSON lines")
    options = parser.parse_args(argv)
    if options.jsonl:
        return _lines(sys.stdin, sys.stdout)
    if options.text is None:
        parser.error("a text is needed, or --jsonl")
    sys.stdout.write(show(options.text, _moment_of(options.now, options.tz), options.tz))
    return 0


def show(text: str, now: datetime, zone: str) -> str:
    """Every command of `text`: its words, its form, its fields."""
    understanding = understand(text, now, zone)
    lines = [f"{understanding.text}  ({now.isoformat()}, {zone})"]
    for command in understanding.commands:
        start, end = command.span
        lines.append(f"{command.intent.value}  form {command.rule or '-'}  confidence {command.confidence:.1f}")
        lines.append(f"  words {start}-{end}: {understanding.text[start:end]}")
        fields = command.model_dump(
            mode="json", exclude_defaults=True, exclude={"intent", "rule", "confidence", "span", "text"}
        )
        lines += [f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join(lines) + "\n"


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
        "ref": _ref(command.ref),
        "confidence": command.confidence,
    }


def label(command: Command) -> str:
    """The intent's name in public corpora."""
    if command.intent is Intent.SETTING:
        return "digest" if command.setting is not None and command.setting.what == "digest" else "none"
    return LABELS.get(command.intent, command.intent.value)


def _lines(source: TextIO, target: TextIO) -> int:
    for line in source:
        if not line.strip():
            continue
        asked = json.loads(line)
        zone = asked.get("tz") or "UTC"
        understanding = understand(asked["text"], _moment_of(asked.get("now"), zone), zone)
        target.write(json.dumps([as_dict(command) for command in understanding.commands], ensure_ascii=False) + "\n")
    target.flush()
    return 0


def _moment_of(said: str | None, zone: str) -> datetime:
    if said is None:
        return datetime.now(UTC)
    at = datetime.fromisoformat(said)
    return at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))


def _iso(moment: Moment) -> str:
    return moment.at.isoformat() if moment.at is not None else moment.day.isoformat()


def _ref(ref: Ref) -> str | None:
    if ref.numbers:
        return " ".join(f"#{number}" for number in ref.numbers)
    if ref.ordinals:
        return " ".join(f"{number}." for number in ref.ordinals)
    flags = [
        name for name, value in (("all", ref.everything), ("both", ref.both), ("last", ref.last), ("that", ref.that)) if value
    ]
    day = ref.day.day.isoformat() if ref.day else ""
    return " ".join(flags) or ref.words or (f"#{ref.tag}" if ref.tag else "") or ref.status or day or None
