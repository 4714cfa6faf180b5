"""`python -m bench.language`: our language beside the parsers one could pick instead, on public test sentences.

Sides from PyPI and npm are installed into .cache at the first run. See bench/language/README.md for what is compared and how.
"""

from __future__ import annotations

import argparse
import shlex
import sys

from bench.language import report
from bench.language.corpus import Corpus, NoSentences, folder_of
from bench.language.measuring import measure
from bench.language.sides import GLUE, GLUED, INTENT_SIDES, OURS, SIDES
from bench.text import report as pages


def read_options(argv: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.language", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--data", help="the folder with score.py and data/ (default: $JOTLINE_LANGUAGE_DATA, ../shared/language)"
    )
    parser.add_argument("--sides", default=",".join(SIDES), help="which, separated by commas (default: %(default)s)")
    parser.add_argument("--intent", action="store_true", help="only what is meant: ours, patterns, a trained classifier")
    parser.add_argument(
        "--rounds", type=int, default=3, help="how often the sides take turns being timed (default: %(default)s)"
    )
    parser.add_argument("--texts", type=int, default=270, help="about how many texts are timed (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write bench/results/language.json and docs/measurements.md")
    options = parser.parse_args(argv)
    options.names = list(INTENT_SIDES) if options.intent else options.sides.split(",")
    unknown = set(options.names) - set(SIDES)
    if unknown:
        parser.error(f"no side is called {', '.join(sorted(unknown))}; there are {', '.join(SIDES)}")
    if GLUE in options.names and not set(GLUED) <= set(options.names):
        parser.error(f"{GLUE} needs {' and '.join(GLUED)}")
    return options


def main(argv: list[str]) -> int:
    """Measure, print, and with --write keep the results; answers the exit status."""
    options = read_options(argv)
    try:
        corpus = Corpus(folder_of(options.data))
    except NoSentences as problem:
        print(problem, file=sys.stderr)
        return 2
    measured = measure(
        options.names, corpus, lambda what: print(what, file=sys.stderr), rounds=options.rounds, sample=options.texts
    )
    if OURS in measured.missing:
        print(measured.missing[OURS], file=sys.stderr)
        return 1
    command = shlex.join(["python", "-m", "bench.language", *(word for word in argv if word != "--write")])
    results = report.results_of(measured, command, len(corpus.sample(options.texts)))
    print(report.table(results))
    if options.write:
        pages.write("language", results, report.table(results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
