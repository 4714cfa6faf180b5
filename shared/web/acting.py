"""How a request changes a person's todos: decided by the rules, written with its event and its answer in one statement.

A request may carry
    If-Match          only if the todo is still at this version, else 412 (RFC 9110 section 13.1.1)
    Idempotency-Key   the same request with the same key within 24 hours is answered as it was the first time and does nothing more;
                      another request with that key is refused with 422. Of two at once, one does it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, cast
from uuid import UUID

from fastapi import Depends, Header, Request, Response

from shared.events.envelope import Event
from shared.runtime.deciding import Answered, Asked, Wish, settle
from shared.storage.todo import Reply
from shared.todos import operating, reminding
from shared.todos.errors import TodoRefused
from shared.todos.model import Decision, Person, Settings, Task
from shared.todos.turn import Turn
from shared.web import problems, trailing
from shared.web.callers import Caller, KnownCaller
from shared.web.models import TaskOut, task_out
from shared.web.problems import Problem
from shared.web.refusals import problem_of

if TYPE_CHECKING:
    from shared.runtime.services import Services

Operation = Callable[[Turn], None]

ANY: Final = "*"

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description='The ETag it must still have, like `"3"`; else 412.', examples=['"3"']),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="The ETag that is known already: answered 304 while it is the same.",
        examples=['"3"'],
    ),
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Makes it safe to ask again: the same key within 24 hours has one effect and one answer.",
        min_length=1,
        max_length=255,
        pattern="^[!-~]+$",
        examples=["1c9d4e6e-3c31-4f0e-9e55-6a1d3a1c2b90"],
    ),
]


@dataclass(frozen=True, slots=True)
class Done:
    """What is answered to a change."""

    status: int
    body: object = None
    """JSON-ready; None: no body."""
    headers: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Acting:
    """One request on its way: who asks, with what, when."""

    request: Request
    caller: Caller
    key: str | None
    now: datetime

    @property
    def services(self) -> Services:
        """What may be used."""
        return cast("Services", self.request.app.state.services)

    @property
    def request_id(self) -> str:
        """Its id: the message that its changes name."""
        return trailing.request_id(self.request)

    def shown(self, turn: Turn, task: Task) -> TaskOut:
        """A todo as it is after `turn`."""
        return self.shown_by(turn.settings, task)

    def shown_by(self, settings: Settings, task: Task) -> TaskOut:
        """A todo as the API shows it, with these settings in force."""
        planned = reminding.plan(task, settings, self.now)
        return task_out(task, self.caller.user_id, settings, planned[0].at if planned else None, self.now)

    async def carry_out(
        self,
        operation: Operation,
        answer: Callable[[Turn], Done],
        *,
        tasks: Sequence[UUID] = (),
        history: bool = False,
    ) -> Response:
        """Do what `operation` does to the person's todos, and answer.

        Args:
            operation: one of `shared.todos.operating`.
            answer: what is answered once it is done, from the turn that is over.
            tasks: the todos it names.
            history: load what they did before, for undo.

        Raises:
            Problem: it was not done.
        """
        turns: list[Turn] = []

        def decided(person: Person) -> Decision:
            turn, decision = operating.carry_out(person, self.request_id, operation, now=self.now)
            turns[:] = [turn]
            return decision

        return await self.settle(decided, lambda _: answer(turns[0]), tasks=tasks, history=history)

    async def settle(
        self,
        decided: Callable[[Person], Decision],
        answer: Callable[[Decision], Done],
        *,
        events: Callable[[Event, Person, Decision], list[Event]] = lambda *_: [],
        tasks: Sequence[UUID] = (),
        history: bool = False,
    ) -> Response:
        """Decide, write down, answer; `events` are those beside the todos' own. As `carry_out`."""
        cause = trailing.request_made(self.request, self.caller, self.now, 200)
        asked = await self._asked()

        def decide(person: Person) -> Decision:
            if not person.known:  # they left while this was on its way
                raise Problem(401, "This needs a token that is valid now: sign in again.")
            return decided(person)

        def told(person: Person, decision: Decision) -> list[Event]:
            made = trailing.request_made(self.request, self.caller, self.now, answer(decision).status)
            return [replace(made, id=cause.id), *events(cause, person, decision)]

        wish = Wish(tasks=tasks, key=self.key or "", answer=lambda _, decision: _reply(answer(decision), asked))
        try:
            settled = await settle(
                self.services,
                cause,
                Asked(self.request_id, "", None, None),
                decide,
                told,
                function=trailing.NAME,
                now=self.now,
                history=history,
                wish=wish,
            )
        except Answered as before:
            return self._again(before.reply, asked)
        except TodoRefused as refused:
            raise problem_of(refused) from None
        if settled is None:
            raise problems.unavailable()
        return _response(_reply(answer(settled.decision), asked))

    async def _asked(self) -> str:
        """What is asked for, as a hash: two requests with one key must be the same."""
        parts = (self.request.method, self.request.url.path, self.request.headers.get("if-match", ""))
        return hashlib.sha256("\n".join(parts).encode() + b"\n" + await self.request.body()).hexdigest()

    def _again(self, reply: Reply, asked: str) -> Response:
        """The answer of before.

        Raises:
            Problem: 422, that was to another request.
        """
        if reply.request != asked:
            raise problems.named("key-used")
        response = _response(reply)
        response.headers["idempotency-replayed"] = "true"
        return response


async def acting(request: Request, caller: KnownCaller, key: Key = None) -> Acting:
    """The request, for routes that change something.

    Raises:
        Problem: 401; 404 where the path names somebody else.
    """
    services: Services = request.app.state.services
    return Acting(request, own(request, caller), key, services.clock.now())


def own(request: Request, caller: Caller) -> Caller:
    """The caller, who is also whom the path names, if it names anybody.

    Raises:
        Problem: 404, it names somebody else.
    """
    if request.scope.get("jotline.user") not in (None, str(caller.user_id)):
        raise Problem(404, "There is nothing here.")
    return caller


async def me(request: Request, caller: KnownCaller) -> Caller:
    """The caller of a request that reads.

    Raises:
        Problem: 401; 404 where the path names somebody else.
    """
    return own(request, caller)


Act = Annotated[Acting, Depends(acting)]
Me = Annotated[Caller, Depends(me)]


def expect(task: Task, if_match: str | None) -> None:
    """See to it that a todo is at the version that is asked for.

    Raises:
        Problem: 412, it is not.
    """
    if if_match is not None and not fits(if_match, f'"{task.version}"'):
        detail = f"The todo is at version {task.version} now: read it again."
        raise problems.named("version-differs", detail, version=task.version)


def fits(condition: str, etag: str, *, weakly: bool = False) -> bool:
    """Whether an If-Match or If-None-Match names this entity tag (RFC 9110 sections 8.8.3.2, 13.1)."""
    tags = [tag.strip() for tag in condition.split(",")]
    return condition.strip() == ANY or etag in tags or (weakly and f"W/{etag}" in tags)


def _reply(done: Done, asked: str) -> Reply:
    body = "" if done.body is None else json.dumps(done.body, ensure_ascii=False)
    return Reply(request=asked, status=done.status, headers=done.headers or {}, body=body)


def _response(reply: Reply) -> Response:
    media = "application/json" if reply.body else None
    return Response(reply.body, reply.status, reply.headers, media)
