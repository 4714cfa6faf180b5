"""Two people on one database: whatever they text, whatever numbers they name, nobody sees or touches the other's todos.

Their todos have words of their own, so a reply that shows one to the wrong person gives itself away.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.events.ids import user_id
from tests.database import Server
from tests.end_to_end.through import Path, made_sid, party_of
from tests.making import ADA, BOB

WORDS: Final = {ADA: ("aspirin", "apples", "armchair"), BOB: ("biscuits", "basil", "bicycle")}
NUMBERS = st.sampled_from(["1", "2", "3", "1 and 2", "1-3", "99", "last", "all", "it", "the first", "2, 3"])
ABOUT_NUMBERS = st.builds(
    str.format,
    st.sampled_from(
        [
            "done {0}",
            "delete {0}",
            "move {0} to friday",
            "{0}",
            "show {0}",
            "reopen {0}",
            "rename {0} to chair",
            "undo {0}",
            "skip {0}",
            "snooze {0}",
            "note {0}: call first",
            "{0} high priority",
        ]
    ),
    NUMBERS,
)
ALONE = st.sampled_from(
    [
        "list",
        "more",
        "today",
        "overdue",
        "done",
        "ok",
        "no",
        "both",
        "undo",
        "redo",
        "why",
        "delete all",
        "what did I get done",
        "settings",
        "I'm in Tokyo",
        "my name is Zed",
        "yes",
        "STOP",
        "START",
        "add",
    ]
)
#: A text; `{mine}` and `{theirs}` are words of the sender's todos and of the other's.
ABOUT_WORDS = st.sampled_from(
    [
        "buy {mine}",
        "buy {mine} tomorrow 5pm",
        "fetch {mine} every friday",
        "done {mine}",
        "done {theirs}",
        "delete {theirs}",
        "move {theirs} to monday",
        "do I have anything about {theirs}",
        "the {theirs} one",
        "reopen {theirs}",
    ]
)
CONVERSATION = st.lists(
    st.tuples(st.sampled_from([ADA, BOB]), ABOUT_NUMBERS | ALONE | ABOUT_WORDS, st.integers(0, 2)), min_size=4, max_size=14
)

_EVERYTHING: Final = """
SELECT json_build_array(to_jsonb(u), (SELECT json_agg(t ORDER BY t.id) FROM todo.tasks t WHERE t.user_id = u.id),
    (SELECT json_agg(e ORDER BY e.sequence) FROM todo.task_events e WHERE e.user_id = u.id))
FROM todo.users u WHERE u.id = %s
"""
_conversations = count()


@pytest.fixture(scope="module")
def path(postgres: Server) -> Iterator[Path]:
    with postgres.database() as url:
        made = Path(url)
        yield made
        made.close()


@given(conversation=CONVERSATION)
@settings(max_examples=50)
def test_whatever_one_texts_the_other_keeps_everything_and_is_never_shown(
    path: Path, conversation: list[tuple[str, str, int]]
) -> None:
    name = next(_conversations)
    parties = {phone: party_of(phone, str(name)) for phone in WORDS}
    started = [(phone, "buy {mine}", which) for which in (0, 1) for phone in WORDS]
    for place, (sender, text, which) in enumerate([*started, *conversation]):
        other = BOB if sender == ADA else ADA
        before = _everything(path, parties[other])
        words = text.format(mine=WORDS[sender][which], theirs=WORDS[other][which])
        reply = path.say(parties[sender], sender, words, message_id=made_sid("isolation", name, place))
        assert _everything(path, parties[other]) == before, f"{words!r} touched the other's"
        theirs = {f"{verb} {word}" for verb in ("buy", "fetch") for word in WORDS[other]}  # the sender never says these
        assert not any(title in (reply or "").lower() for title in theirs), f"{words!r} showed the other's"
        assert theirs.isdisjoint(task.title.lower() for task in path.tasks(parties[sender]).values())


def _everything(path: Path, party: str) -> Any:
    """All that is stored of a person."""
    return path.wait(path.services.todo.database.fetch(_EVERYTHING, user_id(party)))
