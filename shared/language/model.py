"""What a text means, as values: the one vocabulary between the language and the rules for todos.

`understand` (see `shared.language`) turns words into an `Understanding`: a tuple of `Command`s in the order they were said.
Nothing here knows a task, a clock or a database. A command says what the person *meant*; whether #3 exists, which of two
"milk" todos is meant, and whether a question was open is decided by `shared.todos`, which reads the same models.

Times: a `Moment` is a calendar day in the person's zone and, unless it is all-day, the aware instant. Never naive.
"""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value that refuses unknown fields."""

    # Built when first used: a function that starts cold pays only for the models it handles.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Intent(StrEnum):
    """What a command asks for. `label` in `Command` maps these to the names public corpora use."""

    ADD = "add"
    COMPLETE = "complete"
    REOPEN = "reopen"
    EDIT = "edit"  # title, priority, tags, note, reminder, repeat of an existing todo
    DELETE = "delete"
    MOVE = "move"  # another due date or time for an existing todo
    SNOOZE = "snooze"  # the reminder again later; the due date stays
    SKIP = "skip"  # leave out this occurrence of a repeating todo
    QUERY = "query"  # lists and questions
    SHOW = "show"  # one todo in full: "3", "show 3"
    MORE = "more"  # the next page
    UNDO = "undo"
    REDO = "redo"
    WHY = "why"
    HELP = "help"
    SETTING = "setting"
    ANSWER = "answer"  # ok, no, both, neither: only means something to an open question
    STOP = "stop"  # carrier words: STOP, CANCEL, END, QUIT, UNSUBSCRIBE...
    START = "start"
    DELETE_ME = "delete_me"
    HEAR_AGAIN = "hear_again"  # a recording, once more: that (the last one spoken of), the last, or a day's; see `Command.ref`
    DELETE_RECORDINGS = "delete_recordings"  # all of them
    HISTORY = (
        "history"  # what was changed when: on the days of `query`, or of the todos of `ref`; `topic` names one kind of change
    )
    CHAT = "chat"  # thanks, greetings, anger, distress, reactions: see `Command.topic`
    NONE = "none"  # not understood


class Priority(StrEnum):
    """Task priorities, lowest first (rulings X12; `medium` is the default and never printed)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class Moment(Value):
    """A day in the person's zone, and the instant when there is a time of day."""

    day: date
    at: AwareDatetime | None = None  # expressed in the person's zone; None: all day


class When(Value):
    """A date or time that was said, with what it could also have meant."""

    start: Moment
    end: Moment | None = None  # end of a range: "3-5pm", "12 to 15 dec"
    day_stated: bool = True  # False: only a time was said ("5pm"), the day is our choice
    time_stated: bool = False
    full: bool = False  # a day of the month was named: the echo names it too (rule 4)
    aside: str | None = None  # what the echo adds: "not 27 Nov", "not 7pm", "the clocks change", "Fri 9am JST"
    other: Moment | None = None  # the reading we did not choose, when `aside` names one: texting it takes it
    over: str | None = None  # stated and already past, as we would say it: "Today 9am", "Yesterday"
    shift_seconds: int | None = None  # "an hour later", "push back 2 days": relative to the todo's own due


class Repeat(Value):
    """A recurrence. `rrule` is RFC 5545 section 3.3.10 without DTSTART; UNTIL and COUNT inside it."""

    rrule: str
    after_done: bool = False  # "every! 3 days", "3 days after done": counted from completion, not a calendar
    except_days: tuple[date, ...] = ()  # "every day except christmas day": single days left out (RFC 5545: EXDATE)
    said: str = ""  # the person's own phrase, kept


class Reminder(Value):
    """When to remind: seconds before the due time, or a stated moment. Exactly one of the two is set."""

    before_seconds: int | None = None
    at: Moment | None = None
    again: bool = False  # a snooze: it ends with the date it belongs to


class Ref(Value):
    """Which existing todos are meant. Several fields may be set; they add up."""

    numbers: tuple[int, ...] = ()  # #3, 3, "number three", "1-3" expanded
    ordinals: tuple[int, ...] = ()  # "the second" of what was shown: 2; "the first": 1; "last one shown": -1
    words: str = ""  # "the milk one" -> "milk": content words, lower case
    tag: str = ""  # without '#'
    everything: bool = False  # "all", "everything", "all of them"
    both: bool = False
    last: bool = False  # the todo added last
    that: bool = False  # it, that: the todo of the last reply
    status: Literal["", "open", "overdue", "done"] = ""  # "all overdue", "everything done"
    day: Moment | None = None  # "everything today", "tomorrow's"
    at: Moment | None = None  # "my 3pm meeting": due at that instant

    @property
    def empty(self) -> bool:
        """True when nothing was referred to."""
        return self == Ref()


class Query(Value):
    """What is asked for. `when` narrows to a day or range; words and tag narrow by content."""

    what: Literal["open", "today", "day", "week", "range", "overdue", "done", "next", "tag", "search", "untimed"]
    when: When | None = None
    words: str = ""
    tag: str = ""
    priority: Priority | None = None


class DigestSetting(Value):
    """Only what was said; None keeps what is."""

    on: bool | None = None
    at: time | None = None
    days: Literal["every day", "every weekday"] | None = None
    channel: Literal["text", "email"] | None = None
    email: str | None = None


class Setting(Value):
    """A change to the person's settings. `what` names it; the matching field carries it. `show` lists them."""

    what: Literal[
        "show", "name", "zone", "digest", "quiet", "remind", "meaning", "next_weekday", "clock", "recordings", "tokens"
    ]
    name: str = ""
    place: str = ""  # "Tokyo", "Pacific", "Europe/Berlin": as said; `shared.schedule` finds the zone
    until: When | None = None  # "I'm in Tokyo this week"
    digest: DigestSetting | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None
    quiet_off: bool = False
    remind_before_seconds: int | None = None
    word: str = ""  # "tonight", "morning", ...: field of Meanings
    at: time | None = None
    next_weekday: Literal["following", "nearest"] | None = None
    hours: Literal[12, 24] | None = None
    keep_days: int | None = None  # how long recordings are kept


class Command(Value):
    """One thing a person asked for."""

    intent: Intent
    title: str = ""  # the new todo's words; for EDIT the new title
    when: When | None = None
    repeat: Repeat | None = None
    no_repeat: bool = False  # "stop repeating 4"
    no_date: bool = False  # "no date for 5"
    remind: tuple[Reminder, ...] = ()
    remind_asked: bool = False  # "remind me to ..." was said (with or without a time)
    priority: Priority | None = None
    tags: tuple[str, ...] = ()  # without '#', in the order said
    note: str = ""
    list_name: str = ""
    ref: Ref = Ref()
    query: Query | None = None
    setting: Setting | None = None
    topic: str = ""
    """HELP: "", dates, repeat, reminders, settings. ANSWER: ok, no, both, neither. UNDO: "twice", "3" (steps).
    CHAT: thanks, hello, person, anger, distress, reaction, ok. STOP/START: the word itself, upper case.
    HISTORY: "", created, completed, updated, deleted."""
    quoted: bool = False  # the title stood in quotes: nothing in it was read
    bare: bool = False
    """No verb and no title: only a date ("27 nov", "7pm", "tomorrow"), a number ("2"), a duration ("1h"), a place ("denver").
    Alone it has the intent given (usually QUERY, SHOW or SETTING); to an open question or offer it is the answer."""
    maybe: Ref | None = None
    """It may be about an existing todo: "stamps tomorrow" (ADD, maybe words "stamps"), "watered the plants". When exactly one
    open todo fits, the todo side takes it; else the intent given stands."""
    maybe_intent: Intent | None = None  # what it then is: MOVE for "stamps tomorrow", COMPLETE for "watered the plants"
    text: str = ""  # the words this command came from, as sent
    span: tuple[int, int] = (0, 0)  # their place in the normalised text
    rule: str = ""  # the form that matched, for "why?" and `jotline understand`
    confidence: float = 1.0


class Understanding(Value):
    """A whole message. `text` is normalised (plain quotes and dashes, single spaces); spans point into it."""

    text: str
    commands: tuple[Command, ...]


class Meanings(Value):
    """How this person's words are read where sensible people differ (CONVERSATIONS.md, defaults)."""

    morning: time = time(9)
    afternoon: time = time(15)
    evening: time = time(19)
    tonight: time = time(20)
    end_of_day: time = time(17)
    next_weekday: Literal["following", "nearest"] = "following"  # "next friday": of next week, or the nearest
    day_first: bool = False  # 3/12 is 3 December
    later_seconds: int = 3600
    hours: Literal[12, 24] = 12
