"""Changes of settings, so that undo and redo take them along.

Tasks have their events; settings have only the last few changes, kept in the dialogue. Each knows the last message before it
that changed a task, which tells whether undo comes to it before the top message of the task history, after it, or with it.
"""

from __future__ import annotations

from typing import Final

from shared.language.model import Value
from shared.todos.model import Settings
from shared.todos.turn import Turn

MOST_KEPT: Final = 10


class Change(Value):
    """Settings that became others. `undone_by` is the message that took it back."""

    message_id: str
    after: str  # the last message before it that changed a task; "" when there was none
    before: Settings
    now: Settings
    undone_by: str = ""
    undone_after: str = ""


def remember(turn: Turn, started_with: Settings) -> None:
    """Keep what this message changed. A new change ends what could be redone."""
    anew = any(event.undoes is None for event in turn.events)
    changes = _changes(turn)
    if turn.settings != started_with and not any(turn.heard.id in (one.message_id, one.undone_by) for one in changes):
        anew = True
        changes.append(Change(message_id=turn.heard.id, after=_last_change(turn), before=started_with, now=turn.settings))
    if anew:
        _keep(turn, [change for change in changes if not change.undone_by])


def take_back(turn: Turn, top: str | None) -> str | None:
    """Take back the last change of settings, if it is no older than `top`, the message on top of the task history.

    Returns the message that had changed them; None when the tasks come first.
    """
    changes = _changes(turn)
    last = next((one for one in reversed(changes) if not one.undone_by), None)
    if last is None or not _comes_first(turn, last.message_id, last.after, top):
        return None
    undone = last.model_copy(update={"undone_by": turn.heard.id, "undone_after": _last_change(turn)})
    _keep(turn, [undone if one is last else one for one in changes])
    turn.settings = last.before
    return last.message_id


def do_again(turn: Turn, top: str | None) -> str | None:
    """Do the change of settings again that was taken back last; as `take_back`."""
    changes = _changes(turn)
    first = next((one for one in changes if one.undone_by), None)
    if first is None or not _comes_first(turn, first.undone_by, first.undone_after, top):
        return None
    anew = {"message_id": turn.heard.id, "after": _last_change(turn), "undone_by": "", "undone_after": ""}
    _keep(turn, [one.model_copy(update=anew) if one is first else one for one in changes])
    turn.settings = first.now
    return first.undone_by


def _comes_first(turn: Turn, message_id: str, after: str, top: str | None) -> bool:
    """True when a change of settings is no older than the message `top`."""
    order = {event.message_id: place for place, event in enumerate(reversed(turn.person.history))}
    return top is None or message_id == top or order.get(after, -1) >= order.get(top, -1)


def _last_change(turn: Turn) -> str:
    """The last message that changed a task."""
    return str(turn.dialogue.recent["id"]) if turn.dialogue.recent else ""


def _changes(turn: Turn) -> list[Change]:
    return [Change.model_validate(kept) for kept in turn.dialogue.settings_changes]


def _keep(turn: Turn, changes: list[Change]) -> None:
    turn.note(settings_changes=tuple(change.model_dump(mode="json", exclude_defaults=True) for change in changes[-MOST_KEPT:]))
