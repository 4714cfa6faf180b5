"""The demo model's tokens: Whisper's layout, with some 650 byte-pair tokens in place of 50,000.

faster-whisper and CTranslate2 find the special tokens by name and rely on the order: text, then `<|endoftext|>`, the other
special ones with `<|notimestamps|>` last, then the timestamps `<|0.00|>` to `<|30.00|>` (faster_whisper/tokenizer.py,
faster_whisper/transcribe.py).

faster-whisper never lets a model write what Whisper writes for sounds: the first token of " -", of " '" and of a space with a
note sign, among others. Were that first token the bare space, no word could be written; so a space and the character after it
are always one token here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

END: Final = "<|endoftext|>"
START: Final = "<|startoftranscript|>"
BEFORE: Final = "<|startofprev|>"
SILENT: Final = "<|nospeech|>"
UNTIMED: Final = "<|notimestamps|>"
SPECIAL: Final = (END, START, "<|translate|>", "<|transcribe|>", "<|startoflm|>", BEFORE, SILENT, UNTIMED)
TIMES: Final = tuple(f"<|{hundredths / 100:.2f}|>" for hundredths in range(0, 3001, 2))

_SPACE: Final = "\u0120"  # how byte-level BPE writes the byte of a space
_NOTE: Final = "\u00e2"  # the first byte of the note signs in UTF-8


def learned_merges(words: Iterable[str], count: int) -> list[tuple[str, str]]:
    """The `count` most frequent joins of neighbouring symbols in `words` (byte-pair encoding); `Ġ` is the space before a word."""
    spelled = {_first_symbols(word): times for word, times in Counter(words).items()}
    merges: list[tuple[str, str]] = []
    while len(merges) < count:
        pairs: Counter[tuple[str, str]] = Counter()
        for symbols, times in spelled.items():
            for pair in pairwise(symbols):
                pairs[pair] += times
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        spelled = {_joined(symbols, best): times for symbols, times in spelled.items()}
    return merges


def make_tokenizer(sentences: Iterable[str], merges: int) -> Any:  # noqa: ANN401 - a `tokenizers.Tokenizer`, loaded where it is needed
    """A tokenizer for `sentences`; its `save(path)` writes the tokenizer.json that faster-whisper reads."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    split = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words = [word for sentence in sentences for word, _ in split.pre_tokenize_str(f" {sentence}")]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    joins = _space_merges() + learned_merges(words, merges)
    symbols = list(dict.fromkeys(alphabet + [left + right for left, right in joins]))
    tokenizer = Tokenizer(models.BPE(vocab={symbol: number for number, symbol in enumerate(symbols)}, merges=joins))
    tokenizer.pre_tokenizer = split
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    tokenizer.add_tokens([AddedToken(token, special=False, normalized=False) for token in TIMES])
    return tokenizer


def tokens_of(tokenizer_json: Path) -> list[str]:
    """All tokens of a tokenizer.json in the order of their numbers: the vocabulary.json of CTranslate2."""
    written = json.loads(tokenizer_json.read_text())
    numbered = dict(written["model"]["vocab"]) | {token["content"]: token["id"] for token in written["added_tokens"]}
    return sorted(numbered, key=lambda token: int(numbered[token]))


def _space_merges() -> list[tuple[str, str]]:
    """A space and what follows it first; then pairs like `--`, which faster-whisper looks up as one sign."""
    return [(_SPACE, chr(code)) for code in range(33, 127)] + [(_SPACE, _NOTE)] + [(sign, sign) for sign in "-<>(["]


def _first_symbols(word: str) -> tuple[str, ...]:
    return (word[:2], *word[2:]) if word.startswith(_SPACE) else tuple(word)


def _joined(symbols: Sequence[str], pair: tuple[str, str]) -> tuple[str, ...]:
    joined: list[str] = []
    for symbol in symbols:
        if joined and (joined[-1], symbol) == pair:
            joined[-1] += symbol
        else:
            joined.append(symbol)
    return tuple(joined)
