"""The keeper starts again what ends, and nothing outlives who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from local.cluster.manifests import read_cluster
from local.cluster.parts import Part
from local.cluster.simulation import ClusterError, Door, Simulation
from local.loading import ROOT

pytestmark = pytest.mark.usefixtures("components")

SLEEPER = Part("sleeper", "function", ("/bin/sleep", "1000"), {"PATH": "/bin"})
CHILD = """
import sys, time
from pathlib import Path
from tests.cluster.test_keeper import sleeping
made = sleeping(Path(sys.argv[1]))
made.start()
print(*[each.pid for each in made.processes()], flush=True)
time.sleep(1000)
"""


def sleeping(folder: Path, *parts: Part) -> Simulation:
    """A cluster of processes that only sleep."""
    made = Simulation(folder, read_cluster(), {}, None, doors=[Door("ingress")])
    made.parts = list(parts or (SLEEPER,))
    return made


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Simulation]:
    made = sleeping(tmp_path)
    made.start()
    yield made
    made.stop()


def test_what_ends_is_started_again(cluster: Simulation) -> None:
    (first,) = cluster.processes()
    os.kill(first.pid, signal.SIGKILL)
    _wait_until(lambda: [each.pid for each in cluster.processes() if each.pid != first.pid])
    assert cluster.running


def test_inside_there_is_a_network_of_its_own(cluster: Simulation) -> None:
    (sleeper,) = cluster.processes()
    assert Path(f"/proc/{sleeper.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
    assert Path(f"/proc/{sleeper.pid}/ns/pid").readlink() != Path("/proc/self/ns/pid").readlink()


def test_stopping_ends_every_process(cluster: Simulation) -> None:
    (sleeper,) = cluster.processes()
    cluster.stop()
    assert not psutil.pid_exists(sleeper.pid)
    assert not cluster.processes()


def test_nothing_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "."},
    ) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert pids
        assert all(map(psutil.pid_exists, pids))
        parent.kill()
    _wait_until(lambda: not any(map(psutil.pid_exists, pids)))


def test_a_start_that_fails_says_what_was_logged(tmp_path: Path) -> None:
    broken = Part("broken", "function", ("/bin/sh", "-c", "echo no database; exit 1"), {"PATH": "/bin"}, "tcp://127.0.0.1:1")
    made = sleeping(tmp_path, broken)
    with pytest.raises(ClusterError, match="no database"):
        made.start()


def _wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
