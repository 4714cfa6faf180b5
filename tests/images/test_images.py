"""Every image, without an engine: its files, made by the Dockerfile's steps, run as its manifest says, and drained."""

from __future__ import annotations

import asyncio
import errno
import re
import shutil
import subprocess
import tomllib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest
from packaging.requirements import Requirement

from shared.events.schemas import (
    AUDIO_CUT,
    COMMAND_PARSED,
    DIGEST_REQUESTED,
    MESSAGE_RECEIVED,
    NOTIFICATION_REQUESTED,
    REMINDER_TRIGGERED,
    TASK_COMPLETED,
)
from shared.messages.phrases import HEARD_NOTHING
from shared.runtime.cloudevents_http import to_http
from tests.asking import webhook
from tests.box import answers, free_port
from tests.images import container, dockerfile
from tests.images.conftest import Trees
from tests.images.container import Container
from tests.images.world import World, event_headers, over_tcp, service, settings_of_the_cluster, world
from tests.making import ADA, BOB, message
from tests.studio import ACCOUNT as STUDIO_ACCOUNT
from tests.studio import TOKEN as STUDIO_TOKEN
from tests.studio import Studio, audio, silence
from tools.check_manifests.facts import function_of

FUNCTIONS = sorted(folder.name for folder in (dockerfile.ROOT / "functions").iterdir() if (folder / "main.py").exists())
#: Each takes what the one before gave; the last one by audit's relay.
CHAIN = ("webhook", "parse-command", "todo-crud", "notify")
BY_ITSELF = ("remind", "digest", "recurrence")
#: Read by zoneinfo, not imported; and a zone that nobody knows without it.
DATA = {"tzdata"}
#: Imported with the first mail that is written or sent (tests/unit/providers/test_smtp.py), and a text is none.
FOR_MAILS = {"aiosmtplib", "jinja2"}
#: Imported with the first event in structured mode: brokers send binary ones (tests/integration/functions/test_serving.py).
STRUCTURED = {"cloudevents"}
#: Imported with the first request of the API, which no event is; and of them with a Redis or somebody else's tokens.
FOR_THE_API = {"aiohttp", "fastapi", "icalendar", "limits", "pyjwt"}
WHERE_SET_UP = {"aiohttp", "limits"}
#: Files of packages that only a Python newer than the image's can read; nothing imports them before.
OF_NEWER_PYTHONS = {"_py_312_typing.py"}
SUMMER = {"DEFAULT_TIMEZONE": "Europe/London"}
_, STAGES = dockerfile.read()


@pytest.fixture
async def around(database: str, tmp_path: Path) -> AsyncIterator[World]:
    """What the containers of a test talk to."""
    container.require()
    async with world(database, tmp_path) as made:
        yield made


class Cluster:
    """Starts functions as their manifests say, and ends them with the test."""

    def __init__(self, trees: Trees, around: World, folder: Path) -> None:
        self._trees, self._around, self._folder = trees, around, folder
        self.started: list[Container] = []

    async def start(self, *functions: str, **more: str) -> dict[str, Container]:
        """Functions on free ports, with the image's entry point and environment, unless its Service says otherwise."""
        made = {name: self._make(name, more) for name in functions}
        self.started += made.values()
        await asyncio.gather(*(one.start() for one in made.values()))
        return made

    def _make(self, function: str, more: dict[str, str]) -> Container:
        spec, port = service(function), int(more.get("PORT") or free_port())
        image = dockerfile.environment(STAGES, "function", FUNCTION=function_of(function))
        return Container(
            self._trees(function_of(function)),
            self._folder / function,
            [*(spec.command or dockerfile.entry_point(STAGES, "function")), *spec.arguments],
            {**image, **settings_of_the_cluster(), **self._around.settings, **spec.environment, "PORT": str(port), **more},
            user=dockerfile.last(STAGES, "function", "USER"),
            port=port,
            writable=spec.volumes,
        )


@pytest.fixture
async def cluster(trees: Trees, around: World, tmp_path: Path) -> AsyncIterator[Cluster]:
    """Functions to start."""
    made = Cluster(trees, around, tmp_path)
    yield made
    await asyncio.gather(*(one.stop() for one in made.started))


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client."""
    async with aiohttp.ClientSession() as session:
        yield session


async def test_each_lives_as_nobody_on_files_that_no_one_can_write(cluster: Cluster, http: aiohttp.ClientSession) -> None:
    for name, running in (await cluster.start(*FUNCTIONS)).items():
        for path in ("/health/live", "/health/ready", "/metrics"):
            async with http.get(running.url + path) as answer:
                assert answer.status == 200, (name, path, await answer.text())
        assert_it_is_nobody_and_writes_nowhere(running.pid, but=service(name).volumes)
    # And told to stop each answers who is waiting, and lets nobody else in. digest and live read no request.
    reading = [running for running in cluster.started if running.name not in ("digest", "live")]
    await asyncio.gather(*(assert_it_answers_who_is_waiting(running) for running in reading))


def assert_it_is_nobody_and_writes_nowhere(pid: int, *, but: list[str]) -> None:
    status = dict(re.findall(r"^(\w+):\t(.*)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE))
    assert set(status["Uid"].split() + status["Gid"].split()) == {"65532"}
    assert (status["Groups"].strip(), int(status["CapEff"], 16), status["NoNewPrivs"]) == ("", 0, "1")
    for place in {"/", "/app", "/app/packages", "/tmp", "/usr/local"} - {*but}:  # noqa: S108 - nothing is written there
        with pytest.raises(OSError, match="Read-only") as refused:
            Path(f"/proc/{pid}/root{place}/new").touch()  # by root, even
        assert refused.value.errno == errno.EROFS


async def assert_it_answers_who_is_waiting(running: Container) -> None:
    port = int(running.url.rpartition(":")[2])
    path, body = ("/twilio/message", b"Body=hello") if running.name == "webhook" else ("/", b'{"no": "event"}')
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    writer.write(head.encode())
    assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n", running.name  # the function is reading
    await reader.readline()
    running.terminate()
    async with asyncio.timeout(10):
        while await _accepts(port):
            await asyncio.sleep(0.01)
    assert running.running, running.name
    writer.write(body)
    # An unsigned text is refused, and what is no event is kept as a dead letter: either is an answer.
    assert (await reader.readline()).split()[1] in (b"403", b"204"), running.name
    writer.close()
    await running.wait()


async def _accepts(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def test_a_text_is_answered_by_images_that_hold_what_they_need_and_no_more(
    cluster: Cluster, around: World, http: aiohttp.ClientSession, trees: Trees
) -> None:
    running = await cluster.start(*CHAIN, PYTHONPROFILEIMPORTTIME="1", **SUMMER)
    text = webhook(Body="water the plants every monday at 5pm", From=ADA)
    async with http.post(
        f"{running['webhook'].url}/twilio/message", data=await text.body(), headers=dict(text.headers)
    ) as answer:
        assert answer.status == 200
    headers, body = await around.event(lambda headers, _: headers["ce-type"] == MESSAGE_RECEIVED)
    async with http.post(running["parse-command"].url, data=body, headers=headers) as answer:
        assert answer.status == 200
        headers, body = event_headers(answer.headers), await answer.read()
    async with http.post(running["todo-crud"].url, data=body, headers=headers) as answer:
        assert answer.status == 204
    await around.event(
        lambda headers, _: headers["ce-type"] == NOTIFICATION_REQUESTED
    )  # and there it is lost, but for the relay
    running["audit"] = await start_audit(cluster, around, running)
    ticking = asyncio.create_task(post(http, f"{running['audit'].url}/tick"))
    assert (await around.heard()).startswith("Added #1 Water the plants")
    headers, body = to_http(message(sender=BOB))
    undelivered = {**headers, "ce-knativeerrorcode": "503", "ce-knativeerrordest": running["parse-command"].url}
    assert await post(http, running["audit"].url, data=body, headers=undelivered) == 204
    await around.event(
        lambda headers, _: headers["ce-type"] == COMMAND_PARSED
    )  # it was given out again, and its reply passed on
    running["audit"].terminate()
    assert await ticking == 204  # SIGTERM ends a tick early, and it is answered
    assert await unused(running, trees) == {name: FOR_THE_API if name == "todo-crud" else set() for name in running}


async def test_the_api_and_the_board_come_by_images_that_hold_no_more_than_they_need(
    cluster: Cluster, http: aiohttp.ClientSession, trees: Trees
) -> None:
    running = await cluster.start("api", "live", PYTHONPROFILEIMPORTTIME="1", JWT_SECRET="of tests" * 4, **SUMMER)
    stranger = {"authorization": "Bearer e30.e30.e30"}
    for name, path, status in (
        ("api", "/api/v1/openapi.json", 200),
        ("api", "/api/v1/tasks", 401),
        ("api", "/api/v1/calendar.ics", 401),
        ("live", "/", 200),
        ("live", "/board/main.js", 200),
        ("live", "/live/events", 401),
    ):
        async with http.get(running[name].url + path, headers=stranger) as answer:
            assert answer.status == status, (path, await answer.text())
    async with http.ws_connect(f"{running['live'].url}/live") as feed:
        await feed.send_json({"token": "none"})
        await feed.receive()
        assert feed.close_code == 4401
    assert await unused(running, trees) == {"api": {"phonenumbers", *WHERE_SET_UP}, "live": {"aiohttp"}}


async def test_what_comes_by_itself_and_what_is_said_comes_by_images_that_hold_no_more_than_it_needs(
    cluster: Cluster, around: World, http: aiohttp.ClientSession, trees: Trees, bucket: dict[str, str]
) -> None:
    watched = {"PYTHONPROFILEIMPORTTIME": "1", **SUMMER}
    async with Studio().open() as studio:
        voice = {
            "TWILIO_API_URL": studio.url,
            "TWILIO_ACCOUNT_SID": STUDIO_ACCOUNT,
            "TWILIO_AUTH_TOKEN": STUDIO_TOKEN,
            **bucket,
        }
        started = [cluster.start(*CHAIN[1:3], *BY_ITSELF, **watched), cluster.start("transcribe", **watched, **voice)]
        running = {name: one for some in await asyncio.gather(*started) for name, one in some.items()}
        urls = {name: one.url for name, one in running.items()}
        for words in ("water the plants every day at 5pm", "daily digest at 8am"):
            await say(http, urls, words)
        async with await psycopg.AsyncConnection.connect(around.settings["DATABASE_URL"], autocommit=True) as connection:
            await connection.execute("UPDATE todo.reminders SET at = now()")
            await connection.execute("UPDATE todo.users SET digest_at = now()")
        for name, kind in (("remind", REMINDER_TRIGGERED), ("digest", DIGEST_REQUESTED)):
            assert await post(http, f"{urls[name]}/tick?seconds=0") == 204
            await around.event(lambda headers, _, kind=kind: headers["ce-type"] == kind)  # type: ignore[misc]
        await say(http, urls, "done 1")
        headers, body = await around.event(lambda headers, _: headers["ce-type"] == TASK_COMPLETED)
        assert await post(http, urls["recurrence"], data=body, headers=headers) == 204
        headers, body = to_http(audio(studio.keep(silence(2)), at=datetime.now(UTC)))
        assert await post(http, urls["transcribe"], data=body, headers=headers) == 204
        headers, body = await around.event(lambda headers, _: headers["ce-type"] == AUDIO_CUT)
        assert await post(http, urls["transcribe"], data=body, headers=headers) == 204
        await around.event(lambda _, body: HEARD_NOTHING.encode() in body)
    new = {name: one for name, one in running.items() if name not in CHAIN}
    assert await unused(new, trees) == {name: set() for name in new}


async def say(http: aiohttp.ClientSession, urls: dict[str, str], words: str) -> None:
    """Have a text understood and done."""
    headers, body = to_http(message(words, at=datetime.now(UTC)))
    async with http.post(urls["parse-command"], data=body, headers=headers) as answer:
        assert answer.status == 200
        headers, body = event_headers(answer.headers), await answer.read()
    assert await post(http, urls["todo-crud"], data=body, headers=headers) == 204


async def unused(running: dict[str, Container], trees: Trees) -> dict[str, set[str]]:
    """What each image holds and its function has not imported, once it is stopped."""
    found = {}
    for name, one in running.items():
        await one.stop()
        held = direct_dependencies(function_of(name)) - DATA - FOR_MAILS - STRUCTURED
        found[name] = {dist for dist in held if not imported(one.log) & modules_of(trees(function_of(name)), dist)}
    return found


async def start_audit(cluster: Cluster, around: World, functions: dict[str, Container]) -> Container:
    """audit, which finds the functions where they are, itself among them, and everything that waits due."""
    port = free_port()
    urls = ",".join([*(f"{name}={one.url}/" for name, one in functions.items()), f"audit=http://127.0.0.1:{port}/"])
    async with await psycopg.AsyncConnection.connect(around.settings["DATABASE_URL"], autocommit=True) as connection:
        await connection.execute("UPDATE todo.outbox SET due_at = '-infinity'")
    return (await cluster.start("audit", PYTHONPROFILEIMPORTTIME="1", FUNCTION_URL=urls, PORT=str(port)))["audit"]


async def post(http: aiohttp.ClientSession, url: str, **more: Any) -> int:
    """The status that a POST is answered with."""
    async with http.post(url, **more) as answer:
        return answer.status


def direct_dependencies(group: str) -> set[str]:
    """What pyproject.toml names for a group, those of included groups too."""
    groups = tomllib.loads((dockerfile.ROOT / "pyproject.toml").read_text())["dependency-groups"]
    found: set[str] = set()
    for one in groups[group]:
        found |= direct_dependencies(one["include-group"]) if isinstance(one, dict) else {Requirement(one).name}
    return found


def imported(log: Path) -> set[str]:
    """Every module that Python says it imported."""
    return set(re.findall(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)$", log.read_text(), re.MULTILINE))


def modules_of(app: Path, distribution: str) -> set[str]:
    """The modules at the top of a distribution."""
    (record,) = (app / "packages").glob(f"{distribution.replace('-', '_')}-*.dist-info/RECORD")
    names = {line.partition(",")[0].partition("/")[0] for line in record.read_text().splitlines()}
    return {name.partition(".")[0] for name in names if not name.endswith((".dist-info", ".data", "bin", ".."))}


@pytest.mark.parametrize("name", [*FUNCTIONS, "broker", "migrate"])
async def test_an_image_holds_what_is_locked_its_own_code_and_bytecode_of_all(name: str, trees: Trees) -> None:
    app = trees(name)
    # A package may be locked at one version for each Python: numpy is.
    locked = {(one["name"], one["version"]) for one in tomllib.loads((dockerfile.ROOT / "uv.lock").read_text())["package"]}
    found = [folder.name.removesuffix(".dist-info").rpartition("-") for folder in (app / "packages").glob("*.dist-info")]
    assert found
    assert {(dist.replace("_", "-").lower(), version) for dist, _, version in found} <= locked
    functions = [folder.name for folder in (app / "functions").iterdir()] if (app / "functions").exists() else []
    assert functions == ([name] if name in FUNCTIONS else [])
    sources = [file for file in app.rglob("*.py") if "lib2to3" not in file.parts and file.name not in OF_NEWER_PYTHONS]
    compiled = {(file.parent.parent, file.name.partition(".")[0]) for file in app.rglob("__pycache__/*.pyc")}
    assert [file for file in sources if (file.parent, file.stem.partition(".")[0]) not in compiled] == []
    assert not list(app.rglob("*.env"))


async def test_what_is_locked_has_a_wheel_for_both_processors() -> None:
    lock = tomllib.loads((dockerfile.ROOT / "uv.lock").read_text())["package"]
    wheels = {one["name"]: [wheel["url"] for wheel in one.get("wheels", [])] for one in lock}
    for name in {dist for group in (*FUNCTIONS, "broker") for dist in direct_dependencies(group)}:
        for processor in ("x86_64", "aarch64"):
            fits = rf"-py3-none-any\.whl|-py2\.py3-none-any\.whl|manylinux\w*_{processor}[\w.]*\.whl"
            assert any(re.search(fits, url) for url in wheels[name]), f"{name} has no wheel for {processor}"


async def test_groups_are_parts_of_what_the_project_depends_on() -> None:
    project = tomllib.loads((dockerfile.ROOT / "pyproject.toml").read_text())
    declared = {Requirement(one).name for one in project["project"]["dependencies"]}
    functions = set().union(*(direct_dependencies(name) for name in FUNCTIONS))
    local = direct_dependencies("local")
    assert functions <= declared | local
    # The images serve functions themselves (docs/decisions/0008-serving.md); whoever likes runs one by functions-framework.
    assert declared - functions == {"functions-framework"}, "a dependency of the project that no function has"
    assert direct_dependencies("broker") | direct_dependencies("migrate") <= declared | local


async def test_migrate_brings_an_empty_database_to_this_version_and_a_rerun_does_nothing(
    trees: Trees, empty_database: str, tmp_path: Path
) -> None:
    container.require()
    image, command = dockerfile.environment(STAGES, "migrate"), dockerfile.entry_point(STAGES, "migrate")
    async with over_tcp(empty_database) as url:
        settings = {**image, **settings_of_the_cluster(), "DATABASE_URL": url}
        job = Container(trees("migrate"), tmp_path, command, settings, user=dockerfile.last(STAGES, "migrate", "USER"), port=0)
        for said in ("applied: 0001.todo", "up to date"):
            await job.begin()
            assert await job.wait() == 0, job.log.read_text()
            assert job.log.read_text().splitlines()[-1].startswith(said)


def engine() -> str:
    """The container engine that scripts/build-images would use; skips the test where there is none."""
    if (
        shutil.which("docker")
        and subprocess.run(["/usr/bin/env", "docker", "info"], capture_output=True, check=False).returncode == 0
    ):
        return "docker"
    if shutil.which("podman"):
        return "podman"
    pytest.skip("there is no container engine here: the other tests start the same files without one")


async def well(url: str) -> None:
    """Returns once it answers that it is."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(60):
        while not await answers(session, url):
            await asyncio.sleep(0.1)


def test_an_engine_builds_an_image_that_runs_read_only() -> None:
    name, port = engine(), free_port()
    subprocess.run([dockerfile.ROOT / "scripts" / "build-images", "webhook"], check=True)
    limits = ["--read-only", "--cap-drop=all", "--security-opt=no-new-privileges", f"--publish=127.0.0.1:{port}:8080"]
    run = ["/usr/bin/env", name, "run", "--detach", "--rm", *limits, "--env=K_SINK=http://127.0.0.1:9", "jotline/webhook:0.1.0"]
    made = subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()
    try:
        for path in ("/health/live", "/health/ready"):
            asyncio.run(well(f"http://127.0.0.1:{port}{path}"))
    finally:
        subprocess.run(["/usr/bin/env", name, "stop", made], capture_output=True, check=True)


async def test_a_bad_setting_stops_the_start_with_its_name(trees: Trees, tmp_path: Path) -> None:
    container.require()
    image = dockerfile.environment(STAGES, "function", FUNCTION="webhook")
    command = dockerfile.entry_point(STAGES, "function")
    settings = {**image, "LOG_LEVEL": "loud", "PORT": str(free_port())}
    made = Container(trees("webhook"), tmp_path, command, settings, user="65532:65532", port=free_port())
    with pytest.raises(AssertionError, match="LOG_LEVEL: "):
        await made.start()
    assert await made.wait() == 2
