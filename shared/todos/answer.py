"""The one reply to a message, put together from what its commands led to.

What happened comes first, then what could not be done, then what is left for today, the offer to undo, what was asked for, the
one open question, and at the very first contact who we are. Results of one verb are grouped (`Done 3:`); "nothing changed" is
said only where nothing did.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from shared.messages import phrases, segments
from shared.todos.errors import TodoRefused

MOST_SEGMENTS: Final = 2


def fits(text: str) -> bool:
    """True when a text takes no more segments than a reply may."""
    return segments.count_segments(text).count <= MOST_SEGMENTS


@dataclass(frozen=True, slots=True)
class Result:
    """What happened to one todo: its verb, and what stands after it."""

    verb: str
    line: str

    def __str__(self) -> str:
        return f"{self.verb} {self.line}"


@dataclass(slots=True)
class Answer:
    """Collects the parts of a reply."""

    results: list[Result] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # about a result: "You also have ..."
    refusals: list[TodoRefused] = field(default_factory=list)
    left_today: int | None = None
    offer_undo: bool = False
    said: list[str] = field(default_factory=list)  # whole answers: a list, help, a setting
    question: str = ""
    short_question: str = ""  # the same without the todos it is about
    introduction: str = ""

    def result(self, phrase: str) -> None:
        """Add what happened to one todo, as `shared.messages.phrases` says it: the verb is the first word."""
        verb, _, line = phrase.partition(" ")
        self.results.append(Result(verb, line))

    def compose(self) -> str | None:
        """The text; None when there is nothing to say. It takes two segments at most.

        What would be longer introduces us in fewer words, counts the results instead of naming them, then leaves out remarks
        and the todos of a question, and at last its own end.
        """
        named, counted = self._named(), self._counted()
        for text in (
            self._compose(named, self.remarks, self.question, self.introduction),
            self._compose(named, self.remarks, self.question, self.introduction and phrases.FIRST_CONTACT_SHORT),
            self._compose(counted, self.remarks, self.question, self.introduction and phrases.FIRST_CONTACT_SHORT),
            self._compose(counted, [], self.short_question or self.question, ""),
        ):
            if fits(text):
                return text or None
        lines = text.split("\n")
        while len(lines) > 1 and not fits("\n".join(lines)):
            lines.pop()
        return "\n".join(lines)

    def _compose(self, results: list[str], remarks: list[str], question: str, introduction: str) -> str:
        return phrases.reply(
            *results,
            *remarks,
            *self._refused(alone=not (results or self.said or question)),
            "" if self.left_today is None else phrases.left_today(self.left_today),
            phrases.UNDO_OFFER if self.offer_undo else "",
            *self.said,
            question,
            introduction,
        )

    def _named(self) -> list[str]:
        runs = [(verb, [result.line for result in run]) for verb, run in groupby(self.results, lambda result: result.verb)]
        alone = len(runs) == 1
        return [
            said
            for verb, lines in runs
            for said in ([phrases.several(verb, lines)] if len(lines) > (1 if alone else 3) else [f"{verb} {x}" for x in lines])
        ]

    def _counted(self) -> list[str]:
        by_verb: dict[str, list[Result]] = {}
        for result in self.results:
            by_verb.setdefault(result.verb, []).append(result)
        return [f"{verb} {len(same)}." if len(same) > 1 else str(same[0]) for verb, same in by_verb.items()]

    def _refused(self, *, alone: bool) -> list[str]:
        """Every refusal once; the whole sentence only when it is all there is to say."""
        said = [refused.reply if alone and len(self.refusals) == 1 else refused.brief for refused in self.refusals]
        return list(dict.fromkeys(said))
