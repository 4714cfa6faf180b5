"""What goes away comes back: the database, the provider, the code. Nothing is lost, nothing half done, nobody is told otherwise.

The whole box in this process; the database is a server of the test's own, stopped and started on the same folder.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.postgres import Postgres
from shared.events.schemas import COMMAND_PARSED
from shared.messages.phrases import BROKE, LATE
from shared.policy import retries
from shared.storage.database import DatabaseUnavailable
from shared.storage.migrations import migrate
from shared.storage.outbox import Outbox
from shared.storage.todo import TodoStore
from shared.todos.model import Task, TaskEvent
from shared.todos.rebuild import rebuild
from tests.making import ADA, BOB, OURS, sid
from tests.whole import POLL_SECONDS, Whole, listening, values, whole

pytestmark = pytest.mark.asyncio

#: Twilio waits 15 s for an answer.
ANSWER_SECONDS = 10
PEOPLE = [f"+1212555{n:04}" for n in range(20)]
ITEMS = ("soap", "rice", "salt", "tea", "figs", "oats")


class Server:
    """A PostgreSQL that can be away for a while."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._postgres = Postgres()

    def start(self) -> str:
        return self._postgres.start(self._folder, durable=False)

    def stop(self) -> None:
        self._postgres.stop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "postgres")
    yield made
    made.stop()


@asynccontextmanager
async def box_on(server: Server) -> AsyncIterator[Whole]:
    url = server.start()
    migrate(url)
    async with whole(url) as box:
        yield box


async def test_messages_in_flight_outlive_a_database_that_stops(server: Server) -> None:
    accepted: dict[str, list[str]] = {phone: [] for phone in PEOPLE}
    reached = {30: asyncio.Event(), 70: asyncio.Event()}

    async def texting(box: Whole, phone: str) -> None:
        for item in ITEMS:
            accepted[phone].append(await box.text(f"buy {item}", sender=phone))
            if mark := reached.get(sum(map(len, accepted.values()))):
                mark.set()

    with listening() as lines:
        async with box_on(server) as box:
            people = [asyncio.create_task(texting(box, phone)) for phone in PEOPLE]
            for enough in reached.values():
                await enough.wait()
                waiting = box.broker.waiting
                server.stop()
                assert waiting, "there was work in flight"
                assert (await box.post("buy milk", sender=BOB))[0] == 503
                server.start()
            async with asyncio.timeout(60):
                await asyncio.gather(*people)
            box.clock.advance(timedelta(minutes=1))  # the leases of sends that were cut off are over
            await box.idle()
            expected = [f"Added #{n} Buy {item}" for n, item in enumerate(ITEMS, 1)]
            for phone in PEOPLE:
                replies = [box.replies_to(message_id) for message_id in accepted[phone]]
                assert all(len(one) == 1 for one in replies), "one answer each"
                assert [one[0].splitlines()[0] for one in replies] == expected, "in order"
                assert len(box.heard_by(phone)) == len(ITEMS), "and nothing else: no apology, no second answer"
            assert await box.services.audit.dead_letters() == []
            assert await box.read("SELECT FROM messaging.messages WHERE metadata ? 'possible_duplicate'") == []
            assert await _tasks(box) == await _rebuilt(box)
            assert len(await _tasks(box)) == len(PEOPLE) * len(ITEMS)
    _say_nothing(lines, "buy ", "Buy ", *PEOPLE)


async def test_without_a_database_the_webhook_says_so_at_once_and_accepts_nothing(server: Server) -> None:
    async with box_on(server) as box:
        await box.text("buy milk")
        await box.idle()
        server.stop()
        refused = [sid() for _ in PEOPLE]
        for _ in range(3):
            async with asyncio.timeout(ANSWER_SECONDS):
                posted = await asyncio.gather(
                    *(box.post("buy figs", sender=one, message_id=name) for one, name in zip(PEOPLE, refused, strict=True))
                )
            assert {status for status, _ in posted} == {503}
        server.start()
        for phone, message_id in zip(PEOPLE, refused, strict=True):
            await box.text("buy figs", sender=phone, message_id=message_id)
        await box.idle()
        assert [len(box.heard_by(phone)) for phone in PEOPLE] == [1] * len(PEOPLE)
        assert len(box.heard_by(ADA)) == 1


async def test_a_commit_whose_answer_was_lost_is_found_in_the_log(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[str] = []

    def cutting(name: str, real: Any) -> Any:
        async def then_cut(*arguments: Any, **more: Any) -> Any:
            result = await real(*arguments, **more)
            if name in cut:
                cut.remove(name)
                raise DatabaseUnavailable("the connection broke after the commit")
            return result

        return then_cut

    monkeypatch.setattr(Outbox, "append", cutting("append", Outbox.append))
    monkeypatch.setattr(TodoStore, "commit", cutting("commit", TodoStore.commit))
    async with whole(database) as box:
        for name in ("append", "commit"):
            cut.append(name)
            message_id = await box.text("buy milk")
            async with asyncio.timeout(30):
                while not box.replies_to(message_id):
                    await asyncio.sleep(POLL_SECONDS)
            await box.idle()
            assert len(box.replies_to(message_id)) == 1
        assert cut == []
        assert len(await _tasks(box)) == 2


async def test_an_answer_that_waited_for_the_provider_says_sorry(database: str) -> None:
    async with whole(database) as box:
        box.provider.down = True
        first = await box.text("buy milk")
        for minutes in (1, 2, 3):
            refused = box.provider.refused
            box.clock.advance(timedelta(minutes=minutes))
            while box.provider.refused == refused:
                await asyncio.sleep(POLL_SECONDS)
        box.provider.down = False
        box.clock.advance(timedelta(minutes=5))
        await box.idle()
        second = await box.text("buy bread")
        await box.idle()
        [late], [prompt] = box.replies_to(first), box.replies_to(second)
        assert late.splitlines()[0] == "Added #1 Buy milk"
        assert late.splitlines()[-1] == LATE == "Sorry for the wait."
        assert prompt == "Added #2 Buy bread"


async def test_one_id_leads_from_the_webhook_to_the_text_that_answers(database: str) -> None:
    with listening() as lines:
        async with whole(database) as box:
            box.provider.down = True
            messages = [await box.text(text, sender=phone) for phone in (ADA, BOB) for text in ("buy milk", "done 1")]
            while box.provider.refused < len(messages):
                await asyncio.sleep(POLL_SECONDS)
            box.provider.down = False
            box.clock.advance(timedelta(minutes=1))
            await box.idle()
            handed_over = {json.loads(line).get("provider_id") for line in lines} - {None}
            stored = await box.read("SELECT metadata ->> 'correlation_id', provider_message_id FROM messaging.messages")
    for message_id in messages:
        about = [fields for line in lines if (fields := json.loads(line)).get("event_id", "").startswith(message_id)]
        steps = {(fields.get("function", "webhook"), fields["message"]) for fields in about}
        assert steps >= {
            ("webhook", "accepted"), ("parse-command", "done"), ("todo-crud", "done"), ("notify", "trying again"),
            ("webhook", "handed over"), ("notify", "done"),
        }  # fmt: skip
        assert {fields.get("correlation_id") for fields in about} == {message_id}
    told = {name for name, provider_id in stored if provider_id in handed_over}
    assert told == set(messages), "the provider's id of the answer stands in a line with that id, too"


@pytest.fixture
def _soon_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many tries as ever, but without the minutes between them."""
    rule = retries.TABLE[COMMAND_PARSED]
    monkeypatch.setitem(retries.TABLE, COMMAND_PARSED, retries.Retry(tuple(0.01 for _ in rule.delays), in_place=rule.in_place))


@pytest.mark.usefixtures("_soon_tried_again")
async def test_a_text_that_breaks_the_code_is_kept_and_the_next_ones_are_worked_off(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []
    secret = "the surprise party for Zoe"
    with listening() as lines:
        async with whole(database) as box:
            crud = box.functions["todo-crud"].events[COMMAND_PARSED].__globals__
            real = crud["decide"]

            def breaking(person: Any, heard: Any, *more: Any, **now: Any) -> Any:
                if secret in heard.text:
                    tries.append(len(box.heard_by(ADA)))
                    raise ValueError(f"cannot take {heard.text} of {person.phone}")
                return real(person, heard, *more, **now)

            monkeypatch.setitem(crud, "decide", breaking)
            messages = [await box.text(text) for text in ("buy milk", f"plan {secret}", "buy bread", "undo")]
            elsewhere = await box.text("buy figs", sender=BOB)
            await box.idle()
            [letter] = await box.services.audit.dead_letters()
            [kept] = await box.read("SELECT event FROM audit.dead_letters")
            claims = await box.read("SELECT state FROM todo.claims WHERE event_id = %s", f"{messages[1]}.parsed")
    assert len(tries) == 8
    assert (letter.function, letter.event_id, letter.attempts) == ("todo-crud", f"{messages[1]}.parsed", 8)
    assert claims == [("dead",)]
    assert secret in kept[0], "it is kept for repair"
    assert [box.replies_to(name) for name in messages[1:]] == [
        [BROKE], ["Added #2 Buy bread"], ["Undone: #2 Buy bread is gone."]
    ]  # fmt: skip
    assert BROKE == "Sorry, that text broke something here. Nothing changed. It is kept for repair."
    assert len(box.replies_to(elsewhere)) == 1
    _say_nothing(lines, "surprise", "Zoe", "buy milk", ADA, BOB)


def _say_nothing(lines: list[str], *secrets: str) -> None:
    """The log holds none of these words or numbers."""
    assert lines
    told = "\n".join(map(values, lines))
    assert [words for words in (*secrets, OURS) if words.removeprefix("+") in told] == []


async def _tasks(box: Whole) -> dict[str, Task]:
    rows = await box.read("SELECT to_jsonb(t) - '{user_id,due_on,search,urgency}'::text[] FROM todo.tasks t")
    return {row["id"]: Task.model_validate(row) for [row] in rows}


async def _rebuilt(box: Whole) -> dict[str, Task]:
    rows = await box.read("SELECT to_jsonb(e) - 'user_id' - 'sequence' FROM todo.task_events e ORDER BY sequence")
    return {str(name): task for name, task in rebuild(TaskEvent.model_validate(row) for [row] in rows).items()}
