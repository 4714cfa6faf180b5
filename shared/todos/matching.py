"""Which todos a person's words fit, and how well.

People name a todo by a word or two of it ("the milk one", "dentst", "watered the plants"). A fit has a grade, and only the best
grade counts: "buy milk" is #2 *Buy milk*, not also #5 *Buy milk chocolate*; "milk" is both. A fit by a typo, by the start of a
word or by most of the words is a guess, and the reply offers to undo it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from shared.todos.model import Task

WORD: Final = re.compile(r"\w+(?:'\w+)*")
EMPTY_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "a about all an and any at for from i in is it its item items me my of off on one ones our that the thing things this "
        "to todo todos task tasks up was with",
    )
)
"""Words that say nothing about which todo is meant."""

PAST: Final = {
    "ate": "eat", "bought": "buy", "booked": "book", "brought": "bring", "built": "build", "cut": "cut", "did": "do", "drove":
    "drive", "fed": "feed", "found": "find", "gave": "give", "got": "get", "heard": "hear", "left": "leave", "lent": "lend",
    "made": "make", "met": "meet", "paid": "pay", "put": "put", "ran": "run", "read": "read", "sent": "send", "sold": "sell",
    "spoke": "speak", "swept": "sweep", "swam": "swim", "taught": "teach", "told": "tell", "took": "take", "went": "go",
    "wrote": "write",
}  # fmt: skip
"""What was done, as the todo was written."""


class Grade(IntEnum):
    """How well words fit a title, worst first."""

    NONE = 0
    MOST = 1  # more of the words than not: a guess
    TYPO = 2  # a letter wrong, or only the start of a word: a guess
    FORM = 3  # another form of the word: watered, plants
    WORDS = 4
    WHOLE = 5


@dataclass(frozen=True, slots=True)
class Match:
    """The todos that fit best."""

    tasks: tuple[Task, ...]
    grade: Grade

    @property
    def guess(self) -> bool:
        """True when a letter or a word differs from what was said."""
        return self.grade in (Grade.MOST, Grade.TYPO)


def find(words: str, tasks: Iterable[Task], *, at_least: Grade = Grade.MOST) -> Match:
    """The tasks whose title fits `words` best, in the order given; none when no fit is `at_least` that good."""
    graded = [(grade(words, task.title), task) for task in tasks]
    best = max((found for found, _ in graded), default=Grade.NONE)
    if best < at_least or best is Grade.NONE:
        return Match((), Grade.NONE)
    return Match(tuple(task for found, task in graded if found is best), best)


def holding(words: str, tasks: Iterable[Task]) -> list[Task]:
    """The tasks that have all of `words` in title, note or tags: what a search shows."""
    return [task for task in tasks if grade(words, " ".join((task.title, task.note, *task.tags))) >= Grade.TYPO]


def tag_named(words: str, tasks: Iterable[Task]) -> str:
    """The tag of some of the tasks that `words` name without its #: "all the groceries"; empty when there is none."""
    wanted = " ".join(content(words))
    return next((tag for task in tasks for tag in task.tags if tag.casefold() == wanted), "")


def same_title(one: str, other: str) -> bool:
    """True when two titles are the same but for case and punctuation."""
    return WORD.findall(one.casefold()) == WORD.findall(other.casefold()) and one.isascii() == other.isascii()


def grade(words: str, title: str) -> Grade:
    """How well `words` fit `title`."""
    wanted, held = content(words), content(title)
    if not wanted:
        return _inside(words, title)
    if wanted == held:
        return Grade.WHOLE
    fits = [_best_fit(word, held) for word in wanted]
    if all(fits):
        return min(fits)
    found = sum(fit >= Grade.FORM for fit in fits)
    return Grade.MOST if found > 1 and found > len(fits) - found else _inside(words, title)


def says_all(words: str, title: str, *, verb: bool) -> bool:
    """True when `words` leave nothing of `title` unsaid; with `verb`, but for its first word: "milk" of "Buy milk"."""
    wanted, held = content(words), content(title)
    unsaid = [place for place, word in enumerate(held) if _best_fit(word, wanted) < Grade.FORM]
    return not unsaid or (verb and unsaid == [0])


def content(text: str) -> list[str]:
    """The words that tell one todo from another, or all of them when none does."""
    words = WORD.findall(text.casefold())
    return [word for word in words if word not in EMPTY_WORDS] or words


def _inside(words: str, title: str) -> Grade:
    """Scripts without spaces, and emoji: a part of the title will do."""
    part = words.strip().casefold()
    return Grade.WORDS if part and not part.isascii() and part in title.casefold() else Grade.NONE


def _best_fit(word: str, held: Sequence[str]) -> Grade:
    if word in held:
        return Grade.WORDS
    if _stem(word) in {_stem(other) for other in held}:
        return Grade.FORM
    return Grade.TYPO if any(_nearly(word, other) for other in held) else Grade.NONE


def _stem(word: str) -> str:
    """Enough of English to bring "watered", "watering" and "waters" together; never shown to anybody."""
    word = PAST.get(word, word).removesuffix("'s")
    for ending in ("ies", "ing", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _nearly(word: str, other: str) -> bool:
    """One slip in four letters or more, two in eight; or the start of the word."""
    if len(word) < 4 or word.isdigit() or other.isdigit():
        return False
    if other.startswith(word):
        return True
    slips = 2 if len(word) >= 8 else 1
    return abs(len(word) - len(other)) <= slips and _distance(word, other) <= slips


def _distance(one: str, other: str) -> int:
    """Letters inserted, left out, changed or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and (a, b) == (other[j - 2], one[i - 2]):
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]
