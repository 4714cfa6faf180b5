"""Whatever is texted, events and tasks agree, numbers are unique, and undo finds the way back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.language.model import Command, Intent, Moment, Priority, Query, Ref, Reminder, Repeat, Setting, When
from shared.messages.segments import count_segments
from shared.todos.decide import decide
from shared.todos.model import Heard, Status, Task
from shared.todos.rebuild import BrokenHistory, apply, rebuild
from tests.unit.todos.memory import NOW, Memory

DAYS = st.dates(date(2026, 11, 24), date(2026, 12, 20))
TITLES = st.sampled_from(
    ["Buy milk", "Oat milk for Zoe", "Call mum", "Bins", "牛乳を買う", "Ask Priya for the signed copy of the contract"]
)
NUMBERS = st.integers(1, 8)


@st.composite
def whens(draw: st.DrawFn) -> When:
    day = draw(DAYS)
    hour = draw(st.none() | st.integers(0, 23))
    at = datetime(day.year, day.month, day.day, hour, tzinfo=NOW.tzinfo) if hour is not None else None
    shift = draw(st.sampled_from([None, None, None, 3600, 2 * 86_400]))
    return When(start=Moment(day=day, at=at), time_stated=at is not None, day_stated=draw(st.booleans()), shift_seconds=shift)


REFS = st.one_of(
    st.builds(Ref, numbers=st.lists(NUMBERS, min_size=1, max_size=3, unique=True).map(tuple)),
    st.builds(Ref, words=st.sampled_from(["milk", "mum", "bins", "dentist", "bnis"])),
    st.builds(Ref, ordinals=st.tuples(st.sampled_from([1, 2, -1]))),
    st.sampled_from([Ref(), Ref(last=True), Ref(that=True), Ref(everything=True), Ref(status="overdue"), Ref(tag="home")]),
)
REPEATS = st.sampled_from(
    [Repeat(rrule="FREQ=WEEKLY"), Repeat(rrule="FREQ=DAILY;COUNT=2"), Repeat(rrule="FREQ=DAILY;INTERVAL=3", after_done=True)]
)
ADD = st.builds(
    Command,
    intent=st.just(Intent.ADD),
    title=TITLES,
    when=st.none() | whens(),
    repeat=st.none() | REPEATS,
    remind=st.sampled_from([(), (Reminder(before_seconds=3600),), (Reminder(at=Moment(day=NOW.date(), at=NOW)),)]),
    remind_asked=st.booleans(),
    priority=st.none() | st.sampled_from(Priority),
    tags=st.sampled_from([(), ("home",)]),
)
CHANGE = st.builds(
    Command,
    intent=st.sampled_from([Intent.MOVE, Intent.EDIT, Intent.SNOOZE]),
    ref=REFS,
    when=st.none() | whens(),
    repeat=st.none() | REPEATS,
    priority=st.none() | st.sampled_from(Priority),
    no_date=st.booleans(),
)
OTHER = st.builds(
    Command, intent=st.sampled_from([Intent.COMPLETE, Intent.REOPEN, Intent.DELETE, Intent.SKIP, Intent.SHOW]), ref=REFS
)
ASK = st.sampled_from(
    [
        Command(intent=Intent.QUERY, query=Query(what="open")),
        Command(intent=Intent.QUERY, query=Query(what="today")),
        Command(intent=Intent.MORE),
        Command(intent=Intent.ANSWER, topic="ok"),
        Command(intent=Intent.ANSWER, topic="both"),
        Command(intent=Intent.NONE, text="asdf"),
        Command(intent=Intent.ADD),
        Command(intent=Intent.WHY),
        Command(intent=Intent.SETTING, setting=Setting(what="name", name="Ada")),
        Command(intent=Intent.SETTING, setting=Setting(what="zone", place="Tokyo")),
    ]
)
BACK = st.sampled_from([Command(intent=Intent.UNDO), Command(intent=Intent.REDO), Command(intent=Intent.UNDO, topic="twice")])
FORWARD = st.lists(st.lists(ADD | ADD | CHANGE | OTHER | ASK, min_size=1, max_size=3), max_size=10)
ANYTHING = st.lists(st.lists(ADD | ADD | CHANGE | OTHER | ASK | BACK, min_size=1, max_size=3), max_size=14)


def told(memory: Memory, messages: list[list[Command]]) -> Memory:
    for commands in messages:
        reply = memory.says(*commands, later=timedelta(minutes=20))
        assert reply is None or count_segments(reply).count <= 2
        numbers = [task.number for task in memory.tasks.values() if task.status is Status.OPEN]
        assert len(numbers) == len(set(numbers))
    return memory


def as_seen(memory: Memory) -> list[dict[str, Any]]:
    """Everything about the todos that are there, but how often they changed."""
    kept = [task for task in memory.tasks.values() if task.status is not Status.DELETED]
    return sorted((task.model_dump(exclude={"version"}) for task in kept), key=lambda fields: str(fields["id"]))


@given(ANYTHING)
@settings(max_examples=100, deadline=None)
def test_the_tasks_are_what_their_events_tell(messages: list[list[Command]]) -> None:
    memory = told(Memory(), messages)
    assert rebuild(memory.events) == memory.tasks


@given(ANYTHING, FORWARD)
@settings(max_examples=100, deadline=None)
def test_undo_leads_back_to_the_start_and_redo_to_the_end(earlier: list[list[Command]], messages: list[list[Command]]) -> None:
    memory = told(Memory(), earlier)
    steps_before = _steps_back(memory)
    start, zone = as_seen(memory), memory.person.settings
    told(memory, messages)
    end, end_settings = as_seen(memory), memory.person.settings
    memory.says(Command(intent=Intent.ANSWER, topic="no"))
    taken = 0
    while _steps_back(memory) > steps_before:
        memory.says(Command(intent=Intent.UNDO))
        taken += 1
    assert as_seen(memory) == start
    assert memory.person.settings == zone
    for _ in range(taken):
        memory.says(Command(intent=Intent.REDO))
    assert as_seen(memory) == end
    assert memory.person.settings == end_settings


@given(ANYTHING, st.lists(ADD | CHANGE | OTHER | ASK | BACK, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_the_same_message_decided_again_is_the_same_decision(messages: list[list[Command]], commands: list[Command]) -> None:
    from shared.language.model import Understanding

    memory = told(Memory(), messages)
    person = memory.loaded(history=True)
    heard = Heard(id="SM1", text="x", at=memory.now)
    understanding = Understanding(text="x", commands=tuple(commands))
    once, again = (decide(person, heard, understanding, now=memory.now) for _ in range(2))
    assert once == again


def test_a_gap_in_the_events_is_noticed() -> None:
    memory = told(Memory(), [[Command(intent=Intent.ADD, title="Milk")], [Command(intent=Intent.COMPLETE, ref=Ref(last=True))]])
    created, completed = memory.events
    with pytest.raises(BrokenHistory):
        rebuild([completed])
    with pytest.raises(BrokenHistory):
        rebuild([created, completed, completed])


def test_an_event_is_applied_to_its_own_task_only() -> None:
    memory = told(Memory(), [[Command(intent=Intent.ADD, title="Milk")], [Command(intent=Intent.COMPLETE, ref=Ref(last=True))]])
    task: Task = apply(None, memory.events[0])
    assert apply(task, memory.events[1]).status is Status.DONE
    other = task.model_copy(update={"id": memory.person.id})
    with pytest.raises(BrokenHistory):
        apply(other, memory.events[1])


def _steps_back(memory: Memory) -> int:
    """How many messages can be undone: tried on a copy."""
    copy = Memory(now=memory.now)
    copy.tasks, copy.events, copy.person = dict(memory.tasks), list(memory.events), memory.person
    copy.sent = 10_000
    copy.says(Command(intent=Intent.ANSWER, topic="no"))  # to an open question, which an undo would answer
    steps = 0
    while copy.says(Command(intent=Intent.UNDO)) != "Nothing to undo.":
        steps += 1
        assert steps < 100
    return steps
