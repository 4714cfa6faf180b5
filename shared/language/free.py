"""Words without a command: something to do, something done, or nothing for us."""

from __future__ import annotations

from shared.language.adding import content_words, perhaps_move, raised
from shared.language.asked import asked_for
from shared.language.clauses import items
from shared.language.commands import Reading
from shared.language.hedging import hedged
from shared.language.model import Command, Intent, Ref
from shared.language.news import called_off, done_behind
from shared.language.noted import looks_like_todo
from shared.language.occurrences import when_of
from shared.language.ordered import added
from shared.language.parse import Gap
from shared.language.sharing import with_verb
from shared.language.timing import find_times


def free(reading: Reading, start: int, end: int) -> list[Command]:
    """Words without a command: something to do, something done, or nothing for us."""
    tokens = reading.parse.tokens
    done = _all_done(reading, start, end)
    if done:
        return done
    asked = asked_for(reading, start, end)
    if asked is not None:
        return [asked]
    if not looks_like_todo(reading, start, end):
        return []
    commands = []
    parts = items(reading, start, end, listed=True)
    for item in parts:
        command = added(reading, item.start, item.end, item.time, remind=False, rule="words")
        if command is None:
            continue
        command = with_verb(reading, command, item)
        command = hedged(reading.context.language, command, tokens[item.start].word)
        commands.append(perhaps_move(reading.context.language, command) if len(parts) == 1 else command)
    return commands


def _all_done(reading: Reading, start: int, end: int) -> list[Command]:
    """E.g. "did the laundry and called mom": each on its own."""
    words, language = reading.parse.words, reading.context.language
    for at in range(start + 2, end - 2):
        following = words[at + 1]
        if words[at] in language.ands and language.past.get(following, following) != following:
            first, second = _done(reading, start, at), _done(reading, at + 1, end)
            if first is not None and second is not None:
                return [reading.placed(first, start, at), reading.placed(second, at + 1, end)]
    done = _done(reading, start, end) or done_behind(reading, start, end) or called_off(reading, start, end)
    return [done] if done is not None else []


def _done(reading: Reading, start: int, end: int) -> Command | None:
    """E.g. "watered the plants", "I got the milk": done, if a todo of ours fits."""
    tokens, language = reading.parse.tokens, reading.context.language
    known = language.noting
    first = start
    if tokens[first].word in known.subjects and first + 1 < end:
        first += 1
    while first + 1 < end and tokens[first].word in known.doing:
        first += 1
    if tokens[first].word in known.did and tokens[min(first + 1, end - 1)].word in known.asked_persons:
        return None
    verb = language.past.get(tokens[first].word)
    subject = first > start
    if (
        verb is None
        or first + 1 >= end
        or end - first > 10
        or ((verb in known.need_subject or tokens[first].word in language.ambiguous) and not subject)
    ):
        return None
    base = tokens[first].word
    if not subject and (base == verb or base in known.no_news):
        return None
    times = find_times(reading.parse, first + 1, end)
    taken = {at for time in times for at in range(time.start, time.end)}
    kept = [token for at, token in enumerate(tokens[first + 1 : end], first + 1) if at not in taken and token.kind != "other"]
    words = content_words(language, " ".join(token.text for token in kept))
    if base in known.particles:
        words = words.removeprefix(f"{known.particles[base]} ")
    if not words:
        return None
    about = words if base in known.obtained else f"{verb} {words}"
    return Command(
        intent=Intent.NONE,
        title=raised(reading.words(Gap(start, end))),
        when=when_of(reading.context, times[0]) if times else None,
        maybe=Ref(words=about),
        maybe_intent=Intent.COMPLETE,
        rule="past",
        confidence=0.5,
    )
