"""One contract for both places where recordings are kept; then what is true of a folder alone, and of a bucket alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import boto3  # type: ignore[import-untyped]
import pytest
from moto.server import ThreadedMotoServer

from shared.media import s3
from shared.media.errors import NotKept, StoreUnavailable
from shared.media.folder import FolderStore
from shared.media.store import AudioStore, key_of, open_store
from shared.policy.outcomes import TryAgain

ADA, BOB = "a" * 32, "b" * 32
DAY, NEXT_DAY = date(2026, 3, 1), date(2026, 3, 2)
NOTE = key_of(ADA, DAY, "MM1.audio0", ".ogg")
CALL = key_of(ADA, NEXT_DAY, "RE1", ".wav")
BOBS = key_of(BOB, DAY, "RE2", ".wav")


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """An S3 service on this machine; answers its URL."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(service: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new bucket of that service, which boto3 finds by its usual variables."""
    told = {"AWS_ENDPOINT_URL": service, "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_REGION": "us-east-1"}
    unused = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true"}
    for name, value in {**told, "AWS_DEFAULT_REGION": "us-east-1", **unused}.items():
        monkeypatch.setenv(name, value)
    name = f"jotline-{uuid4().hex}"
    boto3.session.Session().client("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> AudioStore:
    if request.param == "folder":
        return open_store((tmp_path / "audio of all").as_uri())
    return open_store(f"s3://{request.getfixturevalue('bucket')}/kept/audio/")


@pytest.fixture
def note(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        (path := tmp_path / "note").write_bytes(content)
        return path

    return write


async def kept(store: AudioStore, key: str, folder: Path) -> bytes | None:
    """What the store gives for a key; None for nothing, and then no file is left either."""
    into = folder / "given"
    try:
        await store.get(key, into)
    except NotKept:
        assert not await asyncio.to_thread(into.exists)
        return None
    return await asyncio.to_thread(into.read_bytes)


# The contract.


async def test_what_is_put_is_got(store: AudioStore, note: Callable[[bytes], Path], tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    await store.put(NOTE, note(content), "audio/ogg")
    assert await kept(store, NOTE, tmp_path) == content


async def test_the_file_that_was_put_stays(store: AudioStore, note: Callable[[bytes], Path]) -> None:
    path = note(b"one")
    await store.put(NOTE, path, "audio/ogg")
    await store.put(NOTE, path, "")


async def test_nothing_is_got_where_nothing_was_put(store: AudioStore, tmp_path: Path) -> None:
    assert await kept(store, NOTE, tmp_path) is None


async def test_a_second_put_replaces_the_first(store: AudioStore, note: Callable[[bytes], Path], tmp_path: Path) -> None:
    await store.put(NOTE, note(b"first, and longer"), "audio/ogg")
    await store.put(NOTE, note(b"second"), "audio/ogg")
    assert await kept(store, NOTE, tmp_path) == b"second"


async def test_what_is_deleted_is_gone_and_the_rest_is_not(
    store: AudioStore, note: Callable[[bytes], Path], tmp_path: Path
) -> None:
    for key in (NOTE, CALL, BOBS):
        await store.put(key, note(key.encode()), "audio/ogg")
    assert await store.delete([NOTE, CALL]) == 2
    assert [await kept(store, key, tmp_path) for key in (NOTE, CALL, BOBS)] == [None, None, BOBS.encode()]


async def test_deleting_again_answers_the_same(store: AudioStore, note: Callable[[bytes], Path]) -> None:
    await store.put(NOTE, note(b"one"), "audio/ogg")
    assert [await store.delete([NOTE, NOTE]) for _ in range(2)] == [1, 1]
    assert await store.delete([]) == 0


async def test_all_of_a_person_go_and_nobody_elses(store: AudioStore, note: Callable[[bytes], Path], tmp_path: Path) -> None:
    for key in (NOTE, CALL, BOBS):
        await store.put(key, note(key.encode()), "audio/ogg")
    assert await store.delete_all(ADA) == 2
    assert [await kept(store, key, tmp_path) for key in (NOTE, CALL, BOBS)] == [None, None, BOBS.encode()]
    assert await store.delete_all(ADA) == 0


@pytest.mark.parametrize("ending", ["", "/"])
async def test_a_day_of_a_person_goes_alone(
    store: AudioStore, note: Callable[[bytes], Path], tmp_path: Path, ending: str
) -> None:
    for key in (NOTE, CALL):
        await store.put(key, note(b"one"), "audio/ogg")
    assert await store.delete_all(f"{ADA}/{DAY}{ending}") == 1
    assert [await kept(store, key, tmp_path) for key in (NOTE, CALL)] == [None, b"one"]


async def test_half_a_name_is_nobodys(store: AudioStore, note: Callable[[bytes], Path], tmp_path: Path) -> None:
    await store.put(NOTE, note(b"one"), "audio/ogg")
    assert await store.delete_all(ADA[:5]) == 0
    assert await store.delete_all(f"{ADA}/2026") == 0
    assert await kept(store, NOTE, tmp_path) == b"one"


async def test_after_all_is_deleted_something_new_can_be_kept(
    store: AudioStore, note: Callable[[bytes], Path], tmp_path: Path
) -> None:
    await store.put(NOTE, note(b"one"), "audio/ogg")
    await store.delete_all(ADA)
    await store.put(NOTE, note(b"two"), "audio/ogg")
    assert await kept(store, NOTE, tmp_path) == b"two"


async def test_many_at_once_are_each_kept(store: AudioStore, note: Callable[[bytes], Path], tmp_path: Path) -> None:
    path, keys = note(b"one"), [key_of(ADA, DAY, f"MM{number}.audio0", ".ogg") for number in range(7)]
    await asyncio.gather(*(store.put(key, path, "audio/ogg") for key in keys))
    assert [await kept(store, key, tmp_path) for key in keys] == [b"one"] * 7
    assert await store.delete_all(ADA) == 7


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../outside", "a/../../outside", "a//b", "a/./b", ".hidden", "a\\b/../c", "a\0b", "a/b\n"]
)
async def test_no_key_leads_elsewhere(store: AudioStore, note: Callable[[bytes], Path], tmp_path: Path, key: str) -> None:
    path = note(b"one")
    for attempt in (store.put(key, path, ""), store.get(key, tmp_path / "given"), store.delete([key])):
        with pytest.raises(ValueError, match="no key"):
            await attempt
    if key not in ("", "a/b\n"):
        with pytest.raises(ValueError, match="no key"):
            await store.delete_all(key)


@pytest.mark.parametrize("prefix", ["", "/", "//"])
async def test_everything_of_everyone_is_never_deleted(store: AudioStore, prefix: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        await store.delete_all(prefix)


# A folder.


async def test_a_folder_is_for_its_user_alone(note: Callable[[bytes], Path], tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "audio")
    await store.put(NOTE, note(b"one"), "audio/ogg")
    paths = [store.root, store.root / ADA, (store.root / NOTE).parent, store.root / NOTE]
    assert [oct(path.stat().st_mode & 0o777) for path in paths] == ["0o700", "0o700", "0o700", "0o600"]


async def test_a_put_that_fails_leaves_what_was_there(
    note: Callable[[bytes], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    store = FolderStore(tmp_path / "audio")
    await store.put(NOTE, note(b"one"), "audio/ogg")
    with monkeypatch.context() as patched:
        patched.setattr("shutil.copyfileobj", full)
        with pytest.raises(StoreUnavailable, match="No space left"):
            await store.put(NOTE, note(b"two"), "audio/ogg")
        with pytest.raises(StoreUnavailable):
            await store.get(NOTE, tmp_path / "given")
    assert [path.name for path in (store.root / NOTE).parent.iterdir()] == ["MM1.audio0.ogg"]
    assert not (tmp_path / "given").exists()
    assert await kept(store, NOTE, tmp_path) == b"one"


async def test_what_a_killed_put_left_goes_with_its_key(note: Callable[[bytes], Path], tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "audio")
    await store.put(NOTE, note(b"one"), "audio/ogg")
    ((store.root / NOTE).parent / ".MM1.audio0.ogg.x1y2").write_bytes(b"half")
    await store.delete([NOTE])
    assert list(store.root.iterdir()) == []


async def test_a_folder_that_cannot_be_is_tried_again(note: Callable[[bytes], Path], tmp_path: Path) -> None:
    (tmp_path / "audio").write_bytes(b"a file")
    store = FolderStore(tmp_path / "audio")
    with pytest.raises(TryAgain):
        await store.put(NOTE, note(b"one"), "audio/ogg")


# A bucket.


async def test_a_bucket_lists_page_after_page(
    bucket: str, note: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "PAGE_SIZE", 2)
    store, path = open_store(f"s3://{bucket}"), note(b"one")
    for number in range(5):
        await store.put(key_of(ADA, DAY, f"RE{number}", ".wav"), path, "audio/wav")
    assert await store.delete_all(ADA) == 5
    assert "Contents" not in boto3.session.Session().client("s3").list_objects_v2(Bucket=bucket)


async def test_a_bucket_knows_the_type_and_the_prefix(bucket: str, note: Callable[[bytes], Path]) -> None:
    await open_store(f"s3://{bucket}/kept").put(NOTE, note(b"one"), "audio/ogg")
    found = boto3.session.Session().client("s3").get_object(Bucket=bucket, Key=f"kept/{NOTE}")
    assert found["ContentType"] == "audio/ogg"
    found["Body"].close()


async def test_a_bucket_that_is_not_there_is_tried_again(bucket: str, note: Callable[[bytes], Path], tmp_path: Path) -> None:
    store = open_store(f"s3://no-{bucket}")
    with pytest.raises(StoreUnavailable, match="NoSuchBucket"):
        await store.put(NOTE, note(b"one"), "audio/ogg")
    with pytest.raises(StoreUnavailable, match="NoSuchBucket"):
        await store.get(NOTE, tmp_path / "given")
    with pytest.raises(StoreUnavailable, match="NoSuchBucket"):
        await store.delete_all(ADA)


async def test_a_service_that_is_away_is_tried_again(
    bucket: str, note: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(TryAgain, match="S3"):
            await open_store(f"s3://{bucket}").put(NOTE, note(b"one"), "audio/ogg")


async def test_no_credentials_are_tried_again(
    bucket: str, note: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(StoreUnavailable, match="NoCredentialsError"):
        await open_store(f"s3://{bucket}").put(NOTE, note(b"one"), "audio/ogg")
