"""Where recordings may be fetched from, and which addresses may be connected to.

A webhook is signed, but what is behind its MediaUrl is not: a forged one must reach nothing, and our credentials nobody. So

* credentials go to the provider's API alone: the scheme, host and port of TWILIO_API_URL;
* besides it only hosts where Twilio is known to keep media are asked, and those the operator names (MEDIA_HOSTS):
  `*.twilio.com` and `*.twiliocdn.com`, where media that need credentials are redirected to (mms.twiliocdn.com), and Twilio's own
  bucket for the others, s3-external-1.amazonaws.com/media.twiliocdn.com/ (both: help.twilio.com, "Protect Media Access with HTTP
  Basic Authentication for Programmable Messaging"), older as media.twiliocdn.com.s3-external-1.amazonaws.com;
* by https, on the usual port; by http only where the API itself is spoken to by http: a stand-in on the same machine;
* and none of them may turn out to be an address of this machine or this network (see `is_public`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from yarl import URL

_OF_TWILIO = re.compile(r"([a-z0-9-]+\.)+(twilio\.com|twiliocdn\.com)")
_BUCKET = "media.twiliocdn.com"
_BUCKET_HOST = re.compile(r"s3([.-][a-z0-9-]+)*\.amazonaws\.com")
# Addresses that hold an IPv4 address in their last four bytes: NAT64 (RFC 6052), IPv4-mapped and the old IPv4-compatible ones.
_HOLDS_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0/96"), IPv6Network("::/96"))
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that is routed in the Internet (RFC 4291 section 2.4, IANA)


def is_api(url: URL, api_url: URL) -> bool:
    """Whether `url` is on the very host that our credentials are for."""
    return _origin(url) == _origin(api_url)


def may_be_fetched(url: URL, api_url: URL, hosts: Collection[str] = ()) -> bool:
    """Whether media may be asked for at `url` at all.

    Args:
        url: absolute.
        api_url: TWILIO_API_URL.
        hosts: more hosts of media, as `host` or `host:port`, lower case.
    """
    if not url.absolute or url.user is not None or url.password is not None:
        return False
    if is_api(url, api_url):
        return True
    if url.scheme != "https" and not (url.scheme == api_url.scheme == "http"):
        return False
    host = (url.raw_host or "").lower()
    if f"{host}:{url.port}" in hosts:
        return True
    return url.is_default_port() and (host in hosts or _is_known(host, url.raw_path))


def is_public(address: str) -> bool:
    """Whether an IP address, as a socket is given it, is one of the Internet.

    Private, loopback, link-local (with the metadata addresses 169.254.169.254 and, in fc00::/7, fd00:ec2::254), shared, multicast,
    reserved and documentation addresses are not; an IPv6 address that holds an IPv4 address is judged by that one.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = _ipv4_in(ip)
        if inner is None:
            return ip in _GLOBAL_UNICAST and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _ipv4_in(ip: IPv6Address) -> IPv4Address | None:
    if any(ip in network for network in _HOLDS_IPV4):
        return IPv4Address(ip.packed[-4:])
    return ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _is_known(host: str, path: str) -> bool:
    if _OF_TWILIO.fullmatch(host):
        return True
    if host.startswith(f"{_BUCKET}."):
        return bool(_BUCKET_HOST.fullmatch(host.removeprefix(f"{_BUCKET}.")))
    # The host serves everybody's buckets: the path says whose.
    return bool(_BUCKET_HOST.fullmatch(host)) and path.startswith(f"/{_BUCKET}/") and ".." not in path


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, (url.raw_host or "").lower() or None, url.port
