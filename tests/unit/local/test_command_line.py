"""The command line: what it offers, and the schemas of the events."""

from __future__ import annotations

import json

import pytest

from local import cli
from shared.events.schemas import TYPES


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "jotline COMMAND" in capsys.readouterr().err
    assert cli.main(["--help"]) == 0
    offered = capsys.readouterr().out
    assert all(name in offered for name in cli.COMMANDS)


def test_schemas_of_all_events_and_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schemas"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == set(TYPES)
    assert cli.main(["schemas", "task_completed"]) == 0
    [schema] = json.loads(capsys.readouterr().out).values()
    assert {"event_id", "event_type", "event_version", "task_id", "user_id", "timestamp", "payload"} <= set(schema["required"])
    assert cli.main(["schemas", "nothing"]) == 2
    assert "there is no event type nothing" in capsys.readouterr().err
