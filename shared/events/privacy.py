"""What may be shown or kept of an event's data when its words and numbers may not: names and numbers of things.

`covered` hides every string that may be somebody's words; `last_four` leaves of phone numbers their last four digits, for whoever may
read words but need not learn whom to call.
"""

from __future__ import annotations

import re
from typing import Any, Final

#: Fields that hold no words of people, no numbers and no names: what happened, and to which thing.
FACTS: Final = frozenset(
    "message_id provider_id channel kind origin status error_code opt_out segments task_id event_id event_type event_version"
    " version received_at asked_at expires_at timestamp in_reply_to reply_to even_if_stopped zone possible_duplicate"
    " request_id method route role receipt todos recording_id seconds pieces piece reminder_id reminder_at function attempts".split()
)
#: E.164: a plus and up to fifteen digits (ITU-T E.164, section 6), also as it stands in a URL.
_PHONE: Final = re.compile(r"(?:\+|%2B)\d{3,11}(\d{4})(?!\d)", re.IGNORECASE)


def covered(value: Any, name: str = "") -> Any:  # noqa: ANN401 - JSON is anything
    """JSON with every string covered that may be somebody's words or number."""
    if isinstance(value, dict):
        return {key: covered(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [covered(inner, name) for inner in value]
    return f"({len(value)} characters)" if isinstance(value, str) and name not in FACTS | {"user_id"} else value


def last_four(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """JSON in which of every phone number only the last four digits are left: ...0142."""
    if isinstance(value, str):
        return _PHONE.sub(r"...\1", value)
    if isinstance(value, dict):
        return {key: last_four(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [last_four(inner) for inner in value]
    return value
