"""From what a parser found to the command a todo list needs: the part that its user would have to write.

A parser of dates leaves the rest of the words: its finding is cut out, then the words of the request ("please remind me to") and what
connected the date ("by", "every"). Whatever it read is an add, since it knows nothing else. This is not timed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bench.language import recognized
from bench.language.corpus import Case

Answer = dict[str, Any]

_POLITE = r"(?:please|hey|ok(?:ay)?|(?:can|could|would|will) you(?: please)?|i(?:'d| would) like(?: you)? to|i (?:want|need)(?: you)? to)"
_NOUN = r"(?:to-?do|task|item|entry|reminder|alert|notification|notice|nudge|note)"
_ORDER = "|".join(
    (
        r"(?:remind|alert|notify|nudge|tell|poke|buzz) me",
        r"(?:remind|alert|notify)(?= (?:to|about)\b)",
        rf"(?:send|give|set|create|make)(?: me)?(?: (?:a|an|the|another))?(?: new)?(?: {_NOUN})+",
        rf"(?:add|put|append)(?: (?:a|an|the|new|another)\b)*(?: {_NOUN}\b)*",
    )
)
LEAD = re.compile(
    rf"^(?:{_POLITE}[\s,]+)*(?:(?:{_ORDER})\b[\s:,]*(?:(?:to|that|about|of|for|called)\b[\s:,]*)?)?", re.IGNORECASE
)
_CONNECTION = r"(?:at|on|by|in|for|from|due|until|till|before|every|each|starting|this|the|about|around|@)"
_LIST = r"(?:to|on|in|into|onto) (?:(?:my|the|our) )?(?:[\w-]+ ){0,2}list"
TAIL = re.compile(rf"[\s,.;:-]+$|\b{_LIST}$|(?:^|\b){_CONNECTION}$|[\s,]+please$", re.IGNORECASE)
HEAD = re.compile(r"^[\s,.;:-]+")
REPEAT = re.compile(
    r"\b(?:every|each)\s+(?:other\s+|\d+\s+|second\s+|third\s+)?[\w-]+|\b(?:daily|weekly|monthly|yearly|annually|quarterly)\b",
    re.IGNORECASE,
)


def command(case: Case, found: Answer) -> Answer:
    """A parser's finding as a command."""
    if "intent" in found:
        return found
    if "entities" in found:
        found = recognized.finding(found["entities"], datetime.fromisoformat(case.now))
    due, rrule = found.get("due"), found.get("rrule")
    title = stripped(found["title"] or "") if "title" in found else title_of(case.text, found.get("spans") or ())
    intent = "recur" if rrule else "remind" if due else "add"
    return {"intent": intent, "title": title, "due": due, "due_end": found.get("due_end"), "rrule": rrule}


def title_of(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """What is left of `text` without `spans` and without the words of the request."""
    kept, at = [], 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        kept.append(trimmed(text[at:start]))
        at = max(at, end)
    return stripped(" ".join(part for part in kept if part))


def stripped(words: str) -> str:
    """`words` without the request at their start."""
    return trimmed(LEAD.sub("", trimmed(words)))


def trimmed(words: str) -> str:
    """`words` without what connected them to something that is gone."""
    before = None
    while before != words:
        before = words
        words = TAIL.sub("", HEAD.sub("", words)).strip()
    return words


def glued(case: Case, chrono: Answer | None, recurrent: Answer | None) -> Answer:
    """The best that can be put together: dates by chrono-node, repeats by recurrent."""
    dates, repeats = chrono or {}, recurrent or {}
    rrule = repeats.get("rrule")
    spans = [(start, end) for start, end in dates.get("spans") or ()]
    if rrule:
        spans += [found.span() for found in REPEAT.finditer(case.text)]
    due, due_end = dates.get("due"), dates.get("due_end")
    return command(case, {"due": due or (rrule and repeats.get("due")), "due_end": due_end, "rrule": rrule, "spans": spans})
