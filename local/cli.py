"""The command line: `jotline COMMAND`, as `jotline help` lists them. `./scripts/run` without a word is `jotline run`."""

from __future__ import annotations

import importlib
import os
import sys

USAGE = """usage: jotline COMMAND ...

  run                        start Jotline on this machine (http://127.0.0.1:8080)
  text NUMBER "WORDS"        text it as NUMBER and print the answer
  say NUMBER FILE            send it a voice note as NUMBER, or call it (--call), and print the answer
  clock [set ISO|advance 1d] show or move the clock (with the phone stand-in)
  understand "WORDS"         show how words are read, without doing anything
  schemas [TYPE]             the JSON schema of the events, or of one type
  audit [--user NUMBER] [--text WORDS] ...
                             what happened: to whom, when, because of what
  dead-letters [list|show ID|replay ID...|discard ID...]
                             what could not be worked off: look at it, and give it out again
  reprocess                  hear recordings again that are kept, and show what is heard differently
  broker                     the broker alone, for functions behind HTTP (docs/openfaas.md)
  migrate                    bring the database of DATABASE_URL to this version
  cluster-sim                the cluster on this machine, without Kubernetes (docs/cluster.md)
"""
#: Each subcommand's module is loaded only when it is called: `text` must answer at once.
COMMANDS = {
    "text": "local.text",
    "say": "local.say",
    "clock": "local.clock_cli",
    "understand": "local.understand",
    "schemas": "local.schemas",
    "audit": "local.trail_cli",
    "dead-letters": "local.dead_letters",
    "reprocess": "local.reprocess",
    "broker": "local.http_broker",
    "migrate": "local.migrate",
    "cluster-sim": "local.cluster.sim",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    name, rest = (words[0], words[1:]) if words else ("", [])
    if name == "run" and not rest:
        from local.box import run

        return run(os.environ)
    if name in COMMANDS:
        return int(importlib.import_module(COMMANDS[name]).main(rest))
    print(USAGE, end="", file=sys.stderr if name not in ("help", "--help", "-h") else sys.stdout)
    return 0 if name in ("help", "--help", "-h") else 2


if __name__ == "__main__":
    sys.exit(main())
