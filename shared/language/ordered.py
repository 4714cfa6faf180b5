"""A clause by the command forms, the surest first, and the todos that a form for adding asks for.

Commands that change todos are not read out of questions, statements or sentences about other services.
"""


# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from shared.language.adding import add, content_words
from shared.language.chains import Time
from shared.language.clauses import items, parted
from shared.language.commands import AddRequest, Reading, list_tag
from shared.language.hedging import hedged
from shared.language.model import Command, Intent, Ref, Reminder
from shared.language.moments import Day, Stated
from shared.language.parse import Gap
from shared.language.resolving import resolve
from shared.language.sharing import with_verb
from shared.language.timing import find_times, read_time
from shared.language.trimming import BULLETS, bare_edges

_HARMFUL: Final = frozenset({Intent.COMPLETE, Intent.DELETE, Intent.EDIT, Intent.MOVE, Intent.REOPEN})


def commanded(reading: Reading, start: int, end: int, extra: Time | None = None, *, whole: bool = False) -> list[Command]:
    """The clause by the command forms; with `whole`, only by those without free text."""
    for _, form, captured in reading.parse.commands("command", start, end):
        fields = dict(captured)
        if whole and any(isinstance(value, Gap) for value in fields.values()):
            return []
        value = form.meaning(reading, **fields)
        if value is None:
            continue
        if isinstance(value, AddRequest):
            commands = _requested(reading, value, extra)
            if commands:
                return commands
            continue
        if extra is not None or not _allowed(reading, value, start, end):
            continue
        return [value]
    return []


def _allowed(reading: Reading, command: Command, start: int, end: int) -> bool:
    """Commands that change todos are not read out of questions, statements or long sentences."""
    if command.rule == "move" and command.ref.numbers:  # "11 at night" is a time, not #11
        whole = read_time(reading.parse, start, end)
        if whole is None or whole.end != end or whole.stated is None:
            return True
        stated = whole.stated  # "2 tomorrow" is #2
        return stated.clock is not None and not stated.clock.sure and stated.day is not None and not stated.part
    if command.query is not None and command.query.what == "search":
        return _searchable(reading, command.query.words, start, end)
    if command.intent not in _HARMFUL or not command.ref.words:
        return True
    if command.rule == "complete_wide":  # "finish the report" is something to do; "finish all overdue" is a command
        return False
    language = reading.context.language
    known = language.ordering
    said = [token.word for token in reading.parse.tokens[start:end]]
    booked = command.intent is Intent.DELETE and not known.bookings.isdisjoint(said)
    if (booked or language.hearing.other_subject(said)) and known.ours.isdisjoint(said):
        return False
    words = command.ref.words.split()
    if (
        len(words) > _MOST_DESCRIBING
        or said[0] in known.questions
        or words[0] in known.no_todo
        or words[-1] in known.unfinished
    ):
        return False
    # "3 months after it's done" repeats.
    return command.rule != "complete_words" or (words[0] not in known.not_done and known.after.isdisjoint(words[-2:]))


_MOST_DESCRIBING: Final = 12  # words that name a todo


def _searchable(reading: Reading, words: str, start: int, end: int) -> bool:
    """E.g. "find cheese" searches one's todos; "find me a recipe" is asked of a search engine."""
    said = [token.word for token in reading.parse.tokens[start:end] if token.kind == "word"]
    language = reading.context.language
    if language.hearing.other_subject(said) or len(words.split()) > _MOST_SEARCHED:
        return False
    return said[0] not in language.ordering.finding or language.ordering.found_for.isdisjoint(said[1:2])


_MOST_SEARCHED: Final = 4


def _requested(reading: Reading, request: AddRequest, extra: Time | None) -> list[Command]:
    commands: list[Command] = []
    for item in items(reading, request.body.start, request.body.end, listed=request.rule == "add"):
        command = added(
            reading,
            item.start,
            item.end,
            extra or request.extra or item.time,
            remind=request.remind,
            rule=request.rule,
            list_name=request.list_name,
        )
        if command is None:
            continue
        command = with_verb(reading, command, item)
        commands.append(_perhaps_known(reading, command, request, item))
    return commands


def _perhaps_known(reading: Reading, command: Command, request: AddRequest, item: Gap) -> Command:
    """E.g. "remind me 1 hour before the dentist", "repeat the meeting every monday": a todo that is there already."""
    if request.ahead is not None:
        return _ahead(reading, command, request, item)
    if request.rule == "repeat":
        about = content_words(reading.context.language, command.title)
        return command.model_copy(update={"maybe": Ref(words=about), "maybe_intent": Intent.EDIT}) if about else command
    first = reading.parse.words[item.start]
    if request.rule == "need" and first in reading.context.language.noting.hedged_needs:
        return hedged(reading.context.language, command, first, ordered=False)
    if not request.remind or command.when is not None or command.repeat is not None:
        return command
    parse = reading.parse
    for at in range(max(item.start + 1, item.end - 6), item.end):
        seconds = parse.whole("before", at, item.end)
        if seconds is not None:
            return _known(reading, command, Gap(item.start, at), seconds)
    return command


def _ahead(reading: Reading, command: Command, request: AddRequest, item: Gap) -> Command:
    """E.g. "remind me an hour before lunch with Zoe at 1": a new todo with its time; without one, perhaps a todo that is there."""
    assert request.ahead is not None  # noqa: S101 - the caller saw one
    seconds, clock = request.ahead.total_seconds, request.ahead_at
    if command.when is None and command.repeat is None:
        return _known(reading, command, item, seconds)
    reminder = Reminder(before_seconds=seconds)
    if clock is not None and command.when is not None:
        day = command.when.start.day - timedelta(seconds=seconds)
        found = resolve(reading.context, Stated(Day(day), clock))
        reminder = Reminder(at=found.start) if found is not None else reminder
    return command.model_copy(update={"remind": (reminder,)})


def _known(reading: Reading, command: Command, about: Gap, seconds: int) -> Command:
    ref = reading.ref(about) or Ref(words=content_words(reading.context.language, reading.title(about)))
    if not (ref.words or ref.numbers):
        return command
    fields = {
        "title": reading.title(about),
        "remind": (Reminder(before_seconds=seconds),),
        "maybe": ref,
        "maybe_intent": Intent.EDIT,
    }
    return command.model_copy(update=fields)


def added(
    reading: Reading, start: int, end: int, extra: Time | None, *, remind: bool, rule: str, list_name: str = ""
) -> Command | None:
    """An ADD of tokens [start, end); None when no title is left."""
    return add(
        reading.context, reading.parse, reading.text, start, end, remind=remind, extra=extra, rule=rule, list_name=list_name
    )


def led_by_time(reading: Reading, start: int, end: int) -> list[Command]:
    """E.g. "tomorrow remind me to ...": a date, then a command for a new todo."""
    time = read_time(reading.parse, start, end)
    if time is None and start + 1 < end and reading.parse.tokens[start].word in reading.context.language.titling.before_date:
        time = read_time(reading.parse, start + 1, end)  # "for tomorrow remind me to ..."
    if time is None or time.end >= end:
        return []
    begin, known = time.end, reading.context.language.ordering
    while begin < end and reading.parse.tokens[begin].word in known.after_day:
        begin += 1
    reading.led = time
    found = commanded(reading, begin, end, extra=time)
    reading.led = None
    return found


def headed(reading: Reading, start: int, end: int) -> list[Command]:
    """A list under its heading, in one line: "tomorrow: call the bank, pay rent", "groceries: milk, eggs"."""
    tokens = reading.parse.tokens
    if ":" not in reading.parse.words:
        return []
    colon = next((at for at in range(start + 1, min(end - 1, start + 6)) if tokens[at].word == ":"), None)
    if colon is None or not tokens[colon + 1].spaced:
        return []
    heading = _heading(reading, start, colon, known=True)
    if heading is None:
        return []
    parts: Sequence[Gap] = items(reading, colon + 1, end, listed=True)
    if len(parts) == 1:
        parts = parted(reading, colon + 1, end)
    return _under(reading, heading, parts) if len(parts) > 1 else []


def lines_under_heading(reading: Reading) -> list[Command]:
    """A list under its heading, a line each: "groceries:", "- milk", "- eggs". The heading is the list, or the day, and no todo."""
    tokens = reading.parse.tokens
    if "\n" not in reading.parse.words:
        return []
    breaks = [at for at, token in enumerate(tokens) if token.word == "\n"]
    if len(breaks) < 2 and not (breaks and tokens[breaks[0] - 1].word == ":"):
        return []
    first = breaks[0]
    colon = tokens[first - 1].word == ":"
    bulleted = all(at + 1 < len(tokens) and tokens[at + 1].text in BULLETS for at in breaks)
    heading = _heading(reading, 0, first - colon, known=False) if colon or bulleted else None
    if heading is None:
        return []
    edges = [*breaks, len(tokens)]
    lines = [bare_edges(tokens, begin + 1, stop) for begin, stop in pairwise(edges) if stop > begin + 1]
    return _under(reading, heading, [Gap(*line) for line in lines if line[1] > line[0]])


def _heading(reading: Reading, start: int, end: int, *, known: bool) -> tuple[str, Time | None] | None:
    """The list's name and the time a heading states; with `known` only words of headings are one."""
    language = reading.context.language
    ordering = language.ordering
    times = find_times(reading.parse, start, end)
    dated = {at for time in times for at in range(time.start, time.end)}
    words = [reading.parse.tokens[at].word for at in range(start, end) if at not in dated]
    if len(times) > 1 or (not words and not times):
        return None
    named = [word for word in words if word not in ordering.no_names]
    if not ordering.headings.issuperset(words):
        if known or len(named) > _MOST_NAME_WORDS or not all(word.isalpha() for word in named) or named[0] in language.actions:
            return None
        return list_tag(language, " ".join(named)), times[0] if times else None
    name = next((word for word in words if word in ordering.heading_names), "")
    return list_tag(language, name), times[0] if times else None


_MOST_NAME_WORDS: Final = 2


def _under(reading: Reading, heading: tuple[str, Time | None], parts: Sequence[Gap]) -> list[Command]:
    name, extra = heading
    found = [added(reading, part.start, part.end, extra, remind=False, rule="headed", list_name=name) for part in parts]
    return [command for command in found if command is not None]
