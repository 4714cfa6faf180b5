"""Trained weights as the folder that `faster_whisper.WhisperModel` loads: CTranslate2's Whisper model in int8, and its tokenizer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tools.voice_model.vocabulary import tokens_of

Weights = Mapping[str, npt.NDArray[np.float32]]

_FRONT_END: Final = {
    "feature_extractor_type": "WhisperFeatureExtractor",
    "feature_size": 80,
    "sampling_rate": 16000,
    "hop_length": 160,
    "chunk_length": 30,
    "n_fft": 400,
}


def export(
    weights: Weights, tokenizer_json: Path, folder: Path, *, encoder_layers: int, decoder_layers: int, heads: int
) -> None:
    """Write model.bin, config.json, vocabulary.json, tokenizer.json and preprocessor_config.json into `folder`."""
    from ctranslate2.specs import WhisperSpec

    spec: Any = WhisperSpec(encoder_layers, heads, decoder_layers, heads)
    for name in ("conv1", "conv2"):
        _give(getattr(spec.encoder, name), weights, name)
    spec.encoder.position_encodings.encodings = weights["positions"]
    _give_norm(spec.encoder.layer_norm, weights, "encoder_norm")
    for number, layer in enumerate(spec.encoder.layer):
        _give_layer(layer, weights, f"encoder.{number}")
    spec.decoder.embeddings.weight = weights["embedding"]
    spec.decoder.projection.weight = weights["embedding"]
    spec.decoder.position_encodings.encodings = weights["text_positions"]
    _give_norm(spec.decoder.layer_norm, weights, "decoder_norm")
    for number, layer in enumerate(spec.decoder.layer):
        _give_layer(layer, weights, f"decoder.{number}")
        _give_attention(layer.attention, weights, f"decoder.{number}.sound", f"decoder.{number}.sound_norm", itself=False)
    _save(spec, tokenizer_json, folder, [[decoder_layers - 1, head] for head in range(heads)])


def _give_layer(layer: Any, weights: Weights, name: str) -> None:  # noqa: ANN401 - CTranslate2's specs have no types
    _give_attention(layer.self_attention, weights, f"{name}.attention", f"{name}.attention_norm", itself=True)
    _give_norm(layer.ffn.layer_norm, weights, f"{name}.feed_norm")
    _give(layer.ffn.linear_0, weights, f"{name}.feed_in")
    _give(layer.ffn.linear_1, weights, f"{name}.feed_out")


def _give_attention(attention: Any, weights: Weights, name: str, norm: str, *, itself: bool) -> None:  # noqa: ANN401 - as above
    _give_norm(attention.layer_norm, weights, norm)
    if itself:  # queries, keys and values in one matrix
        for part in ("weight", "bias"):
            whole = np.concatenate([weights[f"{name}.queries.{part}"], weights[f"{name}.keys_values.{part}"]])
            setattr(attention.linear[0], part, whole)
    else:
        _give(attention.linear[0], weights, f"{name}.queries")
        _give(attention.linear[1], weights, f"{name}.keys_values")
    _give(attention.linear[-1], weights, f"{name}.out")


def _give(linear: Any, weights: Weights, name: str) -> None:  # noqa: ANN401 - as above
    linear.weight, linear.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _give_norm(norm: Any, weights: Weights, name: str) -> None:  # noqa: ANN401 - as above
    norm.gamma, norm.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _save(spec: Any, tokenizer_json: Path, folder: Path, alignment_heads: list[list[int]]) -> None:  # noqa: ANN401 - as above
    tokens = tokens_of(tokenizer_json)
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [tokens.index("\u0120")]  # a lone space begins nothing; an end at once means silence
    spec.config.lang_ids = []
    spec.config.alignment_heads = alignment_heads
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    shutil.copyfile(tokenizer_json, folder / "tokenizer.json")
    (folder / "preprocessor_config.json").write_text(json.dumps(_FRONT_END, indent=2) + "\n")
