"""A clause as a new todo: its date, repeat, reminders, priority, tags and note taken out, and the user's own words left as the title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shared.language.attributes import Draft, draft, runs
from shared.language.chains import Time
from shared.language.language import Language
from shared.language.model import Command, Intent, Ref, Reminder, Repeat, When
from shared.language.moments import Context, merge
from shared.language.occurrences import morning_of, reminders_of, repeat_of, when_of
from shared.language.parse import Parse
from shared.language.recurrence import NO_ENDING, Ending, Rule
from shared.language.text import Token
from shared.language.words import Titling

_EDGE: Final = " \n,;:.-!/&+"
_MOST_MAYBE_WORDS: Final = 3


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
    ended, ending = _far_ending(language, parse, chosen, max(start, chosen[0].end if chosen else 0), end)
    found.taken.update(range(ended, end))
    chosen = [time for time in chosen if time is extra or time.start < ended]
    for time in chosen:
        if time is not extra:
            found.taken.update(range(*_widened(language.titling, tokens, time, start, ended)))
    if chosen:
        chosen[0] = replace(chosen[0], ending=chosen[0].ending + ending)
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
        text=text[tokens[start].start : tokens[end - 1].end],
        span=(tokens[start].start, tokens[end - 1].end),
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
    if len(words) > 1 and words[-1] in language.noting.put_off:
        words.pop()
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
    if len(times) <= 1:
        return list(times)
    repeats = [time for time in times if time.rule is not None]
    if repeats:
        chosen = repeats[1:2] if len(repeats) > 1 and _bare_repeat(repeats[0]) else repeats[:1]  # "weekly review fridays 4pm"
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
    days = [time for time in times if time.stated and (time.stated.day or time.stated.instant)]
    clocks = [time for time in times if time.stated and not time.stated.day and not time.stated.instant]
    timed_days = [time for time in days if time.stated and time.stated.timed]
    if timed_days:
        return [timed_days[-1]]
    if days and clocks:
        return [days[-1], clocks[-1]]
    return [(days or clocks)[-1]]


def _bare_repeat(time: Time) -> bool:
    """E.g. "weekly", which another repeat may say more of."""
    one_word = time.end == time.start + 1
    return one_word and time.rule is not None and time.rule == Rule(time.rule.frequency)


def _far_ending(language: Language, parse: Parse, chosen: Sequence[Time], start: int, end: int) -> tuple[int, Ending]:
    """E.g. "every day take my pills until christmas": where the end of a repeat begins, and what it is; the clause's end without."""
    known = chosen[0].ending if chosen and chosen[0].rule else None
    if known is None or known.until or known.count or known.span or known.clock:
        return end, NO_ENDING
    for at in range(start, end):
        if parse.tokens[at].word in language.joining.ending_apart:
            for stop, ending in parse.match("ending", at):
                if stop == end and ending.until is not None:
                    return at, ending
    return end, NO_ENDING


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
    if tokens[start].kind != "quote" or any(token.kind == "quote" for token in tokens[start + 1 : end]):
        return ""
    return raised(tokens[start].text[1:-1].strip())


def title_of(
    known: Titling, tokens: Sequence[Token], text: str, kept: Sequence[int], whole: tuple[int, int] | None = None
) -> str:
    """The user's own words between what was taken out of tokens `whole`, tidied at the edges where something was taken."""
    if not kept:
        return ""
    cut_front, cut_back = (kept[0] > whole[0], kept[-1] < whole[1] - 1) if whole else (True, False)
    pieces = [text[tokens[first].start : tokens[last - 1].end] for first, last in runs(kept)]
    joined = " ".join(piece.strip() for piece in pieces if piece.strip())
    for loose, mark in _MARKS_APART:
        joined = joined.replace(loose, mark)
    title = joined.strip(_EDGE)
    words = title.split()
    while cut_back and len(words) > 1 and words[-1].lower() in known.tail:
        words.pop()
        title = " ".join(words).rstrip(_EDGE)
    while len(words) > 1 and (words[0] in ("-", "*", "•") or (cut_front and words[0].lower() in known.lead)):
        words.pop(0)
        title = " ".join(words).lstrip(_EDGE)
    return raised(title) if title[:1].isalpha() or any(letter.isalnum() or ord(letter) > 0x2000 for letter in title) else ""


_MARKS_APART: Final = ((" ,", ","), (" .", "."), (" ;", ";"), (" :", ":"))


def raised(title: str) -> str:
    """The first letter raised, when the first word is all small; iPhone stays."""
    if title[:1].isalpha():  # nearly always
        first = title.partition(" ")[0]
        return title[0].upper() + title[1:] if first == first.lower() else title
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
