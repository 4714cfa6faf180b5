"""The images' files, made once for each process of the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.images import container

Trees = Callable[[str], Path]


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    """Answers the /app of an image by its name, made when first asked for."""
    made: dict[str, Path] = {}
    context = tmp_path_factory.mktemp("context")
    container.make_context(context)

    def tree(name: str) -> Path:
        if name not in made:
            made[name] = container.make_tree(context, name, tmp_path_factory.mktemp(name))
        return made[name]

    return tree
