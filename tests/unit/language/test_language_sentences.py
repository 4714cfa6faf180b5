"""Our own sentences: what everyday texts mean, one line each in sentences.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.language.saying import meaning

_LINES = (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").splitlines()
SENTENCES = [tuple(line.split(" => ")) for line in _LINES if " => " in line]


@pytest.mark.parametrize(("text", "meant"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_a_sentence_means_what_stands_beside_it(text: str, meant: str) -> None:
    assert meaning(text) == meant
