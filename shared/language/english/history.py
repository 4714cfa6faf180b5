"""What people ask about what they changed: on a day, of one todo, when something was added or done."""

# ruff: noqa: E501 - a pattern is one string

from __future__ import annotations

from typing import Final

from shared.language.english.wording import say
from shared.language.model import Intent, Query

say(
    "history_day",
    Intent.HISTORY,
    "(what|what all|which todos|which tasks|which things|what things) (did i|have i) (change|changed|edit|edited|alter|altered) [on my list] <when:during>",
    "what (changed|was changed|has changed) [on my list] <when:during>",
    "what happened (on|to|with) my (list|todos) <when:during>",
    "what (did|have) you (change|changed) <when:during>",
    "(show|list|see) [me] [my|the|all|all my] (changes|edits|history|log) [of|from|for|on] <when:during>",
    "[my] (changes|edits|history) (of|from|for|on) <when:during>",
    examples=("what did I change yesterday", "what changed this week", "show changes from monday"),
)
say(
    "history_today",
    Intent.HISTORY,
    "(what|which todos|which tasks) (did i|have i) (change|changed|edit|edited) [on my list] [lately|recently]",
    "what (changed|was changed|has changed) [on my list] [lately|recently]",
    "(show|list|see) [me] [my|the|all|all my] (changes|edits)",
    "my (changes|edits|history)",
    examples=("what did I change", "show my changes"),
    query=Query(what="today"),
)
#: Verbs by what they ask about: one may be said of a day, and of a todo.
_KINDS: Final = {
    "created": ("add|create|enter|note down", "added|created|entered|noted down"),
    "deleted": ("delete|remove|erase", "deleted|removed|erased"),
    "updated": ("move|change|edit|reschedule|postpone", "moved|changed|edited|rescheduled|postponed"),
}
for _topic, (_now, _then) in _KINDS.items():
    _days = (
        f"what (did i|have i) ({_now}|{_then}) [to my list|from my list] <when:during>",
        f"(what|which todos|which tasks) (was|were|got) ({_then}) <when:during>",
    )
    if _topic != "updated":  # that is what any change is
        say(
            f"history_{_topic}_day",
            Intent.HISTORY,
            *_days,
            examples=(f"what did i {_now.split('|')[0]} yesterday",),
            topic=_topic,
        )
    _named = (
        f"when (did i|have i) ({_now}) <ref...>",
        f"when (did i|have i) ({_now}) <ref...> (to|from|on|off) (my|the) (list|todos)",
        f"when (was|were) <ref...> ({_then})",
        f"when (was|were) <ref...> ({_then}) (to|from|on|off) (my|the) (list|todos)",
    )
    say(
        f"history_{_topic}",
        Intent.HISTORY,
        f"when (did i|have i) [last] ({_now}) <numbers>",
        f"when (was|were) <numbers> [last] ({_then})",
        *(() if _topic == "updated" else _named),  # people move house, and change the oil
        examples=(f"when did i {_now.split('|')[0]} 3", f"when was 3 {_then.split('|')[0]}"),
        topic=_topic,
    )
say(
    "history_completed",
    Intent.HISTORY,
    "when did i [last] (do|finish|complete|tick off|check off) <numbers>",
    "when did i [last] (finish|complete|tick off|check off) <ref...>",
    "when was <numbers> (done|finished|completed)",
    "when was <ref...> (finished|completed|ticked off|checked off)",
    examples=("when did i finish 3", "when was 3 done", "when did i complete milk"),
    topic="completed",
)
say(
    "history_of",
    Intent.HISTORY,
    "[show|show me|what's|what is|give me] [the] (history|log) (of|for|on) (task|todo|item|number) <numbers>",
    "[show|show me|what's|what is|give me] [the] (history|log|changes) (of|for|on|to) <numbers>",
    "(history|log) <numbers>",
    "what happened (to|with) <numbers>",
    "what did i (change|do) (to|with|about) <numbers>",
    examples=("history of 3", "history 3", "what happened to 3", "what did i change about 3"),
)
