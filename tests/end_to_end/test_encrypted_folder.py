"""B30: with its folder on an encrypted volume, as docs/privacy.md has it, nothing of anybody can be read on the disk."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import components
from tests.box import town

pytestmark = [pytest.mark.asyncio, pytest.mark.long, pytest.mark.needs("gocryptfs")]
LENA = "+12125550187"
FUSE = Path("/dev/fuse")


@pytest.mark.skipif(not os.access(FUSE, os.W_OK), reason="the kernel lets nobody mount here: no /dev/fuse")
async def test_who_takes_the_disk_away_reads_nothing_and_the_box_outlives_a_kill_on_it(tmp_path: Path) -> None:
    with encrypted(tmp_path) as (disk, home):
        async with town(tmp_path, environment={"JOTLINE_HOME": str(home)}) as running:
            await running.post("call the notary on friday", sender=LENA)
            await running.replies(1)
            await running.box.kill()
            await running.box.start()
            await running.post("list", sender=LENA)
            assert "#1 Call the notary" in (await running.replies(2))[1]["body"]
            await running.box.stop()
            for words in (LENA, "notary"):
                assert found(words, home)
                assert not found(words, disk)


@contextmanager
def encrypted(folder: Path) -> Iterator[tuple[Path, Path]]:
    """A folder on the disk, and where it can be read and written as if it were not encrypted, until the block ends."""
    program = components.require("gocryptfs")
    password, disk, home = folder / "password", folder / "disk", folder / "home"
    password.write_text("a passphrase\n")
    disk.mkdir()
    home.mkdir()
    subprocess.run([program, "-init", "-q", "-nosyslog", "-passfile", password, disk], check=True)
    others = ["-allow_other"] if os.geteuid() == 0 else []
    subprocess.run([program, "-q", "-nosyslog", *others, "-passfile", password, disk, home], check=True)
    try:
        yield disk, home
    finally:
        subprocess.run(["fusermount3", "-u", home], check=True)  # noqa: S607 - comes with gocryptfs


def found(words: str, folder: Path) -> bool:
    """Whether any file in the folder has these words in it."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    return any(words.encode() in file.read_bytes() for file in files)
