"""Freely worded questions and orders about one's own lists: read by what they speak of and what they begin with.

The command forms say how most people put it. For the rest, two kinds of words decide: nouns of ours (list, reminder, calendar ...) and
how the sentence begins (a question, "show me", "get rid of"). Orders that would delete need both, the verb at the front.
"""


# ruff: noqa: E501, PLR0911 - a pattern is one string; reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from shared.language.english.elsewhere import BOOKINGS, other_subject

OURS: Final = frozenset(
    """list lists todo todos to-do to-dos task tasks reminder reminders agenda calendar calender calendars notification notifications checklist checklists nudge nudges chores""".split()
)
EVENTS: Final = frozenset(
    """event events meeting meetings appointment appointments schedule plans alarm alarms alert alerts deadline deadlines birthday anniversary party interview conference lunch dinner breakfast brunch
call haircut class session visit wedding exam dentist doctor checkup standup webinar presentation reunion trip""".split()
)
_NOT_OURS: Final = frozenset(
    """near local nearby town city area country playlist playlists movie movies concert concerts world history safest cheapest top best restaurants restaurant circus sporting sports downtown endangered insurance card price news email emails contacts contact songs song
president war invented born died holiday bank flight flights bus train uber taxi star actor game games team""".split()
)
_QUESTION: Final = frozenset(
    """what what's whats what're which when when's whens who who's whos where where's wheres is are am do does did have has how how's any anything was were will""".split()
)
_SHOW: Final = frozenset(
    tuple(phrase.split())
    for phrase in (
        "tell me|show|read|list|give me|let me hear|let me see|let me know|check|go over|go through|review|view|display|bring up|open|browse|access|pull up|recite|find|inform me|i want to hear|i want to see|i want to know|"
        "i need to know|i need to see|i need to hear|i'd like to know|i'd like to see|i'd like to hear|i would like to know|i would like to hear|i would like to see|refresh my memory|walk me through|look at|look up|see|speak|say|"
        "remind me what|remind me of|remind me the|remind me which|get|report|take me to|provide|describe|repeat|evaluate|print|state|call up|let's go|lets go|can i know|can i see|can i hear|i have to see|run through|run down|confirm|verify|update me|fetch|load|search|hear|know|see|look to see|let me know|i wonder|wonder|go back over|go ahead and|finish|"
        "let's see|let's hear|may i see|could i see|could i hear|i wanna see|i wanna hear|i wanna know|i wish to|enumerate|name|all"
    ).split("|")
)
_DELETE_VERBS: Final = frozenset(
    tuple(phrase.split())
    for phrase in (
        "delete|remove|clear|cancel|cancels|erase|wipe|take|take off|take out|take away|get rid of|dismiss|eliminate|trash|throw away|throw out|turn off|switch off|disable|chuck|chuck out|omit|drop|empty|clean|scrap|deleted|destroy|undo|clean out|clear out|clean up|"
        "i no longer need|i don't need|i dont need|i do not need|no longer need|don't need|don't remind|don't alert|don't tell|don't notify|don't nudge|dont remind|do not remind|dont alert|completely clear|completely delete|unset|stop reminding|"
        "we no longer need|we don't need|i don't want|i dont want|reset|strike|knock"
    ).split("|")
)
#: Words of an order to delete that say nothing about what.
DELETING: Final = frozenset(word for phrase in _DELETE_VERBS for word in phrase) | frozenset(
    "off out longer needed need anymore calendar list agenda schedule reminder alarm please remind tell alert".split()
)
_WHOLE: Final = frozenset(
    "all everything every entire whole my the calendar calender list lists events event clear wipe empty clean reset delete remove erase completely of on in from off out tasks reminders alarms meetings appointments schedule day to-do to do todo todos please data any a contents items item now".split()
)
_HELP_WORDS: Final = frozenset(
    "help ask asked asking capable able programmed abilities ability skills capabilities features functions subjects subject topics questions commands duties job answer answering knowledgeable knowledgable function purpose work works".split()
)
_HELP_STARTS: Final = frozenset(
    tuple(phrase.split())
    for phrase in (
        "how do i|how can i|how to|how does|how should i|show me around|show me how you|show me how it|show me how this|show me what you|tell me how you|tell me how it|tell me how this|tell me about you|tell me about yourself|give me a hint|give me a tour|give me the tour|give me a walkthrough|give me a rundown|give me some help|give me examples|"
        "i need assistance|i need some assistance|i'm confused|i am confused|i'm lost|i am lost|is there any help|is there help|user help|user tour|open help|walk me through the|show introduction|help me understand|i'm new|i am new|"
        "what to do for|help me set|can you explain how you|i want to get to know you|i'm using you|best practice|correct usage|show help|tutorial please|introduction|you are making me confused|you confuse me"
    ).split("|")
)
_YOU: Final = frozenset({"you", "u", "your", "you're", "youre", "ya"})
_ADD_VERBS: Final = frozenset(
    "add put set schedule create make include mark save note enter update insert remind place arrange plan organize book".split()
)


def _begins(words: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> int:
    """Length of the longest phrase the words begin with; 0 for none."""
    return next((size for size in range(min(_LONGEST, len(words)), 0, -1) if tuple(words[:size]) in phrases), 0)


_LONGEST: Final = max(len(phrase) for phrases in (_SHOW, _DELETE_VERBS, _HELP_STARTS) for phrase in phrases)


def asks_for_help(words: Sequence[str]) -> bool:
    """True for questions about what we can do and how."""
    if not words or len(words) > 16:
        return False
    start = _begins(words, _HELP_STARTS)
    if start and {"list", "lists", "items"} & set(words) and "my" in words and words[0] not in ("how", "help", "i'm"):
        return False  # a walk through one's list, not through the product
    ours = not (OURS | {"reminder", "this", "you", "it", "app", "alarm", "event"}).isdisjoint(words)
    if start and (ours or len(words) <= start + (1 if words[0] in ("how", "help") else 2)):
        return "much" not in words and "many" not in words
    if _asks_what_we_know(words):
        return True
    asking = words[0] in (
        "what",
        "what's",
        "which",
        "how",
        "tell",
        "can",
        "i",
        "give",
        "let",
        "please",
        "whats",
        "who",
        "inform",
        "ai",
    )
    if tuple(words) in (
        ("what", "all", "can", "you", "do"),
        ("what", "things", "do", "you", "know"),
        ("what", "do", "you", "know"),
        ("what", "do", "you", "do"),
        ("what", "you", "do"),
    ):
        return True
    aimed = not _YOU.isdisjoint(words) and not _HELP_WORDS.isdisjoint(words)
    return (
        asking
        and aimed
        and bool(
            {"what", "what's", "which", "how", "types", "things", "kinds", "kind", "type", "subjects", "whats", "examples"}
            & set(words)
        )
        and not {"name", "hobbies", "old", "feel", "boss", "for"} & set(words[-2:] if "for" in words[-1:] else words) - {"for"}
    )


def _asks_what_we_know(words: Sequence[str]) -> bool:
    """E.g. "what sort of things do you know", "what am i able to ask"."""
    if words[0] not in ("what", "what's", "which", "tell", "i", "can") or not {
        "what",
        "which",
        "type",
        "types",
        "kind",
        "kinds",
        "sort",
    } & set(words):
        return False
    asks = (
        "ask" in words
        and "i" in words
        and bool({"can", "able", "should", "could"} & set(words))
        and not {"for", "him", "her", "boss", "them"} & set(words)
    )
    knows = (
        bool({"things", "thing", "stuff", "subjects", "topics", "types", "type", "kinds"} & set(words))
        and "you" in words
        and (words[-1] in ("know", "do", "about", "with") or "familiar" in words)
        and bool({"know", "familiar", "help"} & set(words))
    )
    return asks or knows


def asks_about_lists(words: Sequence[str], *, dated: bool) -> bool:
    """True for a question about, or a wish to see, one's own lists and plans."""
    if not words:
        return False
    asking = words[0] in _QUESTION or _begins(words, _SHOW) > 0
    dated = dated or not {"today's", "tomorrow's", "tonight's"}.isdisjoint(words)
    if _asks_sideways(words):
        return True
    if not asking:
        return _names_a_list(words)
    present = set(words[1:] if words[0] == "list" else words)
    mine = bool({"i", "my", "me", "am", "we", "our", "us"} & present)
    if (
        present & {"remember", "mind", "forget", "remembering", "reminded"}
        and mine
        and words[0]
        in ("what", "what's", "tell", "do", "which", "remind", "refresh", "i", "can", "list", "read", "know", "show", "give")
    ):
        return bool({"what", "what's", "things", "stuff", "items", "which", "anything"} & present) and not {
            "remember",
            "you",
        } <= present - {"know"}
    if _speaks_of_ours(words, present):
        return words[0] not in ("is", "are") or bool({"my", "the", "our", "any", "there"} & present)
    if present & _NOT_OURS or other_subject(words):
        return False
    if present & _MEETINGS and (mine or dated or words[-1] in _MEETINGS or "the" in present):
        return not {"much", "near"} & present
    if _asks_about_event(words, present, dated=dated):
        return True
    if present & EVENTS and (("when" in words[0] or "time" in words[1:2]) or (dated and mine and len(words) <= _SHORT)):
        return not {"much", "many", "of", "suggest", "good", "make", "should"} & present and (mine or dated)
    return (
        dated
        and mine
        and len(words) <= _SHORT
        and words[0] in _PLAN_STARTS
        and bool(_PLANS & present)
        and not {
            "much",
            "spend",
            "spent",
            "wear",
            "pay",
            "cost",
            "transactions",
            "visa",
            "rain",
            "jacket",
            "umbrella",
            "price",
            "weather",
        }
        & present
    )


def _asks_about_event(words: Sequence[str], present: set[str], *, dated: bool) -> bool:
    """E.g. "is there a party on friday", "when is the party scheduled"."""
    if not present & EVENTS:
        return False
    if dated and words[0] in ("is", "are", "will") and len(words) <= _SHORT:
        return True
    return "scheduled" in present and words[0] in ("when", "when's", "where", "is")


def _asks_sideways(words: Sequence[str]) -> bool:
    """E.g. "on my calendar are there any birthdays", "walk me through my list"."""
    if len(words) > 4 and words[0] in ("on", "in") and words[1] in ("my", "the"):
        return not {"are", "is", "what"}.isdisjoint(words[3:6]) and bool(OURS & set(words[1:4]))
    shown = words[:2] in (["walk", "me"], ["please", "give"], ["give", "me"])
    return shown and "my" in words and not {"list", "lists"}.isdisjoint(words)


_SHORT: Final = 12
_MEETINGS: Final = frozenset(
    "event events meeting meetings appointment appointments schedule alarm alarms alert alerts deadline deadlines commitments plans birthdays engagements obligations".split()
)
_PLAN_STARTS: Final = frozenset("what what's whats who who's where am do anything tell show give".split())
_PLANS: Final = frozenset(
    "have doing up going meeting free busy planned on supposed left scheduled happening week schedule like look set anything got".split()
)


def _speaks_of_ours(words: Sequence[str], present: set[str]) -> bool:
    """True when the list, reminder or calendar spoken of is one's own: "my list", not "a list of restaurants"."""
    if not (present & OURS or _to_do(words)):
        return False
    if present & OURS <= {"list", "lists", "calendar", "notifications", "notification"}:
        if other_subject(words) and not present & {"shopping", "grocery", "groceries"}:
            return False
        return bool({"my", "the", "our", "shopping", "grocery", "groceries", "lists", "i", "available"} & present) and not (
            "of" in present and ("a" in present or present & _NOT_OURS) and not {"my", "things", "items"} & present
        )
    return True


def _to_do(words: Sequence[str]) -> bool:
    return any(
        pair in (("to", "do"), ("to", "dos")) and (at == 0 or words[at - 1] in ("my", "the", "show", "on"))
        for at, pair in enumerate(pairwise(words))
    )


def _names_a_list(words: Sequence[str]) -> bool:
    """E.g. "shopping list", "to do list for today", "upcoming events"."""
    if words[0] in _ADD_VERBS or len(words) > 8:
        return False
    if (
        words[-1] in ("list", "lists", "checklist", "agenda", "calendar", "reminders", "tasks", "to-do", "schedule")
        and len(words) <= 4
    ):
        return words[0] in (
            "shopping",
            "grocery",
            "groceries",
            "to",
            "to-do",
            "todo",
            "my",
            "the",
            "all",
            "task",
            "reminder",
            "checklist",
            "agenda",
            "calendar",
            "work",
            "current",
            "upcoming",
            "schedule",
            "today's",
            "lists",
            "list",
            "pending",
            "open",
            "chore",
            "chores",
        )
    return tuple(words[:3]) == ("to", "do", "list") or tuple(words[:2]) in (
        ("todo", "list"),
        ("upcoming", "events"),
        ("shopping", "list"),
        ("grocery", "list"),
        ("future", "events"),
    )


def deletes(words: Sequence[str]) -> bool:
    """True for an order to take something off one's lists or calendar."""
    start = _begins(words, _DELETE_VERBS)
    if not start:
        return _no_longer(words)
    present = set(words[start:])
    if words[0] in ("turn", "switch", "disable") and present <= {
        "my",
        "the",
        "all",
        "reminders",
        "notifications",
        "alerts",
        "off",
    }:
        return False  # a wish to hear less, not to lose todos
    if present & BOOKINGS and not present & OURS:
        return False
    if words[0] in ("cancel", "cancels", "dismiss", "skip"):
        return bool(present & (OURS | EVENTS))
    if words[0] in ("turn", "switch", "disable", "unset"):
        return bool(present & {"alarm", "alarms", "reminder", "reminders", "notification", "notifications", "alert", "alerts"})
    if words[0] in ("don't", "dont", "do") and words[1:2] != ["need"]:
        return start >= 2
    if words[0] in ("take", "clean", "empty", "drop", "reset", "strike", "knock"):
        return bool(
            present & (OURS | {"event", "events", "appointment", "meeting"})
            and (words[0] != "take" or {"off", "out", "away", "from"} & set(words))
        )
    return bool(present & (OURS | EVENTS)) or _to_do(words)


def _no_longer(words: Sequence[str]) -> bool:
    """E.g. "the reminder for the dentist is no longer needed"."""
    present = set(words)
    return bool(present & OURS) and {"no", "longer", "needed"} <= present and words[0] in ("my", "the")


def all_of_it(words: Sequence[str]) -> bool:
    """True when an order to delete names nothing in particular: the whole list is meant."""
    return set(words) <= _WHOLE and bool(
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
