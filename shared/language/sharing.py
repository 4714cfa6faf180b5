"""Todos that share a verb, each with its own time: "call mum at 5 and dad at 6".

Only where every part has a time of its own: "buy milk and eggs at 5" is one todo, and so is "call mum at 5 and 6".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from shared.language.adding import raised
from shared.language.chains import Time
from shared.language.commands import Reading
from shared.language.model import Command
from shared.language.moments import Stated, merge
from shared.language.parse import Gap
from shared.language.timing import find_times

_MOST_WORDS: Final = 4  # of a part that shares the verb


@dataclass(frozen=True, slots=True)
class Part(Gap):
    """A todo's words, the verb it shares with the todo before it, and a day or time that was said elsewhere."""

    verb: Gap | None = None
    time: Time | None = None


def parts(reading: Reading, item: Gap) -> list[Part]:
    """`item` cut where a second thing with its own time shares its verb, or needs none, and where the same is to be done twice."""
    whole = [Part(item.start, item.end)]
    times = find_times(reading.parse, item.start, item.end)
    if len(times) < 2 or times[-1].end != item.end or any(time.rule is not None for time in times):
        return whole
    verb = _verb(reading, item)
    found = [Part(item.start, times[0].end)]
    for before, time in pairwise(times):
        named = _joined(reading, before, time)
        if named is None:
            return whole
        if named.start == named.end:  # "take pills at 8am and at 8pm"
            found.append(replace(found[-1], end=before.start, time=time))
            continue
        own = _is_occasion(reading, named) and not (verb and _is_occasion(reading, Gap(verb.end, times[0].start)))
        if verb is None and not own:
            return whole
        found.append(Part(named.start, time.end, None if own else verb))
    found = found if all(part.end > part.start for part in found) else whole
    return _on_their_days(found, times) if len(found) > 1 else whole


def _on_their_days(found: Sequence[Part], times: Sequence[Time]) -> list[Part]:
    """A day said once holds for all of them: "call mum friday at 5 and dad at 6", "... at 6 tomorrow"."""
    dated = [time for time in times if time.stated is not None and (time.stated.day or time.stated.instant)]
    if len(dated) != 1 or dated[0].stated is None or dated[0].stated.day is None:
        return list(found)
    day = replace(dated[0], stated=Stated(day=dated[0].stated.day))
    return [part if time in dated else _on(part, day) for part, time in zip(found, times, strict=True)]


def _on(part: Part, day: Time) -> Part:
    if part.time is None or part.time.stated is None:
        return replace(part, time=day)
    together = day.stated and merge(day.stated, part.time.stated)
    return replace(part, time=replace(part.time, stated=together)) if together else part


def _verb(reading: Reading, item: Gap) -> Gap | None:
    """The verb of an item, with what belongs to it: "pick up", "talk to"."""
    tokens, language = reading.parse.tokens, reading.context.language
    if tokens[item.start].word not in language.actions:
        return None
    end = item.start + 1
    while end < item.end - 1 and tokens[end].word in language.sharing.particles:
        end += 1
    return Gap(item.start, end)


def _joined(reading: Reading, before: Time, time: Time) -> Gap | None:
    """The words between two times that name a second thing; none where only "and" stands there."""
    tokens, language = reading.parse.tokens, reading.context.language
    start = before.end
    while start < time.start and tokens[start].word in language.sharing.joins:
        start += 1
    named = tokens[start : time.start]
    if start == before.end or len(named) > _MOST_WORDS or any(token.kind != "word" or token.values for token in named):
        return None
    words = {token.word for token in named}
    no_thing = language.sharing.no_start | language.questions | language.actions | language.remind
    if named and named[0].word in no_thing:
        return None
    sentence = bool(words & language.parting.pointing_back) or (bool(words) and words <= language.function_words)
    return None if sentence else Gap(start, time.start)


def _is_occasion(reading: Reading, gap: Gap) -> bool:
    words = {token.word for token in reading.parse.tokens[gap.start : gap.end]}
    return not reading.context.language.sharing.occasions.isdisjoint(words)


def with_verb(reading: Reading, command: Command, part: Part) -> Command:
    """The todo with the verb it shares."""
    if part.verb is None:
        return command
    tokens = reading.parse.tokens
    small = tokens[part.start].text[:1].islower()
    title = command.title[:1].lower() + command.title[1:] if small else command.title
    return command.model_copy(update={"title": raised(f"{reading.words(part.verb)} {title}")})
