"""Every form's examples hold: a form that nobody can say is no form."""

from __future__ import annotations

import pytest

from shared.language import reading as _reading  # noqa: F401 - registers every form
from shared.language.english.dates import grammar
from shared.language.grammar import Form
from tests.unit.language.saying import read

EXAMPLES = [(form, text, meant) for form in grammar.forms for text, meant in form.examples.items()]


@pytest.mark.parametrize(("form", "text", "meant"), EXAMPLES, ids=[f"{form.name}: {text}" for form, text, _ in EXAMPLES])
def test_an_example_is_read_as_its_form_says(form: Form, text: str, meant: str) -> None:
    command = read(text if form.symbol == "command" else f"call mum {text}").commands[0]

    if form.symbol == "command":
        assert command.intent.value == meant
    elif "FREQ=" in meant:
        assert command.repeat is not None
        assert command.repeat.rrule == meant
    else:
        assert command.when is not None
        start = command.when.start
        assert (start.at.strftime("%Y-%m-%dT%H:%M") if start.at else start.day.isoformat()) == meant
