"""When a person's morning digest comes, and what is in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from shared.language.model import Query
from shared.messages import alerts, lists, phrases, writing
from shared.messages.dates import say_date
from shared.messages.mails import letters
from shared.messages.mails.letters import Letter, Row, Section
from shared.schedule.quiet import after_quiet
from shared.todos import dates, questions
from shared.todos.carrier import wants_none
from shared.todos.model import Dialogue, Person, Settings, Status, Task
from shared.todos.newcomer import zone_at
from shared.todos.preferences import in_force

FRIDAY: Final = 4
ALL_OPEN: Final = Query(what="open")
"""What MORE goes on with."""
STALE_AFTER: Final = timedelta(hours=2)
"""A digest that could not leave at its hour is of no use much later: it is left out."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The todos of a digest, in the order in which they are shown."""

    overdue: tuple[Task, ...]
    today: tuple[Task, ...]
    untimed: tuple[Task, ...]

    @property
    def worth_sending(self) -> bool:
        """Whether something is due: todos without a date alone are no reason to text."""
        return bool(self.overdue or self.today)

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {"today": len(self.today), "overdue": len(self.overdue), "untimed": len(self.untimed)}

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All of them."""
        return self.overdue + self.today + self.untimed


@dataclass(frozen=True, slots=True)
class Morning:
    """What comes of a digest that is due."""

    outcome: Literal["sent", "nothing to say", "stale", "opted out"]
    contents: Contents
    first: bool
    """Whether it is their first."""
    dialogue: Dialogue
    """As it is from then on: what was shown can be answered by its number, and MORE goes on after it."""


def morning(person: Person, due_at: datetime | None, now: datetime) -> Morning:
    """What comes of a person's digest: whether it is sent, and what is spoken of then.

    Args:
        person: with their open todos.
        due_at: when it was to be sent; None: now.
        now: aware.
    """
    settings = in_force(person.settings, now)
    local = now.astimezone(ZoneInfo(settings.zone))
    found = contents(person.tasks, local)
    outcome = _outcome(person, found, late=due_at is not None and now - due_at > STALE_AFTER)
    hints = person.dialogue.hints
    first = not hints.get("digest")
    dialogue = person.dialogue
    if outcome == "sent":
        dialogue = dialogue.model_copy(update={"hints": {**hints, "digest": hints.get("digest", 0) + 1}})
        if settings.digest.channel == "text":
            dialogue = _after(dialogue, shown(found, settings, local, first=first))
    return Morning(outcome, found, first, dialogue)


def _outcome(person: Person, found: Contents, *, late: bool) -> Literal["sent", "nothing to say", "stale", "opted out"]:
    if late:
        return "stale"
    if person.settings.digest.channel == "text" and wants_none(person):
        return "opted out"
    return "sent" if found.worth_sending else "nothing to say"


def _after(dialogue: Dialogue, tasks: tuple[Task, ...]) -> Dialogue:
    """A digest is a list that came by itself: it is the last thing said, not the reminder before it."""
    return questions.interrupted(dialogue, by_reminder=False).model_copy(
        update={
            "that": tuple(task.id for task in tasks),
            "shown": tuple(task.number for task in tasks),
            "page": {"query": ALL_OPEN.model_dump(mode="json"), "seen": [str(task.id) for task in tasks]},
            "heard": dialogue.heard and {**dialogue.heard, "listed": True},
            "reminded": (),
            "reminded_at": None,
        }
    )


def next_digest(settings: Settings, after: datetime) -> datetime | None:
    """The instant of the next digest later than `after`, aware; None when none is wanted.

    It comes once on each of the person's days, where they are that day. An hour that the clocks leave out comes an hour later;
    one that falls into quiet hours comes when they end.
    """
    wanted = settings.digest
    if not wanted.on:
        return None
    first = after.astimezone(ZoneInfo(zone_at(settings, after))).date() - timedelta(days=1)
    for days in range(9):  # yesterday's of another zone, today's, and over a weekend
        day = first + timedelta(days=days)
        if wanted.days == "every weekday" and day.weekday() > FRIDAY:
            continue
        at = _on(settings, day)
        if at > after:
            return at
    raise AssertionError("a week has weekdays")


def digest_day(settings: Settings, at: datetime) -> date:
    """The person's own day at an instant."""
    return at.astimezone(ZoneInfo(zone_at(settings, at))).date()


def contents(tasks: Iterable[Task], now: datetime) -> Contents:
    """What a digest shows; `now` is aware, in the person's zone. What is due on a later day is left out."""
    ordered = lists.order_tasks((task for task in tasks if task.status is Status.OPEN), now)
    overdue = tuple(task for task in ordered if writing.is_overdue(task, now))
    today = tuple(task for task in ordered if task not in overdue and _day(task, now) in _so_far(task, now))
    return Contents(overdue, today, tuple(task for task in ordered if task.due_day is None))


def text(found: Contents, settings: Settings, now: datetime, *, first: bool) -> str:
    """The digest as one text.

    Args:
        found: what is in it.
        settings: the person's, as they are in force.
        now: aware, in the person's zone.
        first: whether it is their first.
    """
    return alerts.shortened(*_written(found, settings, now, first=first))


def shown(found: Contents, settings: Settings, now: datetime, *, first: bool) -> tuple[Task, ...]:
    """The todos that `text` has room for."""
    return found.tasks[: alerts.how_many_fit(*_written(found, settings, now, first=first))]


def _written(found: Contents, settings: Settings, now: datetime, *, first: bool) -> tuple[str, list[str], str]:
    """Its head, its todos, and what comes after them."""
    head = alerts.digest_head(settings.name, now, **found.counts)
    return head, [_line(task, settings, now) for task in found.tasks], phrases.TO_END_DIGESTS if first else ""


def letter(found: Contents, settings: Settings, now: datetime, *, ours: str) -> Letter:
    """The digest as a mail, whole.

    Args:
        found: what is in it.
        settings: the person's, as they are in force.
        now: aware, in the person's zone.
        ours: the number that answers go to; "" when it has none to show.
    """
    subject = f"{say_date(now.date(), now.date())}: {alerts.digest_counts(**found.counts)}"
    kinds = (("Overdue", found.overdue), ("Today", found.today), ("Any time", found.untimed))
    sections = [
        Section(heading, tuple(_row(task, settings, now) for task in tasks), urgent=tasks is found.overdue)
        for heading, tasks in kinds
        if tasks
    ]
    return letters.digest(subject, alerts.digest_head(settings.name, now, **found.counts), sections, ours=ours)


def _row(task: Task, settings: Settings, now: datetime) -> Row:
    title = writing.todo_title(task, cut=False)
    return Row(title, _line(task, settings, now, cut=False).removeprefix(title))


def _line(task: Task, settings: Settings, now: datetime, *, cut: bool = True) -> str:
    """The todo as it is listed today."""
    return writing.todo_line(
        dates.on_the_wall(task, settings.zone),
        now,
        hours=settings.meanings.hours,
        named=now.date(),
        cut=cut,
        remind_before_seconds=settings.remind_before_seconds,
        morning=settings.meanings.morning,
    )


def _on(settings: Settings, day: date) -> datetime:
    """The digest's instant on a day."""
    zone = ZoneInfo(dates.zone_on(settings, day))
    at = datetime.combine(day, settings.digest.at, zone).astimezone(UTC).astimezone(zone)
    return after_quiet(at, settings.quiet_from, settings.quiet_to, zone)


def _day(task: Task, now: datetime) -> date | None:
    """The day it begins, where the person is."""
    return task.due_at.astimezone(now.tzinfo).date() if task.due_at else task.due_day


def _so_far(task: Task, now: datetime) -> tuple[date | None, ...]:
    """Today; of what lasts several days also the day it began."""
    began = _day(task, now)
    lasts = task.end_day is not None and began is not None and began <= now.date() <= task.end_day
    return (now.date(), began) if lasts else (now.date(),)
