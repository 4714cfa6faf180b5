"""Several todos in one request, and taking back what a request or a text did."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Response
from pydantic import Field

from shared.todos import operating
from shared.todos.errors import TodoRefused
from shared.todos.model import Status
from shared.todos.turn import Turn
from shared.web import inputs
from shared.web.acting import Act, Done, Operation, expect
from shared.web.describing import answers
from shared.web.inputs import TaskIn, TaskPatch
from shared.web.models import Shape, TaskOut
from shared.web.problems import Problem
from shared.web.refusals import problem_of
from shared.web.values import NUMBER

router = APIRouter(prefix="/api/v1", tags=["Todos"])

MOST = 100


class Create(inputs.Body):
    """A new todo."""

    op: Literal["create"]
    task: TaskIn


class OfTask(inputs.Body):
    """Anything about a todo that is there."""

    id: UUID
    version: Annotated[int, Field(ge=1, le=2**31 - 1, description="Only if it is still at this version."), NUMBER] | None = None


class Update(OfTask):
    """A change, as a merge patch."""

    op: Literal["update"]
    changes: TaskPatch


class Simple(OfTask):
    """Done, open again, or gone."""

    op: Literal["complete", "reopen", "delete"]


Step = Annotated[Create | Update | Simple, Field(discriminator="op")]


class Bulk(inputs.Body):
    """What is done in order, all of it or nothing."""

    operations: Annotated[list[Step], Field(min_length=1, max_length=MOST)]


class BulkDone(Shape):
    """The todos as they are then, one for each operation, in order."""

    tasks: list[TaskOut]


class Steps(inputs.Body):
    """How far back."""

    steps: Annotated[int, Field(ge=1, le=50, description="How many requests or texts."), NUMBER] = 1


class Undone(Shape):
    """What was taken back or done again: the todos it touched, as they are then; deleted ones too."""

    tasks: list[TaskOut]


@router.post(
    "/tasks/bulk",
    summary="Do several things at once",
    operation_id="bulkTasks",
    response_model=BulkDone,
    responses=answers(404, 409, 412),
)
async def bulk(wanted: Bulk, act: Act) -> Response:
    """All or nothing: when one is refused nothing is done, and the problem's `index` says which. One undo takes all of it back."""
    ids: list[UUID] = []

    def operation(turn: Turn) -> None:
        ids.clear()
        for turn.command_index, step in enumerate(wanted.operations):
            turn.item_index = 0
            try:
                ids.append(_take(turn, act, step))
            except TodoRefused as refused:
                raise problem_of(refused, index=turn.command_index) from None
            except Problem as problem:
                problem.more["index"] = turn.command_index
                raise

    def answer(turn: Turn) -> Done:
        return Done(200, BulkDone(tasks=[act.shown(turn, turn.tasks[id_]) for id_ in ids]).model_dump(mode="json"))

    named = [step.id for step in wanted.operations if not isinstance(step, Create)]
    return await act.carry_out(operation, answer, tasks=named)


def _take(turn: Turn, act: Act, step: Create | Update | Simple) -> UUID:
    """Do one thing; the id of the todo it was about."""
    if isinstance(step, Create):
        if step.task.user_id not in (None, act.caller.user_id):
            raise Problem(404, "There is no such person for you.")
        return operating.create(turn, step.task.wanted()).id
    expect(operating.find(turn, step.id), None if step.version is None else f'"{step.version}"')
    if isinstance(step, Update):
        operating.update(turn, step.id, step.changes.wanted())
    elif step.op == "delete":
        operating.delete(turn, step.id)
    else:
        operating.set_completed(turn, step.id, done=step.op == "complete")
    return step.id


@router.post(
    "/undo",
    summary="Undo",
    operation_id="undo",
    response_model=Undone,
    responses=answers(404, 409),
)
async def undo(act: Act, wanted: Annotated[Steps, Body(default_factory=Steps)]) -> Response:
    """Take back what the last request or text did, settings too."""
    return await _back(act, lambda turn: operating.undo(turn, wanted.steps))


@router.post(
    "/redo",
    summary="Redo",
    operation_id="redo",
    response_model=Undone,
    responses=answers(404, 409),
)
async def redo(act: Act, wanted: Annotated[Steps, Body(default_factory=Steps)]) -> Response:
    """Do again what was undone last."""
    return await _back(act, lambda turn: operating.redo(turn, wanted.steps))


async def _back(act: Act, operation: Operation) -> Response:
    def answer(turn: Turn) -> Done:
        touched = dict.fromkeys(event.task_id for event in turn.events)
        tasks = sorted((turn.tasks[id_] for id_ in touched), key=lambda task: task.status is Status.DELETED)
        return Done(200, Undone(tasks=[act.shown(turn, task) for task in tasks]).model_dump(mode="json"))

    return await act.carry_out(operation, answer, history=True)
