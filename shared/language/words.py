"""The words that the rules ask for, under the name of what they mean to them.

The rules (the modules beside this one) hold no word of any language: they find these tables as `context.language`. A word stands as
`spelling` corrects it, in lower case; a table of what may stand between words holds marks (",", "&") as well. Each may be left empty:
the rule that asks for it then never applies, so a language can begin with a dozen words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, dataclass_transform

if TYPE_CHECKING:
    from shared.language.model import Intent, Priority

Words = frozenset[str]
Phrase = tuple[str, ...]
Phrases = Mapping[str, Sequence[Phrase]]
"""Phrases by their first word (or their last, where a table says so)."""

NO_WORDS: Final[Words] = frozenset()
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def words(text: str) -> Words:
    """A table written as text: words parted by spaces."""
    return frozenset(text.split())


def phrases(text: str) -> tuple[Phrase, ...]:
    """Phrases parted by "|"."""
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


def whole(text: str) -> Words:
    """Phrases parted by "|", each compared as a whole."""
    return frozenset(text.split("|"))


def by_word(all_phrases: Sequence[Phrase], at: int = 0) -> Phrases:
    """Phrases by their first word, or with -1 by their last."""
    found: dict[str, list[Phrase]] = {}
    for phrase in all_phrases:
        found.setdefault(phrase[at], []).append(phrase)
    return found


def ends_in(said: Sequence[str], endings: Sequence[Phrase]) -> bool:
    """True when the words end in one of the phrases."""
    return any(tuple(said[-len(phrase) :]) == phrase for phrase in endings)


def begins_with(said: Sequence[str], beginnings: Sequence[Phrase]) -> int:
    """Length of the first of the phrases the words begin with; 0 for none."""
    return next((len(phrase) for phrase in beginnings if tuple(said[: len(phrase)]) == phrase), 0)


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Tables:
    """Tables by name, each given once; what is not given stays empty. A data class in all but its price at a cold start."""

    def __init__(self, **tables: Any) -> None:  # noqa: ANN401 - a type checker sees the names and types below
        """Take the tables.

        Raises:
            TypeError: a table is unknown, or one that cannot be empty is missing.
        """
        names = type(self).__annotations__
        missing = {name for name in names.keys() - tables.keys() if not hasattr(type(self), name)}
        if wrong := missing | (tables.keys() - names.keys()):
            raise TypeError(f"{type(self).__name__}: missing or unknown {sorted(wrong)}")
        vars(self).update(tables)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{name} cannot be changed")


class Parting(Tables):
    """Where one command ends and the next begins, and which words are several todos (`clauses.py`)."""

    cuts: Words = NO_WORDS  # before one of these, marks included, a command may end: and, then, ","
    links: Words = NO_WORDS  # passed over until the next command begins: um, please, finally
    therefore: Words = NO_WORDS  # cuts only before a command of `therefore_asked`: "I am ill, so cancel the gym"
    therefore_asked: Words = NO_WORDS
    counting: Words = NO_WORDS  # "first, ..., second ...": each begins another
    heads: Phrases = NOTHING  # how commands begin
    heads_of_more: Words = NO_WORDS  # heads that need something behind them: show, list
    heads_of_numbers: Words = NO_WORDS  # of those, the ones that need a number: "tag 2"
    numbered: Words = NO_WORDS  # with a number behind them they are whole: "move 2 (to friday) and ..."
    moved_to: Words = NO_WORDS  # "move 2 to friday and 3 to monday"
    before_settled: Words = NO_WORDS  # "1 and 2 are done"
    settled: Words = NO_WORDS  # "2 done, 3 tomorrow": behind numbers they are whole
    can: Words = NO_WORDS  # "... can you add it to my list": what stands before is only the reason
    you: Words = NO_WORDS
    abbreviations: Words = NO_WORDS  # a full stop behind them ends no sentence: dr, vs
    actions: Words = NO_WORDS  # verbs that begin one of several todos
    next_action: Words = NO_WORDS  # before a second action: "buy milk and call mum"
    passed_over: Words = NO_WORDS  # between the two: "... and then oh call mum"
    purpose: Words = NO_WORDS  # behind these verbs a second one is their purpose: "go and see"
    leaning: Words = NO_WORDS  # verbs that lean on what came before: "call mum and ask about dinner"
    pointing_back: Words = NO_WORDS  # a clause with one belongs to the clause before: it, them
    often_nouns: Words = NO_WORDS  # verbs that are nouns more often: "food and water"
    behind_noun: Words = NO_WORDS  # what stands behind such a noun: with, for, ","
    in_a_row: Words = NO_WORDS  # behind a word of a list: "add, remove and edit buttons"
    talk: Words = NO_WORDS  # before a comma these begin no list: "yes, my friend"
    for_someone: Words = NO_WORDS  # "milk for Zoe, stamps"
    no_item: Words = NO_WORDS  # a part with one of these is no item of a list: with, is, you, tomorrow

    @cached_property
    def edges(self) -> Words:
        """Where a command may end, beside marks and figures: no other word is looked at."""
        return self.cuts | self.can


class Pointing(Tables):
    """Which todos are meant (`references.py`)."""

    separators: Words = NO_WORDS  # between numbers: "2 and 4"
    number_nouns: Words = NO_WORDS  # before a number: "task 4", "#4"
    up_to: Words = NO_WORDS  # "1-3", "1 through 3"
    more: Words = NO_WORDS  # between numbers and words: "2 and the milk one"
    one: Words = NO_WORDS  # ends words that describe: "the milk one"
    led_by: Words = NO_WORDS  # before a reference, nothing of it: "with 3"
    idle: Words = NO_WORDS  # in "the last thing I added": says nothing about which
    first: Words = NO_WORDS
    last: Words = NO_WORDS  # the end of what was shown: "the last two"
    both: Words = NO_WORDS
    latest: Words = NO_WORDS  # phrases for the todo added last: "last i added"
    that: Words = NO_WORDS  # phrases for the todo of the last reply: it, this
    everything: Words = NO_WORDS  # phrases for all todos: "all of them"
    them: Words = NO_WORDS  # of those, the ones that mean all only when they stand alone
    wide: Words = NO_WORDS  # beside a day, tag or state these mean all of them: "everything today"
    tagged: Words = NO_WORDS  # beside a tag: "everything under #shop"
    statuses: Mapping[str, Literal["overdue", "done"]] = NOTHING
    beside_status: Words = NO_WORDS  # "everything that's overdue"
    beside_day: Words = NO_WORDS  # "everything due on friday"
    due: Words = NO_WORDS  # "the dentist on friday": when the todo is due
    unsaid: Words = NO_WORDS  # beside a date no words of a todo: stuff, due
    strong: Words = NO_WORDS  # nouns for a todo that are kept beside other words: "meeting with Bob"
    events: Words = NO_WORDS  # of those, the ones that say which todo when nothing but a date is left
    appointed: Mapping[str, str] = NOTHING  # "my 3pm meetings": meeting
    gatherings: Words = NO_WORDS  # of those, the ones that name a todo alone: "the meeting"
    persons: Words = NO_WORDS  # words with one of these name no todo: "what she said"
    somebody: Words = NO_WORDS  # nor do these alone: yourself, him
    to_do: Phrase = ()  # "to do" before the words
    lead: Words = NO_WORDS  # before the words that name a todo: about, for
    tail: Words = NO_WORDS  # behind them: list, off

    @cached_property
    def hints(self) -> Words:
        """Words of which one stands wherever todos are pointed at, but for their place ("the third")."""
        phrases = self.latest | self.that | self.everything
        return self.first | self.last | self.both | {word for phrase in phrases for word in phrase.split()}


class Joining(Tables):
    """Pieces of time that belong together (`chains.py`, `repeating.py`)."""

    connectors: Words = NO_WORDS  # between pieces, marks included: "tomorrow, at 8"
    until: Words = NO_WORDS  # "friday 5pm to sunday 3pm"
    shouted_zones: Words = NO_WORDS  # zones that are words but for their capitals: ET
    lasting: Words = NO_WORDS  # "for 3 weeks every day"
    up_to: Words = NO_WORDS  # "what's due by friday"
    short_of: Words = NO_WORDS  # "what's due before friday"
    own_time: Words = NO_WORDS  # "move it to friday, same time"
    ending_apart: Words = NO_WORDS  # "every day take my pills until christmas"
    before_repeat: Words = NO_WORDS  # between a time of day and its repeat, marks included: "at 3, on weekdays"


class Doubting(Tables):
    """What looks like time and is none (`standing.py`)."""

    name_before: Words = NO_WORDS  # behind these a weekday is a name: "call Friday"
    day_names: Words = NO_WORDS  # words that make a name with a day: "Black Friday"
    prepositions: Words = NO_WORDS  # before a date
    prepositions_of_clocks: Words = NO_WORDS  # before a time of day: "at 5 guys" has none
    pointing_away: Words = NO_WORDS  # what follows is not when it is due: "except sunday"
    about_it: Words = NO_WORDS  # a day behind these says what the todo is about: "notes from yesterday"
    numbered: Words = NO_WORDS  # nouns that have numbers: "room 4 this afternoon"
    versions: Words = NO_WORDS  # marks included: "v 1.2"
    owning: Words = NO_WORDS  # "the weekend box", "my friday class"
    every: Words = NO_WORDS  # how a repeat begins: every, weekly
    watched: Words = NO_WORDS  # behind these a holiday is a title: "watch Black Friday"
    uncounted: Words = NO_WORDS  # before a time of day; the number counts nothing: "remind me at 5"
    after_date: Words = NO_WORDS  # behind a date, no noun that it belongs to
    no_ordinal: Words = NO_WORDS  # ordinals that are lengths of time: second
    only_at_edges: Words = NO_WORDS  # no time within a clause: now, later
    ordinal_led: Phrase = ()  # "on the 5th floor"


class Titling(Tables):
    """What is taken out of a todo's words, and what is left of them (`adding.py`)."""

    before_date: Words = NO_WORDS  # goes with the date
    before_own: Words = NO_WORDS  # goes with a date that has its own preposition: "due on friday"
    copula: Words = NO_WORDS  # stays before a date with words behind it: "what is tomorrow's plan"
    notes: Words = NO_WORDS  # "note: gate code 4411"
    is_so: Words = NO_WORDS  # "..., it's (important)"
    urgent: Mapping[str, Priority] = NOTHING  # at the front ("urgent: ...") or the very end
    no_priority_behind: Words = NO_WORDS  # "... what is important" is no priority
    led_in: Words = NO_WORDS  # of "remind me tomorrow about the report": no title
    not_first: Words = NO_WORDS  # of those, what a title may begin with: "need milk"
    lead: Words = NO_WORDS  # left over before a title where a date was taken out
    tail: Words = NO_WORDS  # left over behind it


class Ordering(Tables):
    """Clauses that a form takes, lists and headings (`reading.py`, `ordered.py`, `commands.py`)."""

    stop: Words = NO_WORDS  # what a carrier takes for a stop, as the whole message
    start: Words = NO_WORDS
    ways: Words = NO_WORDS  # the way to what is asked for: "open my list and add milk"
    idioms: tuple[Phrase, ...] = ()  # these begin like an order and are none: "done deal", "well done"
    others: Words = NO_WORDS  # somebody else who takes orders: "alexa, delete my alarm" is not for us
    finding: Words = NO_WORDS  # "find cheese"
    found_for: Words = NO_WORDS  # behind it something is asked of a search engine: "find me a recipe"
    lists: Words = NO_WORDS  # list, calendar, tasks
    on_lists: tuple[str, ...] = ()  # phrases that end what is sought there: "find lunch on my calendar"
    ours: Words = NO_WORDS  # with one of these an order is for us, whatever it is about
    bookings: Words = NO_WORDS  # what only others can undo: reservation, account
    questions: Words = NO_WORDS  # a clause that begins so orders nothing
    no_todo: Words = NO_WORDS  # words that name a todo never begin so
    unfinished: Words = NO_WORDS  # nor end so: "delete it when"
    after: Words = NO_WORDS  # "3 months after it's done" repeats
    not_done: Words = NO_WORDS  # "well done", "get it done": no todo is said to be done
    after_day: Words = NO_WORDS  # between a day and an order, marks included: "tomorrow please ..."
    headings: Words = NO_WORDS  # of headings over lists: "things to do"
    heading_names: Words = NO_WORDS  # of those, names of lists: groceries
    no_names: Words = NO_WORDS  # in a heading, but no name
    whole_lists: Words = NO_WORDS  # phrases: everything there is, not a list by name
    no_list_names: Words = NO_WORDS
    same_list: Mapping[str, str] = NOTHING  # other phrases for a list: grocery for groceries
    between_tags: Words = NO_WORDS


class Noting(Tables):
    """Words without a command: a todo, what is done, a question, talk (`free.py`, `news.py`, `noted.py`, `asked.py`)."""

    hedged: Mapping[str, Intent] = NOTHING  # verbs that may be about a todo that is there: "cancel Netflix",
    # "get rid of the couch"
    hedged_around: Mapping[str, Mapping[str, Intent]] = NOTHING  # the same by the first word and the last: "take eggs off"
    hedged_needs: Words = NO_WORDS  # of those verbs, the ones of which one may say a need: "I need to cancel lunch"
    no_hedge: Words = NO_WORDS  # with these a day off is something to do: "skip to the shop"
    subjects: Words = NO_WORDS  # who did it: "I watered the plants"
    doing: Words = NO_WORDS  # between them and the verb: just, already
    did: Words = NO_WORDS
    put_off: Words = NO_WORDS  # "dentist moved to the 4th"
    shown_by: tuple[Phrase, ...] = ()  # before a todo's name alone they ask for it: "show party", "when is stamps"
    asked_persons: Words = NO_WORDS  # "did i pay" asks
    need_subject: Words = NO_WORDS  # verbs that look alike in the past: "I put the bins out"
    no_news: Words = NO_WORDS  # pasts that tell of nothing done unless someone did it: "lost keys"
    obtained: Words = NO_WORDS  # of what one now has the thing alone matters: "got the milk"
    particles: Mapping[str, str] = NOTHING  # "picked up the milk"
    participles: Words = NO_WORDS  # at the end they say that it is done: "milk bought"
    considered: Words = NO_WORDS  # "consider the invoice sent"
    telling: Words = NO_WORDS  # verbs of what is so: is, has
    persons: Words = NO_WORDS
    called_off: tuple[Phrase, ...] = ()  # at the end: cancelled, "no longer needed"
    dates: Words = NO_WORDS  # alone they ask: "date?"
    by_oneself: Words = NO_WORDS  # verbs of what nobody else does for one
    own: Words = NO_WORDS  # "complete the visa form"
    own_event: Words = NO_WORDS  # "my exam friday"
    pointed: Words = NO_WORDS  # "read that": what, is not said
    mailed: Words = NO_WORDS  # "an email to Bob saying ..."
    asking: Words = NO_WORDS  # inside the words they make a question or a statement
    asking_undated: Words = NO_WORDS  # they too, unless a date was said: am
    please_before: Words = NO_WORDS
    please_behind: tuple[Phrase, ...] = ()
    asked: Words = NO_WORDS  # before the words: somebody else is asked
    for_me: tuple[Phrase, ...] = ()  # asked of us, and a todo all the same: "can you wake me at 7"
    visiting: tuple[Phrase, ...] = ()  # with a date a plan, who ever it is: "mum is visiting on friday"
    longed_for: Words = NO_WORDS  # "i want to buy a car": what one does oneself
    wished: Words = NO_WORDS  # all of these together: "I'd like to"
    before_length: Words = NO_WORDS  # "in 2 hours"
    before_day: Words = NO_WORDS  # "on the third" is no place in a list
    complete: Words = NO_WORDS  # "complete call mum"
    when_is: tuple[Phrase, ...] = ()  # "when is my dentist appointment"
    which_one: Words = NO_WORDS  # says nothing about which
    no: Words = NO_WORDS  # "no lunch tomorrow"
    deleting: Words = NO_WORDS  # words of an order to delete that say nothing about what
    ours: Words = NO_WORDS  # what lists and reminders are called


class Behind(Tables):
    """An order behind a statement (`behind.py`): "I am ill cancel my meetings"."""

    verbs: Words = NO_WORDS  # that such an order begins with
    adding: Words = NO_WORDS  # of those, with "it" behind them: the statement is the todo
    deleting: Words = NO_WORDS  # of those: what the statement names is to go
    governing: Words = NO_WORDS  # before a verb: it belongs to them, and is no order ("forgot to cancel")
    between: Words = NO_WORDS  # between the two, marks included: please, so, "can you"
    no_statement: Words = NO_WORDS  # what begins with them states nothing: if, when
    pointers: Words = NO_WORDS  # it, that
    onto: Words = NO_WORDS  # between "it" and the list: to, my
    lists: Words = NO_WORDS  # nouns for what one is taken off
    events: Words = NO_WORDS  # what a calendar holds
    idle: Words = NO_WORDS  # in "I don't need eggs anymore": say nothing about which todo


class Correcting(Tables):
    """How people take back what they have just said (`corrected.py`)."""

    anywhere: tuple[Phrase, ...] = ()  # "call mum at 5 no wait 6"
    after_pause: tuple[Phrase, ...] = ()  # "buy milk, I mean oat milk"
    between_pauses: tuple[Phrase, ...] = ()  # "buy milk, sorry, oat milk"; before a time without the second: "at 5, no 6"
    at_end: tuple[Phrase, ...] = ()  # "buy milk, never mind"
    pauses: Words = NO_WORDS  # marks
    stops: Words = NO_WORDS  # marks that end what is taken back, and what is meant
    particles: Words = NO_WORDS  # between a verb and what it is about: "pick up", "talk to the"
    no_words: Words = NO_WORDS  # with one of these what follows is a sentence of its own: "sorry, can't come"

    @cached_property
    def markers(self) -> Words:
        """The words of all these phrases, and the pauses."""
        return self.pauses | {word for phrase in (*self.anywhere, *self.after_pause, *self.between_pauses) for word in phrase}

    @cached_property
    def first(self) -> Words:
        """The words these phrases begin with."""
        return frozenset(phrase[0] for phrase in (*self.anywhere, *self.after_pause, *self.between_pauses))

    @cached_property
    def longest(self) -> int:
        """The length of the longest phrase."""
        return max((len(phrase) for phrase in (*self.anywhere, *self.after_pause, *self.between_pauses)), default=0)


class Sharing(Tables):
    """Todos that share a verb: "call mum at 5 and dad at 6" (`sharing.py`)."""

    joins: Words = NO_WORDS  # marks included
    particles: Words = NO_WORDS  # belong to the verb: "pick up", "talk to"
    no_start: Words = NO_WORDS  # what a second todo never begins with: with, for
    occasions: Words = NO_WORDS  # have no need of a verb: lunch, gym
