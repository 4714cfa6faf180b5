"""`jotline reprocess`: hear recordings again that are kept, with another model for instance, and show what is heard differently.

It speaks to the database of the running box (or DATABASE_URL's): it asks transcribe by an outbox row each, a few at a time, and
waits for the new transcripts. Nothing is done to anybody's todos. With `--ask` the people concerned are asked whether to change theirs;
without it nobody is texted. `--dry-run` only lists what would be heard again.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from uuid import uuid4

from local.reach import Trouble, look, settings_for
from shared.events.envelope import Event
from shared.events.schemas import RECORDING_REQUESTED, RecordingRequested
from shared.runtime.clock import RealClock
from shared.runtime.services import Services
from shared.runtime.settings import BadSettings, Settings
from shared.storage.database import DatabaseUnavailable
from shared.storage.voice import Recording, Version
from shared.voice.models import UnknownModel, choose

HEADINGS = ("SAID", "SECONDS", "PERSON", "HEARD", "ID")
#: So many are asked for at once: people who speak meanwhile wait behind them.
AT_ONCE = 5
LOOK_SECONDS = 0.5
#: How long nothing may happen before it is asked whether anybody listens.
PATIENCE_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A recording that is to be heard again."""

    recording: Recording
    request_id: str


def main(argv: list[str]) -> int:
    """Run `jotline reprocess`; returns 0 when everything was heard again, 1 when something was not, 2 for words it does not know."""
    given = _parser().parse_args(argv)
    try:
        settings = settings_for("voice")
        look(settings, "voice", "SELECT wanted_model FROM voice.transcripts LIMIT 0")
        if given.model and not settings.k_sink:  # on this machine it can be looked for
            choose(given.model, "")
        return asyncio.run(_run(settings, given))
    except (Trouble, BadSettings, UnknownModel) as trouble:
        sys.stderr.write(f"{trouble}\n")
    except DatabaseUnavailable:
        sys.stderr.write("The database went away. What was asked for already is done once it is back.\n")
    except KeyboardInterrupt:
        sys.stderr.write("What was asked for already is done all the same.\n")
    return 1


async def _run(settings: Settings, given: argparse.Namespace) -> int:
    """Do what was asked for."""
    services = Services(settings, RealClock())
    try:
        found = await services.voice.recordings(since=given.since, recording_id=given.recording)
        chosen = [one for one in found if one.audio is not None and given.user in ("", one.sender)]
        if not chosen:
            _say("There is no recording to hear again.")
            return 1 if given.recording else 0
        if given.dry_run:
            return await _list(services, chosen)
        return await _hear_again(services, chosen, given)
    finally:
        await services.close()


async def _list(services: Services, chosen: Sequence[Recording]) -> int:
    """What would be heard again."""
    rows = [HEADINGS]
    for one in chosen:
        versions = await services.voice.versions(one.id)
        rows.append((f"{one.said_at:%Y-%m-%d %H:%M}", f"{one.seconds:.0f}", _hidden(one.sender), _state(versions), one.id))
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row in rows:
        _say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    _say(f"{_counted(len(chosen), 'recording')} would be heard again; nothing was done.")
    return 0


async def _hear_again(services: Services, chosen: Sequence[Recording], given: argparse.Namespace) -> int:
    """Ask for each to be heard again and say what came of it."""
    differing = same = failed = 0
    for first in range(0, len(chosen), AT_ONCE):
        some = chosen[first : first + AT_ONCE]
        asked = [await _ask(services, one, given) for one in some]
        for one in asked:
            versions = await _await(services, one)
            if versions is None:
                failed += 1
                continue
            old, new = versions
            differing, same = differing + (old != new), same + (old == new)
            _say("\n".join(described(one.recording, old, new)))
    told = "They are asked." if given.ask and differing else "No todo was changed."
    heard = f"{_counted(differing + same, 'recording')} heard again: {differing} differently, {same} the same."
    _say(f"{heard} {_counted(failed, 'recording')} could not be heard. {told}" if failed else f"{heard} {told}")
    return 1 if failed else 0


async def _ask(services: Services, recording: Recording, given: argparse.Namespace) -> Asked:
    """Commit the wish to have one heard again; the box is woken by it, a cluster's relay finds it."""
    request_id = f"reprocess-{uuid4()}"
    data = RecordingRequested(
        request_id=request_id,
        action="hear_again",
        recording_id=recording.id,
        model=given.model,
        ask=given.ask,
        sender=recording.sender if given.ask else "",
        recipient=recording.recipient,
        channel=recording.channel,
    )
    event = Event(
        id=request_id,
        type=RECORDING_REQUESTED,
        source="/jotline/reprocess",
        subject=recording.id,
        time=services.clock.now(),
        data=data,
        partitionkey=recording.party,
        correlationid=request_id,
    )
    rows = await services.voice.outbox.append(event)
    if services.settings.k_sink:
        await services.carrier.carry(rows)
    return Asked(recording, request_id)


async def _await(services: Services, asked: Asked) -> tuple[str, str] | None:
    """What was heard in it before, and what is heard now; None when it was set aside.

    Raises:
        Trouble: nobody seems to listen.
    """
    loop = asyncio.get_running_loop()
    ends, seen = loop.time() + PATIENCE_SECONDS, 0
    while loop.time() < ends:
        versions = await services.voice.versions(asked.recording.id)
        ours = [one for one in versions if (one.request or {}).get("request_id") == asked.request_id]
        if ours and ours[0].text is not None:
            before = [one.text for one in versions if one.version < ours[0].version and one.text is not None]
            return (before[-1] if before else ""), ours[0].text
        pieces = await services.voice.pieces(asked.recording.id, ours[0].version) if ours else []
        if (done := sum(piece.segments is not None for piece in pieces)) > seen:
            ends, seen = loop.time() + PATIENCE_SECONDS, done
            _say(f"{asked.recording.id}: {done} of {len(pieces)} pieces heard")
        names = [asked.request_id, *(f"{asked.recording.id}.{ours[0].version}.{piece.piece}" for piece in pieces)]
        for name in names:
            if letters := await services.audit.find(name):
                _say(f"{asked.recording.id} was set aside: {letters[0].letter.cause} (jotline dead-letters show {name})")
                return None
        await asyncio.sleep(LOOK_SECONDS)
    raise Trouble(
        f"Nothing was heard for {PATIENCE_SECONDS / 60:.0f} minutes. Is Jotline running? Its log says what transcribe does."
    )


def described(recording: Recording, old: str, new: str) -> Iterator[str]:
    """What was heard in a recording then and now, in lines: words that are gone in brackets, words that are new behind them."""
    yield f"{recording.id}  {recording.said_at:%a %d %b %Y %H:%M} UTC, {recording.seconds:.0f} s, {_hidden(recording.sender)}"
    if old == new:
        yield f"  no difference: {new or '(nothing heard)'}"
        return
    yield f"  was  {old or '(nothing heard)'}"
    yield f"  now  {new or '(nothing heard)'}"
    yield f"       {difference(old, new)}"


def difference(old: str, new: str) -> str:
    """Both texts in one: `call [-Kim-] {+Tim+} at five`, as `git diff --word-diff` writes it."""
    a, b = old.split(), new.split()
    parts: list[str] = []
    for kind, a_start, a_end, b_start, b_end in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            parts += a[a_start:a_end]
            continue
        if a_end > a_start:
            parts.append(f"[-{' '.join(a[a_start:a_end])}-]")
        if b_end > b_start:
            parts.append(f"{{+{' '.join(b[b_start:b_end])}+}}")
    return " ".join(parts)


def _state(versions: Sequence[Version]) -> str:
    """How often it was heard, and by what the last time."""
    finished = [one for one in versions if one.text is not None]
    if not finished:
        return "not yet"
    times = "once" if len(finished) == 1 else f"{len(finished)} times"
    return f"{times}, {finished[-1].model}"


def _hidden(number: str) -> str:
    """Enough of a number to know whose it is."""
    return f"...{number[-4:]}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _since(text: str) -> datetime:
    """A day, or a moment; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day like 2026-11-23, or a time like 2026-11-23T09:00-05:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _model(text: str) -> str:
    """A name, or a folder as transcribe finds it wherever it runs."""
    return str(Path(text).expanduser().absolute()) if text.startswith((".", "~")) else text


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jotline reprocess",
        description="Hear recordings again that are kept, and show what is heard differently. Todos stay as they are.",
    )
    parser.add_argument(
        "--since", type=_since, default=datetime.min.replace(tzinfo=UTC), metavar="DATE", help="said since then"
    )
    parser.add_argument("--recording", default="", metavar="ID", help="this one alone")
    parser.add_argument("--user", default="", metavar="NUMBER", help="what this number has said, like +12125550142")
    parser.add_argument("--model", type=_model, default="", metavar="M", help="by this model: a name, or a folder")
    parser.add_argument("--dry-run", action="store_true", help="only list what would be heard again")
    parser.add_argument(
        "--ask", action="store_true", help="ask the people whether to change their todos; else nobody is texted"
    )
    return parser
