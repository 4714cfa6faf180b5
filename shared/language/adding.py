"""A clause as a new todo: its date, repeat, reminders, priority, tags and note taken out, and the user's own words left as the title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.language.chains import Time
from shared.language.grammar import Parse
from shared.language.language import Language
from shared.language.model import Command, Intent, Priority, Ref, Reminder, Repeat, When
from shared.language.moments import Context, merge
from shared.language.occurrences import morning_of, reminders_of, repeat_of, when_of
from shared.language.standing import is_bygone
from shared.language.text import Token
from shared.language.timing import find_times
from shared.language.words import Titling, Words

_EDGE: Final = " \n,;:.-!/&+"
_MOST_MAYBE_WORDS: Final = 3


@dataclass(slots=True)
class Draft:
    """What has been found in a clause so far; `taken` marks tokens that are not title."""

    taken: set[int] = field(default_factory=set)
    times: list[Time] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    remind_at: Time | None = None
    priority: Priority | None = None
    tags: list[str] = field(default_factory=list)
    note: str = ""


def draft(context: Context, parse: Parse, text: str, start: int, end: int) -> Draft:
    """Read the attributes of tokens [start, end)."""
    found = Draft()
    end = _take_note(context.language.titling.notes, parse.tokens, text, start, end, found)
    _take_marks(parse, start, end, found)
    _take_reminders(parse, start, end, found)
    free = [at for at in range(start, end) if at not in found.taken]
    for first, last in _runs(free):
        found.times += [time for time in find_times(parse, first, last) if not is_bygone(context, parse.tokens, time)]
    return found


def is_marked(context: Context, parse: Parse, text: str, start: int, end: int) -> bool:
    """True when a tag, a priority or a note stands beside the words of tokens [start, end)."""
    found = Draft()
    end = _take_note(context.language.titling.notes, parse.tokens, text, start, end, found)
    _take_marks(parse, start, end, found)
    return bool(found.tags or found.priority or found.note)


def _runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring positions as [start, end) stretches."""
    runs: list[tuple[int, int]] = []
    for at in positions:
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def _take_note(  # noqa: PLR0917 - what is looked for, where, and what it is put into
    notes: Words, tokens: Sequence[Token], text: str, start: int, end: int, found: Draft
) -> int:
    """E.g. "... note: gate code 4411" to the end."""
    for at in range(start + 1, end - 1):
        if tokens[at].word in notes and tokens[at + 1].word == ":":
            first = at + 2
            if first < end:
                found.note = text[tokens[first].start : tokens[end - 1].end].strip()
                found.taken.update(range(at, end))
                return at
    return end


def _take_marks(parse: Parse, start: int, end: int, found: Draft) -> None:
    at = start
    while at < end:
        token = parse.tokens[at]
        if token.kind == "tag":
            found.tags.append(token.text[1:])
            found.taken.add(at)
            at += 1
            continue
        stop = _priority_end(parse, at, start, end)
        if stop is not None:
            stop_at, priority = stop
            found.priority = found.priority or priority
            found.taken.update(range(at, stop_at))
            at = stop_at
            continue
        at += 1


def _priority_end(parse: Parse, at: int, start: int, end: int) -> tuple[int, Priority] | None:
    for stop, value in parse.match("rank", at):
        if stop <= end and parse.tokens[stop - 1].spaced is not None:
            if value in ("p1", "p2", "p3", "p4") and parse.tokens[at + 1].spaced:
                return None
            return stop, _RANKS[value]
    known: Titling = parse.context.language.titling
    priority = known.urgent.get(parse.tokens[at].word)
    if priority is None:
        return None
    following = parse.tokens[at + 1].word if at + 1 < end else None
    if at == start and following in (":", "-", ",", "!") and at + 2 < end:
        return at + 2, priority
    if following in (None, "!") and at > start and parse.tokens[at - 1].word not in known.no_priority_behind:
        return min(at + (2 if following else 1), end), priority
    return None


_RANKS: Final = {
    "urgent": Priority.URGENT,
    "high": Priority.HIGH,
    "medium": Priority.MEDIUM,
    "low": Priority.LOW,
    "p1": Priority.URGENT,
    "p2": Priority.HIGH,
    "p3": Priority.MEDIUM,
    "p4": Priority.LOW,
}


def _take_reminders(parse: Parse, start: int, end: int, found: Draft) -> None:
    language: Language = parse.context.language
    at = start
    while at < end:
        matches = parse.match("earlier", at)
        match = next(((stop, value) for stop, value in matches if stop <= end), None) if matches else None
        if match is not None and not (at > start and parse.tokens[at - 1].word in language.every):
            found.before.append(match[1])
            found.taken.update(range(at, match[0]))
            at = _take_second_reminder(parse, match[0], end, found)
            continue
        asked = at > start and at + 1 < end and parse.tokens[at].word in language.remind
        if asked and parse.tokens[at + 1].word in language.me:
            time = next(iter(find_times(parse, at + 2, end)), None)
            if time is not None and time.start <= at + 3 and time.end == end:
                found.remind_at = time
                found.taken.update(range(at - _joins(language, parse.tokens[at - 1].word), time.end))
                return
        at += 1


def _joins(language: Language, word: str) -> bool:
    return word == "," or word in language.ands


def _take_second_reminder(parse: Parse, at: int, end: int, found: Draft) -> int:
    """E.g. "(remind me a day before) and an hour before"."""
    if at + 1 >= end or not _joins(parse.context.language, parse.tokens[at].word):
        return at
    match = next(((stop, seconds) for stop, seconds in parse.match("before", at + 1) if stop <= end), None)
    if match is None:
        return at
    found.before.append(match[1])
    found.taken.update(range(at, match[0]))
    return match[0]


def add(
    context: Context,
    parse: Parse,
    text: str,
    start: int,
    end: int,
    *,
    remind: bool = False,
    extra: Time | None = None,
    rule: str = "add",
    list_name: str = "",
) -> Command | None:
    """The ADD a clause stands for, or None when no title is left. `extra` is a time said before the command word."""
    tokens, language = parse.tokens, context.language
    if start >= end:
        return None
    quoted = _quoted_title(tokens, start, end)
    found = draft(context, parse, text, start, end)
    times = ([extra] if extra else []) + _without_other_choice(language, tokens, found)
    chosen = _choose(times)
    for time in chosen:
        if time is not extra:
            found.taken.update(range(*_widened(language.titling, tokens, time, start, end)))
    when, repeat = _meaning(context, text, tokens, chosen)
    kept = [at for at in range(start, end) if at not in found.taken]
    title = quoted or title_of(language.titling, tokens, text, kept, whole=(start, end))
    if remind and not quoted:
        title = _without_lead(language.titling, title)
    if not title:
        return None
    reminders = list(reminders_of(found.before))
    at = when_of(context, found.remind_at) if found.remind_at else None
    if at is not None:
        reminders.append(Reminder(at=at.start))
    if remind and not reminders and when is not None:
        morning = morning_of(context, when)
        if morning is not None:
            reminders.append(morning)
    return Command(
        intent=Intent.ADD,
        title=title,
        when=when,
        repeat=repeat,
        remind=tuple(reminders),
        remind_asked=remind or bool(found.before) or found.remind_at is not None,
        priority=found.priority,
        tags=tuple(found.tags),
        note=found.note,
        list_name=list_name,
        quoted=bool(quoted),
        rule=rule,
    )


def _without_lead(known: Titling, title: str) -> str:
    """E.g. "remind me tomorrow about the report", "... that i have to call Bob"."""
    words = title.split()
    lead = 0
    while (
        lead < len(words) - 1
        and words[lead].lower() in known.led_in
        and (words[lead].lower() not in known.not_first or lead > 0)
    ):
        lead += 1
    return raised(" ".join(words[lead:]))


def perhaps_move(language: Language, command: Command) -> Command:
    """E.g. "stamps tomorrow" may be about a todo that is there already."""
    words = command.title.lower().split()
    if (
        command.when is None
        or command.repeat is not None
        or len(words) > _MOST_MAYBE_WORDS
        or words[0] in language.actions
        or command.quoted
    ):
        return command
    if command.remind_asked or command.tags or command.note or command.priority or command.when.end:
        return command
    return command.model_copy(update={"maybe": Ref(words=" ".join(words)), "maybe_intent": Intent.MOVE})


def _without_other_choice(language: Language, tokens: Sequence[Token], found: Draft) -> list[Time]:
    """E.g. "tonight or tomorrow": the first is taken, the second is no title."""
    kept: list[Time] = []
    for time in found.times:
        if kept and time.start == kept[-1].end + 1 and tokens[time.start - 1].word in language.either:
            found.taken.update(range(time.start - 1, time.end))
        else:
            kept.append(time)
    return kept


def _choose(times: Sequence[Time]) -> list[Time]:
    """One statement of time, or a day and a time of day said apart; the last wins, a repeat before all."""
    repeats = [time for time in times if time.rule is not None]
    if repeats:
        chosen = repeats[:1]
        for time in times:
            if (
                time.rule is None
                and time.stated is not None
                and chosen[0].stated is None
                and time.stated.day is None
                and time.stated.instant is None
            ):
                chosen.append(time)
                break
            if (
                time.rule is None
                and time.stated is not None
                and time.stated.day is not None
                and time.ending.start is None
                and chosen[0].stated is None
            ):
                chosen.append(time)
                break
        return chosen
    if len(times) <= 1:
        return list(times)
    days = [time for time in times if time.stated and (time.stated.day or time.stated.instant)]
    clocks = [time for time in times if time.stated and not time.stated.day and not time.stated.instant]
    timed_days = [time for time in days if time.stated and time.stated.timed]
    if timed_days:
        return [timed_days[-1]]
    if days and clocks:
        return [days[-1], clocks[-1]]
    return [(days or clocks)[-1]]


def _meaning(context: Context, text: str, tokens: Sequence[Token], chosen: Sequence[Time]) -> tuple[When | None, Repeat | None]:
    if not chosen:
        return None, None
    whole = chosen[0]
    for other in chosen[1:]:
        if whole.stated is None or other.stated is None:
            stated = whole.stated or other.stated
        else:
            stated = merge(whole.stated, other.stated) or whole.stated
        whole = Time(whole.start, whole.end, stated, whole.rule or other.rule, whole.ending)
    when = when_of(context, whole)
    said = text[tokens[chosen[0].start].start : tokens[chosen[0].end - 1].end]
    return when, repeat_of(context, whole, when, said)


def _widened(known: Titling, tokens: Sequence[Token], time: Time, start: int, end: int) -> tuple[int, int]:
    """Take the preposition that belongs to a date with it, and a comma behind it."""
    first, last = time.start, time.end
    # "put the turkey in at 7:30": the time brings its own preposition, so "in" is the title's.
    own = tokens[first].word in known.before_date
    before = known.before_own if own else known.before_date
    while first > start and tokens[first - 1].word in before and tokens[first - 1].kind in ("word", "other"):
        if tokens[first - 1].word in known.copula and last < end:
            break
        first -= 1
    if last < end and tokens[last].word in (",", ":", ".") and (first == start or last == end - 1):
        last += 1
    return first, last


def _quoted_title(tokens: Sequence[Token], start: int, end: int) -> str:
    """A clause whose title stands in quotes, alone or beside a date."""
    quotes = [at for at in range(start, end) if tokens[at].kind == "quote"]
    if len(quotes) != 1 or quotes[0] != start:
        return ""
    return raised(tokens[quotes[0]].text[1:-1].strip())


def title_of(
    known: Titling, tokens: Sequence[Token], text: str, kept: Sequence[int], whole: tuple[int, int] | None = None
) -> str:
    """The user's own words between what was taken out of tokens `whole`, tidied at the edges where something was taken."""
    if not kept:
        return ""
    cut_front, cut_back = (kept[0] > whole[0], kept[-1] < whole[1] - 1) if whole else (True, False)
    pieces = [text[tokens[first].start : tokens[last - 1].end] for first, last in _runs(kept)]
    joined = " ".join(piece.strip() for piece in pieces if piece.strip())
    for mark in (",", ".", ";", ":"):
        joined = joined.replace(f" {mark}", mark)
    title = joined.strip(_EDGE)
    words = title.split()
    while cut_back and len(words) > 1 and words[-1].lower() in known.tail:
        words.pop()
        title = " ".join(words).rstrip(_EDGE)
    while len(words) > 1 and (words[0] in ("-", "*", "•") or (cut_front and words[0].lower() in known.lead)):
        words.pop(0)
        title = " ".join(words).lstrip(_EDGE)
    return raised(title) if any(letter.isalnum() or ord(letter) > 0x2000 for letter in title) else ""


def raised(title: str) -> str:
    """The first letter raised, when the first word is all small; iPhone stays."""
    words = title.split(" ")
    for index, word in enumerate(words):
        if any(letter.isalnum() for letter in word):
            if word == word.lower() and not next(letter for letter in word if letter.isalnum()).isdigit():
                words[index] = _raise_first(word)
            break
    return " ".join(words)


def _raise_first(word: str) -> str:
    for at, letter in enumerate(word):
        if letter.isalpha():
            return word[:at] + letter.upper() + word[at + 1 :]
    return word


def content_words(language: Language, title: str) -> str:
    """Lower-case words that carry meaning."""
    return " ".join(word for word in title.lower().split() if word not in language.function_words)
