"""Ids and keys: deterministic, so that the same cause always gives the same event, and a duplicate is seen as one.

At the edge the provider's MessageSid is the id; inside, ids are made of the cause and what is made of it.
"""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID, uuid5

#: Namespace of every UUID this project derives (a random one, fixed for ever).
NAMESPACE = UUID("6f1b7c1e-5d0a-4a6e-9a53-0c1e3a7d2b44")
LANES = 12


def partition_key(phone: str, secret: bytes) -> str:
    """The key a person's events are ordered and grouped by: HMAC-SHA-256 of their number, 32 hex digits.

    SMS and WhatsApp of one number share it; without the secret nobody can go back to the number.
    """
    return hmac.new(secret, phone.encode(), hashlib.sha256).hexdigest()[:32]


def lane_of(key: str) -> str:
    """The lane of a partition key: "0" to "11"; events of one person always share a lane."""
    return str(int(key[:8], 16) % LANES)


def user_id(party: str) -> UUID:
    """A person's id, from their partition key."""
    return uuid5(NAMESPACE, f"user/{party}")


def reply_id(message_id: str, kind: str = "reply") -> str:
    """The id of the notification that answers a message."""
    return f"{message_id}.{kind}"


def outgoing_id(notification_id: str) -> UUID:
    """The id of the outgoing message row that a notification leads to."""
    return uuid5(NAMESPACE, f"message/{notification_id}")


def conversation_id(ours: str, theirs: str, channel: str) -> UUID:
    """The id of the conversation between one of our numbers and a person on a channel (SMS and MMS are one).

    Of mail it is between us, whose number is empty then, and an address.
    """
    return uuid5(NAMESPACE, f"conversation/{channel if channel in ('whatsapp', 'email') else 'sms'}/{ours}/{theirs}")


def confirmation_code(message_id: str, secret: bytes) -> str:
    """The six digits that confirm an address which a message asks for: nobody can guess them, and a replay makes the same ones.

    HMAC-SHA-256; what it is taken of cannot be a phone number, for which the same secret is used.
    """
    digest = hmac.new(secret, f"confirmation code/{message_id}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06}"
