"""What was understood, written in one short line, so that hundreds of sentences can stand beside what they mean."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.language import understand
from shared.language.model import Command, Intent, Meanings, Moment, Ref, Understanding

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=NEW_YORK)  # a Wednesday


def read(text: str, now: datetime = NOW, zone: str = "America/New_York", meanings: Meanings | None = None) -> Understanding:
    """`text` as said by someone in New York on Wednesday 25 November 2026 at 10:00."""
    return understand(text, now, zone, meanings)


def meaning(text: str) -> str:
    """All commands of `text`, parted by ` + `."""
    return " + ".join(line(command) for command in read(text).commands)


def line(command: Command) -> str:
    """One command: its intent, and only what was said. What is not for us is `none`, unless it may finish a todo."""
    if command.intent is Intent.NONE and command.maybe is None:
        return "none"
    parts = [str(command.intent.value)]
    if command.title:
        parts.append(f"'{command.title}'")
    if command.topic:
        parts.append(f"({command.topic})")
    parts += [_ref(command.ref)] if command.ref != Ref() else []
    if command.when is not None and command.query is None:
        parts.append(("over " + command.when.over) if command.when.over else _moment(command.when.start))
        if command.when.end:
            parts.append(f"to {_moment(command.when.end)}")
        if command.when.aside:
            parts.append(f"({command.when.aside})")
        if command.when.shift_seconds is not None:
            parts[-1] = f"shift {command.when.shift_seconds}"
    if command.repeat is not None:
        parts.append(command.repeat.rrule.replace("FREQ=", "") + (" after done" if command.repeat.after_done else ""))
        parts += [f"except {day}" for day in command.repeat.except_days]
    parts += [f"remind {_before(reminder.before_seconds, reminder.at)}" for reminder in command.remind]
    parts += [command.priority.value] if command.priority else []
    parts += [f"#{tag}" for tag in command.tags]
    parts += [f"note '{command.note}'"] if command.note else []
    parts += [f"list {command.list_name}"] if command.list_name else []
    parts += ["no date"] if command.no_date else []
    parts += ["no repeat"] if command.no_repeat else []
    parts += [_query(command)] if command.query else []
    parts += [_setting(command)] if command.setting else []
    parts += ["bare"] if command.bare else []
    if command.maybe is not None and command.maybe_intent is not None:
        parts.append(f"maybe {command.maybe_intent.value} {_ref(command.maybe)}")
    return " ".join(parts)


def _moment(moment: Moment) -> str:
    return moment.at.strftime("%Y-%m-%dT%H:%M") if moment.at else moment.day.isoformat()


def _before(seconds: int | None, at: Moment | None) -> str:
    return _moment(at) if at else f"-{seconds}s"


def _ref(ref: Ref) -> str:
    given = ref.model_dump(exclude_defaults=True)
    words = []
    for name, value in given.items():
        if name == "numbers":
            words.append("#" + ",".join(str(number) for number in value))
        elif name == "day" and ref.day:
            words.append(f"of {ref.day.day}")
        elif name == "at" and ref.at:
            words.append(f"at {_moment(ref.at)}")
        elif value is True:
            words.append(name)
        else:
            words.append(f"{name}={','.join(str(each) for each in value) if isinstance(value, tuple) else value}")
    return " ".join(words)


def _query(command: Command) -> str:
    query = command.query
    assert query is not None
    parts: list[str] = [query.what]
    if query.when:
        parts.append(_moment(query.when.start) + (f" to {_moment(query.when.end)}" if query.when.end else ""))
    words = [query.words, f"#{query.tag}" if query.tag else "", query.priority.value if query.priority else ""]
    return " ".join([*parts, *(word for word in words if word)])


def _setting(command: Command) -> str:
    assert command.setting is not None
    given = command.setting.model_dump(exclude_defaults=True, mode="json")
    given.pop("until", None)
    until = command.setting.until
    text = " ".join(f"{name}={value}" for name, value in given.items())
    return text + (f" until {_moment(until.end or until.start)}" if until else "")
