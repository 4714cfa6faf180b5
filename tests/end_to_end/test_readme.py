"""The exchange in the README is a real one."""

from __future__ import annotations

from pathlib import Path

from tests.unit.todos.talk import Talk

README = (Path(__file__).parents[2] / "README.md").read_text()


def _exchange() -> list[tuple[str, str]]:
    """What is texted and what is answered: the left column, then the right one."""
    block = README.split("```\n", 2)[1]
    rows = [row.ljust(51) for row in block.rstrip("\n").splitlines()]
    column = [row[:51].rstrip() for row in rows] + [row[51:].rstrip() for row in rows]
    turns: list[tuple[str, str]] = []
    for line in column:
        if line.startswith("> "):
            turns.append((line[2:], ""))
        elif line and turns:
            words, reply = turns[-1]
            turns[-1] = (words, f"{reply}\n{line}".strip())
    return turns


def test_the_exchange_is_what_jotline_says() -> None:
    ada = Talk()
    turns = _exchange()
    assert len(turns) == 8
    assert [(words, ada.texts(words)) for words, _ in turns] == turns
