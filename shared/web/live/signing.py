"""Whose feed it is: the check of every other request (`shared.web.callers`), in a socket's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.policy.outcomes import Unavailable
from shared.web.callers import verify
from shared.web.live import connection
from shared.web.live.connection import Admitted, Ending
from shared.web.problems import Problem

if TYPE_CHECKING:
    from shared.runtime.services import Services


class Unwelcome(Exception):
    """Nobody is fed here."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.reason)
        self.ending = ending


async def welcome(services: Services, token: str) -> Admitted:
    """Whose feed a token opens.

    Raises:
        Unwelcome: nobody, or it cannot be known now.
    """
    try:
        caller = await verify(services, token)
    except Problem:
        raise Unwelcome(connection.NOT_SIGNED_IN) from None
    except Unavailable:
        raise Unwelcome(connection.NOT_NOW) from None
    return Admitted(caller.user_id, token, caller.expires_at)
