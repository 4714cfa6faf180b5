"""SMTP_URL and MAIL_FROM as they are read, and what a mail costs who sends none. Against a server: tests/integration/mail."""

from __future__ import annotations

import subprocess
import sys

import pytest

from shared.providers.smtp import Sender, Server, read_sender, read_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://u:p@mail.example.org:587", Server("mail.example.org", 587, "starttls", "u", "p")),
        ("smtp://u:p@mail.example.org", Server("mail.example.org", 587, "starttls", "u", "p")),
        ("smtps://u:p@mail.example.org", Server("mail.example.org", 465, "at once", "u", "p")),
        (
            "smtps://ada%40example.org:p%2F%40%3A@mail.example.org",
            Server("mail.example.org", 465, "at once", "ada@example.org", "p/@:"),
        ),
        ("smtp://relay.example.org:25?starttls=off", Server("relay.example.org", 25, "none")),
        ("smtp://localhost:1025", Server("localhost", 1025, "none")),
        ("smtp://127.0.0.1:1025", Server("127.0.0.1", 1025, "none")),
        ("smtp://[::1]:1025", Server("::1", 1025, "none")),
        ("smtp://u:p@localhost:1025", Server("localhost", 1025, "none", "u", "p")),
        ("smtp://localhost:587?starttls=on", Server("localhost", 587, "starttls")),
        ("smtp://10.0.0.5:25", Server("10.0.0.5", 25, "starttls")),
    ],
)
def test_the_server(url: str, server: Server) -> None:
    assert read_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org:587",
        "http://mail.example.org",
        "smtp://",
        "smtp://u:secret@",
        "smtp://mail.example.org/secret",
        "smtp://mail.example.org:secret",
        "smtp://mail.example.org:70000",
        "smtp://secret@mail.example.org",
        "smtp://:secret@mail.example.org",
        "smtp://u:secret@mail.example.org?starttls=off",
        "smtp://u:sec#ret@mail.example.org",
        "smtp://mail.example.org?starttls=secret",
        "smtp://mail.example.org?secret=on",
        "smtps://mail.example.org?starttls=on",
    ],
)
def test_what_is_wrong_is_said_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"must|needs|would|has|may|is") as caught:
        read_server(url)
    assert "secret" not in str(caught.value)
    assert "ret@" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("jotline@example.org", Sender("jotline@example.org")),
        ("Jotline Todos <todo@mail.example.org>", Sender("todo@mail.example.org", "Jotline Todos")),
        ("<todo@example.org>", Sender("todo@example.org")),
        ("root@localhost", Sender("root@localhost")),
    ],
)
def test_the_sender(text: str, sender: Sender) -> None:
    assert read_sender(text) == sender
    assert sender.host == sender.address.split("@")[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jotline",
        "a@b@c",
        "a b@example.org",
        "Jotline <jotline>",
        "Jotline\r\nBcc: x@example.org <j@example.org>",
        "<j@example.org> x",
        ".j@example.org",
        "j..j@example.org",
        "j@-example.org",
        "jö@example.org",
        f"{'j' * 65}@example.org",
        f"j@{'example.' * 40}org",
    ],
)
def test_what_is_no_sender(text: str) -> None:
    with pytest.raises(ValueError, match="must be an address"):
        read_sender(text)


def test_who_sends_no_mail_loads_nothing_for_it() -> None:
    loads = "import sys, shared.runtime.settings, shared.todos.digests, shared.providers.guarded\n"
    loads += "from local.loading import load_function\nfor name in ('notify', 'digest', 'todo-crud'): load_function(name)\n"
    loads += "print([one for one in ('aiosmtplib', 'jinja2', 'smtplib') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
