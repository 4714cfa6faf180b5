"""How a delivery can end other than well. Three families decide everything; nothing else decides retries.

Refused     a rule says no: the person is answered, the event is done
Poison      this event can never be worked off: dead letter at once
TryAgain    not now: the retry table says when (`shared.policy.retries`); any other exception counts as this one
Unavailable a TryAgain that is nobody's fault (the database is away, a setting is wrong): nothing is given up because of it
"""

from __future__ import annotations


class Refused(Exception):
    """A rule of the product says no; the person is told why and the event is done."""


class Poison(Exception):
    """This event can never be worked off; it goes to the dead letters at once."""


class TryAgain(Exception):
    """Something needed is missing for now; the event is tried again later.

    `after_seconds` overrides the retry table's next delay (a provider's Retry-After); None leaves it to the table.
    """

    def __init__(self, message: str = "", *, after_seconds: float | None = None) -> None:
        super().__init__(message or self.__class__.__doc__)
        self.after_seconds = after_seconds


class Unavailable(TryAgain):
    """What every event needs is missing for now: this try does not count."""
