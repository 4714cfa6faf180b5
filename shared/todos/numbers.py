"""Which number a new todo gets: small, and not one that an old text still speaks of.

Numbers rotate from 1 to 99: each new todo takes the next free one at or after where the rotation stands (1 for somebody new),
so a number comes back only after all the others had their turn. A done todo holds its number as long as it can be reopened,
unless 1 to 99 are needed for open ones; when these have them all, the lowest free number above is used.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import Final

LAST: Final = 99


def allocate(taken: Collection[int], held: Collection[int], stands_at: int) -> tuple[int, int]:
    """A free number, and where the rotation stands afterwards.

    Args:
        taken: the numbers of the person's open todos.
        held: the numbers of their done ones, which are spared where possible.
        stands_at: `Dialogue.next_number`, 1 to 99.
    """
    around = [*range(stands_at, LAST + 1), *range(1, stands_at)]
    free = [number for number in around if number not in taken]
    if not free:
        return next(number for number in count(LAST + 1) if number not in taken), stands_at
    number = next((number for number in free if number not in held), free[0])
    return number, number % LAST + 1
