"""`jotline dead-letters` as it is typed, against a real PostgreSQL: what it prints, what it does, and what it says when it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local import cli, dead_letters
from shared.events.envelope import Event, Unread
from shared.runtime.clock import RealClock
from shared.runtime.consumers import SCHEMAS
from shared.runtime.dead_letters import bury
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from tests.making import ADA, NOW, message, notification

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command; its exit status, what it printed, and what it complained of."""
    monkeypatch.setenv("DATABASE_URL", database)

    def typed(*words: str) -> tuple[int, str, str]:
        status = cli.main(["dead-letters", *words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return typed


def with_services(database: str, work: Callable[[Services], Awaitable[Any]]) -> Any:
    async def do() -> Any:
        services = Services(Settings(database_url=database, k_sink="http://127.0.0.1:9"), RealClock())
        try:
            return await work(services)
        finally:
            await services.close()

    return asyncio.run(do())


def kept(
    database: str, event: Event, function: str = "todo-crud", cause: str = "ValueError at decide.py:7", *, hours: int = 0
) -> str:
    """A dead letter; its id."""

    async def keep(services: Services) -> None:
        now = NOW + timedelta(hours=hours)
        await bury(services, event, function=function, schema=SCHEMAS[function], cause=cause, attempts=8, now=now, told=None)

    with_services(database, keep)
    return event.id


def rows(database: str) -> list[tuple[Any, ...]]:
    return list(with_services(database, lambda services: services.audit.database.fetch(
        "SELECT event_id, for_function, attempt FROM audit.outbox ORDER BY seq"
    )))  # fmt: skip


def test_an_empty_list_says_so(run: Run) -> None:
    assert run() == run("list") == (0, "No dead letters.\n", "")
    assert run("replay", "--all") == (0, "No dead letters wait.\n", "")


def test_the_list_is_a_table_with_the_newest_last(run: Run, database: str) -> None:
    newer = kept(database, notification(), "notify", "NotAccepted at main.py:9", hours=1)
    older = kept(database, message(), "parse-command")
    status, out, _ = run()
    head, first, second = out.splitlines()
    assert status == 0
    assert head.split() == ["LAST", "FUNCTION", "EVENT", "TRIES", "CAUSE", "ID"]
    assert first.split() == [
        "2026-11-25",
        "15:00",
        "parse-command",
        "message.received",
        "8",
        "ValueError",
        "at",
        "decide.py:7",
        older,
    ]
    assert second.split()[:4] == ["2026-11-25", "16:00", "notify", "notification.requested"]
    assert second.endswith(newer)
    assert head.index("CAUSE") == first.index("ValueError") == second.index("NotAccepted")


def test_one_is_shown_without_words_and_numbers_unless_asked_for(run: Run, database: str) -> None:
    name = kept(database, message("buy a present for Zoe"), "parse-command")
    status, out, _ = run("show", name)
    assert status == 0
    assert all(
        word in out for word in (name, "parse-command", "ValueError at decide.py:7", '"channel": "sms"', "(21 characters)")
    )
    assert [word for word in ("Zoe", ADA) if word in out] == []
    _, out, _ = run("show", name, "--full")
    assert all(word in out for word in ("buy a present for Zoe", ADA))


def test_an_unreadable_one_can_be_shown_and_not_replayed(run: Run, database: str) -> None:
    with_services(
        database,
        lambda services: services.audit.bury_unreadable("{broken, Zoe", function="notify", key="k1", cause="no JSON", now=NOW),
    )
    assert "12 characters that are no event" in run("show", "k1")[1]
    assert "{broken, Zoe" in run("show", "k1", "--full")[1]
    status, out, err = run("replay", "k1")
    assert (status, out) == (1, "")
    assert err == "k1 (notify) cannot be replayed: this version cannot read it: not a CloudEvent in JSON\n"


def test_a_replay_is_for_one_function_once_and_says_so_the_second_time(run: Run, database: str) -> None:
    name = kept(database, message(), "parse-command")
    assert run("replay", name) == (0, f"{name} (parse-command) is on its way\n", "")
    assert rows(database) == [(name, "parse-command", 0)]
    assert with_services(database, lambda services: services.audit.database.fetch("SELECT * FROM todo.claims")) == []
    assert run("replay", name) == (0, f"{name} (parse-command) was replayed already; nothing done\n", "")
    assert len(rows(database)) == 1
    assert run("list")[1] == "None waits. (1 replayed or discarded: --replayed)\n"
    assert "(replayed " in run("list", "--replayed")[1]


def test_one_is_discarded_once_with_a_reason_that_stays_to_be_seen(run: Run, database: str) -> None:
    name, other = kept(database, message(), "parse-command"), kept(database, notification(), "notify")
    assert run("discard", name, "--reason", "a test by Ada") == (0, f"{name} (parse-command) is discarded\n", "")
    assert run("discard", name, "--reason", "again")[1] == f"{name} (parse-command) does not wait; nothing done\n"
    assert [line.split()[-1] for line in run()[1].splitlines()[1:]] == [other]
    assert "(discarded " in run("list", "--replayed")[1]
    assert "a test by Ada" in run("show", name)[1]
    assert run("replay", "--all")[1] == f"{other} (notify) is on its way\n"
    assert with_services(database, lambda services: services.audit.waiting()) == {}


def test_one_that_was_discarded_can_be_replayed_all_the_same(run: Run, database: str) -> None:
    name = kept(database, message(), "parse-command")
    run("discard", name, "--reason", "nobody's")
    assert run("replay", name)[1] == f"{name} (parse-command) is on its way\n"
    assert "discarded: no" in run("show", name)[1]
    assert run("discard", name, "--reason", "too late")[1].endswith("nothing done\n")


def test_one_that_is_given_up_again_waits_again(run: Run, database: str) -> None:
    given_up = message()
    run("discard", kept(database, given_up, "parse-command"), "--reason", "x")
    kept(database, given_up, "parse-command", hours=1)
    assert given_up.id in run()[1]


def test_with_one_comes_its_trace(run: Run, database: str) -> None:
    said = message("buy a present for Zoe")
    with_services(database, lambda services: services.trail.add([Unread.of(said)], NOW))
    kept(database, said, "parse-command")
    run("discard", said.id, "--reason", "nobody's")
    _, out, _ = run("show", said.id)
    assert f"trace:     {said.correlationid}" in out
    trail = [line.split()[2:4] for line in out[out.index("TIME") :].splitlines()[1:]]
    assert sorted(trail) == [["letter.buried", "jotline"], ["letter.discarded", "admin"], ["message.received", "person"]]
    assert "Zoe" not in out
    assert "Zoe" in run("show", said.id, "--full")[1]


def test_all_that_wait_are_replayed_in_the_order_they_came(run: Run, database: str) -> None:
    later = kept(database, message(at=NOW + timedelta(minutes=5)), "parse-command")
    first = kept(database, message(at=NOW), "parse-command", hours=3)
    done = kept(database, notification(), "notify")
    run("replay", done)
    status, out, _ = run("replay", "--all")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == [first, later]
    assert [row[0] for row in rows(database)] == [done, first, later]


def test_a_letter_of_two_functions_goes_to_both(run: Run, database: str) -> None:
    event = message()
    for function in ("parse-command", "notify"):
        kept(database, event, function)
    assert len(run("replay", event.id)[1].splitlines()) == 2
    assert {row[1] for row in rows(database)} == {"parse-command", "notify"}


def test_a_function_that_is_not_ours_is_told_of(run: Run, database: str) -> None:
    event = message()
    with_services(database, lambda services: services.audit.bury(event, function="unknown", cause="x", attempts=1, now=NOW))
    status, _, err = run("replay", "--all")
    assert status == 1
    assert "there is no function 'unknown' to give it to" in err


def test_an_unknown_id_is_named_and_nothing_is_done(run: Run, database: str) -> None:
    name = kept(database, message(), "parse-command")
    for words in (("show", "SM0"), ("replay", name, "SM0")):
        status, out, err = run(*words)
        assert (status, out) == (1, "")
        assert err == "There is no dead letter SM0. `jotline dead-letters` lists them.\n"
    assert rows(database) == []


@pytest.mark.parametrize(
    "words",
    [("replay",), ("replay", "--all", "SM1"), ("show",), ("show", "a", "b"), ("list", "a"), ("discard", "a"), ("nonsense",)],
)
def test_words_it_does_not_know_are_2(run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2


def test_without_a_box_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("JOTLINE_HOME", str(tmp_path))
    assert dead_letters.main([]) == 1
    assert capsys.readouterr().err == (
        f"There is no Jotline in {tmp_path}. Set JOTLINE_HOME to where it keeps its data, or DATABASE_URL.\n"
    )
    (tmp_path / "postgres").mkdir()
    assert dead_letters.main([]) == 1
    assert capsys.readouterr().err.startswith("Jotline is not running. Start it with ./scripts/run")


def test_a_database_that_is_away_or_not_ours_is_named(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for url, said in (
        ("postgresql://jotline@/jotline?host=/nonexistent", "The database of DATABASE_URL does not answer."),
        (empty_database, "The database is of an older version, or not Jotline's."),
        ("mysql://x", "DATABASE_URL: must be a postgresql:// URL"),
    ):
        monkeypatch.setenv("DATABASE_URL", url)
        assert dead_letters.main(["list"]) == 1
        assert capsys.readouterr().err.startswith(said)
