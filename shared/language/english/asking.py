"""Freely worded questions and orders about one's own lists: read by what they speak of and what they begin with.

The command forms say how most people put it. For the rest, two kinds of words decide: nouns of ours (list, reminder, calendar ...) and
how the sentence begins (a question, "show me", "get rid of"). Orders that would delete need both, the verb at the front.
"""


# ruff: noqa: E501, PLR0911 - a pattern is one string; reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.english.elsewhere import other_subject
from shared.language.english.nouns import EVENTS, OURS, begins, to_do

_NOT_OURS: Final = frozenset(
    """near local nearby town city area country playlist playlists movie movies concert concerts world history safest cheapest top best restaurants restaurant circus sporting sports downtown endangered insurance card price news email emails contacts contact songs song
president war invented born died holiday bank flight flights bus train uber taxi star actor game games team""".split()
)
_QUESTION: Final = frozenset(
    """hows how's what what's whats what're which when when's whens who who's whos where where's wheres is are am do does did have has how how's any anything was were will""".split()
)
_SHOW: Final = frozenset(
    tuple(phrase.split())
    for phrase in (
        "tell me|show|read|list|give me|let me hear|let me see|let me know|check|go over|go through|review|view|display|bring up|open|browse|access|pull up|recite|find|inform me|i want to hear|i want to see|i want to know|"
        "i need to know|i need to see|i need to hear|i'd like to know|i'd like to see|i'd like to hear|i would like to know|i would like to hear|i would like to see|refresh my memory|walk me through|look at|look up|see|speak|say|"
        "remind me what|remind me of|remind me the|remind me which|get|report|take me to|provide|describe|repeat|evaluate|print|state|call up|let's go|lets go|can i know|can i see|can i hear|i have to see|run through|run down|confirm|verify|update me|fetch|load|search|hear|know|see|look to see|let me know|i wonder|wonder|go back over|go ahead and|finish|"
        "let me check|let me look at|let me view|let me look|i forgot what's|i need to check|i need to find out|i need to look at|i need to open|i have to check|i want to check|i want to look at|i want to find out|i want to open|remind me what's|summarize|summarise|announce|explain|select|pull|choose|fill me in on|brief me on|catch me up on|run me through|take me through|recall|look for|let's see|let's hear|may i see|could i see|could i hear|i wanna see|i wanna hear|i wanna know|i wish to|enumerate|name|all"
    ).split("|")
)
_ADD_VERBS: Final = frozenset(
    "add put set schedule create make include mark save note enter update insert remind place arrange plan organize book".split()
)


def asks_about_lists(words: Sequence[str], *, dated: bool) -> bool:
    """True for a question about, or a wish to see, one's own lists and plans."""
    if not words or _orders(words) or words[:4] == ["let", "me", "check", "off"]:
        return False
    asking = words[0] in _QUESTION or begins(words, _SHOW) > 0
    dated = dated or not {"today's", "tomorrow's", "tonight's"}.isdisjoint(words)
    if not asking or _asks_sideways(words):
        return _asks_sideways(words) or _names_a_list(words)
    present = set(words[1:] if words[0] == "list" else words)
    mine = bool({"i", "my", "me", "am", "we", "our", "us"} & present)
    if mine and present & _RECALLED and words[0] in _RECALLING:
        return bool(present & _WHATEVER) and not {"remember", "you"} <= present - {"know"}
    if present & {"alarm", "alarms"} and words[0] in _ALARM_QUESTIONS and present & {"set", "on", "off", "active", "running"}:
        return True
    if _speaks_of_ours(words, present):
        return words[0] not in ("is", "are") or bool({"my", "the", "our", "any", "there"} & present)
    if present & _NOT_OURS or other_subject(words):
        return False
    if present & _MEETINGS and (mine or dated or words[-1] in _MEETINGS or present & {"the", "all"}):
        return not {"much", "near"} & present
    if _asks_about_event(words, present, dated=dated):
        return True
    asked_when = "when" in words[0] or "time" in words[1:2]
    if present & EVENTS and (asked_when or (dated and mine and len(words) <= _SHORT)):
        return (mine or dated) and present.isdisjoint(_ADVICE)
    planned = dated and mine and len(words) <= _SHORT and words[0] in _PLAN_STARTS
    return planned and not _PLANS.isdisjoint(present) and _OTHER_PLANS.isdisjoint(present)


_ALARM_QUESTIONS: Final = frozenset("what what's which are is at when how do did have any".split())
_RECALLED: Final = frozenset("remember mind forget remembering reminded".split())
_RECALLING: Final = frozenset("what what's tell do which remind refresh i can list read know show give".split())
_WHATEVER: Final = frozenset("what what's things stuff items which anything".split())
_ADVICE: Final = frozenset("much many of suggest good make should".split())
_OTHER_PLANS: Final = frozenset("much spend spent wear pay cost transactions visa rain jacket umbrella price weather".split())


def _orders(words: Sequence[str]) -> bool:
    """E.g. "have a meeting on monday", "do add milk", "get an appointment": no questions, though they begin like some."""
    if words[0] == "give" and not {"a", "an", "another"}.isdisjoint(words[1:3]):
        return not {"reminder", "alarm", "alert", "notification"}.isdisjoint(words[2:4])
    if words[0] == "get" and "off" in words:
        return True
    if words[0] in ("have", "do"):
        return words[1:2] != [] and words[1] not in ("i", "we", "you", "u", "my", "they", "any")
    return words[0] == "get" and words[1:2] != [] and words[1] in ("a", "an", "it")


def _asks_about_event(words: Sequence[str], present: set[str], *, dated: bool) -> bool:
    """E.g. "is there a party on friday", "when is the party scheduled"."""
    if not present & EVENTS:
        return False
    if dated and words[0] in ("is", "are", "will") and len(words) <= _SHORT:
        return True
    return "scheduled" in present and words[0] in ("when", "when's", "where", "is")


def _asks_sideways(words: Sequence[str]) -> bool:
    """E.g. "on my calendar are there any birthdays", "walk me through my list"."""
    if words[0] in _LEADING_IN and len(words) > 4:
        at = next((place for place, word in enumerate(words) if word in ("what", "which", "what's")), 0)
        if at and not {"meetings", "events", "appointments", "reminders", "birthdays"}.isdisjoint(words[at + 1 : at + 3]):
            return True
    if len(words) > 4 and words[0] in ("on", "in") and words[1] in ("my", "the"):
        return not {"are", "is", "what"}.isdisjoint(words[3:6]) and bool(OURS & set(words[1:4]))
    shown = words[:2] in (["walk", "me"], ["please", "give"], ["give", "me"])
    return shown and "my" in words and not {"list", "lists"}.isdisjoint(words)


_LEADING_IN: Final = frozenset("on in for during between at from within over".split())
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
    if not (present & OURS or to_do(words)):
        return False
    if present & OURS <= {"list", "lists", "calendar", "notifications", "notification"}:
        asked_of_mine = "my" in present and words[0] in ("did", "have", "is", "are") and "add" in present
        if other_subject(words) and not asked_of_mine and not present & {"shopping", "grocery", "groceries"}:
            return False
        return bool({"my", "the", "our", "shopping", "grocery", "groceries", "lists", "i", "available"} & present) and not (
            "of" in present and ("a" in present or present & _NOT_OURS) and not {"my", "things", "items"} & present
        )
    return True


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
