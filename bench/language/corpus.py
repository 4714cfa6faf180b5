"""The public test sentences and their scorer: where they are, and which of them each side is asked.

They come from many sources, several without a licence to pass them on, so they are no part of this project: the folder that
holds `score.py` and `data/*.jsonl` is given by --data, by JOTLINE_LANGUAGE_DATA, or stands as `shared/language` beside the checkout.
Scores are the scorer's own: its `load` reads the cases and its `evaluate` judges the answers.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

REPOSITORY = Path(__file__).parents[2]
VARIABLE = "JOTLINE_LANGUAGE_DATA"
MISSING = f"""no test sentences in {{folder}}
They are not part of this project, because their licences do not allow it. Name the folder that holds score.py and data/*.jsonl:
    python -m bench.language --data FOLDER        or        {VARIABLE}=FOLDER python -m bench.language
Each line of data/*.jsonl is a case: {{{{"set", "text", "now", "tz", "gold", "flags", "split"}}}}; score.py says what is scored."""
#: What a case may ask about besides what is meant: parsers of dates and repeats are asked only cases with more than these.
INTENT_GOLD = {"intents", "intents_narrow", "ref_text", "ref_all", "has_dt", "dt_spans", "list"}

Gold = Mapping[str, Any]
Rows = list[dict[str, Any]]
Scores = dict[str, Any]


class Scorer(Protocol):
    """The part of score.py that is used."""

    def load(self, split: str, sets: set[str] | None, data: str) -> Iterator[tuple[str, Rows]]:
        """Each set's name and its rows."""
        ...

    def evaluate(self, fn: Callable[[str, datetime, str], object], rows: Rows) -> Scores:
        """For each measure the share that is right and the number of cases."""
        ...


class NoSentences(Exception):
    """The folder with the test sentences is not there."""


@dataclass(frozen=True, slots=True)
class Case:
    """One text as a side is asked it."""

    corpus: str
    text: str
    #: Aware, in `zone`, ISO 8601.
    now: str
    zone: str

    @classmethod
    def of(cls, row: Gold) -> Case:
        """The case of a row of the data."""
        now = datetime.fromisoformat(row["now"]).astimezone(ZoneInfo(row["tz"]))
        return cls(row["set"], row["text"], now.isoformat(), row["tz"])


class Corpus:
    """The development half of a folder, and its scorer."""

    def __init__(self, folder: Path) -> None:
        """Read `folder`.

        Raises:
            NoSentences: it does not hold the scorer and its data.
        """
        if not (folder / "score.py").is_file() or not any((folder / "data").glob("*.jsonl")):
            raise NoSentences(MISSING.format(folder=folder))
        self.folder = folder
        self._scorer = _scorer(folder / "score.py")
        self.sets: dict[str, Rows] = dict(self._scorer.load("dev", None, str(folder / "data")))

    def scores(self, answer: Callable[[Case], object], wanted: Callable[[Gold], bool]) -> dict[str, Scores]:
        """What the scorer says of `answer`, which may raise, on the wanted cases of each set."""
        scores = {}
        for name, rows in self.sets.items():
            chosen = [row for row in rows if wanted(row["gold"])]
            if chosen:
                scores[name] = self._scorer.evaluate(partial(_asked, answer, name), chosen)
        return scores

    def cases(self, wanted: Callable[[Gold], bool]) -> list[Case]:
        """Every wanted case, once."""
        return list(dict.fromkeys(Case.of(row) for rows in self.sets.values() for row in rows if wanted(row["gold"])))

    def sample(self, size: int) -> list[Case]:
        """About `size` cases, as many of each set and spread evenly over it: those whose time is taken.

        Half of all cases are no commands; parsers of dates pass over those in no time, and a todo list hears few of them.
        """
        each = max(1, size // len(self.sets))
        return [Case.of(rows[at]) for rows in self.sets.values() for at in _spread(len(rows), each)]


def about_dates(gold: Gold) -> bool:
    """Whether a case asks for a date, a repeat, a title or what else stands beside an intent."""
    return bool(set(gold) - INTENT_GOLD)


def about_intents(gold: Gold) -> bool:
    """Whether a case asks what is meant."""
    return "intents" in gold


def folder_of(given: str | None) -> Path:
    """The folder with the sentences: as given, as set in the environment, or beside the checkout."""
    return Path(given or os.environ.get(VARIABLE) or REPOSITORY.parent / "shared" / "language").resolve()


def _asked(answer: Callable[[Case], object], corpus: str, text: str, now: datetime, zone: str) -> object:
    return answer(Case(corpus, text, now.isoformat(), zone))


def _spread(count: int, wanted: int) -> range:
    return range(0, count, max(1, count // wanted))[:wanted]


def _scorer(path: Path) -> Scorer:
    spec = importlib.util.spec_from_file_location("language_scorer", path)
    if spec is None or spec.loader is None:
        raise NoSentences(f"{path} is no Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Scorer", module)
