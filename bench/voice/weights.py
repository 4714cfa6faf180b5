"""A model with the cost of Whisper `base.en`, made without its weights: they cannot be had without a download, and their cost can.

The architecture is that of `base.en` (openai/whisper, `ModelDimensions`): 512 wide, 8 heads, 6 and 6 layers, 51,864 tokens, 72 million
parameters, int8. The weights are random. What a step costs does not depend on them, but how many steps there are does, and random
weights would never end. So the positions of the decoder say what is to be written: each points at the embedding of the token that
follows it, stronger than all layers together. Such a model writes the same words whatever it hears, as many as people say in that time
(`TOKENS_A_SECOND`), and then ends. It understands nothing: its words are of no worth, its cost is.
"""

from __future__ import annotations

import json
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.voice_model.export import export
from tools.voice_model.vocabulary import END, make_tokenizer, tokens_of

WIDTH, HEADS, LAYERS, VOCABULARY = 512, 8, 6, 51_864
POSITIONS, TEXT_POSITIONS, MELS = 1500, 448, 80
#: 2.5 words a second, 1.3 tokens a word: what Whisper writes of somebody who speaks at 150 words a minute.
TOKENS_A_SECOND = 3.3
WINDOW_SECONDS = 30.0
#: How much stronger a position is than an embedding, which has the length 1.
STRENGTH = 60.0
#: So many merges that each word of a short text is one token.
MERGES = 2000


def make_model(folder: Path, text: str, hotwords: str, seconds: float) -> Path:
    """A model that hears the words of `text`, over and over, in any window of audio.

    Args:
        folder: for the model; made.
        text: some hundred words at most.
        hotwords: what it will be given as such: the words begin behind them.
        seconds: how long the recordings are that it will be given.
    """
    folder.mkdir(parents=True)
    tokenizer = make_tokenizer([text, hotwords], MERGES)
    file = folder / "made.json"
    tokenizer.save(str(file))
    _pad(file)
    numbers = {token: number for number, token in enumerate(tokens_of(file))}
    tokens = [numbers[token] for token in tokenizer.encode(f" {text}", add_special_tokens=False).tokens]
    #: Where writing begins: behind the hotwords, the sign for what was before, and that for the start.
    start = len(tokenizer.encode(f" {hotwords}", add_special_tokens=False).ids) + 1
    length = min(seconds, WINDOW_SECONDS)
    said = list(islice(cycle(tokens[:start]), round(length * TOKENS_A_SECOND)))
    written = [*said, numbers[f"<|{length:.2f}|>"], numbers[END]]
    export(_weights(start, written), file, folder, encoder_layers=LAYERS, decoder_layers=LAYERS, heads=HEADS)
    file.unlink()
    return folder


def _pad(file: Path) -> None:
    """Fill a tokenizer up to as many tokens as Whisper has, behind those of text."""
    made = json.loads(file.read_text())
    texts, special = made["model"]["vocab"], made["added_tokens"]
    missing = VOCABULARY - len(texts) - len(special)
    texts |= {f"filler{number}": len(texts) + number for number in range(missing)}
    for token in special:
        token["id"] += missing
    file.write_text(json.dumps(made))


def _weights(start: int, written: list[int]) -> dict[str, NDArray[np.float32]]:
    """All weights, under the names that `tools.voice_model.export` knows; what is `written` from position `start` on (a time before it)."""
    chance, found = np.random.default_rng(1), dict[str, NDArray[np.float32]]()

    def linear(name: str, *shape: int) -> None:
        found[f"{name}.weight"] = np.float32(0.02) * chance.standard_normal(shape, np.float32)
        found[f"{name}.bias"] = np.zeros(shape[0], np.float32)

    def norm(name: str) -> None:
        found[f"{name}.weight"], found[f"{name}.bias"] = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    def attention(name: str) -> None:
        linear(f"{name}.queries", WIDTH, WIDTH)
        linear(f"{name}.keys_values", 2 * WIDTH, WIDTH)
        linear(f"{name}.out", WIDTH, WIDTH)
        norm(f"{name}_norm")

    linear("conv1", WIDTH, MELS, 3)
    linear("conv2", WIDTH, WIDTH, 3)
    for side in ("encoder", "decoder"):
        norm(f"{side}_norm")
        for number in range(LAYERS):
            attention(f"{side}.{number}.attention")
            if side == "decoder":
                attention(f"{side}.{number}.sound")
            norm(f"{side}.{number}.feed_norm")
            linear(f"{side}.{number}.feed_in", 4 * WIDTH, WIDTH)
            linear(f"{side}.{number}.feed_out", WIDTH, 4 * WIDTH)
    embedding = chance.standard_normal((VOCABULARY, WIDTH), np.float32)
    embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    found["embedding"] = embedding
    found["positions"] = np.float32(0.02) * chance.standard_normal((POSITIONS, WIDTH), np.float32)
    found["text_positions"] = _positions(embedding, start, written)
    return found


def _positions(embedding: NDArray[np.float32], start: int, written: list[int]) -> NDArray[np.float32]:
    positions = np.zeros((TEXT_POSITIONS, WIDTH), np.float32)
    positions[1 : start + 1] = embedding[list(islice(cycle(written[:start]), start))]
    positions[start + 1 : start + 1 + len(written)] = embedding[written]
    positions[start + 1 + len(written) :] = embedding[written[-1]]
    return np.asarray(STRENGTH * positions, np.float32)
