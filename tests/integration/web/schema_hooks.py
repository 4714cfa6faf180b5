"""What schemathesis is told about the API: who asks, and what a refusal of well-formed data must say. Loaded by its own process."""

from __future__ import annotations

import json
import os
import urllib.request
from typing import Any

import schemathesis

ABOUT_ME = "DELETE /api/v1/me"


def who(_: Any, context: Any) -> str:
    """Whose token a request has: whoever leaves is somebody else."""
    return "bob" if context.operation.label == ABOUT_ME else "ada"


@schemathesis.auth(refresh_interval=1, cache_by_key=who)
class Ada:
    """A token of Ada's, made anew every second: signing out everywhere is among the things that are tried."""

    def get(self, case: Any, context: Any) -> str:
        """A token of hers."""
        with urllib.request.urlopen(f"{os.environ['TOKENS_URL']}/{who(case, context)}") as answer:  # noqa: S310 - the test's own
            return str(answer.read().decode())

    def set(self, case: Any, data: str, context: Any) -> None:
        """Send it."""
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.check
def a_rule_is_named(ctx: schemathesis.CheckContext, response: Any, case: Any) -> None:
    """Data that fits the description is refused by a rule with a name, never as unreadable."""
    if response.status_code == 422 and case.meta and case.meta.generation.mode.is_positive:
        problem = json.loads(response.content)
        fields = {error["field"].rpartition(".")[2] for error in problem.get("errors", [])}
        # Which numbers are phone numbers is in every country's plan, and in no pattern.
        assert problem["type"] != "about:blank" or "phone" in fields, f"well-formed, and yet: {problem}"
