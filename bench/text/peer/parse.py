"""What a text asks for, in the few forms the benchmark sends.

Far simpler than the product's language, on purpose: the comparison is about the plumbing, and here the peer has the advantage.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERED = re.compile(r"(done|delete) #?(\d+)$")
MOVED = re.compile(r"move #?(\d+) to (\w+)$")
DAY_WORD = re.compile(r"\b(?:on |next |every )?(today|tomorrow|" + "|".join(DAYS) + r")\b(?: at)?(?: \d+(?::\d\d)?(?:am|pm)?)?")


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do: add, done, delete, move, list or undo."""

    verb: str
    number: int = 0
    titles: tuple[str, ...] = ()
    due: date | None = None


def parse(text: str, today: date) -> Command:
    """The command in `text`; anything unknown is a new task."""
    words = text.strip().lower()
    if words == "undo":
        return Command("undo")
    if words in {"list", "today"} or words.startswith("what's on"):
        return Command("list", due=find_day(words, today))
    if found := NUMBERED.match(words):
        return Command(found[1], number=int(found[2]))
    if found := MOVED.match(words):
        return Command("move", number=int(found[1]), due=find_day(found[2], today))
    titles = tuple(DAY_WORD.sub("", part).strip(" ,") for part in text.split(" and "))
    return Command("add", titles=tuple(title for title in titles if title), due=find_day(words, today))


def find_day(words: str, today: date) -> date | None:
    """The first day named in `words`, from `today` on."""
    found = DAY_WORD.search(words)
    if found is None:
        return None
    if found[1] in {"today", "tomorrow"}:
        return today + timedelta(days=found[1] == "tomorrow")
    ahead = (DAYS.index(found[1]) - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead)
