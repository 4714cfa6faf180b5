"""What the language says, for the scorer of public corpora: `score.py bench.language.adapter:parse`.

The same words as `jotline understand --jsonl`; the scorer reads the first command of a message.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from local.understand import as_dict
from shared.language import understand


def parse(text: str, now: datetime, zone: str) -> list[dict[str, Any]]:
    """The commands of `text`, each as the scorer wants it."""
    return [as_dict(command) for command in understand(text, now, zone).commands] or [{"intent": "none"}]
