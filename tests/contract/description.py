"""Twilio's OpenAPI description as a judge: does a request or an answer fit it?

OpenAPI 3.0 is JSON Schema but for `nullable`, which is translated here; Twilio's own formats are checked too.
"""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

FILE = Path(__file__).parent / "twilio.json"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
MESSAGE = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json"
MEDIA_LIST = "/2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media.json"
MEDIA = "/2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media/{Sid}.json"
CALL = "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json"
RECORDING = "/2010-04-01/Accounts/{AccountSid}/Recordings/{Sid}.json"

_DESCRIPTION: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def _date(value: object) -> bool:
    return not isinstance(value, str) or parsedate_to_datetime(value).tzinfo is not None


def _phone(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"(whatsapp:)?\+[1-9]\d{1,14}", value) is not None


def _uri(value: object) -> bool:
    """Twilio's list pages are relative references; its callbacks are absolute."""
    return not isinstance(value, str) or re.fullmatch(r"(https?:/)?/\S*", value) is not None


_FORMATS = FormatChecker(formats=[])
_FORMATS.checkers = {"date-time-rfc-2822": (_date, ValueError), "phone-number": (_phone, ()), "uri": (_uri, ())}


def check_answer(path: str, verb: str, status: int, answer: object) -> None:
    """The answer is one the description allows for that status.

    Raises:
        KeyError: the description knows no such status.
        jsonschema.ValidationError: it does not fit.
    """
    responses = _DESCRIPTION["paths"][path][verb]["responses"]
    _check(responses[str(status)]["content"]["application/json"]["schema"], answer)


def check_form(fields: list[tuple[str, str]]) -> None:
    """The form of a message to send is one the description allows, with no field it does not know.

    Raises:
        jsonschema.ValidationError: it does not fit.
    """
    schema = _DESCRIPTION["paths"][MESSAGES]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    lists = {name for name, each in schema["properties"].items() if each.get("type") == "array"}
    form: dict[str, Any] = {name: value for name, value in fields if name not in lists}
    for name, value in fields:
        if name in lists:
            form.setdefault(name, []).append(value)
    _check(schema | {"additionalProperties": False}, form)


def query_names() -> set[str]:
    """The filters a list understands."""
    return {each["name"] for each in _DESCRIPTION["paths"][MESSAGES]["get"]["parameters"] if each["in"] == "query"}


def properties_of(name: str) -> set[str]:
    """What a resource has: `message`, `message.media`, `call`, `recording`."""
    return set(_DESCRIPTION["components"]["schemas"][f"api.v2010.account.{name}"]["properties"])


def _check(schema: dict[str, Any], instance: object) -> None:
    whole = _translated(schema | {"components": _DESCRIPTION["components"]})
    Draft202012Validator(whole, format_checker=_FORMATS).validate(instance)


def _translated(node: Any) -> Any:
    if isinstance(node, list):
        return [_translated(each) for each in node]
    if not isinstance(node, dict):
        return node
    translated = {name: _translated(each) for name, each in node.items() if name != "nullable"}
    if node.get("nullable") is True and "type" in node:  # without one it may be anything
        translated["type"] = [node["type"], "null"]
    return translated
