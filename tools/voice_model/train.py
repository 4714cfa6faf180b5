"""Train the demo model within a given time: the learning rate falls to zero as that runs out.

The state is kept every few minutes, and the same command goes on from there. Each time the model is exported and measured as it is, so a
usable one exists from the first minutes on.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Full
from random import Random
from typing import Any, Final

import torch
from torch.nn import functional

from tools.voice_model import grammar, network, samples
from tools.voice_model.export import export
from tools.voice_model.vocabulary import make_tokenizer

_MERGES: Final = 400
_POSITIONS: Final = 5600
"""Encoder positions of a batch: about 32 commands."""
_PEAK_MATRICES, _PEAK_OTHERS = 0.02, 3e-3
_WARM, _FLAT = 0.02, 0.35
_SOUNDS_SHARE: Final = 0.4
_SMOOTHING: Final = 0.05
_DROPOUT: Final = 0.05
_SHARE_LONG: Final = (0.08, 0.14)
"""Samples of several sentences: in the first third, when single words are learned, and after."""


@dataclass(slots=True)
class Training:
    """A training run in `folder`: what is learned and how far it got."""

    folder: Path
    minutes: float
    tokenizer: Any
    net: network.Network
    seconds: float = 0.0
    steps: int = 0
    seen: int = 0
    optimizers: list[torch.optim.Optimizer] = field(default_factory=list)

    @property
    def progress(self) -> float:
        """How much of the time has passed: 0 to 1."""
        return self.seconds / 60 / self.minutes

    def step(self, batch: samples.Batch) -> tuple[float, float]:
        """Learn from one batch; the losses of the text and of the sounds."""
        for optimizer, peak in zip(self.optimizers, (_PEAK_MATRICES, _PEAK_OTHERS), strict=True):
            for group in optimizer.param_groups:
                group["lr"] = peak * rate(self.progress)
        with torch.autocast("cpu", torch.bfloat16):
            text, sounds = losses(self.net, batch)
        loss = text + _SOUNDS_SHARE * sounds
        self.net.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        for optimizer in self.optimizers:
            optimizer.step()
        self.steps += 1
        self.seen += len(batch.mel)
        return text.item(), sounds.item()

    def keep(self) -> None:
        """Write the state, and the model as it is now."""
        kept = {"net": self.net.state_dict(), "seconds": self.seconds, "steps": self.steps, "seen": self.seen}
        kept["optimizers"] = [optimizer.state_dict() for optimizer in self.optimizers]
        torch.save(kept, self.folder / "state.new")
        (self.folder / "state.new").replace(self.folder / "state.pt")
        export(
            network.state(self.net),
            self.folder / "tokenizer.json",
            self.folder / "model",
            encoder_layers=network.ENCODER_LAYERS,
            decoder_layers=network.DECODER_LAYERS,
            heads=network.HEADS,
        )

    def resume(self) -> None:
        """Go on from the state that `folder` holds."""
        kept = torch.load(self.folder / "state.pt")
        self.net.load_state_dict(kept["net"])
        for optimizer, state in zip(self.optimizers, kept["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        self.seconds, self.steps, self.seen = kept["seconds"], kept["steps"], kept["seen"]


def rate(progress: float) -> float:
    """The learning rate's share of its peak: up, level, and down to nothing at the end."""
    return min(1.0, (progress + 0.001) / _WARM) * min(1.0, max(0.0, (1 - progress) / (1 - _FLAT)))


def losses(net: network.Network, batch: samples.Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """How wrong `net` is about the text, and about the sounds at each position."""
    sound, bias = net.encode(torch.from_numpy(batch.mel), dropout=_DROPOUT)
    decoded = net.decode(torch.from_numpy(batch.inputs), sound, bias, dropout=_DROPOUT)
    wanted = torch.from_numpy(batch.wanted).flatten()
    scores = decoded.flatten(0, 1) @ net.embedding.T
    text = functional.cross_entropy(scores.float(), wanted, ignore_index=-100, label_smoothing=_SMOOTHING)
    named = net.sounds(sound[:, : batch.mel.shape[2] // 2]).float().log_softmax(-1).transpose(0, 1)
    lengths, counts = torch.from_numpy(batch.frames // 2), torch.from_numpy(batch.sound_counts)
    sounds = functional.ctc_loss(named, torch.from_numpy(batch.sounds), lengths, counts, zero_infinity=True)
    return text, sounds


def begin(folder: Path, minutes: float) -> Training:
    """A new training run, or the one that `folder` holds, to end `minutes` after its start."""
    from tokenizers import Tokenizer

    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    path = folder / "tokenizer.json"
    if not path.exists():
        random = Random(1)  # noqa: S311 - no secret
        make_tokenizer([grammar.sentence(random) for _ in range(20_000)], _MERGES).save(str(path))
    tokenizer = Tokenizer.from_file(str(path))
    net = network.Network(tokenizer.get_vocab_size(), len(samples.SOUNDS))
    training = Training(folder, minutes, tokenizer, net)
    training.optimizers = [
        torch.optim.Muon(net.matrices(), lr=_PEAK_MATRICES, weight_decay=0.05),
        torch.optim.AdamW(net.others(), lr=_PEAK_OTHERS, betas=(0.9, 0.98), weight_decay=0.01),
    ]
    if (folder / "state.pt").exists():
        training.resume()
    return training


def train(folder: Path, minutes: float, *, keep_every_minutes: float = 5.0) -> None:
    """Train in `folder` until `minutes` of work are done in all, whatever was done before."""
    from tools.voice_model.evaluate import summary

    torch.set_num_threads(1)
    training = begin(folder, minutes)
    share_long = multiprocessing.get_context("spawn").Value("d", 0.0)
    batches = _made_elsewhere(folder / "tokenizer.json", training.steps, share_long)
    kept = printed = training.seconds
    sums, summed = [0.0, 0.0], 0
    first = next(batches)
    while training.progress < 1:
        started = time.perf_counter()
        share_long.value = _SHARE_LONG[training.progress > _FLAT]
        text, sounds = training.step(first)
        first = next(batches)
        sums, summed = [sums[0] + text, sums[1] + sounds], summed + 1
        training.seconds += time.perf_counter() - started
        if training.seconds - printed > 20:
            print(f"{training.seconds / 60:.1f} min, {training.steps} steps, {training.seen} samples:", end=" ")
            print(f"text {sums[0] / summed:.3f}, sounds {sums[1] / summed:.3f}", flush=True)
            printed, sums, summed = training.seconds, [0.0, 0.0], 0
        if training.seconds - kept > keep_every_minutes * 60 or training.progress >= 1:
            training.keep()
            print(summary(folder / "model"), flush=True)
            kept = training.seconds


def _made_elsewhere(tokenizer_json: Path, seed: int, share_long: Any) -> Iterator[samples.Batch]:  # noqa: ANN401 - a shared double
    """Batches from another process, which ends with this one."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue(24)
    context.Process(target=_make, args=(str(tokenizer_json), seed, share_long, queue, os.getpid()), daemon=True).start()
    while True:
        yield queue.get()


def _make(tokenizer_json: str, seed: int, share_long: Any, queue: Any, parent: int) -> None:  # noqa: ANN401 - of multiprocessing
    from tokenizers import Tokenizer

    random = Random(seed)  # noqa: S311 - no secret
    maker = samples.SampleMaker(Tokenizer.from_file(tokenizer_json), random, share_long.value)
    for batch in maker.batches(_POSITIONS):
        maker.share_long = share_long.value
        while os.getppid() == parent:
            try:
                queue.put(batch, timeout=5)
                break
            except Full:
                continue
        else:
            return
