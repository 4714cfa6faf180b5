"""Where a request comes from: the word of our own proxies counts, and nobody else's."""

from __future__ import annotations

import pytest

from shared.runtime.clients import client_of, read_networks, within

PROXIES = read_networks("10.0.0.0/8, 127.0.0.1, fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # anybody can write that
        ("10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # what the client wrote itself stands before
        ("10.1.2.3", ["1.1.1.1", "198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.1.2.3", ["10.9.9.9"], "10.9.9.9"),
        ("10.1.2.3", ["unknown"], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.1, unknown"], "10.1.2.3"),
        ("10.1.2.3", [""], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.1:8080"], "198.51.100.1"),
        ("fd00::1", ["[2001:db8::7]:443"], "2001:db8::7"),
        ("fd00::1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("::ffff:203.0.113.9", [], "203.0.113.9"),
        ("", [], ""),
    ],
)
def test_the_client(peer: str, forwarded: list[str], client: str) -> None:
    assert client_of(peer, forwarded, PROXIES) == client


def test_without_proxies_of_ours_nobody_is_believed() -> None:
    assert client_of("10.1.2.3", ["198.51.100.1"], read_networks("")) == "10.1.2.3"


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("10.255.0.1", True),
        ("11.0.0.1", False),
        ("127.0.0.1", True),
        ("127.0.0.2", False),
        ("fd12::1", True),
        ("", False),
        ("x", False),
    ],
)
def test_within(address: str, inside: bool) -> None:
    assert within(address, PROXIES) is inside


@pytest.mark.parametrize("value", ["10.0.0.0/33", "somewhere", "10.0.0", "10.0.0.0/8;127.0.0.1"])
def test_what_is_no_network(value: str) -> None:
    with pytest.raises(ValueError, match="IP addresses or networks"):
        read_networks(value)
