"""`jotline schemas [TYPE]`: the JSON schema of the data of every event, or of one type."""

from __future__ import annotations

import json
import sys

from shared.events.schemas import TYPES, type_named


def main(argv: list[str]) -> int:
    """Print one JSON document: CloudEvents type to JSON schema; returns the exit status."""
    wanted = [type_named(name) for name in argv] or list(TYPES)
    unknown = [name for name in wanted if name not in TYPES]
    if unknown:
        sys.stderr.write(f"there is no event type {unknown[0]}; there are: {', '.join(TYPES)}\n")
        return 2
    sys.stdout.write(json.dumps({name: TYPES[name].model.model_json_schema() for name in wanted}, indent=2) + "\n")
    return 0
