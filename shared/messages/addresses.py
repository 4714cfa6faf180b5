"""What an e-mail address looks like."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 254
"""Of an address, in characters (RFC 5321 section 4.5.3.1.3, without the angle brackets)."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)*{_LABEL}")


def is_address(text: str) -> bool:
    """Whether `text` is one address and nothing else: a dot-atom, an @ and a host name, all ASCII (RFC 5322 section 3.4.1)."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None
