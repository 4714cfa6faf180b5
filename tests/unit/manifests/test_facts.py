"""Which events a function's source emits."""

from __future__ import annotations

import pytest

from tools.check_manifests.facts import emitted_by, facts_of

HEAD = "from shared.events.schemas import COMMAND_PARSED, MESSAGE_RECEIVED\n"


@pytest.mark.parametrize(
    ("source", "emitted"),
    [
        ("handle = serve('x', events={MESSAGE_RECEIVED: keep})", set()),
        ("event.type == MESSAGE_RECEIVED", set()),
        ("event.follow(type=COMMAND_PARSED)", {"jotline.command.parsed"}),
        ("_end(event, COMMAND_PARSED)\nserve('x', events={MESSAGE_RECEIVED: keep})", {"jotline.command.parsed"}),
        ("event.follow(type='jotline.task.created')", {"jotline.task.created"}),
        (
            "event.follow(type=f'jotline.notification.{end}')",
            {"jotline.notification.requested", "jotline.notification.sent"}
            | {"jotline.notification.failed", "jotline.notification.suppressed"},
        ),
        (
            "from shared.runtime.apology import apologise\nhandle = serve('x', apology=apologise)",
            {"jotline.notification.requested"},
        ),
        ("from shared.runtime.serving import serve\nhandle = serve('x')", set()),
    ],
)
def test_a_type_is_emitted_when_it_is_named_and_neither_handled_nor_compared(source: str, emitted: set[str]) -> None:
    assert emitted_by(HEAD + source) == emitted


def test_the_facts_of_parse_command() -> None:
    facts = facts_of("parse-command")
    assert facts.takes == {"jotline.message.received"}
    assert facts.emits == {"jotline.command.parsed", "jotline.notification.requested"}


def test_the_facts_of_audit() -> None:
    assert "/tick" in facts_of("audit").answers


def test_a_function_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        facts_of("ghost")
