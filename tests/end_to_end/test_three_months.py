"""Paying rent for four months, through the real functions and a real PostgreSQL: every text that was sent, and when.

The thread is the test: what stands behind `>` is texted at its time, and everything that stands behind `<`, and nothing else, has
to come, to the letter and to the minute. Behind `!` the machine was off until then. In between the clocks go back, on a first of
the month.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, cast
from zoneinfo import ZoneInfo

import pytest

from shared.events.schemas import NotificationRequested
from tests.end_to_end.through import Path, made_sid, party_of

PHONE: Final = "+12125550142"
NEW_YORK: Final = ZoneInfo("America/New_York")
WRITTEN: Final = "%a %d %b %Y %H:%M"

THREAD: Final = """\
Fri 25 Sep 2026 10:00 > pay rent every 1st at 9am remind me the day before
Fri 25 Sep 2026 10:00 < Added #1 Pay rent (Thu 1 Oct 9am, every month, reminder Wed 9am)
                      | I am Jotline, your todo list by text. I use New York time; if wrong, text your city. Text ? for help, STOP to opt out.
Wed 30 Sep 2026 09:00 < Reminder: #1 Pay rent (tomorrow 9am, every month)
                      | Reply DONE, 1H, TOMORROW or a time.
Thu 01 Oct 2026 08:00 < Good morning. 1 today:
                      | #1 Pay rent (9am, every month)
                      | To end these, text NO DIGEST.
Thu 01 Oct 2026 18:00 > done
Thu 01 Oct 2026 18:00 < Done with which? Text its number, or LIST to see them.
Thu 01 Oct 2026 18:01 > 1
Thu 01 Oct 2026 18:01 < Done #1 Pay rent (next: Sun 1 Nov 9am)
                      | Nothing left today.
Sat 31 Oct 2026 09:00 < Reminder: #1 Pay rent (tomorrow 9am, every month)
                      | Reply DONE, 1H, TOMORROW or a time.
Sat 31 Oct 2026 09:05 > 1h
Sat 31 Oct 2026 09:05 < Snoozed #1 Pay rent (reminder today 10:05am)
Sat 31 Oct 2026 10:05 < Reminder: #1 Pay rent (tomorrow 9am, every month)
                      | Reply DONE, 1H, TOMORROW or a time.
Sun 01 Nov 2026 08:00 < Good morning. 1 today:
                      | #1 Pay rent (9am, every month)
Mon 02 Nov 2026 08:00 < Good morning. 1 overdue:
                      | #1 Pay rent (was due yesterday 9am, every month)
Mon 02 Nov 2026 20:00 > no digest
Mon 02 Nov 2026 20:00 < Set: no digest.
Mon 30 Nov 2026 09:00 < Reminder: #1 Pay rent (was due Sun 1 Nov 9am, every month)
Thu 03 Dec 2026 12:00 > done with the rent
Thu 03 Dec 2026 12:00 < Done #1 Pay rent (next: Fri 1 Jan 2027 9am, 1 missed)
                      | Nothing left today.
Thu 31 Dec 2026 09:00 < Reminder: #1 Pay rent (tomorrow 9am, every month)
Thu 31 Dec 2026 09:30 > skip
Thu 31 Dec 2026 09:30 < Skipped #1 Pay rent (next: Mon 1 Feb 2027 9am)
Sun 31 Jan 2027 09:20 ! the machine was off
Sun 31 Jan 2027 09:20 < Reminder (late, sorry): #1 Pay rent (tomorrow 9am, every month)
Sun 31 Jan 2027 09:21 > stop repeating 1
Sun 31 Jan 2027 09:21 < Changed #1 Pay rent (tomorrow 9am)
Sun 31 Jan 2027 09:22 > done
Sun 31 Jan 2027 09:22 < Done #1 Pay rent
Mon 01 Mar 2027 12:00 > list
Mon 01 Mar 2027 12:00 < Nothing open. Text me a todo, like: call mum fri 5pm
"""  # noqa: E501 - as it is sent


@pytest.fixture
def path(database: str) -> Iterator[Path]:
    opened = Path(database)
    yield opened
    opened.close()


def test_every_text_comes_to_the_letter_and_to_the_minute(path: Path) -> None:
    assert _played(path, THREAD) == THREAD


def _played(path: Path, thread: str) -> str:
    """The thread as it comes about when its texts are sent at their times."""
    party, came = party_of(PHONE), 0
    lines: list[str] = []
    for line in thread.splitlines():
        written, kind, words = line[:21], line[22], line[24:]
        if kind not in ">!":
            continue
        at = datetime.strptime(written, WRITTEN).replace(tzinfo=NEW_YORK)
        if not lines:
            path.clock.instant = at
        path.go_on(at, asleep=kind == "!")
        by_itself = path.came(party)[came:]
        came += len(by_itself)
        told = [_line(event.time, "<", cast(NotificationRequested, event.data).body) for event in by_itself]
        said = _line(at, kind, words)
        if kind == "!":
            lines += [said, *told]
        else:
            reply = path.say(party, PHONE, words, message_id=made_sid(written, words))
            lines += [*told, said, *([_line(at, "<", reply)] if reply is not None else [])]
    return "".join(lines)


def _line(at: datetime, kind: str, text: str) -> str:
    shown = f"{at.astimezone(NEW_YORK):{WRITTEN}} {kind} {text}\n"
    return shown.replace("\n", f"\n{' ' * 22}| ", text.count("\n"))
