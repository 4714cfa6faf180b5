"""The people of the benchmark text what makes sense after what they were told."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from bench.text.peer.parse import Command, parse
from bench.text.texts import SCRIPT, people

SUNDAY = date(2026, 11, 22)


def test_everyone_begins_with_an_add_and_goes_through_the_whole_script() -> None:
    person = next(people())
    person.hears("Added #7 Buy milk")
    said = [person.next_text() for _ in range(len(SCRIPT) + 1)]
    assert said[0] == SCRIPT[0]
    assert sorted(said[1:]) == sorted(line.format(number=7) for line in SCRIPT)


def test_done_names_the_number_heard_last() -> None:
    person = next(people())
    person.place = SCRIPT.index("done {number}") - 1
    person.next_text()
    person.hears("2 open:\n#3 Call mum\n#12 Buy milk")
    assert person.next_text() == "done 12"


def test_without_a_number_heard_no_text_needs_one() -> None:
    person = next(people())
    assert all("{" not in person.next_text() for _ in range(2 * len(SCRIPT)))


def test_people_have_their_own_numbers_and_are_at_different_places() -> None:
    some = list(islice(people(), 100))
    assert len({person.phone for person in some}) == 100
    assert {person.place for person in some} == set(range(len(SCRIPT)))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("buy milk tomorrow 5pm", Command("add", titles=("buy milk",), due=date(2026, 11, 23))),
        ("call mum on friday", Command("add", titles=("call mum",), due=date(2026, 11, 27))),
        ("renew the passport", Command("add", titles=("renew the passport",))),
        ("water the plants and put the bins out", Command("add", titles=("water the plants", "put the bins out"))),
        ("what's on for tomorrow", Command("list", due=date(2026, 11, 23))),
        ("today", Command("list", due=SUNDAY)),
        ("list", Command("list")),
        ("done 3", Command("done", number=3)),
        ("move 3 to saturday", Command("move", number=3, due=date(2026, 11, 28))),
        ("undo", Command("undo")),
    ],
)
def test_the_peer_understands_the_script(text: str, command: Command) -> None:
    assert parse(text, SUNDAY) == command
