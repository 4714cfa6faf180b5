"""How it can end with a recording other than well.

MediaRefused        nobody will ever get this through here: the person is told, nothing is tried again
TryAgain
├── MediaNotReady           not there yet, too slow, cut off: worth another try
│   └── CredentialsRefused  the provider does not take our credentials: the operator's to mend, meanwhile tried again
└── StoreUnavailable        the place where recordings are kept does not answer
NotKept             the store has no such recording (any more)

Messages name hosts, sizes and formats; never a whole URL (its query may be a signature), a number or a word that was said.
"""

from __future__ import annotations

from shared.events.schemas import WhyRefused
from shared.policy.outcomes import Refused, TryAgain


class MediaRefused(Refused):
    """This file is not taken; `reason` decides what the person is told."""

    def __init__(self, reason: WhyRefused, message: str) -> None:
        """A refusal.

        Args:
            reason: "unreadable" no audio that can be decoded; "too_long" over 10 minutes; "too_large" over 16 MB; "forbidden" kept
                where we do not go.
            message: for the log.
        """
        super().__init__(message)
        self.reason: WhyRefused = reason


class MediaNotReady(TryAgain):
    """The file could not be had now."""


class CredentialsRefused(MediaNotReady):
    """The provider refused our credentials."""


class StoreUnavailable(TryAgain):
    """The store of recordings cannot be used now."""


class NotKept(LookupError):
    """The store has no recording of this key."""
