"""`understand`: a whole message to commands.

The message is normalised and cut into tokens once. Talk that is no command at all (a reaction, distress) is seen first; then the
message is read as one command, and, where that fails or hides several, cut into clauses where a new command or a new todo begins.
A clause is tried against the command forms, the surest first. What remains is a todo in the person's own words, a question or
talk: only what looks like something to do becomes an ADD, everything else is NONE and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.language.adding import content_words
from shared.language.asked import about, bare
from shared.language.behind import ordered_behind
from shared.language.clauses import behind_number, is_list, split
from shared.language.commands import Reading
from shared.language.corrected import corrected, taken_back
from shared.language.free import free
from shared.language.language import Language
from shared.language.model import Command, Intent, Meanings, Query, Ref, Understanding
from shared.language.moments import Context
from shared.language.ordered import added, commanded, headed, led_by_time, lines_under_heading
from shared.language.parse import Gap, Parse
from shared.language.text import normalise, tokenise
from shared.language.trimming import bare_edges, trims_of
from shared.language.words import Ordering, begins_with

_HARMFUL: Final = frozenset({Intent.COMPLETE, Intent.DELETE, Intent.EDIT, Intent.MOVE, Intent.REOPEN})


def understand(text: str, now: datetime, zone: str | ZoneInfo, meanings: Meanings, language: Language) -> Understanding:
    """What `text` asks for in `language`, read at `now` (aware) in `zone` (IANA name), as this person means their words.

    Never raises on any text. An empty text gives no command; a text that is not understood gives one of intent NONE.

    Raises:
        ValueError: `now` is naive, or the zone is unknown.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    place = zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)
    plain = normalise(text)
    if not plain:
        return Understanding(text="", commands=())
    context = Context(now.astimezone(place), place, meanings, language)
    reading = begin(plain, context)
    for _ in range(_MOST_CORRECTIONS):
        better = corrected(reading, lambda said: begin(said, context))
        if better is None:
            break
        reading = begin(better, context)
    return Understanding(text=reading.text, commands=tuple(commands_of(reading)))


_MOST_CORRECTIONS: Final = 3


def begin(plain: str, context: Context) -> Reading:
    """A normalised text, cut into tokens and ready to be read."""
    language = context.language
    tokens = tokenise(plain, language.tokens, language.lexicon, language.spelling)
    return Reading(context, Parse(language.grammar, tokens, context), plain)


def commands_of(reading: Reading) -> list[Command]:
    """The commands of a message, in the order they were said."""
    tokens = reading.parse.tokens
    carrier = _carrier(reading.context.language.ordering, reading.text)
    if carrier is not None:
        return [carrier]
    talk = reading.context.language.hearing.talk(reading.text, reading.parse.words)
    if talk == "nothing" or (talk is None and taken_back(reading)):
        return [_none(reading, 0, len(tokens))]
    if talk is not None:
        return [reading.placed(Command(intent=Intent.CHAT, topic=talk, rule=f"chat_{talk}"), 0, len(tokens))]
    listed = lines_under_heading(reading)
    if listed:
        return listed
    clauses = split(reading)
    if len(clauses) > 1:
        commands = _several(reading, clauses)
        if commands:
            return (_behind(reading) or commands) if _adds_nothing(commands) else commands
    found = _clause(reading, 0, len(tokens))
    if all(command.intent is Intent.NONE or command.rule in _OWN_WORDS for command in found):
        found = _behind(reading, worded=bool(found)) or found
    return found or [_none(reading, 0, len(tokens))]


def _adds_nothing(commands: Sequence[Command]) -> bool:
    """E.g. "I think we ran out can you add it to my list", "the party was called off so remove it": what "it" is stands before."""
    return all(
        command.intent is Intent.NONE
        or (command.intent is Intent.ADD and not command.title)
        or (command.intent is Intent.DELETE and command.ref.that)
        for command in commands
    )


def _behind(reading: Reading, *, worded: bool = False) -> list[Command]:
    return ordered_behind(reading, lambda gap: _clause(reading, gap.start, gap.end), worded=worded)


_OWN_WORDS: Final = frozenset({"words"})
"""The form of a todo in the person's own words."""


def _carrier(known: Ordering, text: str) -> Command | None:
    word = text.strip().strip(".!").strip().lower()
    if word in known.stop:
        return Command(intent=Intent.STOP, topic=word.upper(), text=text, span=(0, len(text)), rule="stop")
    if word in known.start:
        return Command(intent=Intent.START, topic=word.upper(), text=text, span=(0, len(text)), rule="start")
    return None


def _several(reading: Reading, clauses: Sequence[Gap]) -> list[Command]:
    """Each clause on its own. Talk around commands is dropped; a message that is talk in any other part is not several commands."""
    commands: list[Command] = []
    for clause in clauses:
        if not _is_talk(reading, clause):
            commands += _clause(reading, clause.start, clause.end) or [
                _none(reading, behind_number(reading, clause), clause.end)
            ]
    if is_list(reading, clauses) and any(command.intent is Intent.ADD for command in commands):
        commands = [_as_item(command) for command in commands]
    commands = _led_somewhere(reading.context.language, commands)
    useful = [
        command for command in commands if command.intent not in (Intent.NONE, Intent.CHAT, Intent.ANSWER) or command.maybe
    ]
    if any(command.intent in _HARMFUL and command.ref.that for command in useful) and len(useful) < len(commands):
        return []  # "I have no use for it, cancel it": what "it" is was not understood
    return useful


def _as_item(command: Command) -> Command:
    """What is not understood alone is a todo among todos."""
    if command.intent is not Intent.NONE or not command.title:
        return command
    return command.model_copy(update={"intent": Intent.ADD, "maybe": None, "maybe_intent": None, "query": None})


def _is_talk(reading: Reading, clause: Gap) -> bool:
    """E.g. "hello, ...", "oh, ..." before a command."""
    words = reading.parse.words[clause.start : clause.end]
    return len(words) <= _FEW_WORDS and reading.context.language.hearing.talk(reading.words(clause), words) in (
        "hello",
        "thanks",
        "ok",
    )


_FEW_WORDS: Final = 3


def _led_somewhere(language: Language, commands: list[Command]) -> list[Command]:
    """E.g. "open my list and add milk", "find the dinner on my calendar and delete it": the way there is no question."""
    known = language.ordering
    if len(commands) != 2 or commands[0].text.split(" ")[0].lower() not in known.ways:
        return commands
    first, second = commands
    words = first.text.lower().split()
    if len(words) == 1 and words[0] in known.finding:
        return [second]  # "find and delete the meeting"
    listed = not known.lists.isdisjoint(words)
    if first.intent is not Intent.QUERY and not (first.intent in (Intent.ADD, Intent.NONE) and listed):
        return commands
    if second.ref.that and words[0] in known.finding and second.intent in (Intent.DELETE, Intent.COMPLETE):
        found = " ".join(words[1:])
        for phrase in known.on_lists:
            found = found.split(f" {phrase} ")[0]
        return [second.model_copy(update={"ref": Ref(words=content_words(language, found))})]
    return [second] if second.intent in (Intent.ADD, Intent.DELETE, Intent.COMPLETE) and not second.ref.that else commands


def _none(reading: Reading, start: int, end: int) -> Command:
    """Not understood; the words and any date are kept, so that ADD can save them."""
    found = added(reading, start, end, None, remind=False, rule="none")
    kept = {name: getattr(found, name) for name in _KEPT} if found is not None else {}
    command = Command(intent=Intent.NONE, rule="none", confidence=0.2, **kept, **_perhaps_asked(reading, start, end))
    return command if kept else reading.placed(command, start, end)


def _perhaps_asked(reading: Reading, start: int, end: int) -> dict[str, Any]:
    """E.g. "show party", "when is stamps": what it asks for, if a todo of theirs is called so."""
    language = reading.context.language
    said = [token.word for token in reading.parse.tokens[start:end] if token.kind != "other"]
    opening = begins_with(said, language.noting.shown_by)
    words = content_words(language, " ".join(said[opening:])) if opening else ""
    if not words or words.count(" ") >= _MOST_ASKED_WORDS:
        return {}
    return {"maybe": Ref(words=words), "maybe_intent": Intent.QUERY, "query": Query(what="search", words=words)}


_MOST_ASKED_WORDS: Final = 4
_KEPT: Final = ("title", "when", "repeat", "tags", "priority", "remind", "text", "span")


# One clause.


def _clause(reading: Reading, start: int, end: int) -> list[Command]:
    """The commands of tokens [start, end) that are for us; nothing when it is not understood."""
    return [command for command in _read(reading, start, end) if not _only_sounds(reading, start, command)]


def _read(reading: Reading, start: int, end: int) -> list[Command]:
    """The commands of tokens [start, end); nothing when it is not understood."""
    tokens = reading.parse.tokens
    first, last = bare_edges(tokens, start, end)
    trims = trims_of(reading.context.language, tokens, first, last)
    for begin, finish in trims[:-1]:
        found = commanded(reading, begin, finish, whole=True)
        if found:
            return [reading.placed(command, begin, finish) for command in found]
    for begin, finish in reversed(trims):
        found = commanded(reading, begin, finish)
        if found:
            return [reading.placed(command, begin, finish) for command in found]
    begin, finish = trims[-1]
    if reading.parse.words[finish : min(finish + 2, end)] == ["!", "!"]:
        finish = min(finish + 3, end)  # "!!" is a priority
    found = (
        headed(reading, begin, finish)
        or led_by_time(reading, begin, finish)
        or bare(reading, begin, finish)
        or about(reading, begin, finish)
        or free(reading, begin, finish)
    )
    return [reading.placed(command, begin, finish) if not command.text else command for command in found]


def _only_sounds(reading: Reading, start: int, command: Command) -> bool:
    """E.g. "alexa, delete my alarm", "done deal": what is to be changed is not ours, or nothing is."""
    if command.intent not in _CHANGING:
        return False
    ordering, said = reading.context.language.ordering, reading.parse.words[start : start + _LONGEST_IDIOM]
    ours = not ordering.lists.isdisjoint(reading.parse.words[start:])
    another = not ours and not ordering.others.isdisjoint(said[:_FEW_WORDS])
    return another or begins_with(said, ordering.idioms) > 0


_CHANGING: Final = _HARMFUL | {Intent.SNOOZE, Intent.SKIP}
_LONGEST_IDIOM: Final = 6
