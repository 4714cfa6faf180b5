"""/api/v1/tasks: one todo at a time: made, read, changed, done, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from shared.todos import operating
from shared.todos.errors import TodoGone
from shared.todos.model import Task
from shared.todos.preferences import in_force
from shared.todos.turn import Turn
from shared.web.acting import Act, Done, IfMatch, IfNoneMatch, Me, expect, fits
from shared.web.describing import ETAG, LOCATION, Described, answers
from shared.web.inputs import CompletedIn, TaskIn, TaskPatch
from shared.web.models import TaskOut, task_out
from shared.web.problems import Problem
from shared.web.refusals import problem_of

router = APIRouter(prefix="/api/v1/tasks", tags=["Todos"])

TaskId = Annotated[UUID, Path(description="The todo's `id`.")]
#: Of every answer that is a todo.
SHOWN: Final[Described] = {200: {"headers": ETAG}}
MADE: Final[Described] = {201: {"headers": ETAG | LOCATION}}
KNOWN: Final[Described] = {304: {"description": "It is as you know it.", "headers": ETAG}}


@router.post(
    "",
    status_code=201,
    summary="Add a todo",
    operation_id="createTask",
    response_model=TaskOut,
    responses=MADE | answers(404, 409),
)
async def create(wanted: TaskIn, act: Act) -> Response:
    """A todo as it would be after a text. With `reminder_offset_hours` its reminder comes exactly so long before `due_date`."""
    if wanted.user_id not in (None, act.caller.user_id):
        raise Problem(404, "There is no such person for you.")
    made: list[Task] = []

    def operation(turn: Turn) -> None:
        made[:] = [operating.create(turn, wanted.wanted())]

    def answer(turn: Turn) -> Done:
        shown = act.shown(turn, made[0])
        return Done(201, _json(shown), {"etag": shown.etag, "location": f"/api/v1/tasks/{shown.id}"})

    return await act.carry_out(operation, answer)


@router.get(
    "/{task_id:uuid}",
    summary="Read a todo",
    operation_id="getTask",
    response_model=TaskOut,
    responses=SHOWN | KNOWN | answers(404),
)
async def read(request: Request, task_id: TaskId, caller: Me, if_none_match: IfNoneMatch = None) -> Response:
    """A todo, open or done."""
    services = request.app.state.services
    found = await services.lists.one(caller.user_id, task_id)
    if found is None:
        raise problem_of(TodoGone())
    now = services.clock.now()
    shown = task_out(found.task, caller.user_id, in_force(found.settings, now), found.reminder_at, now)
    if if_none_match is not None and fits(if_none_match, shown.etag, weakly=True):
        return Response(status_code=304, headers={"etag": shown.etag})
    return Response(shown.model_dump_json(), 200, {"etag": shown.etag}, "application/json")


@router.patch(
    "/{task_id:uuid}",
    summary="Change a todo",
    operation_id="updateTask",
    response_model=TaskOut,
    responses=SHOWN | answers(404, 409, 412),
)
async def update(wanted: TaskPatch, act: Act, task_id: TaskId, if_match: IfMatch = None) -> Response:
    """Merge patch (RFC 7396): absent fields stay, null clears. A todo that is done is reopened first."""

    def operation(turn: Turn) -> None:
        expect(operating.find(turn, task_id), if_match)
        operating.update(turn, task_id, wanted.wanted())

    return await act.carry_out(operation, _shows(act, task_id), tasks=[task_id])


@router.patch(
    "/{task_id:uuid}/complete",
    summary="Complete or reopen a todo",
    operation_id="completeTask",
    response_model=TaskOut,
    responses=SHOWN | answers(404, 409, 412),
)
async def complete(wanted: CompletedIn, act: Act, task_id: TaskId, if_match: IfMatch = None) -> Response:
    """What is so already stays so. A repeating todo that is done comes back: its next time is a todo whose `parent_id` is this one."""

    def operation(turn: Turn) -> None:
        expect(operating.find(turn, task_id), if_match)
        operating.set_completed(turn, task_id, done=wanted.completed)

    return await act.carry_out(operation, _shows(act, task_id), tasks=[task_id])


@router.delete(
    "/{task_id:uuid}",
    status_code=204,
    summary="Delete a todo",
    operation_id="deleteTask",
    response_class=Response,
    responses=answers(404, 409, 412),
)
async def delete(act: Act, task_id: TaskId, if_match: IfMatch = None) -> Response:
    """Undo brings it back."""

    def operation(turn: Turn) -> None:
        expect(operating.find(turn, task_id), if_match)
        operating.delete(turn, task_id)

    return await act.carry_out(operation, lambda _: Done(204), tasks=[task_id])


def _shows(act: Act, task_id: UUID) -> Callable[[Turn], Done]:
    """An answer that is one todo as it is then."""

    def answer(turn: Turn) -> Done:
        shown = act.shown(turn, turn.tasks[task_id])
        return Done(200, _json(shown), {"etag": shown.etag})

    return answer


def _json(shown: TaskOut) -> object:
    return shown.model_dump(mode="json")
