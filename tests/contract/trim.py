"""Cut Twilio's OpenAPI description down to the paths we use: `python trim.py twilio_api_v2010.json > twilio.json`.

The full description is github.com/twilio/twilio-oai, spec/json/twilio_api_v2010.json (1.9 MB). What remains is unchanged, but
for three things: prose is left out; of each operation's examples the first that ends its list stays, so that a mock server
that answers with examples has a last page; and lists in a form say what OpenAPI has as their default (repeated fields),
because Prism does not know it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
OPERATIONS = {
    f"{ACCOUNT}/Messages.json": ("get", "post"),
    f"{ACCOUNT}/Messages/{{Sid}}.json": ("get",),
    f"{ACCOUNT}/Messages/{{MessageSid}}/Media.json": ("get",),
    f"{ACCOUNT}/Messages/{{MessageSid}}/Media/{{Sid}}.json": ("get",),
    f"{ACCOUNT}/Calls/{{Sid}}.json": ("get",),
    f"{ACCOUNT}/Recordings/{{Sid}}.json": ("get",),
}
PROSE = {"description", "summary", "x-twilio"}


def trim(description: dict[str, Any]) -> dict[str, Any]:
    """Our operations and every schema they refer to."""
    paths = {
        path: {"servers": description["paths"][path]["servers"]}
        | {verb: _plain(description["paths"][path][verb]) for verb in verbs}
        for path, verbs in OPERATIONS.items()
    }
    schemas: dict[str, Any] = {}
    _collect(paths, description["components"]["schemas"], schemas)
    return {
        "openapi": description["openapi"],
        "info": {name: value for name, value in description["info"].items() if name != "x-twilio"},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": description["components"]["securitySchemes"]},
    }


def _plain(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {name: _plain(each) for name, each in node.items() if name not in PROSE or not isinstance(each, str | dict)}
    if "content" in plain and "headers" in plain:
        plain["description"] = node["description"]  # a response must have one
    if isinstance(plain.get("examples"), dict):
        plain["examples"] = _one(plain["examples"])
    form = plain.get("application/x-www-form-urlencoded")
    if isinstance(form, dict):
        lists = [name for name, each in form["schema"]["properties"].items() if each.get("type") == "array"]
        form["encoding"] = {name: {"style": "form", "explode": True} for name in lists}
    return plain


def _one(examples: dict[str, Any]) -> dict[str, Any]:
    ends = (
        name for name, each in examples.items() if not isinstance(each["value"], dict) or not each["value"].get("next_page_uri")
    )
    name = next(ends)
    return {name: examples[name]}


def _collect(node: Any, source: dict[str, Any], into: dict[str, Any]) -> None:
    if isinstance(node, dict):
        name = str(node.get("$ref", "")).removeprefix("#/components/schemas/")
        if name and name not in into:
            into[name] = _plain(source[name])
            _collect(into[name], source, into)
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            _collect(each, source, into)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - a script
        json.dump(trim(json.load(file)), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
