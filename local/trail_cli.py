"""`jotline audit`: what happened, the newest last: to a person, to a todo, because of one message, in a while, with some words.

It speaks to the database: the one DATABASE_URL (or AUDIT_DATABASE_URL) names, else that of the box running in JOTLINE_HOME. A person is
named by their number and looked up by its HMAC, with PARTY_SECRET or the box's own secret: the trail knows no numbers but those in what
was said. Of these only the last four digits are shown.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from local.reach import Trouble, look, settings_for
from shared.events.ids import partition_key
from shared.events.privacy import last_four
from shared.events.schemas import TYPES
from shared.runtime.clock import RealClock
from shared.runtime.services import Services
from shared.runtime.settings import BadSettings, Settings
from shared.storage.database import DatabaseUnavailable
from shared.storage.trail import TrailQuery, TrailRow

HEADINGS = ("TIME", "EVENT", "BY", "USER", "TODO", "CAUSE", "WHAT")
#: Of an event's data, what says most about it in a line.
TELLING = ("reason", "cause", "text", "body", "title", "status", "route")
WIDTH = 60
#: Rows of a page that is asked for.
PAGE = 500


def main(argv: list[str]) -> int:
    """Run `jotline audit`; returns 0 when it could be asked, 1 when it could not, 2 for words it does not know."""
    parser = _parser()
    given = parser.parse_args(argv)
    try:
        settings = settings_for("audit")
        look(settings, "audit", "SELECT words FROM audit.trail LIMIT 0")
        rows = asyncio.run(_ask(settings, _wanted(given, settings), given.limit))
    except (Trouble, BadSettings) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except DatabaseUnavailable:
        sys.stderr.write("The database went away. Once it is back, ask again.\n")
        return 1
    lines = map(_as_json, rows) if given.json else table(rows) or ["Nothing of that happened, or it was too long ago."]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _wanted(given: argparse.Namespace, settings: Settings) -> TrailQuery:
    return TrailQuery(
        party=partition_key(given.user, _secret(settings).encode()) if given.user else "",
        types=tuple(given.type),
        task_id=given.task,
        correlation_id=given.correlation,
        since=given.since,
        until=given.until,
        text=given.text,
    )


def _secret(settings: Settings) -> str:
    """The key of the HMAC: PARTY_SECRET, or what the box made for itself.

    Raises:
        Trouble: there is neither.
    """
    if settings.party_secret:
        return settings.party_secret
    file = Path(os.environ.get("JOTLINE_HOME") or ".jotline").absolute() / "secrets.json"
    try:
        return str(json.loads(file.read_text())["party_secret"])
    except (OSError, ValueError, KeyError):
        raise Trouble(f"A person is found with the secret of the box: set PARTY_SECRET, it is not in {file}.") from None


async def _ask(settings: Settings, wanted: TrailQuery, limit: int) -> list[TrailRow]:
    """The newest rows, `limit` of them, the newest last."""
    services = Services(settings, RealClock())
    rows: list[TrailRow] = []
    cursor = ""
    try:
        while len(rows) < limit:
            page = await services.trail.query(replace(wanted, cursor=cursor, limit=min(PAGE, limit - len(rows))))
            rows += page.rows
            cursor = page.cursor
            if not cursor:
                break
    finally:
        await services.close()
    return rows[::-1]


def table(rows: Sequence[TrailRow], *, words: bool = True) -> list[str]:
    """Rows as the lines of a table, with its headings; none when there are none. `words`: with what was said."""
    if not rows:
        return []
    cells = [HEADINGS, *map(_cells, rows)]
    if not words:
        cells = [row[:-1] for row in cells]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _cells(row: TrailRow) -> tuple[str, ...]:
    user, todo = str(row.user_id or "-")[:8], (row.task_id or "-")[:8]
    when = row.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return when, row.type.removeprefix("jotline."), row.actor, user, todo, row.correlation_id, _told(row)


def _told(row: TrailRow) -> str:
    """What happened, in a few words."""
    data = row.data if isinstance(row.data, dict) else {}
    said = {**data, **(data["payload"] if isinstance(data.get("payload"), dict) else {})}
    words = " ".join(str(last_four(said[name])) for name in TELLING if said.get(name))
    line = " ".join(words.split())
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 3]}..."


def _as_json(row: TrailRow) -> str:
    shown = {name: getattr(row, name) for name in row.__slots__} | {"data": last_four(row.data)}
    return json.dumps(shown, default=lambda value: value.isoformat() if isinstance(value, datetime) else str(value))


def _number(given: str) -> str:
    if not re.fullmatch(r"\+[1-9]\d{6,14}", given):
        raise argparse.ArgumentTypeError(f"{given} is no number like +12125550142")
    return given


def _type(given: str) -> str:
    name = given if given.startswith("jotline.") else f"jotline.{given}"
    if name not in TYPES and not name.startswith("jotline.letter."):
        raise argparse.ArgumentTypeError(f"{given} is no type of event: `jotline schemas` lists them")
    return name


def _time(given: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given} is no time like 2026-11-27 or 2026-11-27T09:00-05:00") from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _count(given: str) -> int:
    if not given.isdecimal() or not int(given):
        raise argparse.ArgumentTypeError(f"{given} is no number of rows")
    return int(given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jotline audit",
        description="What happened, the newest last. Times are UTC. All that is asked for must hold together.",
    )
    parser.add_argument("--user", type=_number, metavar="NUMBER", help="whom it happened to: +12125550142")
    parser.add_argument("--type", type=_type, action="append", default=[], help="of this type: task.created; may be repeated")
    parser.add_argument("--task", default="", metavar="ID", help="to this todo")
    parser.add_argument("--correlation", default="", metavar="ID", help="because of this message, call or request")
    parser.add_argument("--since", type=_time, metavar="TIME", help="from then on: 2026-11-27 or 2026-11-27T09:00-05:00")
    parser.add_argument("--until", type=_time, metavar="TIME", help="before then")
    parser.add_argument("--text", default="", metavar="WORDS", help='with these words; "two words" together, -without')
    parser.add_argument("--limit", type=_count, default=50, help="the newest so many (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="a JSON object a line, with everything that is known")
    return parser
