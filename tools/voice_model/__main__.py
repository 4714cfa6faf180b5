"""The demo model's command line; README.md tells how to run it.

python -m tools.voice_model train [--minutes N] [--folder F]     learn, or go on learning, for N minutes in all; then publish
python -m tools.voice_model evaluate [MODEL]                     print the table of the model card
python -m tools.voice_model publish [--folder F]                 copy the model of a training folder to models/jotline-demo
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Final

MODEL: Final = Path(__file__).resolve().parents[2] / "models" / "jotline-demo"
FOLDER: Final = Path(__file__).resolve().parents[2] / ".cache" / "voice-model" / "run"


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tools.voice_model")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("train", "publish"):
        commands.add_parser(name).add_argument("--folder", type=Path, default=FOLDER)
    commands.choices["train"].add_argument("--minutes", type=float, default=100)
    commands.add_parser("evaluate").add_argument("model", nargs="?", type=Path, default=MODEL)
    asked = parser.parse_args()
    if asked.command == "evaluate":
        from tools.voice_model.evaluate import report

        for line in report(asked.model):
            print(line, flush=True)
        return
    if asked.command == "train":
        from tools.voice_model.train import train

        train(asked.folder, asked.minutes)
    publish(asked.folder)


def publish(folder: Path) -> None:
    """Copy the model, not its card, to where the product looks for it."""
    MODEL.mkdir(parents=True, exist_ok=True)
    for file in sorted((folder / "model").iterdir()):
        shutil.copyfile(file, MODEL / file.name)


if __name__ == "__main__":
    main()
