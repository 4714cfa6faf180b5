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
from shared.language.language import Language
from shared.language.parse import Gap
from shared.language.sharing import Part
from shared.language.sharing import parts as shared_verb
from shared.language.text import Token
from shared.language.timing import find_times, read_time
from shared.language.words import Parting

_STOPS: Final = frozenset({".", "!", "?", ";", "\n"})
_MOST_ITEM_WORDS: Final = 4


def split(reading: Reading) -> list[Gap]:
    """The clauses of a message."""
    tokens, language = reading.parse.tokens, reading.context.language
    clauses: list[Gap] = []
    start = 0
    for at, word in enumerate(reading.parse.words):
        if at <= start or not (word in language.parting.edges or word in _STOPS or tokens[at].kind == "int"):
            continue
        stop, begin = _cut(reading, start, at)
        if at < begin < len(tokens) and stop > start and not _only_reminder(reading, begin):
            clauses.append(Gap(start, stop))
            start = begin
    clauses.append(Gap(start, len(tokens)))
    return [clause for clause in clauses if _says_something(tokens, clause)]


def _says_something(tokens: Sequence[Token], clause: Gap) -> bool:
    """More than marks; "?" alone asks for help."""
    return any(token.kind != "other" or token.word == "?" for token in tokens[clause.start : clause.end])


def _cut(reading: Reading, start: int, at: int) -> tuple[int, int]:
    """(end of this clause, start of the next) when a clause ends before `at`; (at, at) when it does not."""
    tokens, language = reading.parse.tokens, reading.context.language
    token, known = tokens[at], language.parting
    over = _stop(reading, start, at) if at > start else 0
    if over:
        return at, at + over
    if at >= start + _SHORTEST_REASON and token.word in known.can:
        return _asked_behind(language, tokens, at)
    if token.word not in known.cuts or at == start:
        return at, at
    begin = at
    while (
        begin < len(tokens)
        and begin <= at + _MOST_BETWEEN
        and (tokens[begin].word in known.links or tokens[begin].word in known.counting)
    ):
        begin += 1
    if not at < begin < len(tokens) or _noun_here(known, tokens, begin, at):
        return at, at
    if token.word in known.therefore and tokens[begin].word not in known.therefore_asked:
        return at, at
    cut = _is_head(known, tokens, begin) or _another_repeat(reading, start, at, begin)
    if _settled(known, tokens, start, at):
        cut = cut or tokens[begin].word in known.actions or tokens[begin].kind == "int"
    elif _of_a_number(known, tokens, start) or _counted(known, tokens, at, begin):
        cut = cut or tokens[begin].word in known.actions or _moves(known, tokens, start, begin)
    return (at, begin) if cut else (at, at)


def _stop(reading: Reading, start: int, at: int) -> int:
    """How many tokens at `at` only end a clause: a full stop, the number before the next in a list."""
    tokens = reading.parse.tokens
    token = tokens[at]
    if token.word in _STOPS:
        return int(token.word in ("\n", ";") or _sentence_end(reading, start, at))
    return 2 if token.kind == "int" and _next_number(tokens, start, at) else 0


def _counted(known: Parting, tokens: Sequence[Token], at: int, begin: int) -> bool:
    """E.g. "first, buy milk, second (call mum)"."""
    return tokens[0].word in known.counting and any(token.word in known.counting for token in tokens[at:begin])


def _next_number(tokens: Sequence[Token], start: int, at: int) -> bool:
    """E.g. the 2 of "1. buy milk 2. call mum"."""
    first = start if tokens[start].kind == "int" else start - 2
    if first < 0 or tokens[first].kind != "int" or at + 2 >= len(tokens) or tokens[at + 1].text not in _NUMBERED:
        return False
    follows = int(tokens[at].text) == int(tokens[first].text) + 1
    return follows and tokens[first + 1].text == tokens[at + 1].text and tokens[at + 2].kind == "word" and tokens[at + 2].spaced


_NUMBERED: Final = frozenset({".", ")", ":"})


def behind_number(reading: Reading, clause: Gap) -> int:
    """Where a clause begins, but for its number in a list: "1. vacuum"."""
    first = reading.parse.tokens[clause.start : clause.start + 3]
    numbered = len(first) == 3 and first[0].kind == "int" and first[1].text in _NUMBERED
    return clause.start + 2 if numbered else clause.start


def is_list(reading: Reading, clauses: Sequence[Gap]) -> bool:
    """E.g. "1) wash the car 2) vacuum", "fix bike; vacuum": somebody lists, and chats in none of it."""
    tokens = reading.parse.tokens

    def begins_item(at: int) -> bool:
        numbered = at > 1 and tokens[at - 2].kind == "int" and tokens[at - 1].text in _NUMBERED
        return numbered or tokens[at - 1].word in _BETWEEN_ITEMS

    return all(begins_item(clause.start) for clause in clauses[1:])


_BETWEEN_ITEMS: Final = frozenset({";", "\n"})


def _asked_behind(language: Language, tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """E.g. "we ran out of tape can you add it to my list": cut before what is asked for."""
    begin = at + 1
    if tokens[at + 1 : at + 2] and tokens[at + 1].word in language.parting.you:
        begin += 1 + (tokens[at + 2 : at + 3] != [] and tokens[at + 2].word in language.please)
        if begin + 1 < len(tokens) and _is_head(language.parting, tokens, begin):
            return at, begin
    return at, at


_SHORTEST_REASON: Final = 3
_MOST_BETWEEN: Final = 6  # words and marks between two commands: ", and then, uh,"
_FAR: Final = 12


def _moves(known: Parting, tokens: Sequence[Token], start: int, begin: int) -> bool:
    """E.g. "(move 2 to friday and) 3 to saturday"."""
    moved = any(token.word in known.moved_to for token in tokens[start + 2 : min(begin, start + _FAR)])
    return moved and tokens[begin].kind == "int" and begin + 2 < len(tokens) and tokens[begin + 1].word in known.moved_to


def _of_a_number(known: Parting, tokens: Sequence[Token], start: int) -> bool:
    """E.g. "move 3 to friday": it ends before another action."""
    return tokens[start].word in known.numbered and (tokens[start + 1].kind == "int" or tokens[start + 1].word == "#")


def _settled(known: Parting, tokens: Sequence[Token], start: int, at: int) -> bool:
    """E.g. "2 done", "1 and 3 are done": it ends before another number or action."""
    first = next((place for place in range(start, at) if tokens[place].word in known.settled), at)
    return (
        first == at - 1
        and tokens[start].kind == "int"
        and all(token.kind == "int" or token.word in known.before_settled for token in tokens[start + 1 : first])
    )


def _another_repeat(reading: Reading, start: int, at: int, begin: int) -> bool:
    """E.g. "(call mum fri 5pm and) every monday bins": what has its time is whole, and another begins with its own."""
    tokens, known = reading.parse.tokens, reading.context.language.parting
    time = read_time(reading.parse, begin, len(tokens))
    if time is None or time.rule is None or time.end >= len(tokens):
        return False
    named = tokens[time.end].kind == "word" and tokens[time.end].word not in known.no_item | known.cuts
    before = [other for other in find_times(reading.parse, start, len(tokens)) if start < other.start < at]
    return named and bool(before) and before[-1].end == at  # "tuesdays and thursdays" are one


def _only_reminder(reading: Reading, begin: int) -> bool:
    """E.g. ", remind me 3h before" and "remind me friday" belong to the todo before them."""
    parse = reading.parse
    if parse.match("earlier", begin):
        return True
    tokens, language = parse.tokens, reading.context.language
    if tokens[begin].word not in language.remind or begin + 1 >= len(tokens):
        return False
    if begin + 2 == len(tokens):
        return tokens[begin + 1].word in language.me
    time = read_time(parse, begin + 2, len(tokens))
    return time is not None and time.end == len(tokens)


def _sentence_end(reading: Reading, start: int, at: int) -> bool:
    tokens, language = reading.parse.tokens, reading.context.language
    if at + 1 >= len(tokens) or not tokens[at + 1].spaced:
        return False
    before = tokens[at - 1]
    if before.kind == "int" and _is_head(language.parting, tokens, at + 1):
        return True  # "done 3. delete 4"
    if tokens[at].word == "." and _shortened(language, before) and not _begins_sentence(language, tokens, at):
        return _between_two(reading, start, at)
    again = tokens[at].word == "!" and (before.word == "!" or before.word in language.every)
    return not again and tokens[at + 1].kind != "other"


def _shortened(language: Language, word: Token) -> bool:
    """E.g. "Dr.", "p.m.", "fri.": the full stop may be the word's own."""
    named = "month" in word.values or "weekday" in word.values
    return len(word.text) <= 2 or word.word in language.parting.abbreviations or (named and len(word.text) < _WRITTEN_OUT)


_WRITTEN_OUT: Final = 5


def _begins_sentence(language: Language, tokens: Sequence[Token], at: int) -> bool:
    """E.g. "at 5 p.m. Call Tim", "December 3. Buy milk": an order with a capital behind a time; "Dr. Cook" is somebody."""
    before, following = tokens[at - 1], tokens[at + 1]
    dotted = at > 1 and tokens[at - 2].word == "."
    counted = before.kind == "int" and at > 1 and tokens[at - 2].kind == "word"
    timed = dotted or counted or "month" in before.values or "weekday" in before.values
    ordered = following.word in language.parting.actions or _is_head(language.parting, tokens, at + 1)
    return timed and following.capital and ordered


def _between_two(reading: Reading, start: int, at: int) -> bool:
    """E.g. "call mum at 5. every friday put the bins out": one thing to do with its time, another behind it, all in small letters."""
    tokens, known = reading.parse.tokens, reading.context.language.parting
    if tokens[start].word not in known.actions:
        return False
    second = _behind_time(reading, at + 1, len(tokens))
    if second + 1 >= len(tokens) or tokens[second].word not in known.actions:
        return False
    return any(time.end == at and time.start > start + 1 for time in find_times(reading.parse, start, at))


def _is_head(known: Parting, tokens: Sequence[Token], at: int) -> bool:
    """True when a command begins at `at`."""
    for phrase in known.heads.get(tokens[at].word, ()):
        stop = at + len(phrase)
        if stop <= len(tokens) and all(tokens[at + step].word == word for step, word in enumerate(phrase)):
            if len(phrase) == 1 and phrase[0] in known.heads_of_more:
                following = tokens[stop] if stop < len(tokens) else None
                if following is None:
                    return False
                if phrase[0] in known.heads_of_numbers and "num" not in following.values and following.word != "#":
                    continue
            return True
    return False


def _noun_here(known: Parting, tokens: Sequence[Token], begin: int, at: int) -> bool:
    """E.g. "add, remove and edit buttons": a list of words, not of commands."""
    following = tokens[begin + 1] if begin + 1 < len(tokens) else None
    return following is None or following.word in known.in_a_row or at == 0


def items(reading: Reading, start: int, end: int, *, listed: bool) -> list[Part]:
    """The todos of an ADD's words."""
    tokens, language = reading.parse.tokens, reading.context.language
    parts: list[Gap] = []
    for actions in _actions(reading, start, end):
        parts += _listed(language, tokens, actions.start, actions.end) if listed else [actions]
    return [part for gap in parts for part in shared_verb(reading, gap)]


def _actions(reading: Reading, start: int, end: int) -> list[Gap]:
    """Cut where a second action begins: "buy milk and call mum", "call mum at 5, every friday put the bins out"."""
    tokens, language = reading.parse.tokens, reading.context.language
    known = language.parting
    if tokens[start].word not in known.actions or tokens[start].word in known.purpose:
        return [Gap(start, end)]
    parts: list[Gap] = []
    begin = start
    at = start + 1
    while at < end:
        if tokens[at].word in known.next_action:
            following = at
            while following < end and following <= at + _MOST_BETWEEN and tokens[following].word in known.passed_over:
                following += 1
            verb = _behind_time(reading, following, end)
            if verb < end and _second_action(language, tokens, begin, at, verb, end):
                parts.append(Gap(begin, at))
                begin = following
            at = following
        else:
            at += 1
    parts.append(Gap(begin, end))
    return parts


def _behind_time(reading: Reading, at: int, end: int) -> int:
    """Where an action would stand: at `at`, or behind the time that stands there ("every friday (put the bins out)")."""
    if at >= end or reading.parse.tokens[at].word in reading.context.language.parting.actions:
        return at
    time = read_time(reading.parse, at, end)
    return time.end if time is not None else at


def _second_action(  # noqa: PLR0917 - places in the text, in their order
    language: Language, tokens: Sequence[Token], begin: int, at: int, following: int, end: int
) -> bool:
    verb, known = tokens[following].word, language.parting
    if verb not in known.actions or verb in known.leaning or at - begin < 2 or end - following < 2:
        return False
    if tokens[begin].word in known.purpose:
        return False
    if tokens[following].capital and tokens[at - 1].capital:
        return False  # "Law and Order"
    if any(tokens[step].word in known.pointing_back for step in range(following + 1, min(following + 3, end))):
        return False
    after = tokens[following + 1]
    if verb in known.often_nouns and (after.word in known.behind_noun or after.values):
        return False
    return tokens[following - 1].word not in language.either


def _listed(language: Language, tokens: Sequence[Token], start: int, end: int) -> list[Gap]:
    """Cut "milk, eggs and bread" at its commas."""
    known = language.parting
    commas = [at for at in range(start, end) if tokens[at].word == ","]
    if not commas or tokens[start].word in known.actions or any(tokens[at].word == ":" for at in range(start, end)):
        return [Gap(start, end)]
    cuts = commas + [at for at in range(commas[-1] + 1, end) if tokens[at].word in language.ands]
    parts: list[Gap] = []
    begin = start
    for cut in [*sorted(cuts), end]:
        if cut > begin:
            parts.append(Gap(begin, cut))
        begin = cut + 1
    whole = [Gap(start, end)]
    if len(parts) < 2 or any(tokens[part.start].word in known.talk for part in parts):
        return whole
    return parts if all(_is_item(known, tokens, part) or _for_someone(known, tokens, part, parts) for part in parts) else whole


def _for_someone(known: Parting, tokens: Sequence[Token], part: Gap, parts: Sequence[Gap]) -> bool:
    """E.g. "milk for Zoe, oat milk and stamps"; "presents for Zoe, Tom and Ana" stays one."""
    words = tokens[part.start : part.end]
    at = next((place for place, word in enumerate(words) if word.word in known.for_someone), 0)
    named = 0 < at < len(words) - 1 and len(words) <= _MOST_ITEM_WORDS + 1 and all(word.capital for word in words[at + 1 :])
    others = [tokens[other.start] for other in parts if other != part]
    return named and not any(other.capital for other in others)


def parted(reading: Reading, start: int, end: int) -> list[Gap]:
    """The parts between commas, whatever they are: under a heading each is a todo."""
    tokens, ands = reading.parse.tokens, reading.context.language.ands
    cuts = [at for at in range(start, end) if tokens[at].word in (",", ";")]
    if cuts:
        cuts += [at for at in range(cuts[-1] + 1, end) if tokens[at].word in ands and at > cuts[-1]][:1]
    edges = [start - 1, *sorted(cuts), end]
    return [Gap(first + 1, last) for first, last in pairwise(edges) if last > first + 1]


_DATED: Final = frozenset({"weekday", "month", "colon", "ampm", "part"})


def _is_item(known: Parting, tokens: Sequence[Token], part: Gap) -> bool:
    words = tokens[part.start : part.end]
    if len(words) > _MOST_ITEM_WORDS:
        return False
    return not any(word.word in known.no_item or word.values.keys() & _DATED for word in words)
