"""Fetching a recording over real connections: from the provider, around it, and from those that wish us ill."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from shared.media import checking, fetching
from shared.media import places as rules
from shared.media.errors import CredentialsRefused, MediaNotReady, MediaRefused
from shared.policy.outcomes import TryAgain
from tests.integration.media import places
from tests.integration.media.places import OGG, Place

SID, TOKEN = "AC" + "0" * 32, "secret"
BASIC = "Basic " + b64encode(f"{SID}:{TOKEN}".encode()).decode()
NOTE = "/2010-04-01/Accounts/AC0/Messages/MM0/Media/ME0"


@pytest.fixture
async def api() -> AsyncIterator[Place]:
    async with places.opened() as place:
        yield place


@pytest.fixture
async def other() -> AsyncIterator[Place]:
    """Another server of this machine. It is never to be asked, unless a test makes it the CDN."""
    async with places.opened() as place:
        place.on("/note.ogg")
        place.on("/")
        yield place


@pytest.fixture
def cdn(other: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The other server as a CDN that is named in MEDIA_HOSTS and, for once, counts as one of the Internet."""
    monkeypatch.setattr(rules, "is_public", lambda _: True)
    return other


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "note"


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


async def fetch(url: str, into: Path, api: Place, **more: Any) -> fetching.Fetched:
    return await fetching.fetch(url, into, api_url=api.url, account_sid=SID, auth_token=TOKEN, **more)


async def refused(url: str, into: Path, api: Place, **more: Any) -> str:
    with pytest.raises(MediaRefused) as caught:
        await fetch(url, into, api, **more)
    assert content(into) is None
    return caught.value.reason


async def not_ready(url: str, into: Path, api: Place, **more: Any) -> MediaNotReady:
    with pytest.raises(MediaNotReady) as caught:
        await fetch(url, into, api, **more)
    assert content(into) is None
    return caught.value


# From the provider.


async def test_a_recording_of_the_api_is_fetched_with_our_credentials(api: Place, into: Path) -> None:
    fetched = await fetch(api.on(NOTE, content_type="Audio/OGG; codecs=opus"), into, api)
    assert fetched == fetching.Fetched(
        path=into, size=len(OGG), content_type="audio/ogg", sha256=hashlib.sha256(OGG).hexdigest()
    )
    assert content(into) == OGG
    ((_, headers),) = api.asked
    assert headers["Authorization"] == BASIC
    assert headers["Accept-Encoding"] == "identity"


async def test_what_was_in_the_file_is_gone(api: Place, into: Path) -> None:
    await fetch(api.on(NOTE, bytes(10_000)), into, api)
    await fetch(api.on(NOTE), into, api)
    assert content(into) == OGG


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_cdn_is_asked_without_credentials(api: Place, cdn: Place, into: Path, status: int) -> None:
    url = api.on(NOTE, b"", status=status, location=cdn.on("/signed") + "?Signature=a%2Fb")
    await fetch(url, into, api, hosts=[f"127.0.0.1:{cdn.port}"])
    assert content(into) == OGG
    assert [(path, "Authorization" in headers) for path, headers in api.asked] == [(NOTE, True)]
    assert [(path, "Authorization" in headers) for path, headers in cdn.asked] == [("/signed", False)]


async def test_a_redirect_within_the_api_carries_none_either(api: Place, into: Path) -> None:
    api.on("/kept/note.ogg")
    await fetch(api.on(NOTE, b"", status=302, location="/kept/note.ogg"), into, api)
    assert [(path, "Authorization" in headers) for path, headers in api.asked] == [(NOTE, True), ("/kept/note.ogg", False)]


async def test_nor_does_one_that_comes_back_from_the_cdn(api: Place, cdn: Place, into: Path) -> None:
    back = cdn.on("/back", b"", status=302, location=api.on("/kept"))
    await fetch(api.on(NOTE, b"", status=302, location=back), into, api, hosts=[f"127.0.0.1:{cdn.port}"])
    assert [(path, "Authorization" in headers) for path, headers in api.asked] == [(NOTE, True), ("/kept", False)]


async def test_a_recording_may_lie_on_the_cdn_to_begin_with(api: Place, cdn: Place, into: Path) -> None:
    await fetch(cdn.url + "/note.ogg", into, api, hosts=[f" 127.0.0.1:{cdn.port} "])
    assert [(path, "Authorization" in headers) for path, headers in cdn.asked] == [("/note.ogg", False)]
    assert api.asked == []


async def test_cookies_are_not_kept_from_one_place_to_the_next(api: Place, into: Path) -> None:
    api.on("/kept")
    await fetch(api.on(NOTE, b"", status=302, location="/kept", set_cookie="session=1; Path=/"), into, api)
    assert ["Cookie" in headers for _, headers in api.asked] == [False, False]


async def test_three_redirects_are_followed_and_no_more(api: Place, into: Path) -> None:
    api.on("/3")
    for step in (2, 1, 0):
        api.on(f"/{step}", b"", status=302, location=f"/{step + 1}")
    await fetch(f"{api.url}/0", into, api)
    api.on("/once more", b"", status=302, location="/0")
    assert await refused(f"{api.url}/once more", into.with_name("another"), api) == "forbidden"


# Around it.


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/note.ogg",
        "//127.0.0.1:{port}/note.ogg",
        "http://localhost:{port}/note.ogg",
        "http://2130706433:{port}/note.ogg",
        "http://0177.0.0.1:{port}/note.ogg",
        "http://0x7f.1:{port}/note.ogg",
        "http://[::ffff:127.0.0.1]:{port}/note.ogg",
        "http://0.0.0.0:{port}/note.ogg",
        "http://127.0.0.1.:{port}/note.ogg",
        "http://mms.twiliocdn.com@127.0.0.1:{port}/note.ogg",
        "http://127.0.0.1:{api}@127.0.0.1:{port}/note.ogg",
        "http://127.0.0.1:{port}\\@127.0.0.1:{api}/note.ogg",
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://example.com/note.ogg",
        "http://twiliocdn.com.example.com/note.ogg",
        "https://127.0.0.1:{api}/note.ogg",
        "file:///etc/passwd",
        "ftp://127.0.0.1:{port}/note.ogg",
        "gopher://127.0.0.1:{port}/_",
        "http://127.0.0.1:{port}:{api}/",
        "http://[::1/",
        "http://127.0.0.1:99999999/",
    ],
)
async def test_nothing_else_is_reached(api: Place, other: Place, into: Path, target: str) -> None:
    url = target.format(port=other.port, api=api.port)
    assert await refused(url if "://" in url else f"http:{url}", into, api) == "forbidden"
    assert api.asked == []
    assert await refused(api.on(NOTE, b"", status=302, location=url), into, api) == "forbidden"
    assert other.asked == []
    assert [path for path, _ in api.asked] == [NOTE]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_not_even_a_host_that_is_named_may_be_on_this_machine(api: Place, other: Place, into: Path, host: str) -> None:
    url = f"http://{host}:{other.port}/note.ogg"
    assert await refused(api.on(NOTE, b"", status=302, location=url), into, api, hosts=[f"{host}:{other.port}"]) == "forbidden"
    assert other.asked == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "0.0.0.0", "::1", "::ffff:127.0.0.1", "169.254.169.254", "fd00:ec2::254", "10.0.0.1", "fe80::1"],  # noqa: S104
)
async def test_a_known_name_that_turns_out_to_be_of_this_network_is_not_connected_to(
    api: Place, other: Place, into: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def lookup(host: object, port: int, *rest: Any, **more: Any) -> list[Any]:
        if host != "media.example":
            return list(usual(host, port, *rest, **more))
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port, 0, 0) if ":" in address else (address, port))
        ]

    usual: Any = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    url = f"http://media.example:{other.port}/note.ogg"
    assert await refused(url, into, api, hosts=[f"media.example:{other.port}"]) == "forbidden"
    assert other.asked == []


async def test_a_name_is_looked_up_again_for_each_place(
    api: Place, cdn: Place, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a name meant a moment ago is not what is connected to next: each connection is judged for itself."""
    judged: list[str] = []

    def first_only(address: str) -> bool:
        judged.append(address)
        return len(judged) == 1

    monkeypatch.setattr(rules, "is_public", first_only)
    url = cdn.on("/first", b"", status=302, location=f"http://127.0.0.1:{cdn.port}/note.ogg")
    assert await refused(url, into, api, hosts=[f"127.0.0.1:{cdn.port}"]) == "forbidden"
    assert judged == ["127.0.0.1", "127.0.0.1"]
    assert [path for path, _ in cdn.asked] == ["/first"]


# Not yet.


@pytest.mark.parametrize("status", [404, 408, 409, 423, 425, 429, 500, 502, 503, 504])
async def test_what_is_not_there_yet_is_worth_another_try(api: Place, into: Path, status: int) -> None:
    error = await not_ready(api.on(NOTE, b"", status=status), into, api)
    assert isinstance(error, TryAgain)
    assert error.after_seconds is None


async def test_the_third_try_finds_it(api: Place, into: Path) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=404) if len(api.asked) < 3 else web.Response(body=OGG)

    api.answers[NOTE] = answer
    await not_ready(api.url + NOTE, into, api)
    await not_ready(api.url + NOTE, into, api)
    assert (await fetch(api.url + NOTE, into, api)).size == len(OGG)


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7.0), ("99999999", 3600.0), ("Fri, 31 Dec 1999 23:59:59 GMT", None), ("-1", None)]
)
async def test_how_long_to_wait_is_heeded(api: Place, into: Path, value: str, seconds: float | None) -> None:
    error = await not_ready(api.on(NOTE, b"", status=429, retry_after=value), into, api)
    assert error.after_seconds == seconds


@pytest.mark.parametrize("status", [401, 403])
async def test_credentials_that_are_not_taken_are_the_operators_to_mend(api: Place, into: Path, status: int) -> None:
    error = await not_ready(api.on(NOTE, b"", status=status), into, api)
    assert isinstance(error, CredentialsRefused)
    assert "TWILIO_AUTH_TOKEN" in str(error)
    assert TOKEN not in str(error)


async def test_a_signed_url_that_has_run_out_is_had_anew(api: Place, cdn: Place, into: Path) -> None:
    url = api.on(NOTE, b"", status=302, location=cdn.on("/old", b"<Error/>", status=403))
    error = await not_ready(url, into, api, hosts=[f"127.0.0.1:{cdn.port}"])
    assert not isinstance(error, CredentialsRefused)


@pytest.mark.parametrize("status", [204, 206, 304, 400, 410, 451])
async def test_anything_else_will_not_get_better(api: Place, into: Path, status: int) -> None:
    assert await refused(api.on(NOTE, b"", status=status), into, api) == "unreadable"


async def test_a_redirect_to_nowhere_is_worth_another_try(api: Place, into: Path) -> None:
    await not_ready(api.on(NOTE, b"", status=302), into, api)


async def test_nobody_there_is_worth_another_try(api: Place, into: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(MediaNotReady):
            await fetching.fetch(url + NOTE, into, api_url=url, account_sid=SID, auth_token=TOKEN)


async def test_a_body_that_breaks_off_is_worth_another_try(api: Place, into: Path) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(OGG))})
        await response.prepare(request)
        await response.write(OGG[:100])
        assert request.transport is not None
        request.transport.close()
        return response

    api.answers[NOTE] = answer
    await not_ready(api.url + NOTE, into, api)


async def test_a_body_that_drips_is_left(api: Place, into: Path) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while not api.over.is_set():
            await response.write(b"O")
            await asyncio.sleep(0.02)
        return response

    api.answers[NOTE] = answer
    error = await not_ready(api.url + NOTE, into, api, total_seconds=0.4)
    assert "0.4 s" in str(error)


async def test_a_body_that_stops_is_left(api: Place, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"OggS")
        await api.over.wait()
        return response

    monkeypatch.setattr(fetching, "SILENT_SECONDS", 0.2)
    api.answers[NOTE] = answer
    await not_ready(api.url + NOTE, into, api)


async def test_so_is_an_answer_that_never_begins(api: Place, into: Path) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        await api.over.wait()
        return web.Response()

    api.answers[NOTE] = answer
    await not_ready(api.url + NOTE, into, api, total_seconds=0.2)


# Too much, or no audio.


async def test_a_body_of_16_megabytes_is_taken(api: Place, into: Path) -> None:
    body = bytes(checking.MAX_BYTES)
    fetched = await fetch(api.on(NOTE, body), into, api)
    assert (fetched.size, fetched.sha256) == (len(body), hashlib.sha256(body).hexdigest())


async def test_one_that_declares_more_is_not_read(api: Place, into: Path) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(checking.MAX_BYTES + 1)})
        await response.prepare(request)
        await api.over.wait()
        return response

    api.answers[NOTE] = answer
    assert await refused(api.url + NOTE, into, api) == "too_large"


async def test_one_that_never_ends_is_left_at_the_limit(api: Place, into: Path) -> None:
    sent = 0

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while not api.over.is_set():
            await response.write(bytes(256 * 1024))
            sent += 256 * 1024
        return response

    api.answers[NOTE] = answer
    assert await refused(api.url + NOTE, into, api) == "too_large"
    assert sent < 2 * checking.MAX_BYTES


async def test_a_packed_body_is_not_unpacked(api: Place, into: Path) -> None:
    url = api.on(NOTE, gzip.compress(bytes(64 * 1024 * 1024)), content_encoding="gzip", content_type="audio/ogg")
    assert await refused(url, into, api) == "unreadable"


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=utf-8", "TEXT/plain", "image/png", "application/json", "application/pdf"]
)
async def test_what_says_that_it_is_no_audio_is_not_read(api: Place, into: Path, content_type: str) -> None:
    assert await refused(api.on(NOTE, b"<html>", content_type=content_type), into, api) == "unreadable"


async def test_an_answer_without_http_is_worth_another_try(into: Path) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 mail ready\r\n" * 10)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(MediaNotReady):
            await fetching.fetch(url + NOTE, into, api_url=url, account_sid=SID, auth_token=TOKEN)
