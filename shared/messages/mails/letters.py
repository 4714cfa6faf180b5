"""The mails we write: the morning digest, and the code that confirms an address.

Each is a subject, a text, and the same as HTML for whoever looks at it: one column, dark on white, styles inline because mail
programs drop others, nothing to be fetched. Words of people come into the HTML as values of a template and are escaped there; no
template is ever made of them. The subject has none of their words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from shared.messages import phrases

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_BYTES: Final = 52_000
"""Of a mail inside an event, which has at most 64 KiB: some 200 todos."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's words."""

    subject: str
    text: str
    html: str

    @property
    def size(self) -> int:
        """Bytes inside an event."""
        return len(json.dumps([self.subject, self.text, self.html], ensure_ascii=False).encode())


@dataclass(frozen=True, slots=True)
class Row:
    """A todo's line, taken apart: `#3 Pay rent` and ` (was due Mon 9am) #home`."""

    title: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Todos under a heading."""

    heading: str
    rows: tuple[Row, ...]
    urgent: bool = False  # set off by colour; the heading says it in words


def digest(subject: str, head: str, sections: Sequence[Section], *, ours: str) -> Letter:
    """The morning digest, with all there is; only what no event could carry is counted instead.

    Args:
        subject: `Wed 25 Nov: 1 today, 1 overdue`.
        head: its first line, as in a text.
        sections: in the order in which they are shown; none is empty.
        ours: the number that answers go to; "" when it has none to show.
    """
    total = sum(len(section.rows) for section in sections)
    shown = total
    while True:
        letter = _digest(subject, head, _first(sections, shown), more=total - shown, ours=ours)
        if letter.size <= MOST_BYTES or not shown:
            return letter
        shown = min(shown - 1, shown * MOST_BYTES // letter.size)


def code(digits: str, *, ours: str) -> Letter:
    """The code that confirms the address it is sent to; `ours` as in `digest`."""
    subject = "Your Jotline code"
    where = f" to {ours}" if ours else ""
    what = f"This code confirms that your morning digest may come to this address. Text it{where} within an hour."
    whoever = "If you did not ask for it, ignore this mail: without the code nothing more comes."
    text = f"{digits}\n\n{what}\n\n{whoever}"
    html = _render("code.html.j2", subject=subject, code=digits, what=what, whoever=whoever)
    return Letter(subject, f"{text}\n", html)


def _digest(subject: str, head: str, sections: Sequence[Section], *, more: int, ours: str) -> Letter:
    left = phrases.more_in_list(more) if more else ""
    end = f"{phrases.TO_END_DIGESTS.rstrip('.')} to {ours}." if ours else phrases.TO_END_DIGESTS
    blocks = ["\n".join((section.heading, *(row.title + row.rest for row in section.rows))) for section in sections]
    text = "\n\n".join(filter(None, (head, *blocks, left, end)))
    html = _render("digest.html.j2", subject=subject, head=head, sections=sections, left=left, end=end)
    return Letter(subject, f"{text}\n", html)


def _first(sections: Sequence[Section], count: int) -> list[Section]:
    """The first so many rows, under their headings."""
    shown: list[Section] = []
    for section in sections:
        rows = section.rows[:count]
        count -= len(rows)
        if rows:
            shown.append(Section(section.heading, rows, section.urgent))
    return shown


def _render(template: str, **values: object) -> str:
    return _templates().get_template(template).render(values)


@cache
def _templates() -> Environment:
    """The templates beside this module; imported with the first mail, for cold starts without one."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("shared.messages.mails")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
