"""The keys of another issuer: the JSON Web Key Set at JWKS_URL (RFC 7517), fetched when first needed and kept.

A key id that is not there makes us look again, at most once a minute, however many tokens name it. A key that is withdrawn is taken
for ten minutes more, and for an hour when the issuer cannot be reached. Only algorithms with a public key are found here, each with
the kind of key it is for: a public key never becomes the secret of HS256 (RFC 8725 section 2.1).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import jwt

from shared.policy.outcomes import Unavailable
from shared.runtime.telemetry import count, describe

if TYPE_CHECKING:
    from shared.runtime.services import Services

ASYMMETRIC: Final = ("RS256", "ES256", "EdDSA")
TIMEOUT_SECONDS: Final = 3.0
MAX_BYTES: Final = 256 * 1024
#: Between two looks for a key id that is not there.
LOOK_SECONDS: Final = 60.0
FRESH_SECONDS: Final = 600.0
KEEP_SECONDS: Final = 3600.0

log = logging.getLogger("jotline.api")


class KeysUnavailable(Unavailable):
    """The keys at JWKS_URL cannot be fetched: whether a token is good cannot be told now."""


class Keys:
    """The keys of one URL."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._found: dict[tuple[str, str], Any] = {}  # key id and algorithm: the key
        self._fetched = self._looked = float("-inf")  # by the event loop's clock
        self._fetching = asyncio.Lock()

    async def find(self, kid: object, algorithm: str) -> Any:  # noqa: ANN401 - of whatever kind the algorithm needs
        """The public key with this id for this algorithm; None when there is none.

        Raises:
            KeysUnavailable: nobody can tell now.
        """
        if not isinstance(kid, str):
            return None
        async with self._fetching:
            await self._look((kid, algorithm))
        if self._now() - self._fetched > KEEP_SECONDS:
            raise KeysUnavailable("no keys")
        return self._found.get((kid, algorithm))

    async def _look(self, wanted: tuple[str, str]) -> None:
        """Fetch the keys when they are old, or do not have the one that is wanted."""
        now = self._now()
        enough = wanted in self._found and now - self._fetched < FRESH_SECONDS
        if enough or now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        try:
            self._found = _read(await self._fetch())
            self._fetched = now
        except KeysUnavailable as error:
            count("keys_unavailable_total")
            log.warning("cannot fetch the keys of JWKS_URL", extra={"cause": describe(error)})

    async def _fetch(self) -> bytes:
        """What stands at the URL; whereto it might send us on is not looked at.

        Raises:
            KeysUnavailable: nothing, or too much.
        """
        import aiohttp

        try:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(self._url, allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    raise KeysUnavailable(f"answered {answer.status}")
                return await _limited(answer.content.iter_any())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise KeysUnavailable("no answer") from error

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


async def _limited(parts: AsyncIterator[bytes]) -> bytes:
    """A body.

    Raises:
        KeysUnavailable: it is larger than a set of keys can be.
    """
    body = b""
    async for part in parts:
        body += part
        if len(body) > MAX_BYTES:
            raise KeysUnavailable("too large")
    return body


def _read(body: bytes) -> dict[tuple[str, str], Any]:
    """The keys of a set that can check signatures and have an id, by that and their algorithm; others are left out.

    Raises:
        KeysUnavailable: it is no set.
    """
    try:
        listed = json.loads(body)["keys"]
        if not isinstance(listed, list):
            raise KeysUnavailable("no set of keys")
        return {(str(key.key_id), key.algorithm_name): key.key for one in listed if (key := _public(one)) is not None}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise KeysUnavailable("no set of keys") from error


def _public(one: Any) -> jwt.PyJWK | None:  # noqa: ANN401 - what somebody else wrote
    """A key that can check signatures; None when it is none, or for something else."""
    if not isinstance(one, dict):
        return None
    if not isinstance(one.get("kid"), str) or one.get("use", "sig") != "sig" or one.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    try:
        key = jwt.PyJWK({name: value for name, value in one.items() if name != "d"})
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return key if key.algorithm_name in ASYMMETRIC else None


_known: WeakKeyDictionary[Services, Keys] = WeakKeyDictionary()


def keys_of(services: Services) -> Keys:
    """The keys at the JWKS_URL of these services."""
    if services not in _known:
        _known[services] = Keys(services.settings.jwks_url)
    return _known[services]
