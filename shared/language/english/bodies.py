"""The words that are asked to be added: whether they are a todo, where they begin, and which list they are for."""


# ruff: noqa: E501 - a pattern is one string

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from shared.language.chains import Time
from shared.language.commands import Reading, list_tag
from shared.language.english.elsewhere import SUBJECTS, bare_subject, mailbox, other_subject, question_inside
from shared.language.english.nouns import EVENTS, OURS
from shared.language.english.occasions import names_plans
from shared.language.english.talk import FUNCTION_WORDS, NO_LIST_NAMES, PRONOUNS, QUESTIONS, WHOLE_LISTS
from shared.language.english.verbs import ACTIONS
from shared.language.moments import Clock
from shared.language.parse import Gap
from shared.language.timing import find_times, read_time


@dataclass(frozen=True, slots=True)
class Asked:
    """A form for adding that matched: `body` is the free text, `words` its words."""

    reading: Reading
    body: Gap
    words: tuple[str, ...]
    when: Time | None
    list: Gap | None


Need = Callable[[Asked], bool]
"""What must hold of the words for a form to be meant."""


def action(asked: Asked) -> bool:
    """Something to do: "buy stamps"."""
    first = without_fillers(asked.reading, asked.body).start
    return asked.reading.parse.tokens[first].word in ACTIONS and not other_subject(asked.words)


def event(asked: Asked) -> bool:
    """An event stands near the beginning: "a meeting with Fred"; "a list of my meetings" is asked for."""
    return asked.words[0] not in _ACCOUNTS and not EVENTS.isdisjoint(asked.words[:4])


_ACCOUNTS: Final = frozenset("list rundown summary overview date details time".split())


def meets(asked: Asked) -> bool:
    """An arrangement that can be noted with its date: "a haircut for friday"; a table or a taxi is for others to book."""
    words = asked.words
    return (
        not _ARRANGED.isdisjoint(words[:4]) and no_question(asked) and not other_subject(words) and _RESERVED.isdisjoint(words)
    )


_ARRANGED: Final = EVENTS - frozenset(
    "trip test game play call calls shift shifts gym alarm alarms alert alerts schedule plans".split()
)
_RESERVED: Final = frozenset(
    "reservation reservations table hotel room rooms ticket tickets flight cab taxi car seat seats restaurant".split()
)


def date(asked: Asked) -> bool:
    """A date was said, in the words or beside them."""
    body = asked.body
    return (
        asked.when is not None or asked.reading.led is not None or bool(find_times(asked.reading.parse, body.start, body.end))
    )


def no_question(asked: Asked) -> bool:
    """Neither a question nor an order to somebody."""
    return asked.words[0] not in QUESTIONS and asked.words[0] not in _ORDERS


_ORDERS: Final = frozenset("to for know find check look tell go see".split())


def said_out(asked: Asked) -> bool:
    """The words are whole before what follows: not the "he did not" of "he did not remind me yesterday"."""
    return asked.words[-1] not in _CUT_OFF


_CUT_OFF: Final = (
    frozenset("not never didn't don't doesn't won't did does do to can could will would please always ever".split()) | PRONOUNS
)


def recurring(asked: Asked) -> bool:
    """A date for something to be repeated; "repeat my schedule for the day" asks."""
    return date(asked) and asked.words[0] not in _PLANS


_PLANS: Final = frozenset("schedule calendar agenda list lists reminders plans tasks todos".split())


def repeated(asked: Asked) -> bool:
    """A repeat stands beside the words; a single time there would be the reminder's own."""
    return asked.when is not None and asked.when.rule is not None


def for_oneself(asked: Asked) -> bool:
    """Something one does oneself, as "i want to swim" says and "i want to book a flight" does not: that is asked of a service."""
    if names_plans(asked.words, dated=False) or (
        asked.words[0] in ("my", "the") and asked.words[1:2] and asked.words[1] in _PLANS
    ):
        return False
    return asked.words[0] not in _NOT_BY_ONESELF and not other_subject(asked.words)


_NOT_BY_ONESELF: Final = (
    QUESTIONS
    | {"to"}
    | frozenset(
        """book reserve order cancel change hear listen watch play set schedule make create add put delete remove report transfer pay use have
    be talk speak ask tell send know understand learn find check look start stop turn""".split()
    )
)


def for_list(asked: Asked) -> bool:
    """Neither for an address book nor for a list with an impossible name; "get rid of" and "no meeting" add nothing."""
    words = asked.words
    named = {token.word for token in asked.reading.parse.tokens[asked.list.start : asked.list.end]} if asked.list else set()
    if asked.list is not None and not _is_name(asked.reading, asked.list):
        return False
    other = bool(_OTHER_LISTS & (set(words[-3:]) | named)) and words[0] not in ACTIONS
    return not other and words[:2] != ("rid", "of") and words[0] != "no"


_OTHER_LISTS: Final = frozenset("contact contacts favorites favourites".split())


def _is_name(reading: Reading, gap: Gap) -> bool:
    """E.g. "hardware": a list's name is short; "restaurant to my" is none."""
    words = [token.word for token in reading.parse.tokens[gap.start : gap.end]]
    return len(words) <= 3 and (" ".join(words) in WHOLE_LISTS or NO_LIST_NAMES.isdisjoint(words))


def reminds(asked: Asked) -> bool:
    """Something to be reminded of: not of "my plans" or "what I have to do", which are questions."""
    words = asked.words[1:] if asked.words[0] in _ABOUT and len(asked.words) > 1 else asked.words
    if names_plans(words, dated=False) or words[:2] in _PLURALS:
        return False
    if set(words) <= _LISTS_ALONE:
        return False
    if words[0] == "when" and words[-1] in ("is", "are", "be", "was", "it's"):
        return False
    return words[0] not in _WH and (words[0] != "how" or words[1:2] == ("to",))


_LISTS_ALONE: Final = frozenset("my the our list lists shopping grocery groceries to do todo to-do".split())
_PLURALS: Final = (("the", "things"), ("the", "items"), ("things", "i"), ("the", "stuff"))
_WH: Final = frozenset("what which who what's who's where where's".split())


def needed(asked: Asked) -> bool:
    """Something one needs to do oneself: not what is asked of us ("I need to delete a reminder"), nor talk."""
    words = asked.words
    if question_inside(words) or words[:2] in _TALKS or _looks_up(words):
        return False
    if words[0] in _UNLISTED or words[:2] in (("get", "rid"), ("take", "off")) or "off" in words:
        apart = words[0] == "cancel" and "all" not in words and words[1:] not in (("an", "event"), ("the", "event"), ("event",))
        of_us = not OURS.isdisjoint(words) or (not apart and not _APPOINTED.isdisjoint(words))
        return not of_us
    return True


def _looks_up(words: tuple[str, ...]) -> bool:
    """E.g. "(i need to) see my schedule", "know when my meeting is": asked of us."""
    if words[:2] == ("find", "out") or words[0] in ("see", "know", "hear", "view"):
        return not (OURS | EVENTS).isdisjoint(words[1:])
    return words[0] in ("check", "open", "look") and not OURS.isdisjoint(words[1:])


_TALKS: Final = (("ask", "you"), ("tell", "you"), ("talk", "to"), ("know", "what"))
_UNLISTED: Final = frozenset("delete remove erase cancel clear empty wipe".split())
_APPOINTED: Final = frozenset("event events meeting meetings appointment appointments".split())


def had(asked: Asked) -> bool:
    """Something one has or that there is: not "no meeting", nor a question."""
    return asked.words[0] not in ("no", "to") and not question_inside(asked.words)


def takes_place(asked: Asked) -> bool:
    """An occasion that is on: "the party is cancelled" is none, nor "my schedule"."""
    if names_plans(asked.words, dated=False) and asked.words[0] in ("my", "the", "tomorrow's", "today's"):
        return False
    return asked.words[0] not in ("me", "us") and _CALLED_OFF.isdisjoint(asked.words)


_CALLED_OFF: Final = frozenset("cancelled canceled off over postponed no not isn't isnt".split())


def nudges(asked: Asked) -> bool:
    """Something to be nudged about: not news as they come."""
    words = asked.words
    return words[:2] not in (("me", "when"), ("me", "if")) and SUBJECTS.isdisjoint(words) and "topic" not in words


def lead_up(asked: Asked) -> bool:
    """E.g. "an hour before the party", "the morning of the exam", "the night before my flight"."""
    parse, tokens, body = asked.reading.parse, asked.reading.parse.tokens, asked.body
    for stop, _ in parse.match("length", body.start):
        if stop + 1 < body.end and tokens[stop].word in ("before", "ahead", "prior"):
            return True
    words = [token.word for token in tokens[body.start : body.start + 4]]
    told = body.start > 1 and tokens[body.start - 2].word in ("tell", "inform")
    if told and words[:1] == ["the"] and words[2:3] == ["of"]:
        return False  # "tell me the day of my exam" asks
    words = words[1:] if words[:1] == ["the"] else words
    return words[:1] != [] and words[0] in _PERIODS and words[1:2] in (["before"], ["of"])


_PERIODS: Final = frozenset("day night morning evening afternoon week hour minute weekend".split())


def led_ahead(reading: Reading, body: Gap) -> tuple[Gap, int, Clock | None] | None:
    """E.g. "30 min before (the dentist on friday at 3)", "the day before at 6pm about (the trip on 12 december)".

    What is to be reminded of, how many seconds ahead, and the time of day that was said for it. "The week before christmas to
    write cards" is a date, and nothing is ahead of anything.
    """
    parse, tokens = reading.parse, reading.parse.tokens
    found = next(((stop, value) for stop, value in parse.match("lead", body.start) if stop < body.end), None)
    if found is None:
        return None
    stop, (seconds, clock) = found
    time = read_time(parse, body.start, body.end)
    dated = time is not None and time.end > stop and (time.end == body.end or tokens[time.end].word in _ABOUT)
    return None if dated else (Gap(stop, body.end), seconds, clock)


_ABOUT: Final = frozenset("to about that of".split())


def own(asked: Asked) -> bool:
    """E.g. "flight", "driving test": of one's own, and not what a bank or a phone says about it."""
    words = asked.words
    return len(words) <= 4 and not other_subject(words) and FUNCTION_WORDS.isdisjoint(words) and words[-1] not in _TOLD


_TOLD: Final = frozenset(
    "name phone battery card account number address password internet wifi computer car dog cat head back bill birth".split()
)


def thing(asked: Asked) -> bool:
    """E.g. "eggs", "oat milk": short, and nothing that is asked of somebody."""
    words = tuple(word for word in asked.words if word != "and")
    return (
        len(words) <= 3
        and words != ()
        and FUNCTION_WORDS.isdisjoint(words)
        and QUESTIONS.isdisjoint(words)
        and PRONOUNS.isdisjoint(words)
        and not other_subject(words)
        and not bare_subject(words)
        and not mailbox(words)
        and _NO_THINGS.isdisjoint(words)
        and all(word.isalpha() for word in words)
    )


_NO_THINGS: Final = frozenset(
    "help assistance advice ideas idea sleep rest time money love friends reminding reminder reminders work luck options suggestions control space context patience alone you cash glasses answers more list".split()
)


def without_fillers(reading: Reading, body: Gap) -> Gap:
    """E.g. "i need to uh buy milk"."""
    first = body.start
    while first < body.end - 1 and reading.parse.tokens[first].word in (
        "um",
        "uh",
        "uhm",
        "er",
        "erm",
        "like",
        ",",
        "probably",
        "maybe",
    ):
        first += 1
    return Gap(first, body.end)


def without_two(reading: Reading, body: Gap) -> Gap:
    """E.g. "dont forget 2 buy milk": a figure for a word."""
    tokens = reading.parse.tokens
    figure = body.end - body.start > 2 and tokens[body.start].text == "2" and tokens[body.start + 1].word in ACTIONS
    return Gap(body.start + 1, body.end) if figure else body


def kind_after(reading: Reading, body: Gap) -> str:
    """shopping, of "... to my shopping list"."""
    tokens = reading.parse.tokens[body.end : body.end + 6]
    for token, following in pairwise(tokens):
        if token.word in _KINDS and following.word in ("list", "lists"):
            return list_tag(reading.context.language, token.word)
    plain = [token.word for token in tokens if token.word not in ("my", "the", "our")]
    return plain[1] if len(plain) == 2 and plain[0] in ("to", "on", "onto") and plain[1] in ("groceries", "shopping") else ""


def list_name(reading: Reading, gap: Gap | None) -> str:
    """The list a form named; empty for the todo list itself."""
    if gap is None:
        return ""
    words = [token.word for token in reading.parse.tokens[gap.start : gap.end] if token.word not in ("the", "my", "our", "a")]
    name = " ".join(words)
    return "" if name in WHOLE_LISTS else list_tag(reading.context.language, name)


_KINDS: Final = frozenset(
    "shopping grocery work home personal packing chore wish bucket reading movie household errand school".split()
)
