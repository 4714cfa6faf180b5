"""A container without an engine: an image's files, produced as the Dockerfile says and started as Kubernetes would start them.

What is real: the same steps as the Dockerfile's, on the same files; the same command, environment and user; a root of its own in a
mount namespace of its own, in which every file is read-only; no capability, and no way to gain one; process 1's signals.
What is not: the base image. Its place takes this machine's /usr, and its Python at /usr/local. And the network is this machine's:
only loopback is listened on (HOST), whatever the image or the manifest says.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp
import pytest

from tests.images import dockerfile

ROOT = dockerfile.ROOT
START_SECONDS = 30.0

#: In the namespace: $1 the root, $2 the image's app, $3 Python's prefix, $4 user:group, $5 a folder of secrets or nothing, $6 folders
#: of their own that can be written to; then the command with its environment.
_START = r"""
set -eu
root=$1 app=$2 python=$3 user=$4 secrets=$5 writable=$6
shift 6
mount -t tmpfs -o mode=755 tmpfs "$root"
mkdir "$root/usr" "$root/app" "$root/dev" "$root/proc" "$root/tmp" "$root/var" "$root/etc"
mount --bind /usr "$root/usr"
for name in bin sbin lib lib32 lib64; do
  if [ -L "/$name" ]; then cp -P "/$name" "$root/"; continue; fi
  if [ -d "/$name" ]; then mkdir "$root/$name" && mount --bind "/$name" "$root/$name"; fi
done
if [ "$python" != /usr ]; then mount --bind "$python" "$root/usr/local"; fi
mount --bind "$app" "$root/app"
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
if [ -n "$secrets" ]; then mkdir -p "$root/var/openfaas/secrets" && mount --bind "$secrets" "$root/var/openfaas/secrets"; fi
for place in "" /usr /usr/local /app /var/openfaas/secrets /bin /sbin /lib /lib32 /lib64; do
  if mountpoint -q "$root$place" && [ ! -L "$root$place" ]; then mount -o remount,bind,ro "$root$place"; fi
done
for place in $writable; do mount -t tmpfs -o mode=1777 tmpfs "$root$place"; done
exec env -i "$(command -v chroot)" --userspec="$user" --groups= "$root" /usr/bin/setpriv --no-new-privs -- /usr/bin/env -C /app "$@"
"""


def possible() -> bool:
    """Whether this machine lets us make mount namespaces."""
    if os.geteuid() != 0 or not all(shutil.which(tool) for tool in ("unshare", "setpriv", "chroot", "mountpoint")):
        return False
    return subprocess.run(["/usr/bin/env", "unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0


def require() -> None:
    """Skip the test where containers are not possible; with CI=true fail it."""
    if possible():
        return
    reason = "a root of one's own needs root, and util-linux' unshare and setpriv"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def make_context(folder: Path) -> None:
    """What .dockerignore lets in: the only files an image can be made of."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    for name in (line[1:].rstrip("/") for line in lines if line.startswith("!")):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"), dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)


def make_tree(context: Path, function: str, folder: Path, **environment: str) -> Path:
    """Run the Dockerfile's steps on a context, into one folder as the image has it; answers the image's /app."""
    _, stages = dockerfile.read()
    for step in stages["tree"].arguments_of("RUN"):
        command = re.sub(r" /(packages|code) ", f" {folder} ", step)
        variables = {**os.environ, "PYTHON": sys.executable, "FUNCTION": function, **environment}
        subprocess.run(["/bin/sh", "-euc", command], cwd=context, env=variables, check=True)
    return folder / "app"


class Container:
    """An image's files, running."""

    def __init__(
        self,
        app: Path,
        folder: Path,
        command: list[str],
        environment: Mapping[str, str],
        *,
        user: str,
        port: int,
        secrets: Mapping[str, str] | None = None,
        enter: Sequence[str] = (),
        host: str = "127.0.0.1",
        writable: Sequence[str] = (),
    ) -> None:
        """`enter`: what takes a command into another network. `host`: what is listened on there. `writable`: volumes, by path."""
        folder.mkdir(parents=True, exist_ok=True)
        self.name = folder.name
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "log"
        self._app, self._folder, self._command, self._user = app, folder, command, user
        # The base image's Python finds its library by the loader's cache, ours by this.
        library = {"LD_LIBRARY_PATH": "/usr/local/lib"} if sys.base_prefix != "/usr" else {}
        self._environment = {**environment, **library, "HOST": host}
        self._secrets, self._enter, self._writable = secrets, enter, writable
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The process id, from outside; the server itself, for everything before it is replaced by it."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it; returns when it listens."""
        await self.begin()
        async with aiohttp.ClientSession() as session, asyncio.timeout(START_SECONDS):
            while not await _answers(session, f"{self.url}/health/live"):
                assert self.running, self.log.read_text()[-3000:]
                await asyncio.sleep(0.02)

    async def begin(self) -> None:
        """Start it, and wait for nothing."""
        root = self._folder / "root"
        root.mkdir(exist_ok=True)
        arguments = [str(root), str(self._app), sys.base_prefix, self._user, self._mount_secrets(), " ".join(self._writable)]
        variables = [f"{name}={value}" for name, value in self._environment.items()]
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(
                    *self._enter,
                    "unshare",
                    "--mount",
                    "--propagation",
                    "private",
                    "sh",
                    "-c",
                    _START,
                    "sh",
                    *arguments,
                    *variables,
                    *self._command,
                ),
                stdout=log,
                stderr=log,
            )

    def _mount_secrets(self) -> str:
        """The folder with a file for each secret; nothing when there are none."""
        if self._secrets is None:
            return ""
        folder = self._folder / "secrets"
        folder.mkdir(exist_ok=True)
        for name, value in self._secrets.items():
            (folder / name).write_text(value)
        return str(folder)

    def terminate(self) -> None:
        """SIGTERM."""
        os.kill(self.pid, signal.SIGTERM)

    async def kill(self) -> None:
        """kill -9, and wait for the end."""
        os.kill(self.pid, signal.SIGKILL)
        await self.wait()

    async def stop(self) -> None:
        """SIGTERM, and wait for the end."""
        if self.running:
            self.terminate()
        await self.wait()

    async def wait(self) -> int:
        """Wait until it has ended; its exit status."""
        if self._process is None:
            return 0
        async with asyncio.timeout(START_SECONDS):
            return await self._process.wait()


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, OSError):
        return False
