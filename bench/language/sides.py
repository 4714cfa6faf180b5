"""Who takes part: how each side is started, what it is judged by, and which sets are its own tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.language import installing
from bench.language.corpus import Gold, about_dates, about_intents
from bench.language.peer import Peer, here

DATES = frozenset({"due", "iv", "nodue", "title", "joint"})
REPEATS = frozenset({"rrule"})
INTENTS = frozenset({"intent", "harm", "addfp"})
OURS, GLUE = "jotline", "glue"
#: What glue is put together from.
GLUED = ("chrono", "recurrent")


@dataclass(frozen=True, slots=True)
class Side:
    """One column of the comparison."""

    title: str
    #: The scorer's measures it competes in; a parser that knows no repeats is not judged by them.
    measures: frozenset[str]
    #: Where it runs: with us, in PyPI's place or in npm's; nowhere if it is put together from others.
    runs: str
    #: Sets made from its own tests: shown, but no yardstick for others.
    own_sets: frozenset[str] = field(default=frozenset())

    def wanted(self, gold: Gold) -> bool:
        """Whether it is asked a case."""
        dates, intents = self.measures & (DATES | REPEATS), self.measures & INTENTS
        return bool((dates and about_dates(gold)) or (intents and about_intents(gold)))


_RECOGNIZERS = frozenset({"recog_instant", "recog_range", "recog_set", "recog_neg", "recog_tasks"})
_CHRONO = frozenset({"chrono_en", "chrono_neg"})
_RECURRENT = frozenset({"recurrent_rrule", "recurrent_dates"})

SIDES = {
    OURS: Side("Jotline", DATES | REPEATS | INTENTS, "here"),
    "chrono": Side("chrono-node", DATES, "npm", _CHRONO),
    "recognizers": Side("Recognizers (npm)", DATES | REPEATS, "npm", _RECOGNIZERS),
    "recognizers-py": Side("Recognizers (PyPI)", DATES | REPEATS, "PyPI", _RECOGNIZERS),
    "dateparser": Side("dateparser", DATES, "PyPI"),
    "parsedatetime": Side("parsedatetime", DATES, "PyPI"),
    "timefhuman": Side("timefhuman", DATES, "PyPI"),
    "ctparse": Side("ctparse", DATES, "PyPI"),
    "sherlock": Side("sherlockjs", DATES, "npm", frozenset({"sherlock"})),
    "recurrent": Side("recurrent", frozenset({"due", "nodue", "rrule"}), "PyPI", _RECURRENT),
    "rrule": Side("rrule", REPEATS, "npm", frozenset({"rrule_nlp"})),
    GLUE: Side("chrono + recurrent", DATES | REPEATS, "", _CHRONO | _RECURRENT),
    "keywords": Side("eight patterns", INTENTS, "PyPI"),
    "classifier": Side("TF-IDF + LR", INTENTS, "PyPI"),
}
INTENT_SIDES = (OURS, "keywords", "classifier")

INSTALL: dict[str, Callable[[], None]] = {
    "here": lambda: None,
    "PyPI": installing.install_python,
    "npm": installing.install_node,
}


def process(name: str, data: Path) -> Peer:
    """The process of a side, not yet started; a classifier learns from `data`."""
    if SIDES[name].runs == "npm":
        # One thread, so that compiling and collecting in the background cannot hide.
        return Peer(
            ["node", "--single-threaded", here("rivals", "serve.js"), name], {"NODE_PATH": str(installing.NODE_MODULES)}
        )
    python = sys.executable if SIDES[name].runs == "here" else str(installing.PYTHON)
    environment = {"JOTLINE_LANGUAGE_DATA": str(data), "OMP_NUM_THREADS": "1"}
    return Peer([python, "-m", "bench.language.rivals.serve", name], environment)
