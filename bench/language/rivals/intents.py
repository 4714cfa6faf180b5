"""What is meant, by the two means a team has at hand: a handful of patterns, and a classifier trained on labelled sentences.

The classifier never saw the source it is asked about: for each set another model is trained on all the other sets, which is how it
would meet the texts of a new product. Words of one to three and letters of two to five, TF-IDF, logistic regression.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

Answer = Callable[[str, datetime, str, str], object]

_LISTED = r"(lists?|to-?dos?|tasks?|remind\w*|calendar|events?|agenda|schedule|meetings?|appointments?)"
_ASKING = r"(what|which|when|show|list|read|tell|find|check|see|display|give|are|is|do|did|have|open)"
_REMOVING = r"(delete|remove|cancel|clear|erase|drop|get rid of|take)"
#: First match wins.
KEYWORDS = [
    (intent, re.compile(pattern, re.IGNORECASE))
    for intent, pattern in (
        ("undo", r"^(undo|revert|never ?mind)\b"),
        ("snooze", r"\b(snooze|postpone)\b"),
        ("help", r"^help\b|\bwhat (else )?(can|do) you\b|\bcan i ask you\b|\bhow (do|does|can) (i|you|this)\b"),
        ("remind", r"\bremind me\b|\b(set|create|make|add|give|send)\b.*\b(reminder|alert|notification|nudge)\b"),
        ("delete", rf"\b{_REMOVING}\b.*\b({_LISTED}|off|from|items?)\b|^(delete|remove|cancel)\b"),
        ("complete", r"\b(done|finished|completed?)\b|\b(check|cross|tick)(ed)? .*\boff\b|^mark\b"),
        ("add", rf"\b(add|put|create|make|set|new|schedule|include|append)\b.*\b{_LISTED}\b|^(add|buy|call|todo)\b"),
        ("query", rf"\b{_ASKING}\b.*\b{_LISTED}\b|^(?:(?:my|the) )?\w+ list$"),
    )
]


def keywords() -> tuple[str, Answer]:
    """Eight patterns; none where none matches."""

    def answer(text: str, _now: datetime, _zone: str, _corpus: str) -> dict[str, str]:
        return {"intent": next((intent for intent, pattern in KEYWORDS if pattern.search(text)), "none")}

    return "eight patterns", answer


def classifier() -> tuple[str, Answer]:
    """TF-IDF and logistic regression, a model for each set that was left out."""
    import sklearn  # type: ignore[import-not-found]

    labelled = _labelled(Path(os.environ["JOTLINE_LANGUAGE_DATA"]) / "data")
    models: dict[str, Any] = {}
    for left_out in sorted({corpus for corpus, _, _ in labelled}):
        seen = [(text, label) for corpus, text, label in labelled if corpus != left_out]
        models[left_out] = _trained([text for text, _ in seen], [label for _, label in seen])

    def answer(text: str, _now: datetime, _zone: str, corpus: str) -> dict[str, str]:
        return {"intent": str(models.get(corpus, models["clinc_none"]).predict([text])[0])}

    return f"scikit-learn {sklearn.__version__}", answer


SIDES: dict[str, Callable[[], tuple[str, Answer]]] = {"keywords": keywords, "classifier": classifier}


def _trained(texts: list[str], labels: list[str]) -> Any:  # noqa: ANN401 - scikit-learn ships no types here
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-not-found]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found]
    from sklearn.pipeline import make_pipeline, make_union  # type: ignore[import-not-found]

    words = TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    return make_pipeline(make_union(words, letters), LogisticRegression(C=10, max_iter=200, class_weight="balanced")).fit(
        texts, labels
    )


def _labelled(folder: Path) -> list[tuple[str, str, str]]:
    """Set, text and label of every development case with one label."""
    rows = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]
    labels = [(row, _label(row["gold"])) for row in rows if row["split"] == "dev"]
    return [(row["set"], row["text"], label) for row, label in labels if label]


def _label(gold: dict[str, Any]) -> str | None:
    """The one label to learn from what is accepted: any kind of add is an add; none where several would do."""
    accepted = ["add" if each in {"remind", "recur"} else each for each in gold.get("intents_narrow", gold.get("intents", []))]
    if "add" in accepted and len(set(accepted)) > 1:
        return None
    return accepted[0] if accepted else None
