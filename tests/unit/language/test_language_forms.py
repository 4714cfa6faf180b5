"""Every form's examples hold, and every form is said somewhere: one that nobody can say is no form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shared.language.english import language as _language  # noqa: F401 - registers every form
from shared.language.english.dates import grammar
from shared.language.model import Meanings
from shared.language.states import Form, Meaning
from tests.unit.language.saying import read
from tests.unit.language.test_language_sentences import SENTENCES

EXAMPLES = [(form, text, meant) for form in grammar.forms for text, meant in form.examples.items()]


@pytest.mark.parametrize(("form", "text", "meant"), EXAMPLES, ids=[f"{form.name}: {text}" for form, text, _ in EXAMPLES])
def test_an_example_is_read_as_its_form_says(form: Form, text: str, meant: str) -> None:
    command = read(_said(form, text)).commands[0]

    if form.symbol == "command":
        assert command.intent.value == meant
    elif "FREQ=" in meant:
        assert command.repeat is not None
        assert command.repeat.rrule == meant
    else:
        assert command.when is not None
        start = command.when.start
        assert (start.at.strftime("%Y-%m-%dT%H:%M") if start.at else start.day.isoformat()) == meant


@pytest.fixture
def unsaid() -> Iterator[set[tuple[str, str]]]:
    """The forms no text has reached yet. Names of places, and words that only stand for a class of words, need no text each."""
    missing = {(form.symbol, form.name) for form in grammar.forms if form.symbol != "place" and form.name != "<lambda>"}
    meanings = [(form, form.meaning) for form in grammar.forms]

    def noted(form: Form, meaning: Meaning) -> Meaning:
        def noting(*context: Any, **captured: Any) -> Any:
            found = meaning(*context, **captured)
            if found is not None:
                missing.discard((form.symbol, form.name))
            return found

        return noting

    for form, meaning in meanings:
        object.__setattr__(form, "meaning", noted(form, meaning))  # forms are frozen: only a test may listen in
    yield missing
    for form, meaning in meanings:
        object.__setattr__(form, "meaning", meaning)


def test_every_form_is_reached_by_an_example_or_a_sentence(unsaid: set[tuple[str, str]]) -> None:
    for text in [_said(form, text) for form, text, _ in EXAMPLES] + [text for _, text, _ in SENTENCES]:
        for meanings in (Meanings(), Meanings(day_first=True)):  # some forms mean something to those alone who say 24.12
            read(text, meanings=meanings)

    assert not unsaid, "give these an example, or a line in sentences.txt"


def _said(form: Form, text: str) -> str:
    return text if form.symbol == "command" else f"call mum {text}"
