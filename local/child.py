"""A child process that never outlives the box, and never runs as root.

PostgreSQL refuses to run as root, and the box may be killed in ways that run none of its code. So a child is not started
directly: this file is run as a small script first, in the child's own process, and replaces itself by the program:

1. it gives up root for an ordinary account (only when the box runs as root);
2. it asks the kernel to send SIGINT when the box dies (Linux), or leaves a watcher behind that waits for the end of a pipe
   only the box holds open (elsewhere);
3. it becomes the program. The process id is the same all the way, so the box holds the program itself.

Linux ties step 2 to the *thread* that started the child, not to its process: start children from the main thread.

A root-owned folder that the account cannot reach (a checkout in /root, say) is opened to the child by one capability
instead of by changing anybody's permissions: the child may walk and read there, and still owns nothing but its data.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import pwd
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

LINUX = platform.system() == "Linux"
WATCHER = not LINUX  # guard by a watcher and a pipe instead of by the kernel's parent-death signal
ROOT_RUNS_AS = ("jotline", "nobody")

# linux/capability.h, linux/prctl.h and linux/securebits.h
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522


class Account(NamedTuple):
    """Who a child runs as. `capability` is the one Linux capability it keeps, if any."""

    uid: int
    gid: int
    capability: int | None = None


def choose_account(owned: Path, reached: Sequence[Path]) -> Account | None:
    """Answer whom to run as, or None to stay who we are (not root).

    As root: the owner of `owned` when that exists and is not root's, else the account `jotline`, else `nobody`.
    `reached` are the paths the child must be able to get at.

    Raises:
        PermissionError: root cannot open those paths to the account.
    """
    if os.geteuid() != 0:
        return None
    account = _owner(owned) or _service_account()
    if all(_reachable(path, account) for path in reached):
        return account
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if LINUX and _holds(capability):
            return account._replace(capability=capability)
    raise PermissionError(
        f"user {account.uid} cannot reach {' or '.join(map(str, reached))}: run as an ordinary user, or move the folder"
    )


def spawn(
    command: Sequence[str | Path],
    *,
    account: Account | None,
    keep: Sequence[int] = (),
    log: int | IO[bytes],
    env: Mapping[str, str],
) -> Child:
    """Start `command` under guard in a session of its own, so that Ctrl-C reaches only the box.

    Args:
        command: the program and its arguments.
        account: see `choose_account`.
        keep: file descriptors the program inherits.
        log: where its output goes.
        env: its whole environment.

    Raises:
        RuntimeError: not called from the main thread, whose end the guard is tied to.
    """
    if not WATCHER and threading.current_thread() is not threading.main_thread():
        raise RuntimeError("start children from the main thread: the parent-death signal follows the thread that started them")
    read_end, write_end = os.pipe() if WATCHER else (None, None)
    guard = json.dumps({"parent": os.getpid(), "account": account, "pipe": read_end})
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, guard, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[*keep, *([] if read_end is None else [read_end])],
            env=dict(env),
            start_new_session=True,
        )
    finally:
        if read_end is not None:
            os.close(read_end)
    return Child(process, write_end)


class Child:
    """A running child. Let go of it by `release` once it has ended."""

    def __init__(self, process: subprocess.Popen[bytes], pipe: int | None) -> None:
        """Hold `process`; `pipe` is our end of the watcher's pipe."""
        self.process = process
        self._pipe = pipe

    def release(self) -> None:
        """Tell the watcher, where there is one, that there is nothing left to end: its process id may be somebody else's."""
        if self._pipe is not None:
            os.write(self._pipe, b"-")
            os.close(self._pipe)
            self._pipe = None


def _owner(path: Path) -> Account | None:
    if not path.exists():
        return None
    stat = path.stat()
    return Account(stat.st_uid, stat.st_gid) if stat.st_uid else None


def _service_account() -> Account:
    for name in ROOT_RUNS_AS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise PermissionError(f"running as root needs one of the accounts {', '.join(ROOT_RUNS_AS)} to run PostgreSQL as")


def _reachable(path: Path, account: Account) -> bool:
    """Whether plain permission bits let `account` walk to `path` and read or enter it."""
    for step in (path, *path.parents):
        if not step.exists():
            continue
        stat = step.stat()
        shift = 6 if stat.st_uid == account.uid else 3 if stat.st_gid == account.gid else 0
        needed = 0o5 if step == path else 0o1
        if (stat.st_mode >> shift) & needed != needed:
            return False
    return True


def _holds(capability: int) -> bool:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    permitted = next(line for line in status if line.startswith("CapPrm:"))
    return bool(int(permitted.split()[1], 16) >> capability & 1)


# ---- what runs in the child, before the program ----


def _become(guard: str, program: str, *arguments: str) -> None:
    spec = json.loads(guard)
    if spec["account"] is not None:
        _drop_root(Account(*spec["account"]))
    if spec["pipe"] is None:
        _die_with(spec["parent"])
    else:
        _leave_watcher(spec["pipe"])
    os.execv(program, [program, *arguments])  # noqa: S606 - replacing ourselves is the point


def _drop_root(account: Account) -> None:
    if account.capability is not None:
        # Changing user keeps capabilities, and access(2), by which initdb looks for postgres, counts them.
        _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(account.gid, account.gid, account.gid)
    os.setresuid(account.uid, account.uid, account.uid)
    if account.capability is not None:
        _keep_only(account.capability)


def _keep_only(capability: int) -> None:
    """Reduce all sets to one capability and make it survive exec (capabilities(7): the ambient set)."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable; then the same for capabilities 32 and up
    sets = (ctypes.c_uint32 * 6)(*[1 << capability] * 3, 0, 0, 0)
    _checked(ctypes.CDLL(None, use_errno=True).capset(header, sets))
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def _die_with(parent: int) -> None:
    """Have the kernel send SIGINT (PostgreSQL: fast shutdown) at the parent's end; changing user would clear it again."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)


def _leave_watcher(pipe: int) -> None:
    """Fork twice: the grandchild belongs to nobody and waits; a byte means all is well, the bare end of the pipe is death."""
    guarded = os.getpid()
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        os.close(pipe)
        return
    if os.fork():
        os._exit(0)
    os.setsid()
    os.closerange(0, pipe)
    os.closerange(pipe + 1, 1024)
    if not os.read(pipe, 1):
        os.kill(guarded, signal.SIGINT)
    os._exit(0)


def _prctl(*arguments: int) -> None:
    _checked(ctypes.CDLL(None, use_errno=True).prctl(*map(ctypes.c_ulong, (*arguments, *[0] * (5 - len(arguments))))))


def _checked(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    _become(*sys.argv[1:])
