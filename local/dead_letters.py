"""`jotline dead-letters`: what could not be worked off. `list` it, `show` one, `replay` it to the function that gave it up, `discard` it.

It speaks to the database: the one DATABASE_URL (or AUDIT_DATABASE_URL) names, else that of the box running in JOTLINE_HOME. A replay
opens the function's claim and writes an outbox row for that function alone, with the same event and the same id; the running box is
woken, a cluster's relay finds the row within a second or two.

`show` leaves out what people wrote and their numbers, because what a terminal shows is soon pasted somewhere; `--full` shows it. Below
stands what the trail knows of the matter: everything that began with the same message.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import datetime

from local.reach import Trouble, look, settings_for
from local.trail_cli import table
from shared.events.privacy import covered
from shared.runtime.clock import RealClock
from shared.runtime.dead_letters import NotReplayable, replay
from shared.runtime.services import Services
from shared.runtime.settings import BadSettings, Settings
from shared.storage.audit import DeadLetter, Kept
from shared.storage.database import DatabaseUnavailable
from shared.storage.trail import TrailQuery

HEADINGS = ("LAST", "FUNCTION", "EVENT", "TRIES", "CAUSE", "ID")


def main(argv: list[str]) -> int:
    """Run `jotline dead-letters`; returns 0 when what was asked for is so, 1 when it cannot be, 2 for words it does not know."""
    parser = _parser()
    given = parser.parse_args(argv)
    if given.action == "replay" and bool(given.ids) == given.all:
        parser.error("replay needs IDs, or --all")
    if given.action == "show" and len(given.ids) != 1:
        parser.error("show needs one ID")
    if given.action == "discard" and not (given.ids and given.reason.strip()):
        parser.error("discard needs IDs and a --reason")
    if given.action == "list" and given.ids:
        parser.error(f"list needs no {given.ids[0]}")
    try:
        settings = settings_for("audit")
        look(settings, "audit", "SELECT discarded_at FROM audit.dead_letters LIMIT 0")
        return asyncio.run(_run(settings, given))
    except (Trouble, BadSettings) as trouble:
        sys.stderr.write(f"{trouble}\n")
    except DatabaseUnavailable:
        sys.stderr.write("The database went away; nothing more was done. Once it is back, do it again.\n")
    return 1


async def _run(settings: Settings, given: argparse.Namespace) -> int:
    """Do what was asked for."""
    services = Services(settings, RealClock())
    try:
        match given.action:
            case "show":
                return await _show(services, await _found(services, given.ids[0]), full=given.full)
            case "replay":
                return await _replay(services, given)
            case "discard":
                return await _discard(services, given)
            case _:
                return _list(await services.audit.dead_letters(), replayed=given.replayed)
    finally:
        await services.close()


def _list(letters: Sequence[DeadLetter], *, replayed: bool) -> int:
    """Print a table, the newest last."""
    shown = letters if replayed else [letter for letter in letters if letter.waits]
    if not shown:
        _say(
            "No dead letters." if replayed or not letters else f"None waits. ({len(letters)} replayed or discarded: --replayed)"
        )
        return 0
    rows = [HEADINGS, *(_row(letter) for letter in shown)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row in rows:
        _say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _row(letter: DeadLetter) -> tuple[str, ...]:
    cause = letter.cause
    if letter.replayed_at is not None:
        cause += f" (replayed {_time(letter.replayed_at)})"
    if letter.discarded_at is not None:
        cause += f" (discarded {_time(letter.discarded_at)}: {letter.reason})"
    kind = letter.type.removeprefix("jotline.")
    return (_time(letter.last_at), letter.function, kind, str(letter.attempts), cause, letter.event_id)


async def _show(services: Services, found: Sequence[Kept], *, full: bool) -> int:
    """Print every dead letter of one event, and its trace: all that is known of what it belongs to."""
    for place, kept in enumerate(found):
        letter = kept.letter
        facts = {
            "id": letter.event_id,
            "function": letter.function,
            "event": letter.type,
            "topic": letter.topic,
            "cause": letter.cause,
            "tries": letter.attempts,
            "first": letter.first_at.isoformat(timespec="seconds"),
            "last": letter.last_at.isoformat(timespec="seconds"),
            "replayed": letter.replayed_at.isoformat(timespec="seconds") if letter.replayed_at else "no",
            "discarded": f"{letter.discarded_at:%Y-%m-%dT%H:%M:%SZ}: {letter.reason}" if letter.discarded_at else "no",
            "waits": "for you" if letter.waits else "no",
            "trace": _cause_of(kept),
        }
        _say("\n" * bool(place) + "\n".join(f"{name + ':':<11}{value}" for name, value in facts.items()))
        _say(_content(kept.text, full=full))
    page = await services.trail.query(TrailQuery(correlation_id=_cause_of(found[0]), limit=100))
    _say("\n".join(["", *table(page.rows[::-1], words=full)]))
    return 0


def _cause_of(kept: Kept) -> str:
    """The correlation id of an event: the event that it all began with."""
    try:
        document = json.loads(kept.text)
        return str(document.get("correlationid") or document.get("id") or kept.letter.event_id)
    except (ValueError, AttributeError):
        return kept.letter.event_id


def _content(text: str, *, full: bool) -> str:
    """An event's text to be shown."""
    try:
        document = json.loads(text)
        shown = document if full else {**document, "data": covered(document["data"])}
        return json.dumps(shown, indent=2, ensure_ascii=False)
    except (ValueError, TypeError, KeyError):
        return text if full else f"({len(text)} characters that are no event; --full shows them)"


async def _replay(services: Services, given: argparse.Namespace) -> int:
    """Give letters out again and say of each what became of it; 1 when one could not be."""
    refused = 0
    for kept in await _chosen(services, given):
        name = f"{kept.letter.event_id} ({kept.letter.function})"
        try:
            done = await replay(services, kept.letter, kept.text, services.clock.now())
        except NotReplayable as error:
            sys.stderr.write(f"{name} cannot be replayed: {error}\n")
            refused += 1
        else:
            _say(f"{name} is on its way" if done else f"{name} was replayed already; nothing done")
    return 1 if refused else 0


async def _discard(services: Services, given: argparse.Namespace) -> int:
    """Let nobody look after these letters any more, and say of each what became of it."""
    for kept in [kept for name in dict.fromkeys(given.ids) for kept in await _found(services, name)]:
        done = await services.audit.discard(kept, given.reason.strip(), services.clock.now())
        what = "is discarded" if done else "does not wait; nothing done"
        _say(f"{kept.letter.event_id} ({kept.letter.function}) {what}")
    return 0


async def _chosen(services: Services, given: argparse.Namespace) -> list[Kept]:
    """The letters to replay, those that came first first: a person's messages keep their order."""
    letters = await services.audit.dead_letters()
    names = [letter.event_id for letter in letters if letter.waits] if given.all else given.ids
    found = [kept for name in dict.fromkeys(names) for kept in await _found(services, name)]
    if given.all:
        found = [kept for kept in found if kept.letter.waits]
        if not found:
            _say("No dead letters wait.")
    return sorted(found, key=lambda kept: kept.letter.first_at)


async def _found(services: Services, event_id: str) -> list[Kept]:
    """The dead letters of an event.

    Raises:
        Trouble: there is none.
    """
    found = await services.audit.find(event_id)
    if not found:
        raise Trouble(f"There is no dead letter {event_id}. `jotline dead-letters` lists them.")
    return found


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _time(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jotline dead-letters",
        description="What could not be worked off. Times are UTC; a replay keeps the event and its id.",
    )
    parser.add_argument("action", nargs="?", choices=["list", "show", "replay", "discard"], default="list")
    parser.add_argument("ids", nargs="*", metavar="ID", help="ids of events, as the list shows them")
    parser.add_argument("--all", action="store_true", help="replay: every letter that waits")
    parser.add_argument("--full", action="store_true", help="show: what people wrote, and their numbers, too")
    parser.add_argument("--replayed", action="store_true", help="list: those that were replayed or discarded, too")
    parser.add_argument("--reason", default="", help="discard: why, for whoever asks later")
    return parser
