"""From a matched command form to a `Command`: the same for every language.

A language lists its command forms with `Commands.say`; what the form captured (numbers, free text, a time, a length) is put into
the command's fields here. A form whose captures do not hold together (no todo named, no date where one was said) gives None and
the next form is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import Any, Final

from shared.language.adding import raised, title_of
from shared.language.calendar import shift
from shared.language.chains import Time
from shared.language.grammar import Grammar
from shared.language.language import Language
from shared.language.model import Command, Intent, Moment, Query, Ref, Reminder, Setting, When
from shared.language.moments import Clock, Context, Day, Span, Stated
from shared.language.occurrences import repeat_of, shifted, when_of
from shared.language.parse import Gap, Parse
from shared.language.references import read_ref
from shared.language.resolving import resolve
from shared.language.timing import find_times

RANKS: Final = {
    "urgent": "urgent",
    "high": "high",
    "medium": "medium",
    "low": "low",
    "p1": "urgent",
    "p2": "high",
    "p3": "medium",
    "p4": "low",
}


@dataclass(slots=True)
class Reading:
    """One message being read."""

    context: Context
    parse: Parse
    text: str
    led: Time | None = None  # a time said before the command being read: "tomorrow remind me to ..."

    def words(self, gap: Gap) -> str:
        """The text of a stretch, as sent."""
        tokens = self.parse.tokens
        return self.text[tokens[gap.start].start : tokens[gap.end - 1].end] if gap.end > gap.start else ""

    def title(self, gap: Gap) -> str:
        """The text of a stretch as a title."""
        tokens = self.parse.tokens
        if gap.end == gap.start + 1 and tokens[gap.start].kind == "quote":
            return raised(tokens[gap.start].text[1:-1].strip())
        return title_of(self.context.language.titling, tokens, self.text, list(range(gap.start, gap.end)))

    def placed(self, command: Command, start: int, end: int) -> Command:
        """The command with the words of tokens [start, end) it came from."""
        if start >= end:
            return command
        tokens = self.parse.tokens
        span = (tokens[start].start, tokens[end - 1].end)
        return command.model_copy(update={"text": self.text[span[0] : span[1]], "span": span})

    def ref(self, gap: Gap) -> Ref | None:
        """The todos a stretch names."""
        return read_ref(self.context, self.parse, gap.start, gap.end)

    def when(self, said: Time, *, period: bool = False) -> When | None:
        """The date or time a stretch states."""
        return when_of(self.context, said, period=period)


@dataclass(frozen=True, slots=True)
class AddRequest:
    """Words to add, and what was said around them."""

    body: Gap
    rule: str
    remind: bool = False
    list_name: str = ""
    extra: Time | None = None
    ahead: Span | None = None  # how long before to remind
    ahead_at: Clock | None = None  # the time of day to remind at, so many days before


def build(reading: Reading, intent: Intent, captured: Mapping[str, Any], fixed: Mapping[str, Any]) -> Command | None:
    """The command a form stands for, or None when what it captured does not hold."""
    fields: dict[str, Any] = dict(fixed)
    if intent is Intent.MOVE and "when" in captured:
        captured = {**captured, "when": _at_its_own_time(reading, captured["when"])}
    captured_queries: dict[str, Any] = {}
    for name, value in captured.items():
        reader = _READERS.get(name)
        if reader is None:
            continue
        more = reader(reading, value)
        if more is None:
            return None
        if "query" in more and "query" in captured_queries:
            more = {"query": _both(fields["query"], more["query"])}
        captured_queries.update(more)
        fields.update(more)
    length = captured.get("length")
    if length is not None:
        fields["when"] = _after(reading, length, intent, back=bool(fields.pop("earlier", False)))
    fields.pop("earlier", None)
    return Command(intent=intent, **fields)


def _at_its_own_time(reading: Reading, said: Time) -> Time:
    """E.g. "(move the party to) sunday same time": the party's, not now's."""
    words = reading.parse.words[said.start : said.end]
    if said.stated is None or said.stated.day is None or reading.context.language.joining.own_time.isdisjoint(words):
        return said
    return replace(said, stated=replace(said.stated, clock=None))


def _both(first: Query, second: Query) -> Query:
    """E.g. "what's on my shopping list for friday": the list and the day."""
    dated = second if second.when is not None else first
    return dated.model_copy(update={"tag": first.tag or second.tag})


def _after(reading: Reading, length: Span, intent: Intent, *, back: bool) -> When | None:
    """A length of time: from now for a snooze, from the todo's own due time for a move."""
    span = -length if back else length
    at = shift(reading.context.now, span)
    when = When(start=Moment(day=at.date(), at=at), time_stated=True)
    return (
        when
        if intent in (Intent.SNOOZE, Intent.ADD)
        else shifted(When(start=Moment(day=at.date(), at=reading.context.now), time_stated=True), span.total_seconds)
    )


def _ref(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    ref = reading.ref(gap)
    if ref is None or _is_somebody(reading, ref) or _is_time(reading, gap, ref):
        return None
    return {"ref": ref}


def _is_time(reading: Reading, gap: Gap, ref: Ref) -> bool:
    """E.g. "take the rest of the week off", "done for today": a time is no todo."""
    if not ref.words or ref.day is not None or ref.at is not None:
        return False
    timed = {at for time in find_times(reading.parse, gap.start, gap.end) for at in range(time.start, time.end)}
    idle = reading.context.language.function_words
    tokens = reading.parse.tokens
    return bool(timed) and all(at in timed or tokens[at].word in idle for at in range(gap.start, gap.end))


def _is_somebody(reading: Reading, ref: Ref) -> bool:
    """E.g. "delete yourself", "done with him", "what she did": persons are no todos."""
    words, pointing = set(ref.words.split()), reading.context.language.pointing
    return bool(words) and (words <= pointing.somebody or not words.isdisjoint(pointing.persons))


def _one(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    """A todo that is named as one: "the couch thing", "my reminders", "3"; "the couch" alone is furniture.

    Who says "please" or "can you" gives an order, and does not note something down for themselves.
    """
    fields = _ref(reading, gap)
    ref: Ref = fields["ref"] if fields else Ref()
    tokens, language = reading.parse.tokens, reading.context.language
    named = {token.word for token in tokens[gap.start : gap.end + 1]}
    pointed = not ref.words or ref.day is not None or ref.at is not None
    asked = not (language.please | language.noting.asked).isdisjoint(
        [token.word for token in tokens[max(0, gap.start - 3) : gap.start - 1]]
    )
    return fields if pointed or asked or not named.isdisjoint(language.ordering.ours) else None


def _item(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    """As on a list: "eggs", "oat milk"; not "the wallpaper"."""
    plain = (
        gap.end - gap.start <= _MOST_ITEM_WORDS
        and reading.parse.tokens[gap.start].word not in reading.context.language.articles
    )
    return _ref(reading, gap) if plain else None


_MOST_ITEM_WORDS: Final = 2


def _when(reading: Reading, said: Time) -> dict[str, Any] | None:
    when = reading.when(said)
    repeat = repeat_of(reading.context, said, when, "")
    if when is None and repeat is None:
        return None
    return {"when": when, "repeat": repeat} if repeat else {"when": when}


def _due_at(reading: Reading, said: Time) -> dict[str, Any] | None:
    """E.g. "my 3pm": the todo that is due then."""
    when = reading.when(said)
    return {"ref": Ref(at=when.start)} if when is not None and when.start.at is not None else None


def _on_day(reading: Reading, said: Time) -> dict[str, Any] | None:
    """E.g. "clear my friday": what is due that day."""
    when = reading.when(said)
    stated = when is not None and when.day_stated and when.start.at is None
    return {"ref": Ref(day=when.start)} if when is not None and stated else None


def _title(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    title = reading.title(gap)
    return {"title": title} if title else None


def _query(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    ref = reading.ref(gap)
    if ref is None or not ref.words:
        return None
    return {"query": Query(what="search", words=ref.words)}


def _needed(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    """E.g. "(do i need) eggs": a thing by its bare name; what one needs of an office or a shop is no todo."""
    words = [token.word for token in reading.parse.tokens[gap.start : gap.end]]
    hearing = reading.context.language.hearing
    plain = len(words) <= _MOST_ITEM_WORDS and reading.context.language.function_words.isdisjoint(words)
    return _query(reading, gap) if plain and not hearing.other_subject(words) and not hearing.bare_subject(words) else None


def _asked_list(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    """E.g. "what's on my shopping list": a list of one's own is a tag; the todo list is everything open."""
    words = [token.word for token in reading.parse.tokens[gap.start : gap.end]]
    name = " ".join(words)
    known = reading.context.language.ordering
    if name in known.whole_lists:
        return {"query": Query(what="open")}
    if len(words) > 2 or any(not word.isalpha() for word in words) or not known.no_list_names.isdisjoint(words):
        return None
    return {"query": Query(what="tag", tag=list_tag(reading.context.language, name))}


def _emptied(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    """E.g. "remove everything from my shopping list": what has that tag; of the todo list, everything."""
    asked = _asked_list(reading, gap)
    if asked is None:
        return None
    return {"ref": Ref(tag=asked["query"].tag, everything=True)}


def list_tag(language: Language, name: str) -> str:
    """The tag of a list: "grocery" and "groceries" are one."""
    return language.ordering.same_list.get(name, name)


def _other_title(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    """E.g. "edit #2 oat milk", "edit 2 buy oat milk"; "change 2 light bulbs" is something to do."""
    tokens = reading.parse.tokens
    titled = tokens[gap.start].word in reading.context.language.actions or tokens[gap.start - 2].text == "#"
    return _title(reading, gap) if titled else None


def _hashtags(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    """E.g. "tag 2 #shop #home"; "tag 3 friends" is something to do."""
    return _tags(reading, gap) if all(token.kind == "tag" for token in reading.parse.tokens[gap.start : gap.end]) else None


def _tags(reading: Reading, gap: Gap) -> dict[str, Any] | None:
    tokens, between = reading.parse.tokens[gap.start : gap.end], reading.context.language.ordering.between_tags
    tags = tuple(token.text.lstrip("#") for token in tokens if token.kind in ("tag", "word") and token.word not in between)
    return {"tags": tags} if tags else None


def day_query(reading: Reading, said: Time) -> Query | None:
    """What is asked about a date: today, a day, this week, a range."""
    when = reading.when(said, period=True)
    if when is None:
        return None
    when = _up_to(reading, said, when)
    stated = said.stated
    if stated and stated.day and stated.day.grain == "week" and stated.day.date == reading.context.today:
        return Query(what="week", when=when)
    if when.end is not None and when.end.day != when.start.day:
        return Query(what="range", when=when)
    if when.start.day == reading.context.today:
        return Query(what="today", when=when)
    return Query(what="day", when=when)


def _up_to(reading: Reading, said: Time, when: When) -> When:
    """E.g. "(what's due) by friday", "before friday": from today on; where one day or a range is asked for that stays."""
    joining, tokens = reading.context.language.joining, reading.parse.tokens
    before = {token.word for token in tokens[max(0, said.start - 1) : said.start + 1]}
    if when.end is not None or not when.day_stated or (joining.up_to | joining.short_of).isdisjoint(before):
        return when
    today, last = reading.context.today, when.start.day - timedelta(days=not joining.short_of.isdisjoint(before))
    if last < today:
        return when
    return When(start=Moment(day=today), end=Moment(day=last) if last > today else None)


def _asked_day(reading: Reading, said: Time) -> dict[str, Any] | None:
    query = day_query(reading, said)
    return {"query": query} if query else None


def _owned_day(reading: Reading, day: Day) -> dict[str, Any]:
    """E.g. "tomorrow's list"."""
    today = day.date == reading.context.today
    return {"query": Query(what="today" if today else "day", when=When(start=Moment(day=day.date)))}


def clock_time(clock: Clock, *, morning: bool = False) -> time:
    """The wall-clock time of a setting: "digest at 7" is the morning, "quiet from 10" the evening."""
    hour = clock.hour
    if not clock.sure:
        hour = hour % 12 + (0 if morning else 12)
    return time(hour % 24, clock.minute)


_READERS: Final[Mapping[str, Any]] = {
    "ref": _ref,
    "one": _one,
    "item": _item,
    "at_hour": lambda reading, clock: {"when": resolve(reading.context, Stated(clock=clock))},
    "due": _due_at,
    "on_day": _on_day,
    "first": lambda _, position: {"ref": Ref(ordinals=(position,))},
    "numbers": lambda _, numbers: {"ref": Ref(numbers=numbers)},
    "when": _when,
    "title": _title,
    "asked": _asked_day,
    "owned": _owned_day,
    "recorded": lambda _, day: {"ref": Ref(day=Moment(day=day.date))},
    "own_day": lambda _, day: {"ref": Ref(day=Moment(day=day.date))},
    "search": _query,
    "needed": _needed,
    "asked_list": _asked_list,
    "emptied": _emptied,
    "asked_kind": lambda _, tag: {"query": Query(what="tag", tag=tag)},
    "asked_rank": lambda _, rank: {"query": Query(what="open", priority=RANKS[rank])},
    "during": lambda reading, said: {"query": Query(what="done", when=stated_period(reading.context, said))},
    "tags": _tags,
    "hashtags": _hashtags,
    "other_title": _other_title,
    "tagged": lambda _, tag: {"tags": (tag,)},
    "asked_tag": lambda _, tag: {"query": Query(what="tag", tag=tag)},
    "rank": lambda _, rank: {"priority": RANKS[rank]},
    "note": lambda reading, gap: {"note": reading.words(gap)} if reading.words(gap) else None,
    "before": lambda _, seconds: {"remind": (Reminder(before_seconds=seconds),), "remind_asked": True},
    "setting": lambda _, setting: {"setting": setting},
    "step": lambda _, steps: {"topic": str(steps)} if 1 <= steps <= 99 else None,
}


Maker = Callable[..., "Setting | None"]


class Commands:
    """A language's command forms, registered into its grammar under the symbol `command`."""

    def __init__(self, grammar: Grammar) -> None:
        """Register into `grammar`."""
        self.grammar = grammar

    def say(self, name: str, intent: Intent, *patterns: str, examples: tuple[str, ...] = (), **fixed: Any) -> None:  # noqa: ANN401 - fields of Command
        """One command: its patterns, what is fixed in it, and examples that must be read as it."""

        def meaning(reading: Reading, **captured: Any) -> Command | None:  # noqa: ANN401 - whatever the form names
            command = build(reading, intent, captured, fixed)
            return command.model_copy(update={"rule": name}) if command else None

        self.grammar.add("command", name, patterns, meaning, dict.fromkeys(examples, intent.value))

    def set(self, name: str, *patterns: str, examples: tuple[str, ...] = (), bare: bool = False) -> Callable[[Maker], Maker]:
        """Decorate a function from what was captured to a `Setting`."""

        def register(make: Maker) -> Maker:
            wanted = make.__code__.co_varnames[: make.__code__.co_argcount]

            def meaning(reading: Reading, **captured: Any) -> Command | None:  # noqa: ANN401 - whatever the form names
                setting: Setting | None = make(reading, **{key: value for key, value in captured.items() if key in wanted})
                return Command(intent=Intent.SETTING, setting=setting, rule=name, bare=bare) if setting else None

            self.grammar.add("command", name, patterns, meaning, dict.fromkeys(examples, Intent.SETTING.value))
            return make

        return register


def stated_period(context: Context, said: Time) -> When | None:
    """The stretch of time a setting lasts ("this week")."""
    return resolve(context, said.stated, period=True) if said.stated else None
