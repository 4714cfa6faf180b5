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
    {
        "and",
        "then",
        "also",
        "oh",
        "plus",
        "but",
        "&",
        "please",
        "so",
        "um",
        "uh",
        "yeah",
        "well",
        "next",
        "after",
        "finally",
        "additionally",
    }
)
_HEADS: Final = (
    "add|remind me|don't forget|dont forget|i need to|i have to|i also need to|i also have to|i've got to|i gotta|i should|i must|"
    "i want to|put|set a reminder|create a|make a|new task|new todo|note to self|done|complete|mark|check off|cross off|tick off|"
    "delete|remove|cancel|move|reschedule|postpone|push|snooze|skip|undo|reopen|list|show|what's|tag|rename|edit|remind|gotta|"
    "i think i should|i think i need to|i really need to|we need to|need to|change|schedule|"
    "i'm done with|i finished|i did|put off|delay|remember to|get rid of|note that|set"
)
_HEAD_WORDS: Final = tuple(tuple(phrase.split()) for phrase in _HEADS.split("|"))
_FIRST_HEADS: Final = frozenset(phrase[0] for phrase in _HEAD_WORDS)
_OF_NUMBERS: Final = frozenset(
    "done complete finish did delete remove move push snooze postpone reschedule mark skip reopen delay".split()
)
_AWAY: Final = frozenset({"delete", "remove", "cancel", "erase", "remind"})  # "I am busy, so cancel the meeting"
_NEEDS_MORE: Final = frozenset(
    {"set", "put", "change", "list", "show", "mark", "move", "check", "note", "tag", "schedule", "make", "done"}
)
_PREPOSITIONS: Final = frozenset(
    {"with", "for", "at", "to", "of", "from", "about", "in", "on", "into", "by", "as", "like", "versus", "vs", "between", "re"}
)
_ACTIONS: Final = ACTIONS | {"ring"}  # alone it is a thing, beside another action it is a call
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
    if at >= start + _SHORTEST_REASON and token.word in _ASKED_OF_US:
        return _asked_behind(tokens, at)
    if token.word not in (",", "and", "&", "then", "also", "plus", "but", "oh", "so", "-") or at == start:
        return at, at
    begin = at
    while begin < len(tokens) and begin < at + 4 and (tokens[begin].word in _LINKS or tokens[begin].word == ","):
        begin += 1
    if not at < begin < len(tokens) or _noun_here(tokens, begin, at):
        return at, at
    if token.word == "so" and tokens[begin].word not in _AWAY:
        return at, at
    cut = _is_head(tokens, begin) or (
        _of_a_number(tokens, start) and (tokens[begin].word in _ACTIONS or _moves(tokens, start, begin))
    )
    return (at, begin) if cut else (at, at)


def _asked_behind(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """E.g. "we ran out of tape can you add it to my list": cut before what is asked for."""
    begin = at + 1
    if tokens[at + 1 : at + 2] and tokens[at + 1].word in ("you", "u"):
        begin += 1 + (tokens[at + 2 : at + 3] != [] and tokens[at + 2].word == "please")
        if begin + 1 < len(tokens) and _is_head(tokens, begin):
            return at, begin
    return at, at


_ASKED_OF_US: Final = frozenset({"can", "could", "would", "will"})
_SHORTEST_REASON: Final = 3
_FAR: Final = 12


def _moves(tokens: Sequence[Token], start: int, begin: int) -> bool:
    """E.g. "(move 2 to friday and) 3 to saturday"."""
    moved = any(token.word in ("to", "until") for token in tokens[start + 2 : min(begin, start + _FAR)])
    return moved and tokens[begin].kind == "int" and begin + 2 < len(tokens) and tokens[begin + 1].word in ("to", "until")


def _of_a_number(tokens: Sequence[Token], start: int) -> bool:
    """E.g. "move 3 to friday": it ends before another action."""
    return tokens[start].word in _OF_NUMBERS and (tokens[start + 1].kind == "int" or tokens[start + 1].word == "#")


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
    if before.kind == "int" and _is_head(tokens, at + 1):
        return True  # "done 3. delete 4"
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
    if tokens[start].word not in _ACTIONS or tokens[start].word in GOING:
        return [Gap(start, end)]
    parts: list[Gap] = []
    begin = start
    at = start + 1
    while at < end:
        if tokens[at].word in (",", "and", "&", "then", "also", "plus"):
            following = at
            while following < end and following < at + 4 and tokens[following].word in _BETWEEN:
                following += 1
            if following < end and _second_action(tokens, begin, at, following, end):
                parts.append(Gap(begin, at))
                begin = following
            at = following
        else:
            at += 1
    parts.append(Gap(begin, end))
    return parts


_BETWEEN: Final = frozenset(
    {",", "and", "&", "then", "also", "to", "plus", "oh", "um", "uh", "after", "afterwards", "that", "later", "finally"}
)


def _second_action(tokens: Sequence[Token], begin: int, at: int, following: int, end: int) -> bool:
    verb = tokens[following].word
    if verb not in _ACTIONS or verb in LEANING or at - begin < 2 or end - following < 2 or tokens[begin].word in GOING:
        return False
    if tokens[following].capital and tokens[at - 1].capital:
        return False  # "Law and Order"
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
    if not commas or tokens[start].word in _ACTIONS or any(tokens[at].word == ":" for at in range(start, end)):
        return [Gap(start, end)]
    cuts = commas + [at for at in range(commas[-1] + 1, end) if tokens[at].word in ("and", "&")]
    parts: list[Gap] = []
    begin = start
    for cut in [*sorted(cuts), end]:
        if cut > begin:
            parts.append(Gap(begin, cut))
        begin = cut + 1
    whole = [Gap(start, end)]
    if len(parts) < 2 or any(tokens[part.start].word in _TALK for part in parts):
        return whole
    return parts if all(_is_item(tokens, part) or _for_someone(tokens, part, parts) for part in parts) else whole


#: With these before a comma it is no list: "yes, my friend".
_TALK: Final = frozenset("yes no yeah yep nope ok okay hi hello hey thanks thank sorry well oh please wow sure nah bye".split())


def _for_someone(tokens: Sequence[Token], part: Gap, parts: Sequence[Gap]) -> bool:
    """E.g. "milk for Zoe, oat milk and stamps"; "presents for Zoe, Tom and Ana" stays one."""
    words = tokens[part.start : part.end]
    at = next((place for place, word in enumerate(words) if word.word == "for"), 0)
    named = 0 < at < len(words) - 1 and len(words) <= _MOST_ITEM_WORDS + 1 and all(word.capital for word in words[at + 1 :])
    others = [tokens[other.start] for other in parts if other != part]
    return named and not any(other.capital for other in others)


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
