"""POSTs to a broker behind https: believed when a known authority vouches for it, and for that very name."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from shared.runtime.posting import Poster
from shared.runtime.sink import NotAcceptedBySink, Sink
from tests.integration.functions.test_posting import on_both_loops
from tests.making import notification


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that vouches for itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None and os.environ.get("CI") == "true":
        pytest.fail("openssl is not installed")
    if openssl is None:
        pytest.skip("openssl is not installed")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    command = [openssl, "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2"]
    command += ["-subj", "/CN=a broker", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(file), "-out", f"{file}.crt"]
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@asynccontextmanager
async def broker(certificate: Path, requests: list[tuple[int, str]]) -> AsyncIterator[int]:
    """Takes events over TLS; its port. `requests`: the peer's port, which tells connections apart, and the event's id."""

    async def accept(request: web.Request) -> web.Response:
        await request.read()
        peer = request.transport.get_extra_info("peername")[1] if request.transport else 0
        requests.append((peer, request.headers["ce-id"]))
        return web.Response(status=202)

    application = web.Application()
    application.router.add_post("/", accept)
    runner = web.AppRunner(application)
    await runner.setup()
    secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secure.load_cert_chain(certificate)
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secure)
    await site.start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@on_both_loops
async def test_an_authority_of_our_own_is_believed_and_the_connection_kept(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    requests: list[tuple[int, str]] = []
    async with broker(certificate, requests) as port:
        sink = Sink(f"https://localhost:{port}")
        first, second = notification(), notification()
        await sink.publish(first)
        await sink.publish(second)
        await sink.close()
    assert [name for _, name in requests] == [first.id, second.id]
    assert len({peer for peer, _ in requests}) == 1


@on_both_loops
async def test_whom_nobody_vouches_for_gets_no_event(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    requests: list[tuple[int, str]] = []
    async with broker(certificate, requests) as port:
        sink = Sink(f"https://localhost:{port}")
        with pytest.raises(NotAcceptedBySink):
            await sink.publish(notification())
        await sink.close()
    assert requests == []


@on_both_loops
async def test_a_certificate_is_good_for_its_own_name_alone(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    requests: list[tuple[int, str]] = []
    async with broker(certificate, requests) as port:
        poster = Poster(f"https://127.0.0.1:{port}", timeout_seconds=30)
        with pytest.raises(ssl.SSLCertVerificationError):
            await poster.post({"ce-id": "1"}, b"")
        await poster.close()
    assert requests == []
