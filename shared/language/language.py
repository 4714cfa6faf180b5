"""One language as one value: what `understand` is given beside the text.

`Language` names everything a language has to supply: its grammar (forms with their meanings), its lexicon, and the words that the
rules ask for (tables: `words.py`). The rules find it as `context.language`. English is put together in `english/language.py`; a
second language does the same in a folder of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from shared.language.words import (
    NO_WORDS,
    NOTHING,
    Behind,
    Correcting,
    Doubting,
    Joining,
    Noting,
    Ordering,
    Parting,
    Phrases,
    Pointing,
    Sharing,
    Tables,
    Titling,
    Words,
)

if TYPE_CHECKING:
    import re

    from shared.language.grammar import Grammar

Judge = Callable[[Sequence[str]], bool]
"""Answers one question about the words of a clause."""


def _never(_: Sequence[str]) -> bool:
    return False


def _no_talk(_text: str, _words: Sequence[str]) -> None:
    return None


def _no_question(_: Sequence[str], *, dated: bool) -> bool:
    return False


def _no_plans(_: Sequence[str], _rest: Sequence[str], *, dated: bool) -> bool:
    return False


Talk = Literal["thanks", "hello", "person", "anger", "distress", "reaction", "ok", "nothing"]
"""What a message that is only talk is; "nothing": talk we have no answer to."""


class Hearing(Tables):
    """Judgements that take more than a table: each looks at the words of a whole clause."""

    talk: Callable[[str, Sequence[str]], Talk | None] = staticmethod(_no_talk)  # of the text and its words
    asks_about_lists: Callable[..., bool] = staticmethod(_no_question)  # words, dated=
    asks_about_plans: Callable[..., bool] = staticmethod(_no_plans)  # words, those that state no time, dated=
    asks_for_help: Judge = staticmethod(_never)
    deletes: Judge = staticmethod(_never)  # an order to take something off one's lists
    drops: Judge = staticmethod(_never)  # an event that is not to be: "no lunch"
    all_of_it: Judge = staticmethod(_never)  # an order to delete that names nothing in particular
    asks: Judge = staticmethod(_never)  # a question
    states: Judge = staticmethod(_never)  # a statement
    gibberish: Callable[[list[str]], bool] = staticmethod(_never)  # keys that were hit
    question_inside: Judge = staticmethod(_never)
    asked_of_someone: Judge = staticmethod(_never)  # a request to a listener
    asked_of_machine: Judge = staticmethod(_never)  # to a player, a switch
    switches: Judge = staticmethod(_never)  # an order to a house
    sought: Judge = staticmethod(_never)  # asked of a search engine
    in_a_language: Judge = staticmethod(_never)  # asked of a dictionary
    mailbox: Judge = staticmethod(_never)  # an order to a mail program
    leave_me_alone: Judge = staticmethod(_never)
    other_subject: Judge = staticmethod(_never)  # about something another service does
    bare_subject: Judge = staticmethod(_never)  # names something another service knows
    always_elsewhere: Judge = staticmethod(_never)  # speaks of something no todo is about


class Saying(Tables):
    """The few words of an aside ("not 7pm"); replies are written by `shared.messages`."""

    months: tuple[str, ...]  # Jan to Dec
    weekdays: tuple[str, ...]  # Mon to Sun
    today: str
    yesterday: str
    noon: str
    am: str
    pm: str
    other: str  # "not {}": the reading not chosen
    not_today: str
    clocks_change: str


class Language(Tables):
    """One language: its grammar, the words its forms know, and the words the rules ask for."""

    grammar: Grammar  # forms of time and of commands
    tokens: re.Pattern[str]  # how its texts are cut: `text.token_pattern`, compiled
    lexicon: Mapping[str, Mapping[str, Any]]  # words with their classes: friday is a <weekday>
    spelling: Mapping[str, str]  # what people write to the word the others know
    saying: Saying

    actions: Words = NO_WORDS  # verbs that begin a todo
    past: Mapping[str, str] = NOTHING  # what was done to what it was: watered, water
    function_words: Words = NO_WORDS  # words without content
    questions: Words = NO_WORDS  # words that begin a question
    pronouns: Words = NO_WORDS
    articles: Words = NO_WORDS  # say nothing about which todo
    todo_nouns: Words = NO_WORDS  # nouns for a todo itself: task, reminder
    ambiguous: Words = NO_WORDS  # days or months only in company: sat, may
    possessive: tuple[str, ...] = ()  # how a word ends that owns what follows: "tomorrow's"
    ands: Words = NO_WORDS  # marks included
    either: Words = NO_WORDS  # or
    the: Words = NO_WORDS
    every: Words = NO_WORDS  # "every!" repeats by completion
    please: Words = NO_WORDS
    remind: Words = NO_WORDS  # "remind me"
    me: Words = NO_WORDS
    leads: Phrases = NOTHING  # politeness before a command: taken off
    tails: Phrases = NOTHING  # behind it, by the last word

    parting: Parting = Parting()
    pointing: Pointing = Pointing()
    joining: Joining = Joining()
    doubting: Doubting = Doubting()
    titling: Titling = Titling()
    ordering: Ordering = Ordering()
    noting: Noting = Noting()
    hearing: Hearing = Hearing()
    correcting: Correcting = Correcting()
    behind: Behind = Behind()
    sharing: Sharing = Sharing()
