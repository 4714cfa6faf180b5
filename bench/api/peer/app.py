"""A list of todos the way FastAPI and SQLAlchemy are usually put together: a mapped class, a session for each request, a response model.

The same table, the same filter, order and page, the next reminder of each todo, the same fields in the answer; the bearer token is
checked. Settings: DATABASE_URL, JWT_SECRET.
"""

import os
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict
from sqlalchemy import DateTime, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables."""


class Task(Base):
    """A todo."""

    __tablename__ = "tasks"
    __table_args__ = {"schema": "todo"}

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    number: Mapped[int]
    title: Mapped[str]
    note: Mapped[str]
    status: Mapped[str]
    priority: Mapped[str]
    tags: Mapped[list[str]] = mapped_column(JSONB)
    due_day: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due_on: Mapped[datetime]
    end_day: Mapped[date | None]
    end_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    zone: Mapped[str]
    repeat: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    remind: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    series_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int]


class Reminder(Base):
    """A reminder."""

    __tablename__ = "reminders"
    __table_args__ = {"schema": "todo"}

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID]
    state: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class TaskOut(BaseModel):
    """A todo as it is shown."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: int
    user_id: UUID
    title: str
    description: str
    status: str
    completed: bool
    priority: str
    tags: list[str]
    due_date: datetime | date | None
    end_date: datetime | date | None
    time_zone: str
    recurring_pattern: str | None
    recurrence: dict[str, Any] | None
    reminder_at: datetime | None
    reminders: list[dict[str, Any]]
    series_id: UUID | None
    parent_id: UUID | None
    created_at: datetime
    completed_at: datetime | None
    version: int


class TaskPage(BaseModel):
    """A page."""

    tasks: list[TaskOut]
    next_cursor: str | None


engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=4)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()
bearer = HTTPBearer()


async def session() -> AsyncIterator[AsyncSession]:
    """A session for a request."""
    async with sessions() as made:
        yield made


def user(given: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> UUID:
    """Whose token it is."""
    try:
        claims = jwt.decode(given.credentials, os.environ["JWT_SECRET"], algorithms=["HS256"], options={"verify_aud": False})
        return UUID(claims["sub"])
    except (jwt.PyJWTError, ValueError):
        raise HTTPException(401) from None


@app.get("/health/live")
async def live() -> None:
    """Answers when it is there."""


@app.get("/tasks")
async def list_tasks(
    user_id: Annotated[UUID, Depends(user)], db: Annotated[AsyncSession, Depends(session)], limit: int = 50
) -> TaskPage:
    """The open todos of a person by their due date."""
    reminder_at = (
        select(func.min(Reminder.at)).where(Reminder.task_id == Task.id, Reminder.state == "scheduled").scalar_subquery()
    )
    query = (
        select(Task, reminder_at)
        .where(Task.user_id == user_id, Task.status == "open")
        .order_by(Task.due_on, Task.id)
        .limit(limit + 1)
    )
    found = (await db.execute(query)).all()
    return TaskPage(
        tasks=[_shown(task, at) for task, at in found[:limit]],
        next_cursor=str(found[limit][0].id) if len(found) > limit else None,
    )


def _shown(task: Task, reminder_at: datetime | None) -> TaskOut:
    zone = ZoneInfo(task.zone)
    return TaskOut(
        id=task.id,
        number=task.number,
        user_id=task.user_id,
        title=task.title,
        description=task.note,
        status=task.status,
        completed=task.status == "done",
        priority=task.priority,
        tags=task.tags,
        due_date=task.due_at.astimezone(zone) if task.due_at else task.due_day,
        end_date=task.end_at.astimezone(zone) if task.end_at else task.end_day,
        time_zone=task.zone,
        recurring_pattern=task.repeat["rrule"] if task.repeat else None,
        recurrence=task.repeat,
        reminder_at=reminder_at,
        reminders=task.remind,
        series_id=task.series_id,
        parent_id=task.parent_id,
        created_at=task.created_at,
        completed_at=task.completed_at,
        version=task.version,
    )
