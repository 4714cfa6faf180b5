"""A text, or what was said, is a saga over four databases: transcript, todo, message, trail. Whatever step fails, nothing is half done.

Each step is one commit and the event that leads to the next; who did a step already says so, and who did not is given it again. So
there is nothing to be taken back: after any accident the saga goes on to its end, and the databases agree.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.events.ids import user_id
from shared.events.schemas import COMMAND_PARSED, MESSAGE_RECEIVED, NOTIFICATION_REQUESTED, NOTIFICATION_SENT
from shared.todos.model import Task, TaskEvent
from shared.todos.rebuild import rebuild
from tests.database import Server
from tests.integration.saga.accidents import KINDS, Accident, Kind, World, world

SCHEMAS = ("todo", "messaging", "voice", "audit")


@pytest.fixture(scope="module")
def urls(postgres: Server) -> Iterator[dict[str, str]]:
    """A database for each schema."""
    with ExitStack() as stack:
        yield {schema: stack.enter_context(postgres.database()) for schema in SCHEMAS}


@pytest.fixture
async def town(urls: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with world(urls, tmp_path.as_uri(), monkeypatch) as made:
        yield made


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
async def test_each_step_of_a_text_in_turn(town: World, kind: Kind) -> None:
    await _each_step(town, "text", kind)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
async def test_each_step_of_what_is_said_in_turn(town: World, kind: Kind) -> None:
    await _each_step(town, "say", kind)


async def test_some_steps_of_what_is_said(town: World) -> None:
    """What hears, what is told of it, and the todo: the others are the long ones'."""
    steps = await _steps(town, "say")
    for table in ("voice.recordings", "voice.transcripts", "todo.users"):
        await _fail(town, "say", Accident(steps.index(table), "killed after"))


async def _each_step(town: World, how: str, kind: Kind) -> None:
    """Once without an accident, to see which steps there are; then with one at each of them."""
    for step in range(len(await _steps(town, how))):
        await _fail(town, how, Accident(step, kind))


async def _steps(town: World, how: str) -> list[str]:
    with town.having(Accident()) as nothing:
        await getattr(town, how)()
        await town.settle()
    await agree(town)
    return list(nothing.commits)


async def _fail(town: World, how: str, accident: Accident) -> None:
    with town.having(accident):
        await getattr(town, how)()
        await town.settle()
    await agree(town)


#: Somebody texts or speaks, then texts, while something goes wrong at this commit in this way.
Deed = tuple[str, int, Kind]
DEEDS = st.lists(
    st.tuples(st.sampled_from(["text", "say"]), st.integers(0, 25), st.sampled_from(KINDS)), min_size=1, max_size=4
)


@pytest.mark.long
@settings(max_examples=8)
@given(done=DEEDS)
def test_whatever_is_done_and_wherever_it_is_cut_off_the_databases_agree(
    urls: dict[str, str], tmp_path_factory: pytest.TempPathFactory, done: list[Deed]
) -> None:
    async def live() -> None:
        with pytest.MonkeyPatch.context() as patch:
            async with world(urls, tmp_path_factory.mktemp("audio").as_uri(), patch) as town:
                for how, step, kind in done:
                    with town.having(Accident(step, kind)):
                        await getattr(town, how)()
                        await town.text()
                        await town.settle()
                await agree(town)

    asyncio.run(live())


async def agree(town: World) -> None:
    """Todos, trail, transcripts and messages say the same, and exactly what was said."""
    read = {schema: town.box.services.database(schema).fetch for schema in SCHEMAS}
    mine = user_id(town.party)
    rows = await read["todo"]("SELECT to_jsonb(t) - 'user_id' FROM todo.tasks t WHERE user_id = %s", mine)
    tasks = {str(task.id): task for task in (_task(cast("dict[str, Any]", row)) for [row] in rows)}
    assert Counter(task.title for task in tasks.values()) == Counter(town.accepted), "one todo each, and no other"

    wanted = "SELECT to_jsonb(e) - 'user_id' - 'sequence' FROM todo.task_events e WHERE user_id = %s ORDER BY sequence"
    events = [TaskEvent.model_validate(row) for [row] in await read["todo"](wanted, mine)]
    assert {str(name): task for name, task in rebuild(events).items()} == tasks, "what changed makes what there is"

    trail = await town.trail()
    changes = Counter(row.event_id for row in trail if row.topic in ("task-events", "task-updates"))
    assert changes == Counter(event.id for event in events), "each change has its row, and each row its change"

    heard = {str(row[0]) for row in await read["voice"](_HEARD, town.party)}
    spoken = {row.event_id for row in trail if row.type == MESSAGE_RECEIVED and row.data.get("origin") == "voice"}
    commands = {row.event_id.removesuffix(".parsed") for row in trail if row.type == COMMAND_PARSED}
    messages = {row.event_id for row in trail if row.type == MESSAGE_RECEIVED}
    assert heard == spoken, "each transcript became a message, and no message was made up"
    assert commands == messages, "each message has its command, and each command its message"
    done = {str(row[0]) for row in await read["todo"](_DONE, [f"{name}.parsed" for name in messages])}
    assert done == {f"{name}.parsed" for name in messages}, "each command is carried out"

    answers = [one.body for one in town.provider.taken if one.to == town.phone]
    assert len(answers) == len(town.accepted), "one answer each"
    sent = Counter(row.type for row in trail if row.type in (NOTIFICATION_REQUESTED, NOTIFICATION_SENT))
    assert sent == {NOTIFICATION_REQUESTED: len(answers), NOTIFICATION_SENT: len(answers)}
    assert await town.box.services.audit.dead_letters() == []


def _task(row: dict[str, Any]) -> Task:
    """A row as a todo; what searching and sorting want besides is left out."""
    return Task.model_validate({name: value for name, value in row.items() if name in Task.model_fields})


_HEARD = """
SELECT t.recording_id FROM voice.transcripts t JOIN voice.recordings r ON r.id = t.recording_id
WHERE r.party = %s AND t.finished_at IS NOT NULL
"""
_DONE = "SELECT event_id FROM todo.claims WHERE function = 'todo-crud' AND state = 'done' AND event_id = ANY (%s)"
