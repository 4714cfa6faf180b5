"""The OpenAPI description and the page made of it: complete, and with nothing from elsewhere."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest
from fastapi import FastAPI

from shared.runtime.clock import RealClock
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.web.app import make_app
from shared.web.problems import NAMED
from shared.web.readable import write
from shared.web.refusals import REFUSALS, kind_of

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The description."""
    app = cast(FastAPI, make_app(Services(Settings(jwt_secret="k" * 32, party_secret="x"), RealClock())))
    return app.openapi()


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation with its path and method."""
    return [
        (path, method, one) for path, item in described["paths"].items() for method, one in item.items() if method in METHODS
    ]


def test_it_is_openapi_3_1_and_every_operation_has_a_name_of_its_own(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    names = [one["operationId"] for _, _, one in operations(described)]
    assert len(names) == len(set(names)) > 25
    assert all(re.fullmatch("[a-z][A-Za-z]+", name) for name in names)


def test_every_operation_tells_of_other_methods_outages_and_what_it_needs(described: dict[str, Any]) -> None:
    for path, method, one in operations(described):
        answers = set(one["responses"])
        assert {"405", "429", "503"} <= answers, (method, path)
        assert "requestBody" not in one or {"413", "415", "422"} <= answers, (method, path)
        assert "security" not in one or "401" in answers, (method, path)
        assert "{" not in path or "404" in answers, (method, path)


def test_every_refusal_is_described_as_problem_details(described: dict[str, Any]) -> None:
    for path, method, one in operations(described):
        for status, answer in one["responses"].items():
            if status >= "4":
                assert list(answer["content"]) == ["application/problem+json"], (method, path, status)
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_the_page_has_every_operation_and_every_problem_and_loads_nothing(described: dict[str, Any]) -> None:
    page = write(described)
    for path, _, one in operations(described):
        assert f'id="{one["operationId"]}"' in page
        assert path in page
    for anchor in [kind_of(error).partition("#")[2] for error in REFUSALS] + [f"problem-{name}" for name in NAMED]:
        assert f'id="{anchor}"' in page
    assert not re.findall(r"<script|<link|<img|@import|url\(|src=", page)
