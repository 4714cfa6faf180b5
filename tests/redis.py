"""A Redis of a test's own: a process on a free port, which keeps nothing."""

from __future__ import annotations

import asyncio

from tests import components
from tests.box import free_port


class Redis:
    """A server of this test's own, which keeps nothing."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self._child: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it answers."""
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "daemonize": "no"}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        program = components.require("redis")
        self._child = await asyncio.create_subprocess_exec(program, *words, stdout=asyncio.subprocess.DEVNULL)
        async with asyncio.timeout(30):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    await writer.wait_closed()
                    return

    async def stop(self) -> None:
        """Stop it."""
        if self._child is not None and self._child.returncode is None:
            self._child.terminate()
            await self._child.wait()
