"""Who called, as Twilio's Calls resource tells it (twilio.com/docs/voice/api/call-resource)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.providers.contract import Caller, NotAccepted, OutcomeUnknown
from shared.providers.twilio import Twilio
from tests.unit.providers.wire import CUT, Wire, wired

ACCOUNT = "AC" + "0" * 32
CALL = "CA" + "5" * 32


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with wired() as open_wire:
        yield open_wire


@pytest.fixture
async def twilio(wire: Wire) -> AsyncIterator[Twilio]:
    client = Twilio(wire.url, ACCOUNT, "token", timeout_seconds=5)
    yield client
    await client.close()


async def test_a_call_tells_who_made_it(wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(200, {"sid": CALL, "from": "+12125550142", "to": "+14155550100"})
    assert await twilio.caller(CALL) == Caller(sender="+12125550142", recipient="+14155550100")
    [request] = wire.received
    assert (request.method, request.target) == ("GET", f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL}.json")


@pytest.mark.parametrize("number", ["anonymous", "", "sip:ada@example.org", "+266"])
async def test_who_hides_their_number_is_nobody(wire: Wire, twilio: Twilio, number: str) -> None:
    wire.answers_with(200, {"sid": CALL, "from": number, "to": "+14155550100"})
    assert await twilio.caller(CALL) is None


async def test_a_call_of_somebody_else_is_not_there(wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(404, {"code": 20404})
    assert await twilio.caller(CALL) is None


async def test_no_call_leads_out_of_the_account(wire: Wire, twilio: Twilio) -> None:
    for call_id in ("../Messages", "", "CA1?x=1", "CA1/Recordings"):
        assert await twilio.caller(call_id) is None
    assert wire.received == []


@pytest.mark.parametrize("status", [401, 429, 500])
async def test_when_it_cannot_be_asked_it_is_asked_again(wire: Wire, twilio: Twilio, status: int) -> None:
    wire.answers_with(status, {})
    with pytest.raises(NotAccepted):
        await twilio.caller(CALL)


async def test_a_cut_connection_tells_nothing(wire: Wire, twilio: Twilio) -> None:
    wire.answers.append(CUT)
    with pytest.raises(OutcomeUnknown):
        await twilio.caller(CALL)
