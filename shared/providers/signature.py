"""Is this request really from Twilio? The X-Twilio-Signature header, checked and made.

Twilio signs the public URL it was given and what it posts there (twilio.com/docs/usage/webhooks/webhooks-security):

* a form: every parameter, sorted by name, as name + value with nothing between; repeated values sorted and once each;
* anything else (JSON): nothing of the body, but the query holds `bodySHA256`, the hex SHA-256 of the raw body;
* HMAC-SHA1 with the account's auth token, base64. A request with the header `X-Twilio-Webhooks-Signature-Settings:
  key=…,algorithm=HMAC_SHA256` (twilio-python 9.13) is signed with SHA-256 and a shared key instead.

Written by hand because every message passes here: a fraction of the CPU of twilio's RequestValidator, which stays the oracle of
the tests. Nothing heavy is imported. A request that cannot be checked is not valid: no input raises.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"

_ALGORITHMS = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
_FORM = "application/x-www-form-urlencoded"
_CHARSETS = {"", "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252"}  # all ASCII-compatible
_FIELDS_AT_MOST = 1000  # Twilio sends about 30; ten thousand would only cost us time
_DEFAULT_PORTS = {"https": 443, "http": 80}

Params = Iterable[tuple[str, str]]


def sign(url: str, params: Params, token: str, *, algorithm: str = "HMAC_SHA1") -> str:
    """The signature Twilio would send for a form post of `params` to `url`, in base64.

    Args:
        url: the full public URL with its query; a fragment is not part of it (drop it first).
        params: name and value of every form field, blank and repeated ones included; order does not matter.
        token: the auth token, or the shared key.
        algorithm: HMAC_SHA1 or HMAC_SHA256.

    Raises:
        KeyError: an algorithm Twilio does not have.
    """
    return _mac(url, _spelled(params), token, _ALGORITHMS[algorithm]).decode()


def form(body: bytes, content_type: str = "") -> list[tuple[str, str]]:
    """The fields of a form post, in order, blank and repeated values kept (a dropped blank would break the signature).

    Raises:
        ValueError: an unknown charset, or more than 1000 fields.
    """
    charset = _charset(content_type)
    text = body.decode(charset, "replace")
    return parse_qsl(text, keep_blank_values=True, encoding=charset, max_num_fields=_FIELDS_AT_MOST)


def valid(
    url: str,
    query: str,
    body: bytes,
    headers: Mapping[str, str],
    token: str,
    *,
    public_url: str = "",
    shared_key: str = "",
    fields: Params | None = None,
) -> bool:
    """True when the request carries the signature of someone who knows the secret. Never raises.

    Args:
        url: as the server saw it, without query: `http://10.0.0.7:8080/twilio/message`. The path still percent-encoded.
        query: the raw query string, without `?`.
        body: the raw body.
        headers: the request's headers; a case-insensitive mapping, or one with lower-case names.
        token: the account's primary auth token.
        public_url: what Twilio was told in front of the path (scheme, host, perhaps a prefix); replaces the server's view.
        shared_key: the secret for requests signed with a shared key; without one the token is tried.
        fields: what `form` made of the body, when the caller has it already: parsing is most of the cost. Only looked at when
            the content type says that the body is a form.
    """
    signature = _header(headers, SIGNATURE)
    settings = _header(headers, SETTINGS)
    algorithm = _ALGORITHMS.get(_algorithm(settings))
    if not signature or not token or algorithm is None:
        return False
    try:
        signed = _signed_part(body, query, _header(headers, "Content-Type"), fields)
        candidates = _with_and_without_port(_public(url, query, public_url))
    except ValueError:
        return False
    if signed is None:
        return False
    secret = shared_key if settings and shared_key else token
    given = signature.encode("utf-8", "surrogatepass")
    return any(hmac.compare_digest(_mac(candidate, signed, secret, algorithm), given) for candidate in candidates)


def _mac(url: str, fields: str, secret: str, algorithm: str) -> bytes:
    signed = (url + fields).encode("utf-8", "surrogatepass")
    return b64encode(hmac.digest(secret.encode(), signed, algorithm))


def _spelled(params: Params) -> str:
    return "".join([name + value for name, value in sorted(set(params))])


def _signed_part(body: bytes, query: str, content_type: str, fields: Params | None) -> str | None:
    """What of the body the signature covers; None when it covers nothing of a body that is there."""
    if content_type.lower().startswith(_FORM):
        return _spelled(form(body, content_type) if fields is None else fields)
    expected = next((value for name, value in parse_qsl(query) if name == "bodySHA256"), None)
    if expected is None:
        return None if body else ""
    same = hmac.compare_digest(sha256(body).hexdigest().encode(), expected.encode("utf-8", "surrogatepass"))
    return "" if same else None


def _charset(content_type: str) -> str:
    _, _, after = content_type.lower().partition("charset=")
    charset = after.partition(";")[0].strip().strip('"')
    if charset not in _CHARSETS:
        raise ValueError("a charset that is not used for forms")
    return charset or "utf-8"


def _algorithm(settings: str) -> str:
    """The algorithm named in the settings header; the classic one when there is none."""
    for part in settings.split(","):
        name, _, value = part.partition("=")
        if name.strip() == "algorithm" and value.strip():
            return value.strip().upper()
    return "HMAC_SHA1"


def _public(url: str, query: str, public_url: str) -> str:
    if public_url:
        url = public_url.rstrip("/") + urlsplit(url).path
    return f"{url}?{query}" if query else url


def _with_and_without_port(url: str) -> tuple[str, str]:
    """The URL with an explicit port and without: Twilio signs sometimes one, sometimes the other.

    Raises:
        ValueError: the URL has no host or no sensible port.
    """
    parts = urlsplit(url)
    port = _DEFAULT_PORTS.get(parts.scheme)
    if not parts.hostname or port is None:
        raise ValueError("not an http(s) URL")
    scheme, _, after = url.partition("://")
    rest = after[len(parts.netloc) :]
    host = parts.netloc if parts.port is None else parts.netloc.rpartition(":")[0]
    return f"{scheme}://{host}{rest}", f"{scheme}://{host}:{parts.port or port}{rest}"


def _header(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name) or headers.get(name.lower()) or ""
