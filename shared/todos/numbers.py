"""Which number a new todo gets: small, and not one that an old text still speaks of.

Numbers rotate from 1 to 99: each new todo takes the next free one at or after where the rotation stands (1 for somebody new),
so a number comes back only after all the others had their turn. While 1 to 99 are all taken, the lowest free one above is used.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain, count
from typing import Final

LAST: Final = 99


def allocate(taken: Collection[int], stands_at: int) -> tuple[int, int]:
    """A free number, and where the rotation stands afterwards.

    Args:
        taken: the numbers of the person's open todos.
        stands_at: `Dialogue.next_number`, 1 to 99.
    """
    for number in chain(range(stands_at, LAST + 1), range(1, stands_at)):
        if number not in taken:
            return number, number % LAST + 1
    return next(number for number in count(LAST + 1) if number not in taken), stands_at
