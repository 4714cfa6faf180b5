"""What the relay believes of the functions is what the functions say of themselves."""

from __future__ import annotations

from local.loading import load_function
from shared.runtime.consumers import SCHEMAS
from shared.runtime.routing import read_routes


def test_every_function_that_takes_events_is_known_with_its_schema() -> None:
    assert set(SCHEMAS) == {route.function for route in read_routes()}
    assert {name: load_function(name).schema for name in SCHEMAS} == SCHEMAS
