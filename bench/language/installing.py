"""The other parsers, in a place of their own: `.cache/bench-language`. They are rivals, not dependencies of the project.

PyPI's go into a virtual environment from `peers.txt`, npm's beside it from `package.json` and `package-lock.json`; every version is
pinned, and what changed is installed anew. Needs uv; npm's need node and npm, and are left out without them.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from bench.language.corpus import REPOSITORY
from bench.language.peer import here

PLACE = REPOSITORY / ".cache" / "bench-language"
PYTHON = PLACE / "python" / "bin" / "python"
NODE_MODULES = PLACE / "node" / "node_modules"


class NotInstalled(Exception):
    """Parsers that could not be installed, and why."""


def install_python() -> None:
    """Bring the virtual environment to what peers.txt says.

    Raises:
        NotInstalled: there is no uv, or it failed.
    """
    wanted = here("peers.txt")
    if _is_current(PLACE / "python", wanted):
        return
    uv = _uv()
    _run("PyPI", [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(PLACE / "python")])
    _run("PyPI", [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON), "--requirements", wanted])
    _mark_current(PLACE / "python", wanted)


def install_node() -> None:
    """Bring node_modules to what package-lock.json says.

    Raises:
        NotInstalled: there is no node or npm, or npm failed.
    """
    wanted, place = [here("package.json"), here("package-lock.json")], PLACE / "node"
    if not shutil.which("node") or not shutil.which("npm"):
        raise NotInstalled("npm: needs node and npm")
    if _is_current(place, *wanted):
        return
    place.mkdir(parents=True, exist_ok=True)
    for file in wanted:
        shutil.copy(file, place)
    _run("npm", ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(place)])
    _mark_current(place, *wanted)


def _uv() -> str:
    """uv as it is found, or the one that the project's own scripts brought along."""
    own = sorted((REPOSITORY / ".cache").glob("uv-*/bin/uv"))
    found = shutil.which("uv") or (str(own[-1]) if own else None)
    if found is None:
        raise NotInstalled("PyPI: needs uv")
    return found


def _run(registry: str, command: list[str]) -> None:
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise NotInstalled(f"{registry}: {' '.join(command[:3])}: {(ended.stderr or ended.stdout).strip()[-500:]}")


def _is_current(place: Path, *wanted: str) -> bool:
    mark = place / "installed"
    return mark.is_file() and mark.read_text() == _digest(*wanted)


def _mark_current(place: Path, *wanted: str) -> None:
    (place / "installed").write_text(_digest(*wanted))


def _digest(*files: str) -> str:
    return hashlib.sha256(b"\n".join([sys.version.encode(), *(Path(file).read_bytes() for file in files)])).hexdigest()
