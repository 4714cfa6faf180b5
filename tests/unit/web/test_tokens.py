"""Tokens that nobody should take, one after the other: each is refused, whatever it says of itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.web import keys, tokens
from shared.web.tokens import BadToken
from tests.making import ADA, NOW, person

KEY = "a secret of at least 32 bytes for tests"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
PUBLIC_PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
ISSUER_URL = "http://127.0.0.1:9/keys"
USER = person().id


class StillClock:
    """NOW."""

    def now(self) -> datetime:
        """The instant it stands at."""
        return NOW


class Published(keys.Keys):
    """Keys that need not be fetched."""

    async def _fetch(self) -> bytes:
        algorithms: dict[str, tuple[str, Any]] = {"rsa": ("RS256", RSA), "ec": ("ES256", EC), "ed": ("EdDSA", ED)}
        listed = [
            {**jwt.get_algorithm_by_name(name).to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig"}
            for kid, (name, key) in algorithms.items()
        ]
        return json.dumps({"keys": listed}).encode()


@pytest.fixture
def services() -> Services:
    """Takes our own tokens, and another issuer's."""
    made = Services(Settings(jwt_secret=KEY, jwks_url=ISSUER_URL), StillClock())
    keys._known[made] = Published(ISSUER_URL)  # noqa: SLF001 - in place of those at the URL
    return made


def claims(**more: Any) -> dict[str, Any]:
    """What a good token says; None leaves a claim out."""
    usual = {"sub": str(USER), "iss": "jotline", "aud": "jotline", "iat": NOW, "exp": NOW + timedelta(minutes=15)}
    return {name: value for name, value in (usual | more).items() if value is not None}


def signed(header: Mapping[str, Any], payload: Mapping[str, Any], key: bytes) -> str:
    """A token put together by hand, with HMAC-SHA-256 over whatever it says."""
    plain = {name: value.timestamp() if isinstance(value, datetime) else value for name, value in payload.items()}
    parts = b".".join(_encoded(json.dumps(part).encode()) for part in (header, plain))
    return b".".join((parts, _encoded(hmac.new(key, parts, hashlib.sha256).digest()))).decode()


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


async def refused(services: Services, token: str) -> None:
    """Nobody takes it."""
    with pytest.raises(BadToken):
        await tokens.read(services, token)


async def test_a_good_token_is_read(services: Services) -> None:
    read = await tokens.read(services, tokens.issue(services, USER, "admin", USER))
    assert (read.user_id, read.role, read.session, read.issued_at) == (USER, "admin", USER, NOW)
    assert read.expires_at == NOW + timedelta(minutes=15)


@pytest.mark.parametrize(("algorithm", "key", "kid"), [("RS256", RSA, "rsa"), ("ES256", EC, "ec"), ("EdDSA", ED, "ed")])
async def test_another_issuers_token_is_read(services: Services, algorithm: str, key: Any, kid: str) -> None:
    assert (await tokens.read(services, jwt.encode(claims(), key, algorithm, {"kid": kid}))).user_id == USER


async def test_a_shared_secret_is_enough_and_names_the_user_in_its_own_way(services: Services) -> None:
    """Better Auth and its like: HS256 with the same secret; the user's id stands in `user_id` where `sub` is theirs."""
    external = jwt.encode(claims(sub="their own name", user_id=str(USER), email="ada@example.com"), KEY)
    assert (await tokens.read(services, external)).user_id == USER


async def test_a_number_names_somebody_only_when_its_issuer_has_verified_it(services: Services) -> None:
    said = {"sub": "auth0|7", "phone_number": ADA}
    read = await tokens.read(services, jwt.encode(claims(**said, phone_number_verified=True), KEY))
    assert (read.user_id, read.phone) == (None, ADA)
    await refused(services, jwt.encode(claims(**said), KEY))
    await refused(services, jwt.encode(claims(**said, phone_number_verified="true"), KEY))


@pytest.mark.parametrize("spelling", ["none", "None", "NONE", "nOnE", "", None, 0, [], "HS256 ", "hs256"])
async def test_a_token_without_a_signature_is_none(services: Services, spelling: object) -> None:
    head, body, signature = signed({"alg": spelling, "typ": "JWT"}, claims(), KEY.encode()).split(".")
    for token in (f"{head}.{body}.", f"{head}.{body}", f"{head}.{body}.{signature}"):
        await refused(services, token)


async def test_a_public_key_is_no_secret(services: Services) -> None:
    """Key confusion: HS256, signed with what everybody can read, in every form in which it is published."""
    jwk = json.dumps(jwt.get_algorithm_by_name("RS256").to_jwk(RSA.public_key()), separators=(",", ":"))
    der = RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for key in (PUBLIC_PEM, PUBLIC_PEM.strip(), der, jwk.encode()):
        for kid in ("rsa", "ec", None):
            await refused(services, signed({"alg": "HS256", "kid": kid}, claims(), key))


@pytest.mark.parametrize(
    ("algorithm", "kid"),
    [("RS256", "ec"), ("RS256", "ed"), ("ES256", "rsa"), ("EdDSA", "ec"), ("RS384", "rsa"), ("PS256", "rsa"), ("HS512", "rsa")],
)
async def test_an_algorithm_needs_its_own_kind_of_key(services: Services, algorithm: str, kid: str) -> None:
    key: Any = {"RS": RSA, "PS": RSA, "ES": EC, "Ed": ED}.get(algorithm[:2], KEY * 2)
    await refused(services, jwt.encode(claims(), key, algorithm, {"kid": kid}))


@pytest.mark.parametrize(
    "kid",
    [
        "../../../../dev/null",
        "/proc/self/environ",
        "file:///etc/passwd",
        "http://127.0.0.1:9/mine",
        "rsa' OR '1'='1",
        "x' UNION SELECT 'AA' -- ",
        "rsa; sleep 10 |",
        "rsa\0",
        "",
        "x" * 4000,
        7,
        None,
        ["rsa"],
        {"kid": "rsa"},
    ],
)
async def test_a_key_id_finds_a_key_or_nothing(services: Services, kid: object) -> None:
    for algorithm, key in (("RS256", b""), ("RS256", KEY.encode()), ("ES256", b"\0")):
        await refused(services, signed({"alg": algorithm, "kid": kid}, claims(), key))


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk", "x5c"])
async def test_a_token_does_not_bring_its_own_key(services: Services, name: str) -> None:
    mine = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = jwt.get_algorithm_by_name("RS256").to_jwk(mine.public_key(), as_dict=True)
    brought = {"jwk": jwk, "x5c": ["MIIB"]}.get(name, "http://127.0.0.1:9/mine.json")
    for kid in ("rsa", "mine"):
        await refused(services, jwt.encode(claims(), mine, "RS256", {"kid": kid, name: brought}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": NOW},
        {"exp": NOW - timedelta(days=1)},
        {"exp": None},
        {"exp": "never"},
        {"exp": True},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"iat": None},
        {"iat": NOW + timedelta(minutes=2)},
        {"iat": "yesterday"},
        {"iat": -1e300},
        {"nbf": NOW + timedelta(minutes=2)},
        {"nbf": []},
        {"aud": "somebody else"},
        {"aud": None},
        {"aud": ["a", "b"]},
        {"aud": "Jotline"},
        {"iss": "somebody else"},
        {"iss": None},
        {"iss": ["jotline"]},
        {"sub": None},
        {"sub": ""},
        {"sub": "1"},
        {"sub": f"{USER}' --"},
        {"sub": ["x"]},
    ],
    ids=lambda wrong: "-".join(f"{name}={value}" for name, value in wrong.items()),
)
async def test_a_claim_that_is_wrong_or_missing(services: Services, wrong: dict[str, Any]) -> None:
    await refused(services, signed({"alg": "HS256"}, claims(**wrong), KEY.encode()))


async def test_another_secret_and_another_issuers_key(services: Services) -> None:
    await refused(services, jwt.encode(claims(), KEY + "x"))
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    await refused(services, jwt.encode(claims(), other, "RS256", {"kid": "rsa"}))


async def test_what_was_changed_on_the_way(services: Services) -> None:
    head, body, signature = tokens.issue(services, USER).split(".")
    other = _encoded(json.dumps(claims(sub=str(uuid4()), iat=1, exp=9e9)).encode()).decode()
    last = "B" if signature[-2] == "A" else "A"
    for token in (f"{head}.{other}.{signature}", f"{head}.{body}.{signature[:-2]}{last}{signature[-1]}", f"{head}.{body}.AAAA"):
        await refused(services, token)


async def test_a_huge_token_is_not_even_looked_at(services: Services) -> None:
    await refused(services, jwt.encode(claims(padding="x" * 10_000), KEY))
    await refused(services, "x" * 100_000_000)
    await refused(services, _encoded(b"[" * 6000).decode() + ".e30.AA")


async def test_without_a_secret_hs256_is_nobodys() -> None:
    without = Services(Settings(jwks_url=ISSUER_URL), StillClock())
    for key in (b"", b"None", b" "):
        await refused(without, signed({"alg": "HS256"}, claims(), key))


@given(token=st.one_of(st.text(), st.from_regex(r"\A[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*\Z")))
async def test_anything_else_is_no_token(token: str) -> None:
    await refused(Services(Settings(jwt_secret=KEY), StillClock()), token)


def test_a_refresh_token_names_its_session_and_is_never_the_same() -> None:
    session, first = tokens.refresh_token()
    again, second = tokens.refresh_token(session)
    assert tokens.session_of(first) == tokens.session_of(second) == session == again
    assert first != second
    assert tokens.digest(first) not in (first, tokens.digest(second))
    for other in ("", "jor_", "jor_x_y", f"jor_{session.hex}", f"jot_{session.hex}_x", first[4:], f"{first}{'x' * 9000}"):
        assert tokens.session_of(other) is None


def test_the_digest_of_a_code_depends_on_all_of_it() -> None:
    digests = {
        tokens.code_digest(secret, party, code)
        for secret in (KEY, KEY + "x")
        for party in "ab"
        for code in ("000000", "000001")
    }
    assert len(digests) == 8
