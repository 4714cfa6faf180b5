"""Which Whisper model: the one that is named, else one that is here already, else the small one that comes with Jotline.

`WHISPER_MODEL` is a folder (model.bin, config.json, tokenizer.json, vocabulary) or a name that faster-whisper knows, which is looked up
in the Hugging Face cache and fetched into it the first time. Nothing else is ever fetched.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

from shared.policy.outcomes import Poison, Unavailable

#: For tests and the demo: it knows a few hundred words (models/jotline-demo/README.md).
DEMO = Path(__file__).parents[2] / "models" / "jotline-demo"
#: Models to take when none is named and one of them is here, the most suitable for a small machine first.
CACHED = ("small", "small.en", "base", "base.en", "medium", "medium.en", "tiny", "tiny.en", "turbo", "large-v3")
FILES = ("model.bin", "config.json", "tokenizer.json")

log = logging.getLogger("jotline")


class ModelUnavailable(Unavailable):
    """There is no model to hear with: a setting to mend. Until then recordings wait."""


class UnknownModel(Poison):
    """A recording is to be heard again by a model that is not here: no try will find it."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it is loaded. `path`: a folder, or a name to be fetched."""

    path: str
    name: str
    fetch: bool = False


def check(setting: str) -> None:
    """See whether a setting can be right, without loading anything.

    Raises:
        ModelUnavailable: it names a folder that has no model.
    """
    if is_folder(setting):
        _check_folder(Path(setting).expanduser())


def is_folder(setting: str) -> bool:
    """Whether a setting names a folder, not a model."""
    return setting.startswith(("/", ".", "~"))


def choose(wanted: str, setting: str) -> Model:
    """The model to load.

    Args:
        wanted: asked for by whoever wants a recording heard again; empty: the usual one. It is never fetched.
        setting: WHISPER_MODEL, or empty.

    Raises:
        ModelUnavailable: there is none. UnknownModel: not the one asked for.
    """
    if wanted and wanted != setting:
        return _asked_for(wanted)
    if setting:
        if is_folder(setting):
            return _in_folder(setting)
        found = cached(setting)
        return Model(found or setting, setting, fetch=found is None)
    for name in CACHED:
        if found := cached(name):
            return Model(found, name)
    _check_folder(DEMO)
    log.warning(
        "no Whisper model is set: using the small one for tests and demos, which knows a few hundred words; "
        "for real speech set WHISPER_MODEL, to `small` for instance (docs/voice.md)"
    )
    return Model(str(DEMO), DEMO.name)


def _asked_for(wanted: str) -> Model:
    """The model by which a recording is to be heard again.

    Raises:
        UnknownModel: it is not here.
    """
    try:
        if is_folder(wanted):
            return _in_folder(wanted)
        found = cached(wanted)
    except ModelUnavailable as error:
        raise UnknownModel(str(error)) from error
    if found is None:
        raise UnknownModel(
            f"the model {wanted} is not on this machine: start once with WHISPER_MODEL={wanted}, and it is fetched"
        )
    return Model(found, wanted)


def _in_folder(setting: str) -> Model:
    folder = Path(setting).expanduser()
    _check_folder(folder)
    return Model(str(folder), folder.name)


def cached(name: str) -> str | None:
    """The folder of a model in the Hugging Face cache; None when it is not there.

    Raises:
        ModelUnavailable: faster-whisper knows no such name.
    """
    from faster_whisper.utils import download_model
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        folder = download_model(name, local_files_only=True)
    except LocalEntryNotFoundError:
        return None
    except (ValueError, HFValidationError):
        raise ModelUnavailable(f"WHISPER_MODEL: {name} is no model: take a name like small or base.en, or a folder") from None
    return folder if Path(folder, "model.bin").is_file() else None


def _check_folder(folder: Path) -> None:
    """Make sure that a folder has a model.

    Raises:
        ModelUnavailable: it has none. Without tokenizer.json faster-whisper would ask the network for one.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise ModelUnavailable(f"WHISPER_MODEL: {folder} has no {', '.join(missing)}")


def threads(setting: int) -> int:
    """On how many threads to hear: as set, else as many as there are processors for us, up to four."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return setting or min(4, available)
