"""One recording of the provider as a file on this machine: fetched once, bounded in bytes and in time, hashed on the way.

Redirects are followed by hand, at most three, each only to a place that `shared.media.places` knows, and never with credentials:
signed URLs need none. What is connected to is checked at the socket, after every lookup of a name and just before connecting, so a
name that answers differently the second time, an address in octal or a name of this machine's own gains nothing. Only the API host
itself may be anywhere: the operator has put it into TWILIO_API_URL.

What answers mean:

    200                                   the file, unless it says that it is text, a picture or packed
    301 302 303 307 308                   the next place
    404 408 409 423 425 429 5xx           MediaNotReady: recordings appear some time after their webhook
    401 403 of the API                    CredentialsRefused: tried again, the account's token may be mended meanwhile
    401 403 elsewhere                     MediaNotReady: a signed URL has run out, the next try gets a new one
    anything else                         MediaRefused "unreadable"
    timeouts, lost connections            MediaNotReady
    more than 16 MB, declared or sent     MediaRefused "too_large"
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yarl import URL

from shared.media import places
from shared.media.checking import MAX_BYTES
from shared.media.errors import CredentialsRefused, MediaNotReady, MediaRefused
from shared.media.files import written

if TYPE_CHECKING:
    from aiohappyeyeballs import AddrInfoType
    from aiohttp import ClientResponse

MAX_REDIRECTS = 3
TOTAL_SECONDS = 60.0
CONNECT_SECONDS = 10.0
SILENT_SECONDS = 15.0  # without one byte
_CHUNK = 64 * 1024
_LONGEST_WAIT_SECONDS = 3600.0
_REDIRECTS = {301, 302, 303, 307, 308}
_LATER = {404, 408, 409, 423, 425, 429}
_CREDENTIALS = {401, 403}
_NEVER_AUDIO = (
    "text/",
    "image/",
    "font/",
    "multipart/",
    "application/json",
    "application/xml",
    "application/xhtml",
    "application/pdf",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that was fetched."""

    path: Path
    size: int  # bytes
    content_type: str  # lower case, without parameters; "" when the provider gave none
    sha256: str  # hex


async def fetch(
    url: str,
    into: Path,
    *,
    api_url: str,
    account_sid: str,
    auth_token: str,
    hosts: Collection[str] = (),
    total_seconds: float = TOTAL_SECONDS,
) -> Fetched:
    """Fetch the recording at `url` into the file `into`, which is overwritten; after an error there is no such file.

    Args:
        url: as the webhook gave it.
        into: in a folder that exists.
        api_url: TWILIO_API_URL: where the credentials may go.
        account_sid: AC and 32 hex digits.
        auth_token: the account's token.
        hosts: more hosts that media may be on (MEDIA_HOSTS), as `host` or `host:port`.
        total_seconds: for everything, redirects included.

    Raises:
        MediaRefused: "forbidden", "too_large" or "unreadable"; see the module.
        MediaNotReady: worth another try.
    """
    import aiohttp

    asking = _Asking(URL(api_url), {host.strip().lower() for host in hosts}, aiohttp.encode_basic_auth(account_sid, auth_token))
    try:
        async with asyncio.timeout(total_seconds), asking.answer(_parsed(url)) as response:
            return await _received(response, into)
    except TimeoutError:
        raise MediaNotReady(f"no whole recording within {total_seconds:g} s") from None
    except aiohttp.ClientError as error:
        raise MediaNotReady(f"the connection was lost ({type(error).__name__})") from None


class _Asking:
    """The way to one recording, over its redirects. It ends with the session it was opened for."""

    def __init__(self, api_url: URL, hosts: set[str], authorization: str) -> None:
        self._api_url = api_url
        self._hosts = hosts
        self._authorization = authorization

    @asynccontextmanager
    async def answer(self, url: URL) -> AsyncIterator[ClientResponse]:
        """The first answer that is no redirect and holds what may be a recording."""
        credentials = places.is_api(url, self._api_url)
        for _ in range(MAX_REDIRECTS + 1):
            async with self._ask(url, credentials=credentials) as response:
                if response.status not in _REDIRECTS:
                    _check_status(response, url, credentials=credentials)
                    _check_headers(response)
                    yield response
                    return
                url, credentials = _target(response, url), False
        raise MediaRefused("forbidden", f"more than {MAX_REDIRECTS} redirects, the last to {url.host}")

    @asynccontextmanager
    async def _ask(self, url: URL, *, credentials: bool) -> AsyncIterator[ClientResponse]:
        """Ask for one URL. A session of its own: nothing of one place is carried to the next, and no lookup of a name is kept."""
        import aiohttp

        if not places.may_be_fetched(url, self._api_url, self._hosts):
            raise MediaRefused("forbidden", f"media are not fetched from {url.scheme}://{url.host}:{url.port}")
        headers = {"Accept": "audio/*, */*;q=0.5", "Accept-Encoding": "identity"}
        if credentials:
            headers["Authorization"] = self._authorization
        door = _Door(any_address=places.is_api(url, self._api_url))
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(use_dns_cache=False, socket_factory=door.open, force_close=True),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        ) as session:
            try:
                response = await session.get(url, headers=headers, allow_redirects=False)
            except aiohttp.ClientConnectorError:
                if door.refused:
                    raise MediaRefused("forbidden", f"{url.host} is {door.refused}, no address of the Internet") from None
                raise
            async with response:
                yield response


class _Door:
    """Opens sockets, to addresses of the Internet alone unless told otherwise, and remembers which it did not."""

    def __init__(self, *, any_address: bool) -> None:
        self._any_address = any_address
        self.refused = ""

    def open(self, info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._any_address and not places.is_public(str(address[0])):
            self.refused = str(address[0])
            raise OSError("not an address of the Internet")
        return socket.socket(family=family, type=kind, proto=protocol)


def _parsed(url: str) -> URL:
    try:
        return URL(url)
    except ValueError:
        raise MediaRefused("forbidden", "the recording's URL is none") from None


def _target(response: ClientResponse, url: URL) -> URL:
    """Where a redirect leads."""
    location = response.headers.get("Location", "")
    if not location:
        raise MediaNotReady(f"{url.host} answered {response.status} without a place")
    try:
        return url.join(URL(location))
    except ValueError:
        raise MediaRefused("forbidden", f"{url.host} redirects to what is no URL") from None


def _check_status(response: ClientResponse, url: URL, *, credentials: bool) -> None:
    status = response.status
    if status == 200:
        return
    if status in _CREDENTIALS and credentials:
        raise CredentialsRefused(f"{url.host} answered {status}: are TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN right?")
    if status in _CREDENTIALS | _LATER or status >= 500:
        raise MediaNotReady(
            f"{url.host} answered {status}", after_seconds=_retry_after(response.headers.get("Retry-After", ""))
        )
    raise MediaRefused("unreadable", f"{url.host} answered {status}")


def _check_headers(response: ClientResponse) -> None:
    """What an answer says of itself, before a byte of it is read."""
    if _content_type(response).startswith(_NEVER_AUDIO):
        raise MediaRefused("unreadable", f"it is {_content_type(response)}")
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise MediaRefused("unreadable", "it is packed, though that was not asked for")
    _check_size(response.content_length or 0)


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise MediaRefused("too_large", f"it is over {MAX_BYTES} bytes")


async def _received(response: ClientResponse, into: Path) -> Fetched:
    """Write the body to the file, chunk by chunk. Writing blocks for less time than handing it to a thread would take."""
    digest, size = hashlib.sha256(), 0
    with written(into) as file:
        async for chunk in response.content.iter_chunked(_CHUNK):
            size += len(chunk)
            _check_size(size)
            digest.update(chunk)
            file.write(chunk)
    return Fetched(path=into, size=size, content_type=_content_type(response), sha256=digest.hexdigest())


def _content_type(response: ClientResponse) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _retry_after(value: str) -> float | None:
    """Seconds of a Retry-After header (RFC 9110 section 10.2.3); None for none, or for a date."""
    return min(float(value), _LONGEST_WAIT_SECONDS) if value.isascii() and value.isdigit() else None
