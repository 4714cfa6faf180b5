"""What the language says, in the words of the scorer of public corpora (intent names, due, rrule, title, ref, ...).

The scorer reads the first command of a message. A first occurrence chosen by us ("every friday") counts as due.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shared.language import understand
from shared.language.model import Command, Intent, Ref

_INTENTS = {
    Intent.MOVE: "edit",
    Intent.SKIP: "edit",
    Intent.SHOW: "query",
    Intent.MORE: "query",
    Intent.REDO: "undo",
    Intent.WHY: "help",
    Intent.ANSWER: "none",
    Intent.CHAT: "none",
    Intent.SETTING: "none",
    Intent.DELETE_ME: "delete",
}


def parse(text: str, now: datetime, zone: str) -> list[dict[str, Any]]:
    """The commands of `text`, each as the scorer wants it."""
    return [as_dict(command) for command in understand(text, now, zone).commands] or [{"intent": "none"}]


def as_dict(command: Command) -> dict[str, Any]:
    """One command: intent, title, due, due_end, rrule, remind, priority, tags, ref, confidence."""
    when = command.when
    return {
        "intent": _intent(command),
        "title": command.title or None,
        "due": _moment(when.start) if when else None,
        "due_end": _moment(when.end) if when and when.end else None,
        "rrule": command.repeat.rrule if command.repeat else None,
        "remind": [reminder.before_seconds if reminder.at is None else _moment(reminder.at) for reminder in command.remind],
        "priority": command.priority.value if command.priority else None,
        "tags": list(command.tags),
        "ref": _ref(command.ref),
        "confidence": command.confidence,
    }


def _intent(command: Command) -> str:
    if command.intent is Intent.SETTING:
        return "digest" if command.setting and command.setting.what == "digest" else "none"
    return _INTENTS.get(command.intent, command.intent.value)


def _moment(moment: Any) -> str:  # noqa: ANN401 - a Moment or None
    return moment.at.isoformat() if moment.at else moment.day.isoformat()


def _ref(ref: Ref) -> str | None:
    if ref.numbers:
        return " ".join(f"#{number}" for number in ref.numbers)
    for name, value in (("all", ref.everything), ("last", ref.last), ("that", ref.that), ("both", ref.both)):
        if value:
            return name
    return ref.words or ref.tag or ref.status or None
