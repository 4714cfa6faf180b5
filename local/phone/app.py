"""The phone, put together: `create_phone` for the single box, which mounts its routes, and `Phone.app` to serve it alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from local.phone.carrier import Account, Carrier
from local.phone.clock_api import Go
from local.phone.faults import Faults
from local.phone.hooks import hook_routes
from local.phone.media import MediaStore
from local.phone.page_api import Connections, PageApi, ZoneOf
from local.phone.posting import EVERYTHING
from local.phone.rest import Rest
from local.phone.store import Channel, Message, Store
from shared.runtime.clock import Clock

PACE_SECONDS = 0.15  # between queued, sent and delivered: long enough to be seen on the page


class Phone:
    """Twilio's stand-in and the phone page, for one account with one number."""

    def __init__(self, carrier: Carrier, page: PageApi, *, test_paths: bool) -> None:
        """Use `create_phone`."""
        self.carrier = carrier
        self._page = page
        hooks = hook_routes(carrier) if test_paths else []
        self.routes: list[BaseRoute] = [*Rest(carrier).routes, *page.routes, *hooks]

    @property
    def faults(self) -> Faults:
        """Trouble for tests."""
        return self.carrier.faults

    @property
    def app(self) -> Starlette:
        """The phone as an application of its own, started and stopped with its server."""

        @asynccontextmanager
        async def running(_: Starlette) -> AsyncIterator[None]:
            await self.start()
            yield
            await self.stop()

        return Starlette(routes=self.routes, lifespan=running)

    async def start(self) -> None:
        """Go on with what was under way. Call once, on the loop that serves."""
        await self.carrier.start()

    async def stop(self) -> None:
        """End the page's feeds, stop posting, close the file. Call before the server stops: it waits for open feeds."""
        self.end_feeds()
        await self.carrier.stop()
        self.carrier.store.close()
        self.carrier.media.close()

    def end_feeds(self) -> None:
        """End the page's open feeds only, so that a server that is stopping need not wait for them."""
        self._page.close()

    def text(
        self, phone: str, body: str, channel: Channel = "sms", sid: str | None = None, *, media: Sequence[tuple[str, str]] = ()
    ) -> Message:
        """A person texts the number: see `Carrier.text`."""
        return self.carrier.text(phone, body, channel, sid, media=media)

    def speak(self, phone: str, data: bytes, content_type: str, *, body: str = "", channel: Channel = "sms") -> Message:
        """A person sends a recording: see `Carrier.speak`."""
        return self.carrier.speak(phone, data, content_type, body=body, channel=channel)

    def call(self, phone: str, wav: bytes) -> Message:
        """A person calls: see `Carrier.call`."""
        return self.carrier.call(phone, wav)

    def reachable_at(self, url: str) -> None:
        """Its API is reached there: media have their URLs there from now on."""
        self.carrier.account = replace(self.carrier.account, api_url=url)

    async def idle(self) -> None:
        """Return when nothing is under way any more."""
        await self.carrier.idle()

    def messages(self) -> list[Message]:
        """Everything carried so far, oldest first."""
        return self.carrier.store.all()


def create_phone(
    *,
    folder: Path,
    clock: Clock,
    auth_token: str,
    account_sid: str,
    number: str,
    webhook_url: str,
    pace_seconds: float = PACE_SECONDS,
    test_paths: bool = False,
    go: Go | None = None,
    zone_of: ZoneOf | None = None,
) -> Phone:
    """Make a phone; nothing runs before `start`.

    Args:
        folder: where its messages are kept; made if absent.
        clock: stamps everything; a `SimulatedClock` can be moved from the page.
        auth_token: signs webhooks and opens the REST API.
        account_sid: AC and 32 hex digits.
        number: the number people text to, E.164.
        webhook_url: where incoming texts are posted; calls are posted to `voice` beside it, and their end to `voice/status`. Its host
            is taken to be this stand-in's too, as in the single box, until `reachable_at` says otherwise.
        pace_seconds: real time between two delivery states of a message the box sends.
        test_paths: also serve /stand-in/…, which needs no credentials.
        go: moves the clock, when the page or the command line asks for it.
        zone_of: the zone in which a number's phone shows the time.
    """
    account = Account(
        sid=account_sid,
        auth_token=auth_token,
        number=number,
        webhook_url=webhook_url,
        voice_url=f"{urljoin(webhook_url, 'voice')}#{EVERYTHING}",
        call_status_url=f"{urljoin(webhook_url, 'voice/status')}#{EVERYTHING}",
        api_url=urljoin(webhook_url, "/").rstrip("/"),
    )
    carrier = Carrier(account, Store(folder), MediaStore(folder), clock, Faults(), pace_seconds=pace_seconds)
    return Phone(carrier, PageApi(carrier, Connections(go=go, zone_of=zone_of)), test_paths=test_paths)
