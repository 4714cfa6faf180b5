"""`jotline audit` as it is typed, against a real PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local import cli
from shared.events.envelope import Event, Unread
from shared.events.schemas import TASK_CREATED
from shared.storage.database import Database
from shared.storage.trail import TrailStore
from tests.making import ADA, BOB, NOW, SECRET, message, notification, task_change

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command; its exit status, what it printed, and what it complained of."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("PARTY_SECRET", SECRET.decode())

    def typed(*words: str) -> tuple[int, str, str]:
        status = cli.main(["audit", *words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return typed


def happened(database: str, *events: Event) -> None:
    async def write() -> None:
        opened = Database(database)
        for one in events:
            await TrailStore(opened).add([Unread.of(one)], NOW)
        await opened.close()

    asyncio.run(write())


def ids(out: str) -> list[str]:
    return [json.loads(line)["event_id"] for line in out.splitlines()]


def test_a_table_with_the_newest_last_and_no_numbers(run: Run, database: str) -> None:
    said = message(f"call {BOB} tomorrow", message_id="SM1")
    happened(database, task_change(TASK_CREATED, title="Call", at=NOW + timedelta(hours=1)), said)
    status, out, _ = run()
    head, first, second = out.splitlines()
    assert status == 0
    assert head.split() == ["TIME", "EVENT", "BY", "USER", "TODO", "CAUSE", "WHAT"]
    assert first.split()[:4] == ["2026-11-25", "15:00:00", "message.received", "person"]
    assert first.split()[-4:] == ["SM1", "call", f"...{BOB[-4:]}", "tomorrow"]
    assert second.split()[2] == "task.created"
    assert ADA not in run("--json")[1]
    assert json.loads(run("--json")[1].splitlines()[0])["data"]["sender"] == f"...{ADA[-4:]}"


def test_what_is_asked_for_together(run: Run, database: str) -> None:
    change = task_change(TASK_CREATED, title="Buy milk", at=NOW + timedelta(hours=1))
    mine, theirs = message("buy milk", message_id="SM1"), message("buy milk", message_id="SM2", sender=BOB)
    reply = notification("Added", at=NOW + timedelta(days=1))
    happened(database, change, mine, theirs, reply)
    asked: dict[str, tuple[Any, ...]] = {
        "SM2": ("--user", BOB),
        f"SM1 {change.id} {reply.id}": ("--user", ADA),
        f"{change.id}": ("--task", str(change.data.task_id)),  # type: ignore[attr-defined]
        "SM1": ("--correlation", "SM1"),
        f"{change.id} {reply.id}": ("--type", "task.created", "--type", "jotline.notification.requested"),
        f"{reply.id}": ("--since", "2026-11-26"),
        "SM1 SM2": ("--until", "2026-11-25T10:30-05:00"),
        f"SM1 SM2 {change.id}": ("--text", "milk"),
    }
    for found, words in asked.items():
        assert ids(run("--json", *words)[1]) == found.split(), words
    assert ids(run("--json", "--limit", "1")[1]) == [reply.id]
    assert run("--user", "+15005550006") == (0, "Nothing of that happened, or it was too long ago.\n", "")


@pytest.mark.parametrize(
    "words", [("--user", "Ada"), ("--type", "nothing"), ("--since", "yesterday"), ("--limit", "0"), ("--limit", "x"), ("SM1",)]
)
def test_words_it_does_not_know_are_2(run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2


def test_a_person_is_found_with_the_secret_of_the_box(
    run: Run, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(database, message("buy milk", message_id="SM1"))
    monkeypatch.delenv("PARTY_SECRET")
    monkeypatch.setenv("JOTLINE_HOME", str(tmp_path))
    status, _, err = run("--user", ADA)
    assert (status, err.startswith("A person is found with the secret of the box: set PARTY_SECRET")) == (1, True)
    (tmp_path / "secrets.json").write_text(json.dumps({"party_secret": SECRET.decode()}))
    assert ids(run("--json", "--user", ADA)[1]) == ["SM1"]


def test_a_database_that_is_not_ours_is_named(run: Run, empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database)
    status, _, err = run()
    assert (status, err.startswith("The database is of an older version")) == (1, True)
