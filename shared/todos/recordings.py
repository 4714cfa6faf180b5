"""What a person asks of their recordings. They are transcribe's: here it is only understood what is wished, and of which."""

from __future__ import annotations

from datetime import date, timedelta

from shared.language.model import Setting
from shared.messages import phrases
from shared.todos import questions
from shared.todos.model import RecordingWish
from shared.todos.questions import Job, Question
from shared.todos.turn import Turn


def hear_again(turn: Turn, job: Job) -> None:
    """One recording again: that of a day, the last one, or the one spoken of, which is the last one heard.

    The last one of somebody who says this is not the recording they say it in.
    """
    ref = job.command.ref
    day = _past(ref.day.day, turn.today) if ref.day else None
    last = ref.last and turn.heard.origin == "text"
    known = "" if day or last else turn.dialogue.recording
    turn.wishes.append(RecordingWish(action="hear_again", recording_id=known, day=day))
    turn.understood("hear again")


def delete(turn: Turn, job: Job) -> None:
    """All of them; asked first, for no undo brings them back."""
    if not job.confirmed:
        questions.ask(turn, Question(kind="confirm", job=job), phrases.ASK_DELETE_RECORDINGS)
        return
    turn.wishes.append(RecordingWish(action="delete"))
    turn.note(recording="")
    turn.understood("delete recordings")


def keep(turn: Turn, setting: Setting) -> None:
    """So many days."""
    turn.wishes.append(RecordingWish(action="keep", days=setting.keep_days))
    turn.understood("keep recordings")


def _past(day: date, today: date) -> date:
    """A day as it is meant of something that was: "monday" is the last one before today, "3 november" this year's or the last."""
    if today < day <= today + timedelta(days=7):
        return day - timedelta(days=14 if day.weekday() == today.weekday() else 7)
    while day > today:
        day = day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
    return day
