"""Texts that nobody asked for at that moment: reminders and the morning digest. Two segments hold them, whatever there is to say.

A digest shows what is overdue first, then today by time, then what has no date: that gives way first. The counts in its first
line are of all of them; a count of zero is left out. Lines are todos as `writing.todo_line` writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shared.messages import phrases, segments

MOST_SEGMENTS: Final = 2
NOON, EVENING = 12, 18


def digest_head(name: str, now: datetime, *, today: int, overdue: int, untimed: int) -> str:
    """`Good morning Ada. 1 today, 2 overdue, 4 any time:`; `now` is where the person is."""
    part = "morning" if now.hour < NOON else "afternoon" if now.hour < EVENING else "evening"
    return f"Good {part}{f' {name}' if name else ''}. {digest_counts(today=today, overdue=overdue, untimed=untimed)}:"


def digest_counts(*, today: int, overdue: int, untimed: int) -> str:
    """`1 today, 2 overdue, 4 any time`; what there is none of is left out."""
    counts = ((today, "today"), (overdue, "overdue"), (untimed, "any time"))
    return ", ".join(f"{count} {where}" for count, where in counts if count)


def reminder(lines: Sequence[str], *, late: bool, hint: bool) -> str:
    """One reminder, or all that are due at once.

    Args:
        lines: a todo's each.
        late: they should have come before: we say sorry.
        hint: say how they can be answered; it fades after the first three.
    """
    sorry = " (late, sorry)" if late else ""
    last_line = phrases.ANSWER_REMINDER if hint else ""
    if len(lines) == 1:
        return phrases.reply(f"Reminder{sorry}: {lines[0]}", last_line)
    return shortened(f"Reminders{sorry}:", lines, last_line)


def shortened(first_line: str, lines: Sequence[str], last_line: str = "") -> str:
    """As many of the lines as two segments hold, with what is left out: `+4 more: text LIST`."""
    return _showing(how_many_fit(first_line, lines, last_line), first_line, lines, last_line)


def how_many_fit(first_line: str, lines: Sequence[str], last_line: str = "") -> int:
    """How many of the lines `shortened` shows."""
    for shown in range(len(lines), 0, -1):
        if segments.count_segments(_showing(shown, first_line, lines, last_line)).count <= MOST_SEGMENTS:
            return shown
    return 0


def _showing(shown: int, first_line: str, lines: Sequence[str], last_line: str) -> str:
    more = phrases.more_in_list(len(lines) - shown) if shown < len(lines) else ""
    return phrases.reply(first_line, *lines[:shown], more, last_line)
