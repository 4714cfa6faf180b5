"""What a person wants of their recordings, and what hearing one again comes to, as the events that transcribe gets and gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shared.events.schemas import TranscriptRevised
from shared.todos.model import Settings
from tests.database import Server
from tests.end_to_end.through import Path, made_sid, party_of
from tests.making import NOW, OURS

ADA = "+12125550142"


@pytest.fixture
def path(postgres: Server) -> Iterator[Path]:
    """The functions, and Ada, whom we know."""
    with postgres.database() as url:
        path = Path(url)
        path.know(party_of(ADA), ADA, Settings(zone="America/New_York"))
        yield path
        path.close()


def say(path: Path, words: str, **fields: object) -> tuple[str | None, str]:
    """What Ada hears, and the id of her message."""
    message_id = made_sid(words, fields)
    return path.say(party_of(ADA), ADA, words, message_id=message_id, **fields), message_id


def revised(*, old: str, new: str, ask: bool = True, version: int = 2) -> TranscriptRevised:
    """A recording of two days ago, heard again."""
    return TranscriptRevised(
        recording_id="RE1",
        message_id="RE1",
        version=version,
        said_at=NOW - timedelta(days=2),
        old=old,
        new=new,
        request_id="SM1",
        asked_at=NOW,
        ask=ask,
        sender=ADA,
        recipient=OURS,
        channel="sms",
    )


def test_one_is_heard_again(path: Path) -> None:
    reply, message_id = say(path, "try yesterday's voice note again")
    wished = path.wished(message_id)
    assert reply is None
    assert wished is not None
    assert (wished.action, wished.request_id, wished.zone) == ("hear_again", message_id, "America/New_York")
    assert (wished.sender, wished.recipient, wished.channel, wished.ask) == (ADA, OURS, "sms", True)
    assert wished.day == (NOW - timedelta(days=1)).date()


def test_they_are_deleted_only_on_ok(path: Path) -> None:
    reply, message_id = say(path, "delete my recordings")
    assert reply == "Delete all your recordings? UNDO will not bring them back. Reply OK."
    assert path.wished(message_id) is None
    reply, message_id = say(path, "ok")
    wished = path.wished(message_id)
    assert (reply, wished and wished.action) == (None, "delete")


def test_they_are_kept(path: Path) -> None:
    reply, message_id = say(path, "keep my recordings 30 days")
    wished = path.wished(message_id)
    assert (reply, wished and (wished.action, wished.days)) == (None, ("keep", 30))


def test_a_file_without_words(path: Path) -> None:
    reply, _ = say(path, "", media=["image/jpeg"])
    assert reply == "I cannot read that file. Send a voice note, or text it."


def test_a_spoken_message_keeps_its_doubts_on_the_way(path: Path) -> None:
    reply, _ = say(path, "call Kim", origin="voice", heard=[{"start": 5, "end": 8, "probability": 0.2}])
    assert reply == 'Did you say "call Kim"? Reply OK, or text it.'
    assert say(path, "ok")[0] == "Added #1 Call Kim"


def test_nobody_is_asked_where_nobody_is_to_be(path: Path) -> None:
    assert path.revise(party_of(ADA), revised(old="call Kim", new="call Tim", ask=False)) is None
    assert say(path, "ok")[0] is None
    assert path.tasks(party_of(ADA)) == {}


def test_the_same_event_twice_is_one_question(path: Path) -> None:
    again = revised(old="", new="call Tim")
    asked = path.revise(party_of(ADA), again)
    assert asked is not None
    assert asked.endswith('recording, heard again: also "call Tim". Add it? Reply OK.')
    assert say(path, "ok")[0] == "Added #1 Call Tim"
    path.revise(party_of(ADA), again)
    assert say(path, "ok", channel="whatsapp")[0] is None
    assert len(path.tasks(party_of(ADA))) == 1
