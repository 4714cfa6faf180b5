"""A network for each container, as in a pod: everyone listens on port 8080, and a name leads to whose.

A namespace has nothing but its own loopback. Sockets belong to the namespace of the thread that made them, so a thread of ours that
went there once is all it takes, without addresses and routes: it opens what leads in (`socket`), and listens on what leads out
(`lead_out`), at the same address as outside.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

#: unshare(2), netdevice(7).
CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def require() -> None:
    """Skip the test where no namespace can be made; with CI=true fail it."""
    try:
        Network().close()
    except OSError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


class Network:
    """A network namespace. What is to run in it is started with `enter` before its command."""

    def __init__(self) -> None:
        self._inside = ThreadPoolExecutor(max_workers=1)
        self._doors: list[asyncio.Server] = []
        self._namespace = self._inside.submit(_leave).result()
        self.enter = ("nsenter", f"--net=/proc/{os.getpid()}/fd/{self._namespace}", "--")

    def socket(self) -> socket.socket:
        """A socket that is in there."""
        return self._inside.submit(socket.socket, socket.AF_INET, socket.SOCK_STREAM).result()

    async def lead_out(self, urls: Iterable[str]) -> None:
        """Let these addresses of our own loopback be reached from inside, where they are the same."""
        for port in {urlsplit(url).port for url in urls}:
            listener = self.socket()
            listener.bind(("127.0.0.1", port))
            self._doors.append(await asyncio.start_server(_Door(port or 0), sock=listener))

    def close(self) -> None:
        """Let go of it; it ends with the last process in it."""
        for door in self._doors:
            door.close()
        self._inside.shutdown()
        os.close(self._namespace)


class Names(AbstractResolver):
    """Whose network a name leads to; each is told apart by an address of its own, which is loopback there as any of 127."""

    def __init__(self) -> None:
        self._networks: dict[str, Network] = {}
        self._addresses: dict[str, str] = {}

    def add(self, name: str, network: Network) -> None:
        """Let a name lead there."""
        self._addresses[name] = f"127.80.0.{len(self._addresses) + 1}"
        self._networks[self._addresses[name]] = network

    def session(self) -> aiohttp.ClientSession:
        """A client that asks by name."""
        connector = aiohttp.TCPConnector(resolver=self, socket_factory=lambda found: self._networks[str(found[4][0])].socket())
        return aiohttp.ClientSession(connector=connector)

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """As a cluster's DNS."""
        if host not in self._addresses:
            raise OSError(f"nobody is called {host}")
        address = self._addresses[host]
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to release."""


class _Door:
    """Passes connections on to a port of our own loopback."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pass_on(reader, forth), _pass_on(back, writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


def _leave() -> int:
    """Take this thread to a new namespace, and switch its loopback on; a handle on the namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace can be made here")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY)
