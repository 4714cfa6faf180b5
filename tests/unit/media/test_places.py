"""Which URLs may be asked for recordings, and which addresses are of the Internet."""

from __future__ import annotations

import pytest
from yarl import URL

from shared.media import places

API = URL("https://api.twilio.com")
STAND_IN = URL("http://127.0.0.1:8090")


@pytest.mark.parametrize(
    ("url", "is_it"),
    [
        ("https://api.twilio.com/2010-04-01/Accounts/AC0/Messages/MM0/Media/ME0", True),
        ("https://API.twilio.com:443/x", True),
        ("http://api.twilio.com/x", False),
        ("https://api.twilio.com:8443/x", False),
        ("https://api.twilio.com.example.com/x", False),
        ("https://api.dublin.ie1.twilio.com/x", False),
        ("https://mms.twiliocdn.com/x", False),
    ],
)
def test_credentials_are_for_one_origin(url: str, is_it: bool) -> None:
    assert places.is_api(URL(url), API) is is_it


@pytest.mark.parametrize(
    "url",
    [
        "https://api.twilio.com/2010-04-01/Accounts/AC0/Recordings/RE0.wav",
        "https://api.dublin.ie1.twilio.com/x",
        "https://mms.twiliocdn.com/AC0/x?Expires=1&Signature=y",
        "https://media.twiliocdn.com/AC0/x",
        "https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC0/x",
        "https://s3.us-east-1.amazonaws.com/media.twiliocdn.com/AC0/x",
        "https://media.twiliocdn.com.s3-external-1.amazonaws.com/AC0/x",
        "https://media.twiliocdn.com.s3.amazonaws.com/AC0/x",
        "https://recordings.example.com/x",
        "https://recordings.example.net:9000/x",
    ],
)
def test_where_media_are_kept(url: str) -> None:
    assert places.may_be_fetched(URL(url), API, {"recordings.example.com", "recordings.example.net:9000"})


@pytest.mark.parametrize(
    "url",
    [
        "http://mms.twiliocdn.com/x",
        "https://mms.twiliocdn.com:8443/x",
        "https://user:secret@mms.twiliocdn.com/x",
        "https://twilio.com.example.com/x",
        "https://eviltwilio.com/x",
        "https://api.twilio.com.evil.example/x",
        "https://twiliocdn.com@evil.example/x",
        "https://s3-external-1.amazonaws.com/another-bucket/x",
        "https://s3-external-1.amazonaws.com/media.twiliocdn.com.evil/x",
        "https://s3-external-1.amazonaws.com/media.twiliocdn.com/../another-bucket/x",
        "https://s3-external-1.amazonaws.com/media.twiliocdn.com/%2e%2e/another-bucket/x",
        "https://another-bucket.s3.amazonaws.com/media.twiliocdn.com/x",
        "https://media.twiliocdn.com.s3.evil.example/x",
        "https://media.twiliocdn.com.evil.amazonaws.com/x",
        "https://evil.amazonaws.com/media.twiliocdn.com/x",
        "https://recordings.example.com:9000/x",
        "https://recordings.example.net/x",
        "http://recordings.example.com/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https:///x",
        "/2010-04-01/Accounts",
        "",
    ],
)
def test_and_where_they_are_not(url: str) -> None:
    assert not places.may_be_fetched(URL(url), API, {"recordings.example.com", "recordings.example.net:9000"})


def test_plain_http_is_for_a_stand_in_alone() -> None:
    assert places.may_be_fetched(URL("http://127.0.0.1:8090/x"), STAND_IN)
    assert places.may_be_fetched(URL("http://media.example:9000/x"), STAND_IN, {"media.example:9000"})
    assert not places.may_be_fetched(URL("http://127.0.0.1:8091/x"), STAND_IN)
    assert not places.may_be_fetched(URL("http://127.0.0.1/x"), STAND_IN)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "54.172.60.0", "2600:1f18::1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_internet(address: str) -> None:
    assert places.is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254"),  # noqa: S104
        *("192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fc00::1", "ff02::1", "2001:db8::1", "fec0::1"),
        *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"),
        *("2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:808:808::5601:5601"),
        *("", "localhost", "2130706433", "0177.0.0.1", "127.1"),
    ],
)
def test_addresses_that_are_not(address: str) -> None:
    assert not places.is_public(address)
