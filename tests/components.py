"""Programs that some tests need and that a developer's machine may lack: found here, installed by .ci/run.

Without one, the tests that need it are skipped with its name; with CI=true they fail, so that nothing is left out unseen.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

NODE_MODULES = Path(__file__).parent.parent / ".cache" / "node" / "node_modules" / ".bin"
DATAPLANE = Path(__file__).parent.parent / ".cache" / "dataplane" / "bin"
BUILT = Path(__file__).parent.parent / ".cache" / "bin"
DEBIAN_ADMIN = "/usr/sbin"

PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "prism": ("prism",),
    "rabbitmq": ("rabbitmq-server",),
    "redis": ("redis-server",),
    "knative": ("dispatcher",),  # and the ingress: scripts/dataplane builds both or none
    "tofu": ("tofu",),
    "promtool": ("promtool",),
    "amtool": ("amtool",),
    "unshare": ("unshare",),
    "gocryptfs": ("gocryptfs",),
}


def find(component: str) -> str | None:
    """Path of the program behind `component`, a key of `PROGRAMS`; None when it is not installed."""
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), DEBIAN_ADMIN, str(NODE_MODULES), str(DATAPLANE), str(BUILT)])
    return next((found for name in PROGRAMS[component] if (found := shutil.which(name, path=places))), None)


def require(component: str) -> str:
    """Path of the program behind `component`; skips the test without it, or fails it where everything is to run."""
    found = find(component)
    if found is not None:
        return found
    reason = f"{component} is not installed; .ci/run installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
