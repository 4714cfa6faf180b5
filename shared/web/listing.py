"""GET /api/v1/tasks: lists and search."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.language.model import Priority
from shared.storage.lists import Filter, Place, Sort
from shared.todos.model import Settings
from shared.todos.preferences import in_force
from shared.web import cursors
from shared.web.acting import Me
from shared.web.cursors import Cursor, Limit
from shared.web.describing import answers
from shared.web.models import TaskPage, task_out
from shared.web.values import LINE, Day, Tag

router = APIRouter(prefix="/api/v1/tasks", tags=["Todos"])

_TIMESTAMP: Final = re.compile(r"-?infinity|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00", re.ASCII)


def _like(pattern: re.Pattern[str]) -> Callable[[str], None]:
    def check(key: str) -> None:
        if not pattern.fullmatch(key):
            raise ValueError(key)
        if key[0].isdigit():
            datetime.fromisoformat(key)

    return check


#: What a key looks like, by the order.
KEYS: Final[dict[str, Callable[[str], object]]] = {
    "due": _like(_TIMESTAMP),
    "priority": lambda key: [1, 2, 3, 4].index(int(key)),
    "created": _like(_INSTANT),
    "title": str,
}


class Asked(BaseModel):
    """Which todos, in which order."""

    model_config = ConfigDict(extra="forbid")

    status: Annotated[Literal["open", "done", "all"], Field(description="Deleted ones are in none.")] = "open"
    priority: Annotated[list[Priority], Field(description="Any of these.", max_length=4)] = []
    tag: Annotated[list[Tag], Field(description="All of these, whatever the case.", max_length=10)] = []
    due_from: Annotated[Day | None, Field(description="Due on that day or later.")] = None
    due_to: Annotated[Day | None, Field(description="Due on that day or before.")] = None
    overdue: Annotated[bool | None, Field(description="Whether its time is over.")] = None
    q: Annotated[
        str,
        Field(
            max_length=200,
            pattern=LINE,
            description="Words of title, note or tags: all of them, in any form or as the start of a word.",
            examples=["milk"],
        ),
    ] = ""
    sort: Annotated[Sort, Field(description="With `-` falling. What has no date comes last.")] = "due"
    limit: Limit = 50
    cursor: Cursor = None

    def filter(self) -> Filter:
        """Which todos."""
        return Filter(
            status=self.status,
            priorities=tuple(self.priority),
            tags=tuple(self.tag),
            due_from=self.due_from,
            due_to=self.due_to,
            overdue=self.overdue,
            words=self.q.strip(),
        )


@router.get(
    "",
    summary="List and search todos",
    operation_id="listTasks",
    response_model=TaskPage,
    responses=answers(404),
)
async def list_tasks(request: Request, caller: Me, asked: Annotated[Asked, Query()]) -> Response:
    """A page of todos. Pages go on where the last one ended, whatever is added or done meanwhile."""
    services = request.app.state.services
    now, sort, limit = services.clock.now(), asked.sort, asked.limit
    after = Place(*cursors.read_uuid(asked.cursor, f"tasks {sort}", KEYS[sort.removeprefix("-")])) if asked.cursor else None
    found = await services.lists.page(caller.user_id, asked.filter(), sort, after=after, limit=limit + 1, now=now)
    more, found = len(found) > limit, found[:limit]
    settings = in_force(found[0].settings, now) if found else Settings()
    page = TaskPage(
        tasks=[task_out(one.task, caller.user_id, settings, one.reminder_at, now) for one in found],
        next_cursor=cursors.write(f"tasks {sort}", found[-1].key, found[-1].task.id) if more else None,
    )
    return Response(page.model_dump_json(), media_type="application/json")
