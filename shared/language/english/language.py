"""English as one value: what the rules of `shared.language` read texts with."""

from __future__ import annotations

from typing import Final

from shared.language.english import commands as _commands  # noqa: F401 - registers its forms
from shared.language.english.asking import asks_about_lists
from shared.language.english.behind import BEHIND
from shared.language.english.chat import chat_of
from shared.language.english.correcting import CORRECTING, SHARING
from shared.language.english.dates import grammar
from shared.language.english.doubting import DOUBTING
from shared.language.english.elsewhere import (
    always_elsewhere,
    asked_of_machine,
    asked_of_someone,
    bare_subject,
    in_a_language,
    leave_me_alone,
    mailbox,
    other_subject,
    question_inside,
    sought,
    switches,
)
from shared.language.english.helping import asks_for_help
from shared.language.english.lexicon import AMBIGUOUS, LEXICON, SPELLING, TOKENS
from shared.language.english.noting import NOTING
from shared.language.english.ordering import ORDERING, TITLING
from shared.language.english.parting import PARTING
from shared.language.english.plans import asks_about_plans
from shared.language.english.pointing import JOINING, POINTING
from shared.language.english.statements import asks, states
from shared.language.english.talk import ARTICLES, FUNCTION_WORDS, LEADS, PRONOUNS, QUESTIONS, TAILS, TODO_NOUNS, gibberish
from shared.language.english.unlisting import all_of_it, deletes, drops
from shared.language.english.verbs import ACTIONS, PAST
from shared.language.language import Hearing, Language, Saying
from shared.language.words import by_word, words

ENGLISH: Final = Language(
    grammar=grammar,
    tokens=TOKENS,
    lexicon=LEXICON,
    spelling=SPELLING,
    saying=Saying(
        months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        today="Today",
        yesterday="Yesterday",
        noon="noon",
        am="am",
        pm="pm",
        other="not {}",
        not_today="not today",
        clocks_change="the clocks change",
    ),
    actions=ACTIONS,
    past=PAST,
    function_words=FUNCTION_WORDS,
    questions=QUESTIONS,
    pronouns=PRONOUNS,
    articles=ARTICLES,
    todo_nouns=TODO_NOUNS,
    ambiguous=AMBIGUOUS,
    possessive=("'s",),
    ands=words("and &"),
    either=words("or"),
    the=words("the"),
    every=words("every"),
    please=words("please"),
    remind=words("remind"),
    me=words("me"),
    leads=by_word(LEADS),
    tails=by_word(TAILS, -1),
    parting=PARTING,
    pointing=POINTING,
    joining=JOINING,
    doubting=DOUBTING,
    titling=TITLING,
    ordering=ORDERING,
    noting=NOTING,
    correcting=CORRECTING,
    behind=BEHIND,
    sharing=SHARING,
    hearing=Hearing(
        talk=chat_of,
        asks_about_lists=asks_about_lists,
        asks_about_plans=asks_about_plans,
        asks_for_help=asks_for_help,
        deletes=deletes,
        drops=drops,
        all_of_it=all_of_it,
        asks=asks,
        states=states,
        gibberish=gibberish,
        question_inside=question_inside,
        asked_of_someone=asked_of_someone,
        asked_of_machine=asked_of_machine,
        switches=switches,
        sought=sought,
        in_a_language=in_a_language,
        mailbox=mailbox,
        leave_me_alone=leave_me_alone,
        other_subject=other_subject,
        bare_subject=bare_subject,
        always_elsewhere=always_elsewhere,
    ),
)
