"""`python -m bench.voice.bare MODEL OPTIONS`: faster-whisper and nothing else; a path a line in, a line of JSON out.

The other side of the comparison: it decodes with faster-whisper's own decoder, and keeps nothing. With the option `memory` it treats
memory as we do, so that what this saves and what the rest costs can be told apart.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from faster_whisper import WhisperModel

from shared.voice import memory


def main(folder: str, options: dict[str, Any]) -> None:
    """Load the model, then hear whatever is named until the input ends."""
    if options["memory"]:
        memory.keep()
    model = WhisperModel(folder, **options["load"])
    for line in sys.stdin:
        found, _ = model.transcribe(line.rstrip("\n"), **options["hear"])
        text = " ".join(one.text.strip() for one in found)
        if options["memory"]:
            memory.give_back()
        print(json.dumps({"text": text}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
