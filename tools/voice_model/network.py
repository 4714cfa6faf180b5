"""Whisper's network (Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision"), small, for training on a CPU.

faster-whisper gives the encoder 30 seconds, 1500 positions, whatever was said: a command of three seconds is followed by 1350
positions of zeros. Training on those would cost ten times the time. Here the encoder sees the positions that hold sound, and a
few `padding` positions drawn at random from the rest; in attention each of these counts for the many it stands for, by the
logarithm of their number added to its score. From position `LAST` on all position vectors are equal, so there one stands for
all exactly.
"""

from __future__ import annotations

import math
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH: Final = 128
HEADS: Final = 4
ENCODER_LAYERS: Final = 3
DECODER_LAYERS: Final = 2
POSITIONS: Final = 1500
LAST: Final = 1000
TEXT_POSITIONS: Final = 448
_DRAWN: Final = 12


class Attention(nn.Module):
    """Multi-head attention; of something to itself unless `over` says to what."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.queries = nn.Linear(width, width)
        self.keys_values = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, bias: Tensor, over: Tensor | None = None) -> Tensor:
        """`bias` is added to the scores; written out, because PyTorch's own attention in bfloat16 takes twice as long on a CPU."""
        keys, values = self.keys_values(x if over is None else over).chunk(2, -1)
        split = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (self.queries(x), keys, values))
        queries, keys, values = split
        scores = (queries * queries.shape[-1] ** -0.5) @ keys.transpose(-1, -2)
        heads = torch.softmax(scores + bias.to(scores.dtype), -1) @ values
        return self.out(heads.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """A transformer layer with the norms first; the decoder's also looks at the sound."""

    def __init__(self, width: int, *, decodes: bool) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width)
        self.sound_norm = nn.LayerNorm(width) if decodes else None
        self.sound = Attention(width) if decodes else None
        self.feed_norm = nn.LayerNorm(width)
        self.feed_in = nn.Linear(width, 4 * width)
        self.feed_out = nn.Linear(4 * width, width)

    def forward(self, x: Tensor, bias: Tensor, sound: Tensor | None = None, sound_bias: Tensor | None = None) -> Tensor:
        """One step of each kind, each added to `x`."""
        x = x + self.attention(self.attention_norm(x), bias)
        if self.sound and self.sound_norm:
            x = x + self.sound(self.sound_norm(x), sound_bias, sound)
        return x + self.feed_out(functional.gelu(self.feed_in(self.feed_norm(x))))


class Network(nn.Module):
    """Encoder, decoder and, for training alone, a head that names the sounds heard at each position (CTC)."""

    def __init__(self, tokens: int, sounds: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(80, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.register_buffer("positions", _sinusoids())
        self.encoder = nn.ModuleList(Layer(WIDTH, decodes=False) for _ in range(ENCODER_LAYERS))
        self.encoder_norm = nn.LayerNorm(WIDTH)
        self.embedding = nn.Parameter(torch.randn(tokens, WIDTH) * 0.05)
        self.text_positions = nn.Parameter(torch.randn(TEXT_POSITIONS, WIDTH) * 0.02)
        self.decoder = nn.ModuleList(Layer(WIDTH, decodes=True) for _ in range(DECODER_LAYERS))
        self.decoder_norm = nn.LayerNorm(WIDTH)
        self.sounds = nn.Linear(WIDTH, sounds + 1)

    def encode(self, mel: Tensor, *, dropout: float = 0.0) -> tuple[Tensor, Tensor]:
        """Mel (n, 80, frames) encoded, padding positions behind, and the attention bias of each position."""
        held = mel.shape[2] // 2
        x = functional.gelu(self.conv1(functional.pad(mel, (0, 8))))
        x = functional.gelu(self.conv2(x)).transpose(1, 2)
        where, weights = _padding(held)
        x = torch.cat([x[:, :held], x[:, held + 2 : held + 3].expand(-1, len(where), -1)], 1)
        x = x + torch.cat([self.positions[:held], self.positions[where]])
        x = functional.dropout(x, dropout, self.training)
        bias = torch.cat([torch.zeros(held), weights])[None, None, None]
        for layer in self.encoder:
            x = layer(x, bias)
        return self.encoder_norm(x), bias

    def decode(self, tokens: Tensor, sound: Tensor, bias: Tensor, *, dropout: float = 0.0) -> Tensor:
        """What the decoder makes of `tokens`: a vector for each, to be compared with the embeddings of all tokens."""
        x = functional.embedding(tokens, self.embedding) + self.text_positions[: tokens.shape[1]]
        x = functional.dropout(x, dropout, self.training)
        future = torch.full((tokens.shape[1], tokens.shape[1]), -1e4).triu(1)
        for layer in self.decoder:
            x = layer(x, future, sound, bias)
        return self.decoder_norm(x)

    def matrices(self) -> list[nn.Parameter]:
        """The weights that multiply: those of the layers."""
        return [weight for part in (self.encoder, self.decoder) for weight in part.parameters() if weight.ndim == 2]

    def others(self) -> list[nn.Parameter]:
        """All other weights: norms, biases, embeddings, convolutions."""
        taken = {id(weight) for weight in self.matrices()}
        return [weight for weight in self.parameters() if id(weight) not in taken]


def _padding(held: int) -> tuple[Tensor, Tensor]:
    """Some of the positions behind the `held` ones, and the logarithms of how many each stands for."""
    apart = (LAST - held) / _DRAWN
    drawn = held + ((torch.arange(_DRAWN) + torch.rand(_DRAWN)) * apart).long()
    weights = torch.full((_DRAWN + 1,), math.log(apart))
    weights[-1] = math.log(POSITIONS - LAST)
    return torch.cat([drawn, torch.tensor([LAST])]), weights


def _sinusoids() -> Tensor:
    """Whisper's position vectors, constant from `LAST` on."""
    turns = torch.exp(-math.log(10_000) / (WIDTH // 2 - 1) * torch.arange(WIDTH // 2))
    angles = torch.arange(POSITIONS).clamp(max=LAST)[:, None] * turns
    return torch.cat([angles.sin(), angles.cos()], 1)


def state(network: Network) -> dict[str, Any]:
    """The weights by name, as numpy arrays of their own."""
    return {name: weight.detach().float().numpy().copy() for name, weight in network.state_dict().items()}
