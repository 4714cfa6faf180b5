"""A clause by the command forms, the surest first, and the todos that a form for adding asks for.

Commands that change todos are not read out of questions, statements or sentences about other services.
"""


# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from shared.language.adding import add, content_words
from shared.language.chains import Time
from shared.language.clauses import items, parted
from shared.language.commands import Reading, list_tag
from shared.language.english.adds import AddRequest
from shared.language.english.elsewhere import BOOKINGS, other_subject
from shared.language.english.talk import HEADINGS, PRONOUNS, QUESTIONS, TODO_NOUNS
from shared.language.english.verbs import ACTIONS
from shared.language.grammar import Gap
from shared.language.model import Command, Intent, Ref, Reminder
from shared.language.timing import find_times, read_time
from shared.language.trimming import BULLETS, bare_edges

_HARMFUL: Final = frozenset({Intent.COMPLETE, Intent.DELETE, Intent.EDIT, Intent.MOVE, Intent.REOPEN})


def commanded(reading: Reading, start: int, end: int, extra: Time | None = None, *, whole: bool = False) -> list[Command]:
    """The clause by the command forms; with `whole`, only by those without free text."""
    for form, captured in reading.parse.commands("command", start, end):
        if whole and any(isinstance(value, Gap) for value in captured.values()):
            return []
        value = form.meaning(reading, **captured)
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
    said = [token.word for token in reading.parse.tokens[start:end]]
    about_other = other_subject(said) or (command.intent is Intent.DELETE and not BOOKINGS.isdisjoint(said))
    if about_other and (TODO_NOUNS - {"note", "notes", "for", "with", "about"}).isdisjoint(said) and "list" not in said:
        return False
    words = command.ref.words.split()
    first = reading.parse.tokens[start].word
    if len(words) > 12 or words[0] in QUESTIONS or (first in QUESTIONS and first not in ("did", "may")):
        return False
    return not (
        words[0] in PRONOUNS
        or words[0] in ("if", "whether")
        or words[-1] in ("after", "when", "before", "until", "once", "not", "get", "is", "be", "it", "gets")
        or (
            command.rule == "complete_words" and "after" in words[-2:]  # "3 months after it's done" repeats
        )
        or (
            command.rule == "complete_words"
            and words[0] in ("get", "have", "make", "want", "need", "be", "has", "had", "well", "not")
        )
    )


def _searchable(reading: Reading, words: str, start: int, end: int) -> bool:
    """E.g. "find cheese" searches one's todos; "find me a recipe" is asked of a search engine."""
    said = [token.word for token in reading.parse.tokens[start:end] if token.kind == "word"]
    if other_subject(said) or len(words.split()) > _MOST_SEARCHED:
        return False
    return said[0] not in ("find", "search") or said[1:2] not in (["me"], ["out"], ["a"], ["an"], ["some"], ["the"], ["us"])


_MOST_SEARCHED: Final = 4


def _requested(reading: Reading, request: AddRequest, extra: Time | None) -> list[Command]:
    commands: list[Command] = []
    for item in items(reading, request.body.start, request.body.end, listed=request.rule == "add"):
        command = added(
            reading,
            item.start,
            item.end,
            extra or request.extra,
            remind=request.remind,
            rule=request.rule,
            list_name=request.list_name,
        )
        if command is None:
            continue
        commands.append(reading.placed(_perhaps_known(reading, command, request, item), item.start, item.end))
    return commands


def _perhaps_known(reading: Reading, command: Command, request: AddRequest, item: Gap) -> Command:
    """E.g. "remind me 1 hour before the dentist", "repeat the meeting every monday": a todo that is there already."""
    if request.ahead is not None:
        return command.model_copy(update={"remind": (Reminder(before_seconds=request.ahead.total_seconds),)})
    if request.rule == "repeat":
        about = content_words(command.title)
        return command.model_copy(update={"maybe": Ref(words=about), "maybe_intent": Intent.EDIT}) if about else command
    if not request.remind or command.when is not None or command.repeat is not None:
        return command
    parse = reading.parse
    for at in range(max(item.start + 1, item.end - 6), item.end):
        seconds = parse.whole("before", at, item.end)
        if seconds is not None:
            return _known(reading, command, Gap(item.start, at), seconds)
    for stop, length in parse.match("length", item.start):
        if stop + 1 < item.end and parse.tokens[stop].word == "before" and parse.tokens[stop + 1].word in ("the", "my", "our"):
            return _known(reading, command, Gap(stop + 1, item.end), length.total_seconds)
    return command


def _known(reading: Reading, command: Command, about: Gap, seconds: int) -> Command:
    ref = reading.ref(about) or Ref(words=content_words(reading.title(about)))
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
    if time is None or time.end >= end:
        return []
    begin = time.end
    while begin < end and reading.parse.tokens[begin].word in (",", ":", "-", "please", "i"):
        begin += 1 if reading.parse.tokens[begin].word != "i" else 0
        if begin < end and reading.parse.tokens[begin].word == "i":
            break
    reading.led = time
    found = commanded(reading, begin, end, extra=time)
    reading.led = None
    return found


def headed(reading: Reading, start: int, end: int) -> list[Command]:
    """A list under its heading, in one line: "tomorrow: call the bank, pay rent", "groceries: milk, eggs"."""
    tokens = reading.parse.tokens
    colon = next((at for at in range(start + 1, min(end - 1, start + 6)) if tokens[at].word == ":"), None)
    if colon is None or not tokens[colon + 1].spaced:
        return []
    heading = _heading(reading, start, colon, known=True)
    if heading is None:
        return []
    parts = items(reading, colon + 1, end, listed=True)
    if len(parts) == 1:
        parts = parted(reading, colon + 1, end)
    return _under(reading, heading, parts) if len(parts) > 1 else []


def lines_under_heading(reading: Reading) -> list[Command]:
    """A list under its heading, a line each: "groceries:", "- milk", "- eggs". The heading is the list, or the day, and no todo."""
    tokens = reading.parse.tokens
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
    times = find_times(reading.parse, start, end)
    dated = {at for time in times for at in range(time.start, time.end)}
    words = [reading.parse.tokens[at].word for at in range(start, end) if at not in dated]
    if len(times) > 1 or (not words and not times):
        return None
    named = [word for word in words if word not in _NO_NAMES]
    if not HEADINGS.issuperset(words):
        if known or len(named) > _MOST_NAME_WORDS or not all(word.isalpha() for word in named) or named[0] in ACTIONS:
            return None
        return list_tag(" ".join(named)), times[0] if times else None
    name = next((word for word in words if word in ("shopping", "groceries", "grocery", "packing", "work", "home")), "")
    return list_tag(name), times[0] if times else None


_NO_NAMES: Final = frozenset("list lists for the my our todo todos to-do tasks things to do".split())
_MOST_NAME_WORDS: Final = 2


def _under(reading: Reading, heading: tuple[str, Time | None], parts: Sequence[Gap]) -> list[Command]:
    name, extra = heading
    found = [(part, added(reading, part.start, part.end, extra, remind=False, rule="headed", list_name=name)) for part in parts]
    return [reading.placed(command, part.start, part.end) for part, command in found if command is not None]
