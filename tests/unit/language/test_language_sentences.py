"""Our own sentences: what everyday texts mean, one line each in sentences.txt.

Each stands under a header `# ours: <area>`. The areas no public set covers have to be many enough to say something.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.language.model import Meanings
from tests.unit.language.saying import meaning, read

#: Areas for which no public set has sentences, and the least number of our own in each.
UNCOVERED = {
    "reopen": 35,
    "edit": 85,
    "references": 140,
    "several items": 35,
    "reminder offsets": 30,
    "stop and start": 12,
    "digest": 30,
    "undo": 30,
    "several commands": 30,
}
#: The others, which public sets cover as well.
COVERED = {"add", "dates", "repeats", "lists", "talk, help and settings", "nothing for us"}


def _sentences() -> Iterator[tuple[str, str, str]]:
    """Area, text and meaning of each line of sentences.txt."""
    area = ""
    for line in (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# ours: "):
            area = line.removeprefix("# ours: ")
        elif " => " in line:
            text, meant = line.split(" => ")
            yield area, text.replace("\\n", "\n"), meant


SENTENCES = list(_sentences())


@pytest.mark.parametrize(("text", "meant"), [row[1:] for row in SENTENCES], ids=[text for _, text, _ in SENTENCES])
def test_a_sentence_means_what_stands_beside_it(text: str, meant: str) -> None:
    assert meaning(text) == meant


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ring gran 3/12", "2026-12-03"),
        ("ring gran 3/12/27", "2027-12-03"),
        ("ring gran 13/12", "2026-12-13"),
        ("ring gran on 4.12", "2026-12-04"),
        ("ring gran on 24.12.", "2026-12-24"),
        ("ring gran 24.12.2026", "2026-12-24"),
    ],
)
def test_where_the_day_comes_first(text: str, day: str) -> None:
    [command] = read(text, meanings=Meanings(day_first=True)).commands

    assert command.title == "Ring gran"
    assert command.when is not None
    assert command.when.start.day.isoformat() == day


@pytest.mark.parametrize(("area", "least"), UNCOVERED.items())
def test_what_no_public_set_covers_has_enough_of_our_own(area: str, least: int) -> None:
    assert sum(row[0] == area for row in SENTENCES) >= least


def test_every_sentence_stands_once_and_under_an_area() -> None:
    texts = [text for _, text, _ in SENTENCES]

    assert sum(UNCOVERED.values()) >= 400
    assert {area for area, _, _ in SENTENCES} == UNCOVERED.keys() | COVERED
    assert len(texts) == len(set(texts))
