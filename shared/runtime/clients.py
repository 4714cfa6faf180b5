"""Where a request comes from: the address that connects, or behind our own proxies the one they name.

X-Forwarded-For is written by anybody, and each proxy adds the address it was connected from at the end. So it is read from its end,
and only as far as the proxies are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Networks = Sequence[IPv4Network | IPv6Network]


@lru_cache(maxsize=16)
def read_networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks (`10.0.0.0/8`) with commas between them.

    Raises:
        ValueError: one is none.
    """
    try:
        return tuple(ip_network(one.strip(), strict=False) for one in value.split(",") if one.strip())
    except ValueError:
        raise ValueError("must be IP addresses or networks like 10.0.0.0/8, with commas between them") from None


def client_of(peer: str, forwarded: Iterable[str], proxies: Networks) -> str:
    """The address of whoever asks.

    Args:
        peer: who is connected to us; empty when that is not known.
        forwarded: the X-Forwarded-For headers, in their order.
        proxies: whose word is believed.
    """
    client = str(_address(peer) or peer)
    named = [one.strip() for header in forwarded for one in header.split(",")] if proxies else []
    while named and within(client, proxies):
        before = _address(named.pop())
        if before is None:
            break
        client = str(before)
    return client


def within(address: str, networks: Networks) -> bool:
    """Whether an address is in one of the networks."""
    found = _address(address)
    return found is not None and any(found in network for network in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address, without the port that some proxies write behind it; an IPv4 one that is dressed as IPv6 is itself."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
