"""An order behind a statement, without a word between them: "I am ill cancel all my meetings", "the party is on friday add it".

Only what no other rule took is looked at. What is asked for is read as a clause of its own; where it points back ("add it to my
calendar", "take it off the list"), the statement says what is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from shared.language.adding import content_words
from shared.language.commands import Reading
from shared.language.model import Command, Intent, Ref, Reminder
from shared.language.ordered import added
from shared.language.parse import Gap
from shared.language.timing import find_times
from shared.language.words import Behind

Read = Callable[[Gap], list[Command]]

_SHORTEST: Final = 2  # words of a statement
_CALLED: Final = 3  # "hey siri": somebody else is asked
_MOST_PLACES: Final = 4
_MOST_POINTING: Final = 7  # "put that on my list of things for me"
_NO_ORDERS: Final = frozenset({"words", "none", "word_asked"})


def ordered_behind(reading: Reading, read: Read, *, worded: bool = False) -> list[Command]:
    """The commands of a message that states something before it asks; nothing where it only states.

    `read` reads a clause. With `worded` the whole may be a todo in its own words: then more must stand before the order.
    """
    shortest = _SHORTEST + worded
    tokens = reading.parse.tokens
    known, questions = reading.context.language.behind, reading.context.language.questions
    if tokens[0].word in questions or tokens[0].word in known.no_statement:
        return []
    if not reading.context.language.ordering.others.isdisjoint([token.word for token in tokens[:_CALLED]]):
        return []
    places = [at for at in range(shortest, len(tokens) - 1) if tokens[at].word in known.verbs and _begins(reading, at)]
    for at in places[:_MOST_PLACES]:
        statement = Gap(0, _end_before(reading, at))
        if worded and reading.parse.match("earlier", at):
            return []  # "exam friday 3pm remind me a day before" is one todo
        if statement.end >= shortest and not _only_time(reading, statement):
            for rule in (_reminded, _pointing_back, _on_its_own):
                found = rule(reading, statement, at, read)
                if found:
                    return found
    return []


def _only_time(reading: Reading, statement: Gap) -> bool:
    """E.g. "on every tuesday (remind me ...)": nothing is stated."""
    tokens = reading.parse.tokens
    timed = {at for time in find_times(reading.parse, 0, statement.end) for at in range(time.start, time.end)}
    idle = reading.context.language.function_words
    return bool(timed) and all(at in timed or tokens[at].word in idle for at in range(statement.end))


def _begins(reading: Reading, at: int) -> bool:
    """Neither "forgot to cancel" nor "the set": nothing stands before the verb that it belongs to."""
    tokens, known = reading.parse.tokens, reading.context.language.behind
    before = tokens[at - 1].word
    if before in reading.context.language.parting.you:
        return tokens[at - 2].word in reading.context.language.parting.can
    return before not in known.governing


def _end_before(reading: Reading, at: int) -> int:
    """Where the statement ends: before "please", "so", "can you"."""
    tokens, known = reading.parse.tokens, reading.context.language.behind
    while at > 0 and tokens[at - 1].word in known.between:
        at -= 1
    return at


def _reminded(reading: Reading, statement: Gap, at: int, read: Read) -> list[Command]:
    """E.g. "my exam is on friday remind me the day before"."""
    matches = reading.parse.match("earlier", at)
    early = next((seconds for stop, seconds in matches if stop == len(reading.parse.tokens)), None)
    if early is None:
        return []
    asked = {"remind": (Reminder(before_seconds=early),), "remind_asked": True}
    return [command.model_copy(update=asked) for command in _told(reading, statement, read)]


def _pointing_back(reading: Reading, statement: Gap, at: int, read: Read) -> list[Command]:
    """E.g. "... add it to my calendar", "... take it off the list"."""
    tokens, known = reading.parse.tokens, reading.context.language.behind
    following = [token.word for token in tokens[at + 1 : len(tokens)]]
    pointing = 0 < len(following) <= _MOST_POINTING and following[0] in known.pointers
    if not pointing or not _ends_there(known, following):
        return []
    listed = known.lists.intersection(following)
    if tokens[at].word in known.adding:  # "the soup is hot put it down" is no todo
        return _told(reading, statement, read) if listed or known.pointers.issuperset(following) else []
    named = known.events.intersection(token.word for token in tokens[: statement.end]) or listed
    return [_unlisted(reading, statement)] if named and tokens[at].word in known.deleting else []


def _ends_there(known: Behind, following: Sequence[str]) -> bool:
    return all(word in known.pointers or word in known.onto or word in known.lists for word in following)


def _told(reading: Reading, statement: Gap, read: Read) -> list[Command]:
    """The todo that a statement is: as its own form says it ("I need milk"), or in its words."""
    commands = [command for command in read(statement) if command.intent is Intent.ADD and command.title]
    if commands:
        return commands
    command = added(reading, statement.start, statement.end, None, remind=False, rule="behind")
    return [reading.placed(command, statement.start, statement.end)] if command is not None else []


def _unlisted(reading: Reading, statement: Gap) -> Command:
    """E.g. "I bought (milk) remove it from the list", "the (party) got cancelled take it off"."""
    language = reading.context.language
    tokens = reading.parse.tokens
    times = find_times(reading.parse, statement.start, statement.end)
    idle = {at for time in times for at in range(time.start, time.end)}
    kept = [
        tokens[at].text.lower()
        for at in range(statement.start, statement.end)
        if at not in idle
        and tokens[at].kind == "word"
        and tokens[at].word not in language.function_words
        and tokens[at].word not in language.pronouns
        and tokens[at].word not in language.past
        and tokens[at].word not in language.behind.idle
    ]
    ref = Ref(words=" ".join(kept)) if kept else Ref(that=True)
    command = Command(intent=Intent.DELETE, ref=ref, rule="behind_delete", confidence=0.6)
    return reading.placed(command, statement.start, len(tokens))


def _on_its_own(reading: Reading, statement: Gap, at: int, read: Read) -> list[Command]:
    """E.g. "... cancel all my meetings", "... set up a meeting": what is asked for, and the todo before it, if it is one."""
    tokens, language = reading.parse.tokens, reading.context.language
    commands = read(Gap(at, len(tokens)))
    if not commands or any(command.intent is Intent.ADD and command.rule in _NO_ORDERS for command in commands):
        return []
    if any(command.intent is Intent.ADD and not content_words(language, command.title) for command in commands):
        return []
    if all(command.intent is Intent.ADD for command in commands):
        before = [command for command in read(statement) if command.intent is Intent.ADD and command.rule not in _NO_ORDERS]
        return [*before, *commands]
    said = [token.word for token in tokens[at:]]
    deleted = all(command.intent is Intent.DELETE and not command.ref.that for command in commands)
    return commands if deleted and language.hearing.deletes(said) else []
