"""Words without a command: something to do, something done, or nothing for us."""

from __future__ import annotations

from typing import Final

from shared.language.adding import content_words, perhaps_move, raised
from shared.language.asked import asked_for
from shared.language.clauses import items
from shared.language.commands import Reading
from shared.language.english.lexicon import AMBIGUOUS
from shared.language.english.verbs import OBTAINED, PAST
from shared.language.grammar import Gap
from shared.language.model import Command, Intent, Ref
from shared.language.news import called_off, done_behind
from shared.language.noted import looks_like_todo
from shared.language.occurrences import when_of
from shared.language.ordered import added
from shared.language.text import Token
from shared.language.timing import find_times


def free(reading: Reading, start: int, end: int) -> list[Command]:
    """Words without a command: something to do, something done, or nothing for us."""
    tokens = reading.parse.tokens
    done = _all_done(reading, start, end)
    if done:
        return done
    asked = asked_for(reading, start, end)
    if asked is not None:
        return [asked]
    if not looks_like_todo(reading, start, end):
        return []
    commands = []
    for item in items(reading, start, end, listed=True):
        command = added(reading, item.start, item.end, None, remind=False, rule="words")
        if command is None:
            continue
        commands.append(reading.placed(perhaps_move(_hedged(command, tokens[item.start])), item.start, item.end))
    return commands


_HEDGED: Final = {
    "complete": Intent.COMPLETE,
    "finish": Intent.COMPLETE,
    "close": Intent.COMPLETE,
    "cancel": Intent.DELETE,
    "drop": Intent.DELETE,
    "clear": Intent.DELETE,
    "skip": Intent.SKIP,
}

_MOST_SKIPPED: Final = 4


def _hedged(command: Command, first: Token) -> Command:
    """E.g. "cancel Netflix" is something to do, unless a todo of ours is about Netflix."""
    intent = _HEDGED.get(first.word)
    if intent is None or (command.when is not None and intent is not Intent.SKIP) or command.quoted:
        return command
    if intent is Intent.SKIP and (
        len(command.title.split()) > _MOST_SKIPPED or {"for", "to", "with"} & set(command.title.split())
    ):
        return command
    words = content_words(" ".join(command.title.split()[1:]))
    return command.model_copy(update={"maybe": Ref(words=words), "maybe_intent": intent}) if words else command


def _all_done(reading: Reading, start: int, end: int) -> list[Command]:
    """E.g. "did the laundry and called mom": each on its own."""
    tokens = reading.parse.tokens
    for at in range(start + 2, end - 2):
        if tokens[at].word in ("and", "&") and tokens[at + 1].word in PAST and PAST[tokens[at + 1].word] != tokens[at + 1].word:
            first, second = _done(reading, start, at), _done(reading, at + 1, end)
            if first is not None and second is not None:
                return [reading.placed(first, start, at), reading.placed(second, at + 1, end)]
    done = _done(reading, start, end) or done_behind(reading, start, end) or called_off(reading, start, end)
    return [done] if done is not None else []


_ASKED_PERSONS: Final = frozenset({"i", "we", "you", "u", "he", "she", "they", "anyone"})  # "did i pay" asks


def _done(reading: Reading, start: int, end: int) -> Command | None:
    """E.g. "watered the plants", "I got the milk": done, if a todo of ours fits."""
    tokens = reading.parse.tokens
    first = start
    if tokens[first].word in ("i", "we", "i've", "ive", "we've") and first + 1 < end:
        first += 1
    while first + 1 < end and tokens[first].word in ("have", "just", "already", "finally", "also", "now", "went", "and"):
        first += 1
    if tokens[first].word == "did" and tokens[min(first + 1, end - 1)].word in _ASKED_PERSONS:
        return None
    verb = PAST.get(tokens[first].word)
    subject = first > start
    if (
        verb is None
        or first + 1 >= end
        or end - first > 10
        or ((verb in ("cut", "put", "read", "set", "quit", "shut") or tokens[first].word in AMBIGUOUS) and not subject)
    ):
        return None
    base = tokens[first].word
    if not subject and (base == verb or base in ("left", "lost", "set", "found", "was")):
        return None
    times = find_times(reading.parse, first + 1, end)
    taken = {at for time in times for at in range(time.start, time.end)}
    kept = [token for at, token in enumerate(tokens[first + 1 : end], first + 1) if at not in taken and token.kind != "other"]
    words = content_words(" ".join(token.text for token in kept))
    if base == "picked" and words.startswith("up "):
        words = words[3:]
    if not words:
        return None
    about = words if base in OBTAINED else f"{verb} {words}"
    return Command(
        intent=Intent.NONE,
        title=raised(reading.words(Gap(start, end))),
        when=when_of(reading.context, times[0]) if times else None,
        maybe=Ref(words=about),
        maybe_intent=Intent.COMPLETE,
        rule="past",
        confidence=0.5,
    )
