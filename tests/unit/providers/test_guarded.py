"""A provider that fails is left alone for a while, then asked by one message first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.policy.breaker import FAILURES, OPEN_SECONDS
from shared.providers.contract import (
    Accepted,
    Caller,
    Found,
    Incoming,
    Mail,
    NotAccepted,
    OutcomeUnknown,
    Outgoing,
    ProviderError,
    Rejected,
)
from shared.providers.guarded import Guarded, GuardedMailer

pytestmark = pytest.mark.asyncio

TEXT = Outgoing(to="+12125550142", sender="+14155550100", body="hello", status_callback="")
RECEIPT = Accepted(sid="SM1", status="queued", segments=1)


class Flaky:
    """A provider whose answers are laid out beforehand."""

    def __init__(self) -> None:
        self.asked = 0
        self.says: ProviderError | None = None
        self.silent: asyncio.Event | None = None

    async def send(self, message: Outgoing) -> Accepted:
        self.asked += 1
        if self.silent is not None:
            await self.silent.wait()
        if self.says is not None:
            raise self.says
        return RECEIPT

    async def find(self, message: Outgoing, since: datetime) -> list[Found]:
        await self.send(message)
        return []

    async def received(self, ours: str, since: datetime) -> list[Incoming]:
        await self.send(TEXT)
        return []

    async def caller(self, call_id: str) -> Caller | None:
        await self.send(TEXT)
        return None

    async def close(self) -> None:
        """Nothing is held."""


class Setting:
    """The flaky provider, its guard, and a clock that stands still."""

    def __init__(self) -> None:
        self.flaky = Flaky()
        self.now = 0.0
        self.closed: list[bool] = []
        self.guarded = Guarded(self.flaky, lambda: self.now, self.closed.append)

    async def fails(self, error: ProviderError, times: int = FAILURES) -> None:
        self.flaky.says = error
        for _ in range(times):
            with pytest.raises(type(error)):
                await self.guarded.send(TEXT)


@pytest.fixture
async def setting() -> Setting:
    return Setting()


@pytest.mark.parametrize("error", [OutcomeUnknown("no answer"), NotAccepted("nobody there")])
async def test_after_failures_in_a_row_it_is_not_asked_and_the_caller_learns_how_long(
    setting: Setting, error: ProviderError
) -> None:
    await setting.fails(error)
    setting.now += OPEN_SECONDS / 3
    for question in (setting.guarded.send(TEXT), setting.guarded.find(TEXT, datetime.now(UTC))):
        with pytest.raises(NotAccepted) as caught:
            await question
        assert caught.value.retry_after_seconds == pytest.approx(OPEN_SECONDS * 2 / 3)
    assert setting.flaky.asked == FAILURES


async def test_one_asks_first_and_the_others_wait_for_what_it_finds(setting: Setting) -> None:
    await setting.fails(OutcomeUnknown("no answer"))
    setting.now += OPEN_SECONDS
    setting.flaky.says, setting.flaky.silent = None, asyncio.Event()
    probe = asyncio.create_task(setting.guarded.send(TEXT))
    await asyncio.sleep(0)
    with pytest.raises(NotAccepted):
        await setting.guarded.send(TEXT)
    setting.flaky.silent.set()
    assert await probe == RECEIPT
    assert await setting.guarded.send(TEXT) == RECEIPT


async def test_who_watches_it_is_told_whether_the_way_is_closed(setting: Setting) -> None:
    await setting.fails(OutcomeUnknown("no answer"))
    setting.now += OPEN_SECONDS
    setting.flaky.says = None
    await setting.guarded.send(TEXT)
    assert setting.closed == [False] * (FAILURES - 1) + [True, False]


async def test_when_the_first_one_fails_all_wait_again(setting: Setting) -> None:
    await setting.fails(OutcomeUnknown("no answer"))
    setting.now += OPEN_SECONDS
    await setting.fails(OutcomeUnknown("no answer"), times=1)
    asked = setting.flaky.asked
    with pytest.raises(NotAccepted):
        await setting.guarded.send(TEXT)
    assert setting.flaky.asked == asked


async def test_a_first_one_that_is_cancelled_leaves_the_way_open_for_the_next(setting: Setting) -> None:
    await setting.fails(OutcomeUnknown("no answer"))
    setting.now += OPEN_SECONDS
    setting.flaky.says, setting.flaky.silent = None, asyncio.Event()
    probe = asyncio.create_task(setting.guarded.send(TEXT))
    await asyncio.sleep(0)
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    setting.flaky.silent = None
    assert await setting.guarded.send(TEXT) == RECEIPT


@pytest.mark.parametrize("answer", [Rejected("bad number"), NotAccepted("too much at once", retry_after_seconds=1)])
async def test_a_provider_that_says_no_is_there(setting: Setting, answer: ProviderError) -> None:
    await setting.fails(answer, times=3 * FAILURES)
    assert setting.flaky.asked == 3 * FAILURES


async def test_a_success_in_between_starts_the_count_again(setting: Setting) -> None:
    await setting.fails(OutcomeUnknown("no answer"), times=FAILURES - 1)
    setting.flaky.says = None
    await setting.guarded.send(TEXT)
    await setting.fails(OutcomeUnknown("no answer"), times=FAILURES - 1)
    setting.flaky.says = None
    assert await setting.guarded.send(TEXT) == RECEIPT


class FlakyMailer:
    """A mail server that answers one thing only."""

    def __init__(self) -> None:
        self.asked = 0
        self.says: ProviderError = NotAccepted("nobody there")

    async def send(self, mail: Mail) -> Accepted:
        self.asked += 1
        raise self.says


async def test_a_mail_server_that_is_away_is_left_alone_and_one_that_answers_is_not() -> None:
    flaky = FlakyMailer()
    guarded = GuardedMailer(flaky, lambda: 0.0)
    mail = Mail(message_id=UUID(int=1), to="ada@example.com", subject="", text="", sent_at=datetime.now(UTC))
    greylisted = NotAccepted("not now", 450, retry_after_seconds=0.0)
    for flaky.says, times in (
        (greylisted, FAILURES),
        (Rejected("no such user", 550), FAILURES),
        (NotAccepted("nobody"), FAILURES),
    ):
        for _ in range(times):
            with pytest.raises(type(flaky.says)):
                await guarded.send(mail)
    assert flaky.asked == 3 * FAILURES
    with pytest.raises(NotAccepted):
        await guarded.send(mail)
    assert flaky.asked == 3 * FAILURES
