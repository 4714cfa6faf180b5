"""Where one command ends and the next begins, and which words are several todos.

A message is cut before a word that begins a command ("..., move 2 to friday", "... and remind me to"), never inside quotes.
The words of one ADD are cut into todos where "and" joins two actions ("buy milk and call mum"), at commas between short nouns
("milk, eggs and bread"), and at line ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from shared.language.commands import Reading
from shared.language.english.verbs import ACTIONS, GOING, LEANING, OFTEN_NOUNS, POINTERS
from shared.language.grammar import Gap
from shared.language.text import Token
from shared.language.timing import read_time

_STOPS: Final = frozenset({".", "!", "?", ";", "\n"})
_LINKS: Final = frozenset(
    {"and", "then", "also", "oh", "plus", "but", "&", "please", "so", "um", "uh", "next", "after", "finally", "additionally"}
)
_HEADS: Final = (
    "add|remind me|don't forget|dont forget|i need to|i have to|i also need to|i also have to|i've got to|i gotta|i should|i must|"
    "i want to|put|set a reminder|create a|make a|new task|new todo|note to self|done|complete|mark|check off|cross off|tick off|"
    "delete|remove|cancel|move|reschedule|postpone|push|snooze|skip|undo|reopen|list|show|what's|tag|rename|edit|remind|gotta|"
    "need to|change|schedule|i'm done with|i finished|i did|put off|delay|remember to|get rid of|note that|set"
)
_HEAD_WORDS: Final = tuple(tuple(phrase.split()) for phrase in _HEADS.split("|"))
_FIRST_HEADS: Final = frozenset(phrase[0] for phrase in _HEAD_WORDS)
_NEEDS_MORE: Final = frozenset(
    {"set", "put", "change", "list", "show", "mark", "move", "check", "note", "tag", "schedule", "make", "done"}
)
_PREPOSITIONS: Final = frozenset(
    {"with", "for", "at", "to", "of", "from", "about", "in", "on", "into", "by", "as", "like", "versus", "vs", "between", "re"}
)
_MOST_ITEM_WORDS: Final = 4
_LONG_MESSAGE: Final = 400  # tokens: beyond this a message is prose and is not cut


def split(reading: Reading) -> list[Gap]:
    """The clauses of a message."""
    tokens = reading.parse.tokens
    clauses: list[Gap] = []
    start = at = 0
    while at < len(tokens):
        stop, begin = _cut(tokens, start, at)
        if at < begin < len(tokens) and _only_reminder(reading, begin):
            begin = at
        if begin > at and stop > start and begin < len(tokens):
            clauses.append(Gap(start, stop))
            start = at = begin
        else:
            at += 1
    clauses.append(Gap(start, len(tokens)))
    return [
        clause
        for clause in clauses
        if any(token.kind != "other" or token.word == "?" for token in tokens[clause.start : clause.end])
    ]


def _cut(tokens: Sequence[Token], start: int, at: int) -> tuple[int, int]:
    """(end of this clause, start of the next) when a clause ends before `at`; (at, at) when it does not."""
    token = tokens[at]
    if token.word in _STOPS and at > start and (token.word in ("\n", ";") or _sentence_end(tokens, at)):
        return at, at + 1
    if token.word not in (",", "and", "&", "then", "also", "plus", "but", "oh", "-") or at == start:
        return at, at
    begin = at
    while begin < len(tokens) and begin < at + 4 and (tokens[begin].word in _LINKS or tokens[begin].word == ","):
        begin += 1
    if begin < len(tokens) and begin > at and _is_head(tokens, begin) and not _noun_here(tokens, begin, at):
        return at, begin
    return at, at


def _only_reminder(reading: Reading, begin: int) -> bool:
    """E.g. ", remind me 3h before" and "remind me friday" belong to the todo before them."""
    parse = reading.parse
    if parse.match("earlier", begin):
        return True
    tokens = parse.tokens
    if tokens[begin].word != "remind" or begin + 1 >= len(tokens):
        return False
    if begin + 2 == len(tokens):
        return tokens[begin + 1].word == "me"
    time = read_time(parse, begin + 2, len(tokens))
    return time is not None and time.end == len(tokens)


def _sentence_end(tokens: Sequence[Token], at: int) -> bool:
    if at + 1 >= len(tokens) or not tokens[at + 1].spaced:
        return False
    before = tokens[at - 1]
    if tokens[at].word == "." and (
        len(before.text) <= 2
        or before.word in ("dr", "mr", "mrs", "ms", "st", "no", "vs", "etc", "approx", "ave")
        or "month" in before.values
        or "weekday" in before.values
    ):
        return False
    return not (tokens[at].word == "!" and before.word in ("every", "!")) and tokens[at + 1].kind != "other"


def _is_head(tokens: Sequence[Token], at: int) -> bool:
    """True when a command begins at `at`."""
    if tokens[at].word not in _FIRST_HEADS:
        return False
    for phrase in _HEAD_WORDS:
        stop = at + len(phrase)
        if stop <= len(tokens) and all(tokens[at + step].word == word for step, word in enumerate(phrase)):
            if len(phrase) == 1 and phrase[0] in _NEEDS_MORE:
                following = tokens[stop] if stop < len(tokens) else None
                if following is None:
                    return False
                if phrase[0] in ("done", "move", "tag", "mark", "check", "change", "set", "put") and not (
                    "num" in following.values or following.word == "#" or phrase[0] in ("mark", "move", "done", "put")
                ):
                    continue
            return True
    return False


def _noun_here(tokens: Sequence[Token], begin: int, at: int) -> bool:
    """E.g. "add, remove and edit buttons": a list of words, not of commands."""
    following = tokens[begin + 1] if begin + 1 < len(tokens) else None
    return following is None or following.word in (",", "and", "or", ".") or at == 0


def items(reading: Reading, start: int, end: int, *, listed: bool) -> list[Gap]:
    """The todos of an ADD's words."""
    tokens = reading.parse.tokens
    parts: list[Gap] = []
    for actions in _actions(reading, start, end):
        parts += _listed(tokens, actions.start, actions.end) if listed else [actions]
    return parts


def _actions(reading: Reading, start: int, end: int) -> list[Gap]:
    """Cut where a second action begins: "buy milk and call mum"."""
    tokens = reading.parse.tokens
    if tokens[start].word not in ACTIONS or tokens[start].word in GOING:
        return [Gap(start, end)]
    parts: list[Gap] = []
    begin = start
    at = start + 1
    while at < end:
        if tokens[at].word in (",", "and", "&", "then", "also", "plus"):
            following = at
            while (
                following < end
                and following < at + 4
                and tokens[following].word in (",", "and", "&", "then", "also", "to", "plus", "oh", "um", "uh")
            ):
                following += 1
            if following < end and _second_action(tokens, begin, at, following, end):
                parts.append(Gap(begin, at))
                begin = following
            at = following
        else:
            at += 1
    parts.append(Gap(begin, end))
    return parts


def _second_action(tokens: Sequence[Token], begin: int, at: int, following: int, end: int) -> bool:
    verb = tokens[following].word
    if verb not in ACTIONS or verb in LEANING or at - begin < 2 or end - following < 2 or tokens[begin].word in GOING:
        return False
    if any(tokens[step].word in POINTERS for step in range(following + 1, min(following + 3, end))):
        return False
    after = tokens[following + 1]
    if verb in OFTEN_NOUNS and (
        after.word in (",", "and", "or", "for", "with", "in", "on", "at", "to", "from", "of", ".") or after.values
    ):
        return False
    return tokens[following - 1].word != "or"


def _listed(tokens: Sequence[Token], start: int, end: int) -> list[Gap]:
    """Cut "milk, eggs and bread" at its commas."""
    commas = [at for at in range(start, end) if tokens[at].word == ","]
    if not commas or tokens[start].word in ACTIONS or any(tokens[at].word == ":" for at in range(start, end)):
        return [Gap(start, end)]
    cuts = commas + [at for at in range(commas[-1] + 1, end) if tokens[at].word in ("and", "&")]
    parts: list[Gap] = []
    begin = start
    for cut in [*sorted(cuts), end]:
        if cut > begin:
            parts.append(Gap(begin, cut))
        begin = cut + 1
    return parts if len(parts) > 1 and all(_is_item(tokens, part) for part in parts) else [Gap(start, end)]


def parted(reading: Reading, start: int, end: int) -> list[Gap]:
    """The parts between commas, whatever they are: under a heading each is a todo."""
    tokens = reading.parse.tokens
    cuts = [at for at in range(start, end) if tokens[at].word in (",", ";")]
    if cuts:
        cuts += [at for at in range(cuts[-1] + 1, end) if tokens[at].word in ("and", "&") and at > cuts[-1]][:1]
    edges = [start - 1, *sorted(cuts), end]
    return [Gap(first + 1, last) for first, last in pairwise(edges) if last > first + 1]


def _is_item(tokens: Sequence[Token], part: Gap) -> bool:
    words = tokens[part.start : part.end]
    if len(words) > _MOST_ITEM_WORDS:
        return False
    if any(word.word in _PREPOSITIONS or word.word in ("i", "you", "he", "she", "we", "they", "is", "are") for word in words):
        return False
    return not any(
        word.values.keys() & {"weekday", "month", "colon", "ampm", "part"} or word.word in ("today", "tomorrow", "tonight")
        for word in words
    )
