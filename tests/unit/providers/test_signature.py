"""Whose requests we believe: published vectors, twilio's own validator as the oracle, and all that must simply be False."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from shared.providers import signature

TOKEN = "12345"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+12349013030"),
    ("Digits", "1234"),
    ("From", "+12349013030"),
    ("To", "+18005551212"),
]
WEBHOOK = "https://jotline.example/twilio/message"
TEXT = [("MessageSid", "SM1"), ("Body", ""), ("From", "+14155550100"), ("NumMedia", "0"), ("Unheard", "of")]


def arrives(
    url: str,
    fields: Iterable[tuple[str, str]],
    given_signature: str | None,
    *,
    query: str = "",
    token: str = TOKEN,
    settings_header: str = "",
    shared_key: str = "",
    public_url: str = "",
) -> bool:
    """A form post reaches us with this signature: do we believe it?"""
    headers = {"content-type": FORM}
    if given_signature is not None:
        headers["x-twilio-signature"] = given_signature
    if settings_header:
        headers["x-twilio-webhooks-signature-settings"] = settings_header
    body = urlencode(list(fields)).encode()
    return signature.valid(url, query, body, headers, token, public_url=public_url, shared_key=shared_key)


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [("HMAC_SHA1", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="), ("HMAC_SHA256", "Rmm4Vzj+Ky7JGoWXMCsZDZuHDszLr9xvdbvitrDr4/M=")],
)
def test_the_published_vectors(algorithm: str, expected: str) -> None:
    assert signature.sign(URL, CALL, TOKEN, algorithm=algorithm) == expected


def test_the_vector_of_twilio_java() -> None:
    fields = [(name, "+14158675309" if name in {"Caller", "From"} else value) for name, value in CALL]
    assert signature.sign(URL, fields, TOKEN) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_signed_text_is_believed_and_a_changed_one_is_not() -> None:
    good = signature.sign(WEBHOOK, TEXT, TOKEN)
    assert arrives(WEBHOOK, TEXT, good)
    assert not arrives(WEBHOOK, [*TEXT, ("Body", "more")], good)
    assert not arrives(WEBHOOK, TEXT[1:], good)
    assert not arrives(WEBHOOK + "/", TEXT, good)
    assert not arrives(WEBHOOK.replace("https", "http"), TEXT, good)
    assert not arrives(WEBHOOK, TEXT, good, query="a=1")
    assert not arrives(WEBHOOK, TEXT, good, token="54321")


@pytest.mark.parametrize("bad", [None, "", "wrong", "0/KCTR6DLpKmkAf8muzZqo1nDgQ", "é☃", "\ud800", "A" * 100_000])
def test_a_missing_or_odd_signature_is_false_and_never_an_exception(bad: str | None) -> None:
    assert not arrives(WEBHOOK, TEXT, bad)


def test_without_a_token_nothing_is_believed() -> None:
    assert not arrives(WEBHOOK, TEXT, signature.sign(WEBHOOK, TEXT, ""), token="")


@pytest.mark.parametrize(
    ("signed_for", "seen_as"),
    [
        ("https://jotline.example/twilio/message", "https://jotline.example:443/twilio/message"),
        ("https://jotline.example:443/twilio/message", "https://jotline.example/twilio/message"),
        ("https://jotline.example:8443/twilio/message", "https://jotline.example:8443/twilio/message"),
        ("https://jotline.example/twilio/message", "https://jotline.example:8443/twilio/message"),
        ("http://[::1]/twilio/message", "http://[::1]/twilio/message"),
        ("http://[::1]:8080/twilio/message", "http://[::1]:8080/twilio/message"),
        ("http://http/twilio/message", "http://http:80/twilio/message"),
    ],
)
def test_an_explicit_port_may_be_signed_or_left_out(signed_for: str, seen_as: str) -> None:
    assert arrives(seen_as, TEXT, signature.sign(signed_for, TEXT, TOKEN))


@pytest.mark.parametrize("url", ["", "/twilio/message", "https://", "ftp://host/x", "https://host:99999/x", "https://[::1/x"])
def test_a_url_nobody_could_have_signed_is_false(url: str) -> None:
    assert not arrives(url, TEXT, signature.sign(url, TEXT, TOKEN))


def test_behind_a_proxy_the_public_url_counts() -> None:
    good = signature.sign("https://todo.example/box/twilio/status?m=7&n=", TEXT, TOKEN)
    inside = "http://10.0.0.7:8080/twilio/status"
    assert arrives(inside, TEXT, good, query="m=7&n=", public_url="https://todo.example/box")
    assert arrives(inside, TEXT, good, query="m=7&n=", public_url="https://todo.example/box/")
    assert not arrives(inside, TEXT, good, query="m=7&n=")


def test_a_shared_key_signs_with_sha256() -> None:
    header = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    good = signature.sign(WEBHOOK, TEXT, "the shared key", algorithm="HMAC_SHA256")
    assert arrives(WEBHOOK, TEXT, good, settings_header=header, shared_key="the shared key")
    assert not arrives(WEBHOOK, TEXT, good, settings_header=header)
    assert not arrives(WEBHOOK, TEXT, good, shared_key="the shared key")
    assert not arrives(WEBHOOK, TEXT, good, settings_header="key=1,algorithm=HMAC_MD5", shared_key="the shared key")


def test_blank_and_repeated_values_are_signed() -> None:
    fields = [("a", ""), ("b", "2"), ("b", "1"), ("b", "2")]
    assert signature.form(urlencode(fields).encode(), FORM) == fields
    assert arrives(WEBHOOK, fields, signature.sign(WEBHOOK, [("a", ""), ("b", "1"), ("b", "2")], TOKEN))


def test_fields_parsed_before_are_not_parsed_again() -> None:
    headers = {"X-Twilio-Signature": signature.sign(WEBHOOK, TEXT, TOKEN), "Content-Type": FORM}
    assert signature.valid(WEBHOOK, "", b"never looked at", headers, TOKEN, fields=TEXT)
    assert not signature.valid(WEBHOOK, "", b"never looked at", headers, TOKEN, fields=TEXT[1:])
    json_headers = headers | {"Content-Type": "application/json"}
    assert not signature.valid(WEBHOOK, "", b"no form at all", json_headers, TOKEN, fields=TEXT)


@pytest.mark.parametrize(
    ("charset", "body"), [("iso-8859-1", b"Body=caf%E9"), ("utf-8", b"Body=caf%C3%A9"), ("UTF-8", b"Body=caf\xc3\xa9")]
)
def test_the_charset_of_a_form_is_honoured(charset: str, body: bytes) -> None:
    headers = {
        "content-type": f"application/x-www-form-urlencoded; charset={charset}",
        "x-twilio-signature": signature.sign(WEBHOOK, [("Body", "café")], TOKEN),
    }
    assert signature.valid(WEBHOOK, "", body, headers, TOKEN)


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "idna", "no-such"])
def test_a_charset_no_form_uses_is_refused(charset: str) -> None:
    headers = {"content-type": f"application/x-www-form-urlencoded; charset={charset}", "x-twilio-signature": "x"}
    assert not signature.valid(WEBHOOK, "", b"Body=x", headers, TOKEN)
    with pytest.raises(ValueError, match="charset"):
        signature.form(b"Body=x", headers["content-type"])


def test_ten_thousand_fields_are_refused() -> None:
    many = [(f"f{number}", "") for number in range(10_000)]
    assert not arrives(WEBHOOK, many, signature.sign(WEBHOOK, many, TOKEN))


def json_arrives(body: bytes, claimed: bytes, *, with_hash: bool = True) -> bool:
    query = f"bodySHA256={sha256(claimed).hexdigest()}" if with_hash else "a=1"
    headers = {"content-type": "application/json", "x-twilio-signature": signature.sign(f"{WEBHOOK}?{query}", [], TOKEN)}
    return signature.valid(WEBHOOK, query, body, headers, TOKEN)


def test_a_json_body_is_believed_by_its_hash() -> None:
    body = json.dumps({"Body": "café"}, ensure_ascii=False).encode()
    assert json_arrives(body, body)
    assert not json_arrives(body + b" ", body)


def test_a_body_the_signature_does_not_cover_is_not_believed() -> None:
    assert not json_arrives(b"{}", b"{}", with_hash=False)
    assert json_arrives(b"", b"", with_hash=False)


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
values = st.text(st.characters(codec="utf-8"), max_size=40)
forms = st.lists(st.tuples(names, values), max_size=12) | st.lists(
    st.tuples(st.sampled_from(["Body", "From", "MediaUrl0", "body"]), st.sampled_from(["", "a", "b", "ä", "+1"])), max_size=8
)
hosts = st.sampled_from(["jotline.example", "127.0.0.1", "a.b-c.example"])
ports = st.sampled_from(["", ":80", ":443", ":8443"])
queries = st.sampled_from(["", "m=1", "m=1&m=2&n=", "x=%20%C3%A4", "u=http://other/:80"])


@settings(max_examples=1500, deadline=None)
@given(
    scheme=st.sampled_from(["http", "https"]),
    host=hosts,
    signed_port=ports,
    seen_port=ports,
    query=queries,
    fields=forms,
    algorithm=st.sampled_from(["HMAC_SHA1", "HMAC_SHA256"]),
    tampered=st.booleans(),
)
def test_twilios_own_validator_agrees(
    scheme: str,
    host: str,
    signed_port: str,
    seen_port: str,
    query: str,
    fields: list[tuple[str, str]],
    algorithm: str,
    tampered: bool,
) -> None:
    oracle = RequestValidator(TOKEN)
    tail = f"?{query}" if query else ""
    signed_url, seen_url = (f"{scheme}://{host}{port}/twilio/message" for port in (signed_port, seen_port))
    made = oracle.compute_signature(signed_url + tail, MultiDict(fields), algorithm)
    assert signature.sign(signed_url + tail, fields, TOKEN, algorithm=algorithm) == made
    arrived = [*fields, ("Extra", "1")] if tampered else fields
    ours = arrives(
        seen_url,
        arrived,
        made,
        query=query,
        settings_header=f"key=k,algorithm={algorithm}" if algorithm == "HMAC_SHA256" else "",
    )
    assert ours == oracle.validate(seen_url + tail, MultiDict(arrived), made, algorithm)


@settings(max_examples=500, deadline=None)
@given(body=st.text(st.characters(codec="utf-8"), max_size=200), tampered=st.booleans(), query=st.sampled_from(["", "a=1&"]))
def test_twilios_own_validator_agrees_on_json(body: str, tampered: bool, query: str) -> None:
    oracle = RequestValidator(TOKEN)
    query += f"bodySHA256={sha256(body.encode()).hexdigest()}"
    made = oracle.compute_signature(f"{WEBHOOK}?{query}", {})
    arrived = body + "x" if tampered else body
    headers = {"content-type": "application/json; charset=utf-8", "x-twilio-signature": made}
    ours = signature.valid(WEBHOOK, query, arrived.encode(), headers, TOKEN)
    assert ours == oracle.validate(f"{WEBHOOK}?{query}", arrived, made)


@settings(max_examples=1000, deadline=None)
@given(
    url=st.text(max_size=30) | st.sampled_from([WEBHOOK]),
    query=st.text(max_size=30),
    body=st.binary(max_size=60),
    content_type=st.text(max_size=30)
    | st.sampled_from([FORM, "application/json", "application/x-www-form-urlencoded; charset=\ud800"]),
    given_signature=st.text(max_size=30),
    header=st.text(max_size=30),
)
def test_no_request_raises(url: str, query: str, body: bytes, content_type: str, given_signature: str, header: str) -> None:
    headers = {
        "content-type": content_type,
        "x-twilio-signature": given_signature,
        "x-twilio-webhooks-signature-settings": header,
    }
    assert signature.valid(url, query, body, headers, TOKEN) is False
