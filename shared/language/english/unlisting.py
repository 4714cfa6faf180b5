"""Orders to take something off one's lists or calendar, freely worded.

They need a verb of deletion at the front and a noun of ours; what they delete is asked about first when it is much.
"""

# ruff: noqa: E501 - a pattern is one string; reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from shared.language.english.elsewhere import BOOKINGS
from shared.language.english.nouns import EVENTS, OURS, begins, to_do

_DELETE_VERBS: Final = frozenset(
    tuple(phrase.split())
    for phrase in (
        "delete|remove|clear|cancel|cancels|erase|wipe|take|take off|take out|take away|get rid of|dismiss|eliminate|trash|throw away|throw out|turn off|switch off|disable|chuck|chuck out|omit|drop|empty|clean|scrap|deleted|destroy|undo|clean out|clear out|clean up|"
        "i no longer need|i don't need|i dont need|i do not need|no longer need|don't need|don't remind|don't alert|don't tell|don't notify|don't nudge|dont remind|do not remind|dont alert|completely clear|completely delete|unset|stop reminding|"
        "discard|abandon|withdraw|discontinue|do away with|i do not want|i no longer want|i no longer have|abort|clear away|stop alerting|stop notifying|quit reminding|quit alerting|turn my|turn the|shut off|shut down|shut|deactivate|silence|kill|end|nix|void|omit|exclude|subtract|deduct|toss|toss out|disregard|rid|unschedule|stop|axe|dump|lose|bin|we no longer need|we don't need|i don't want|i dont want|reset|strike|knock"
    ).split("|")
)
#: Words of an order to delete that say nothing about what.
DELETING: Final = frozenset(word for phrase in _DELETE_VERBS for word in phrase) | frozenset(
    "all every everything whole entire any more data off out longer needed need anymore calendar list agenda schedule reminder alarm please remind tell alert".split()
)
_WHOLE: Final = frozenset(
    "all everything every entire whole my the calendar calender list lists events event clear wipe empty clean reset delete remove erase completely of on in from off out tasks reminders alarms meetings appointments schedule day to-do to do todo todos please data any a contents items item now".split()
)


def deletes(words: Sequence[str]) -> bool:
    """True for an order to take something off one's lists or calendar."""
    words = words[begins(words, _WISHES) :] or words
    if not words:
        return False
    start = begins(words, _DELETE_VERBS)
    if not start:
        return _no_longer(words) or _wished_gone(words) or _ends_in_order(words)
    present = set(words[start:])
    if words[0] in _SWITCHED and present <= _LESS:
        return False  # a wish to hear less, not to lose todos
    if present & _RECORDS or (present & BOOKINGS and not present & OURS):
        return False
    aimed = _BY_VERB.get(words[0])
    if aimed is not None:
        return aimed(words, present)
    return bool(present & (OURS | EVENTS)) or to_do(words)


_RECORDS: Final = frozenset("log logs history browser cache cookies".split())
_SWITCHED: Final = frozenset({"turn", "switch", "disable", "shut", "deactivate", "silence", "kill", "end"})
_LESS: Final = frozenset("my the all reminders notifications alerts off".split())
_ALARMS: Final = frozenset("alarm alarms reminder reminders notification notifications alert alerts".split())
_ENTRIES: Final = OURS | {"event", "events", "appointment", "appointments", "meeting", "meetings", "alarm", "alarms"}
_CANCELLED: Final = OURS | EVENTS | {"programs", "programmes", "activities", "commitments", "engagements", "obligations"}


def _stopped(words: Sequence[str], present: set[str]) -> bool:
    return (bool(present & _ALARMS) or words[1:2] in (["reminding"], ["alerting"], ["notifying"])) and bool(
        present & {"the", "my", "for", "about"}
    )


def _not_done(words: Sequence[str], present: set[str]) -> bool:
    """E.g. "don't remind me about the gym"; "I don't need the alarm"."""
    if present & {"what", "how", "why", "lies"}:
        return False
    return begins(words, _DELETE_VERBS) > 1 if words[1:2] != ["need"] else bool(present & (OURS | EVENTS)) or to_do(words)


def _silenced(words: Sequence[str], present: set[str]) -> bool:
    """E.g. "turn off my alarm", "turn the alarm off"; "turn on my alarm" is none."""
    return bool(present & _ALARMS) and "on" not in words[1:2] and ("off" in words or words[0] != "turn")


def _taken(words: Sequence[str], present: set[str]) -> bool:
    return bool(present & _ENTRIES) and not {"off", "out", "away", "from"}.isdisjoint(words)


_BY_VERB: Final[Mapping[str, Callable[[Sequence[str], set[str]], bool]]] = {
    "stop": _stopped,
    "quit": _stopped,
    "rid": lambda _, present: "of" in present and bool(present & (OURS | EVENTS)),
    "take": _taken,
    **dict.fromkeys(("don't", "dont", "do"), _not_done),
    **dict.fromkeys(("cancel", "cancels", "dismiss", "skip"), lambda _, present: bool(present & _CANCELLED)),
    **dict.fromkeys((*_SWITCHED, "unset"), _silenced),
    **dict.fromkeys(("clean", "empty", "drop", "reset", "strike", "knock"), lambda _, present: bool(present & _ENTRIES)),
}
"""Verbs of deletion that say more than that: what they must be about."""


def drops(rest: Sequence[str]) -> bool:
    """E.g. "no lunch (tomorrow)": an event that is not to be; `rest` states no time."""
    named = rest[2:] if rest[1:2] == ["more"] else rest[1:]
    return rest[:1] == ["no"] and 1 <= len(named) <= 3 and named[0] in _DROPPED and {"no", "not", "please"}.isdisjoint(named)


_DROPPED: Final = frozenset(
    "alarm alarms reminder reminders meeting meetings lunch dinner breakfast brunch party appointment appointments class lesson lessons practice date call interview".split()
)
_WISHES: Final = frozenset(
    tuple(phrase.split())
    for phrase in "i need to|i have to|i want to|i'd like to|i would like to|i need|i want|i'd like|i would like|i wish to|we need to|go ahead and|yes".split(
        "|"
    )
)
_GONE: Final = frozenset("gone deleted removed cancelled canceled erased cleared dropped scrapped away".split())
_ORDERS: Final = frozenset("delete remove cancel erase".split())
_POINTED: Final = frozenset("it that this them please from on off of my the calendar calender list schedule agenda now".split())


def _wished_gone(words: Sequence[str]) -> bool:
    """E.g. "(I want) my meeting with Bob cancelled", "make the meeting go away"; "the meeting was cancelled" only tells."""
    if (
        words[-1] not in _GONE
        or not _TELLING.isdisjoint(words)
        or words[0] not in ("the", "my", "this", "that", "these", "all")
    ):
        return False
    return not (OURS | EVENTS).isdisjoint(words)


_TELLING: Final = frozenset("is was were are been got gets has have had be being i he she they we you".split())


def _ends_in_order(words: Sequence[str]) -> bool:
    """E.g. "the meeting was cancelled please remove it", "this item delete"."""
    at = max((place for place, word in enumerate(words) if word in _ORDERS), default=0)
    if (
        at < 1
        or len(words) > _LONGEST
        or words[0] in ("to", "how", "what", "why", "who", "don't", "dont", "never", "if", "when", "should")
    ):
        return False
    ordered = at == len(words) - 1 or set(words[at + 1 :]) <= _POINTED
    return (
        ordered
        and words[at - 1] not in ("to", "not", "don't", "can't", "cannot", "you", "i")
        and not (OURS | EVENTS | {"item", "items"}).isdisjoint(words[:at])
    )


_LONGEST: Final = 16


_NEEDED: Final = OURS | {"meeting", "appointment", "event"}


def _no_longer(words: Sequence[str]) -> bool:
    """E.g. "the reminder for the dentist is no longer needed"."""
    if _NEEDED.isdisjoint(words):
        return False
    present = set(words)
    if words[:2] in (["no", "more"], ["no", "need"]) and words[2:3] not in (["reminders"], ["notifications"], ["texts"]):
        return bool(present & {"list", "calendar", "reminder"})
    needless = {"no", "longer", "needed"} <= present or {"no", "longer", "needs"} <= present or {"not", "needed"} <= present
    unneeded = bool(present & {"doesn't", "doesnt", "don't", "dont"}) and {"need", "be", "on"} <= present
    return (needless or unneeded) and words[0] not in ("i", "you", "is", "are", "if")


def all_of_it(words: Sequence[str]) -> bool:
    """True when an order to delete names nothing in particular: the whole list is meant."""
    return set(words) <= (_WHOLE | DELETING) and bool(
        {
            "all",
            "everything",
            "entire",
            "whole",
            "clear",
            "wipe",
            "empty",
            "clean",
            "reset",
            "calendar",
            "list",
            "lists",
            "events",
        }
        & set(words)
    )
