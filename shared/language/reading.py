"""`understand`: a whole message to commands.

The message is normalised and cut into tokens once. Talk that is no command at all (a reaction, distress) is seen first; then the
message is read as one command, and, where that fails or hides several, cut into clauses where a new command or a new todo begins.
A clause is tried against the command forms, the surest first. What remains is a todo in the person's own words, a question or
talk: only what looks like something to do becomes an ADD, everything else is NONE and changes nothing.
"""


# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.language.adding import add, content_words, draft, perhaps_move, raised
from shared.language.clauses import items, parted, split
from shared.language.commands import Reading, day_query
from shared.language.english import commands as _commands  # noqa: F401 - registers its forms
from shared.language.english.adds import AddRequest
from shared.language.english.asking import DELETING, OURS, all_of_it, asks_about_lists, asks_for_help, deletes
from shared.language.english.chat import chat_of
from shared.language.english.dates import grammar
from shared.language.english.elsewhere import (
    BOOKINGS,
    always_elsewhere,
    asked_of_machine,
    asked_of_someone,
    bare_subject,
    leave_me_alone,
    mailbox,
    other_subject,
    question_inside,
)
from shared.language.english.lexicon import AMBIGUOUS, LEXICON, SPELLING
from shared.language.english.talk import (
    ASSISTANTS,
    FUNCTION_WORDS,
    HEADINGS,
    LEADS,
    PRONOUNS,
    QUESTIONS,
    TAILS,
    TODO_NOUNS,
    gibberish,
)
from shared.language.english.verbs import ACTIONS, OBTAINED, PAST
from shared.language.grammar import Gap, Parse
from shared.language.model import Command, Intent, Meanings, Moment, Query, Ref, Reminder, Understanding, When
from shared.language.moments import Context, shift
from shared.language.references import pointed
from shared.language.text import Token, normalise, tokenise
from shared.language.timing import Time, find_times, read_time, repeat_of, stands, when_of

_STOP: Final = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke", "stop all", "opt out", "opt-out"}
)
_START: Final = frozenset({"start", "unstop"})
_ENDS: Final = frozenset({".", "!", ",", ";", ":", "\n", "-", "?"})
_BULLETS: Final = frozenset({"*", "/", "\u2022", "[", "]", "\u2610", "\u25a1", "\u25e6", "\u2013"})
_MOST_SHOWN: Final = 20  # "the 27th" is a date, "the third" a place in what was shown
_LONGEST_SNOOZE: Final = 31 * 86_400
_HARMFUL: Final = frozenset({Intent.COMPLETE, Intent.DELETE, Intent.EDIT, Intent.MOVE, Intent.REOPEN})


def understand(text: str, now: datetime, zone: str | ZoneInfo, meanings: Meanings | None = None) -> Understanding:
    """What `text` asks for, read at `now` (aware) in `zone` (IANA name), as this person means their words.

    Never raises on any text. An empty text gives no command; a text that is not understood gives one of intent NONE.

    Raises:
        ValueError: `now` is naive, or the zone is unknown.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    place = zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)
    plain = normalise(text)
    if not plain:
        return Understanding(text="", commands=())
    tokens = tokenise(plain, LEXICON, SPELLING)
    context = Context(now.astimezone(place), place, meanings or Meanings())
    reading = Reading(context, Parse(grammar, tokens, context), plain)
    return Understanding(text=plain, commands=tuple(commands_of(reading)))


def commands_of(reading: Reading) -> list[Command]:
    """The commands of a message, in the order they were said."""
    tokens = reading.parse.tokens
    carrier = _carrier(reading.text)
    if carrier is not None:
        return [carrier]
    talk = chat_of(reading.text, [token.word for token in tokens])
    if talk == "nothing":
        return [_none(reading, 0, len(tokens))]
    if talk is not None:
        return [_placed(reading, Command(intent=Intent.CHAT, topic=talk, rule=f"chat_{talk}"), 0, len(tokens))]
    clauses = split(reading)
    if len(clauses) > 1:
        commands = _several(reading, clauses)
        if commands:
            return commands
    return _clause(reading, 0, len(tokens)) or [_none(reading, 0, len(tokens))]


def _carrier(text: str) -> Command | None:
    word = text.strip().strip(".!").strip().lower()
    if word in _STOP:
        return Command(intent=Intent.STOP, topic=word.upper(), text=text, span=(0, len(text)), rule="stop")
    if word in _START:
        return Command(intent=Intent.START, topic=word.upper(), text=text, span=(0, len(text)), rule="start")
    return None


def _several(reading: Reading, clauses: Sequence[Gap]) -> list[Command]:
    """Each clause on its own. Talk around commands is dropped; a message that is talk in any other part is not several commands."""
    commands: list[Command] = []
    for clause in clauses:
        commands += _clause(reading, clause.start, clause.end) or [_none(reading, clause.start, clause.end)]
    commands = _led_somewhere(commands)
    useful = [
        command for command in commands if command.intent not in (Intent.NONE, Intent.CHAT, Intent.ANSWER) or command.maybe
    ]
    if any(command.intent in _HARMFUL and command.ref.that for command in useful) and len(useful) < len(commands):
        return []  # "I have no use for it, cancel it": what "it" is was not understood
    return useful


def _led_somewhere(commands: list[Command]) -> list[Command]:
    """E.g. "open my list and add milk", "find the dinner on my calendar and delete it": the way there is no question."""
    if len(commands) != 2 or commands[0].text.split(" ")[0].lower() not in _WAYS:
        return commands
    first, second = commands
    words = first.text.lower().split()
    listed = not {"list", "lists", "calendar", "tasks", "todos"}.isdisjoint(words)
    if first.intent is not Intent.QUERY and not (first.intent in (Intent.ADD, Intent.NONE) and listed):
        return commands
    if second.ref.that and words[0] == "find" and second.intent in (Intent.DELETE, Intent.COMPLETE):
        about = content_words(" ".join(words[1:]).split(" on my ")[0].split(" in my ")[0])
        return [second.model_copy(update={"ref": Ref(words=about)})]
    return [second] if second.intent in (Intent.ADD, Intent.DELETE, Intent.COMPLETE) and not second.ref.that else commands


_WAYS: Final = frozenset({"open", "go", "find", "access", "check", "pull"})


def _placed(reading: Reading, command: Command, start: int, end: int) -> Command:
    tokens = reading.parse.tokens
    if start >= end:
        return command
    span = (tokens[start].start, tokens[end - 1].end)
    return command.model_copy(update={"text": reading.text[span[0] : span[1]], "span": span})


def _none(reading: Reading, start: int, end: int) -> Command:
    """Not understood; the words and any date are kept, so that ADD can save them."""
    found = _added(reading, start, end, None, remind=False, rule="none")
    command = Command(intent=Intent.NONE, rule="none", confidence=0.2)
    if found is not None:
        kept = {name: getattr(found, name) for name in ("title", "when", "repeat", "tags", "priority", "remind")}
        command = command.model_copy(update=kept)
    return _placed(reading, command, start, end)


# One clause.


def _clause(reading: Reading, start: int, end: int) -> list[Command]:
    """The commands of tokens [start, end); nothing when it is not understood."""
    tokens = reading.parse.tokens
    first, last = _bare_edges(tokens, start, end)
    trims = _trims(tokens, first, last)
    for begin, finish in trims[:-1]:
        found = _commanded(reading, begin, finish, whole=True)
        if found:
            return [_placed(reading, command, begin, finish) for command in found]
    for begin, finish in reversed(trims):
        found = _commanded(reading, begin, finish)
        if found:
            return [_placed(reading, command, begin, finish) for command in found]
    begin, finish = trims[-1]
    if tokens[finish : finish + 2] and all(token.word == "!" for token in tokens[finish : finish + 2]) and finish + 2 <= end:
        finish = min(finish + 3, end)  # "!!" is a priority
    found = (
        _headed(reading, begin, finish)
        or _led_by_time(reading, begin, finish)
        or _bare(reading, begin, finish)
        or _about(reading, begin, finish)
        or _free(reading, begin, finish)
    )
    return [_placed(reading, command, begin, finish) if not command.text else command for command in found]


def _bare_edges(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    while end > start + 1 and tokens[end - 1].word in _ENDS:
        end -= 1
    while start < end - 1 and (tokens[start].word in _ENDS or tokens[start].text in _BULLETS):
        start += 1
    if (
        start + 2 < end
        and tokens[start].kind == "int"
        and tokens[start + 1].text in (".", ")")
        and tokens[start + 2].spaced
        and "month" not in tokens[start + 2].values
    ):
        start += 2  # "1. milk"
    return start, end


def _trims(tokens: Sequence[Token], start: int, end: int) -> list[tuple[int, int]]:
    """The clause as it is, and without the politeness around it."""
    trims = [(start, end)]
    first, last = start, end
    for _ in range(6):
        step = _lead(tokens, first, last)
        if step == first:
            break
        first = step
        trims.append((first, last))
    for _ in range(2):
        step = _tail(tokens, first, last)
        if step == last:
            break
        last = step
        trims.append((first, last))
    return trims


def _by_word(phrases: Sequence[tuple[str, ...]], at: int) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        found.setdefault(phrase[at], []).append(phrase)
    return found


_LEADS: Final = _by_word(LEADS, 0)
_TAILS: Final = _by_word(TAILS, -1)


def _lead(tokens: Sequence[Token], start: int, end: int) -> int:
    best = start
    for phrase in _LEADS.get(tokens[start].word, ()):
        stop = start + len(phrase)
        if best < stop < end and all(tokens[start + at].word == word for at, word in enumerate(phrase)):
            best = stop
    while best > start and best < end - 1 and tokens[best].word in _ENDS:
        best += 1
    return best


def _tail(tokens: Sequence[Token], start: int, end: int) -> int:
    best = end
    for phrase in _TAILS.get(tokens[end - 1].word, ()):
        first = end - len(phrase)
        if start < first < best and all(tokens[first + at].word == word for at, word in enumerate(phrase)):
            best = first
    while best < end and best - 1 > start and tokens[best - 1].word in _ENDS:
        best -= 1
    return best


def _commanded(reading: Reading, start: int, end: int, extra: Time | None = None, *, whole: bool = False) -> list[Command]:
    """The clause by the command forms; with `whole`, only by those without free text."""
    for form, captured in reading.parse.commands("command", start, end):
        if whole and any(isinstance(value, Gap) for value in captured.values()):
            return []
        value = form.meaning(reading, **captured)
        if value is None:
            continue
        if isinstance(value, AddRequest):
            commands = _requested(reading, value, extra)
            if commands:
                return commands
            continue
        if extra is not None or not _allowed(reading, value, start, end):
            continue
        return [value]
    return []


def _allowed(reading: Reading, command: Command, start: int, end: int) -> bool:
    """Commands that change todos are not read out of questions, statements or long sentences."""
    if command.rule == "move" and command.ref.numbers:  # "11 at night" is a time, not #11
        whole = read_time(reading.parse, start, end)
        if whole is None or whole.end != end or whole.stated is None:
            return True
        stated = whole.stated  # "2 tomorrow" is #2
        return stated.clock is not None and not stated.clock.sure and stated.day is not None and not stated.part
    if command.query is not None and command.query.what == "search":
        return _searchable(reading, command.query.words, start, end)
    if command.intent not in _HARMFUL or not command.ref.words:
        return True
    if command.rule == "complete_wide":  # "finish the report" is something to do; "finish all overdue" is a command
        return False
    said = [token.word for token in reading.parse.tokens[start:end]]
    about_other = other_subject(said) or (command.intent is Intent.DELETE and not BOOKINGS.isdisjoint(said))
    if about_other and (TODO_NOUNS - {"note", "notes", "for", "with", "about"}).isdisjoint(said) and "list" not in said:
        return False
    words = command.ref.words.split()
    first = reading.parse.tokens[start].word
    if len(words) > 12 or words[0] in QUESTIONS or (first in QUESTIONS and first not in ("did", "may")):
        return False
    return not (
        words[0] in PRONOUNS
        or words[0] in ("if", "whether")
        or words[-1] in ("after", "when", "before", "until", "once", "not", "get", "is", "be", "it", "gets")
        or (
            command.rule == "complete_words" and "after" in words[-2:]  # "3 months after it's done" repeats
        )
        or (
            command.rule == "complete_words"
            and words[0] in ("get", "have", "make", "want", "need", "be", "has", "had", "well", "not")
        )
    )


def _searchable(reading: Reading, words: str, start: int, end: int) -> bool:
    """E.g. "find cheese" searches one's todos; "find me a recipe" is asked of a search engine."""
    said = [token.word for token in reading.parse.tokens[start:end] if token.kind == "word"]
    if other_subject(said) or len(words.split()) > _MOST_SEARCHED:
        return False
    return said[0] not in ("find", "search") or said[1:2] not in (["me"], ["out"], ["a"], ["an"], ["some"], ["the"], ["us"])


_MOST_SEARCHED: Final = 4


def _requested(reading: Reading, request: AddRequest, extra: Time | None) -> list[Command]:
    commands: list[Command] = []
    for item in items(reading, request.body.start, request.body.end, listed=request.rule == "add"):
        command = _added(
            reading,
            item.start,
            item.end,
            extra or request.extra,
            remind=request.remind,
            rule=request.rule,
            list_name=request.list_name,
        )
        if command is None:
            continue
        commands.append(_placed(reading, _perhaps_known(reading, command, request, item), item.start, item.end))
    return commands


def _perhaps_known(reading: Reading, command: Command, request: AddRequest, item: Gap) -> Command:
    """E.g. "remind me about the meeting 10 minutes before", "... 1 hour before the dentist": a todo that is there already."""
    if request.ahead is not None:
        return command.model_copy(update={"remind": (Reminder(before_seconds=request.ahead.total_seconds),)})
    if not request.remind or command.when is not None or command.repeat is not None:
        return command
    parse = reading.parse
    for at in range(max(item.start + 1, item.end - 6), item.end):
        seconds = parse.whole("before", at, item.end)
        if seconds is not None:
            return _known(reading, command, Gap(item.start, at), seconds)
    for stop, length in parse.match("length", item.start):
        if stop + 1 < item.end and parse.tokens[stop].word == "before" and parse.tokens[stop + 1].word in ("the", "my", "our"):
            return _known(reading, command, Gap(stop + 1, item.end), length.total_seconds)
    return command


def _known(reading: Reading, command: Command, about: Gap, seconds: int) -> Command:
    ref = reading.ref(about) or Ref(words=content_words(reading.title(about)))
    if not (ref.words or ref.numbers):
        return command
    fields = {
        "title": reading.title(about),
        "remind": (Reminder(before_seconds=seconds),),
        "maybe": ref,
        "maybe_intent": Intent.EDIT,
    }
    return command.model_copy(update=fields)


def _added(
    reading: Reading, start: int, end: int, extra: Time | None, *, remind: bool, rule: str, list_name: str = ""
) -> Command | None:
    return add(
        reading.context, reading.parse, reading.text, start, end, remind=remind, extra=extra, rule=rule, list_name=list_name
    )


def _led_by_time(reading: Reading, start: int, end: int) -> list[Command]:
    """E.g. "tomorrow remind me to ...": a date, then a command for a new todo."""
    time = read_time(reading.parse, start, end)
    if time is None or time.end >= end:
        return []
    begin = time.end
    while begin < end and reading.parse.tokens[begin].word in (",", ":", "-", "please", "i"):
        begin += 1 if reading.parse.tokens[begin].word != "i" else 0
        if begin < end and reading.parse.tokens[begin].word == "i":
            break
    return _commanded(reading, begin, end, extra=time)


def _headed(reading: Reading, start: int, end: int) -> list[Command]:
    """A list under its heading: "tomorrow: call the bank, pay rent", "groceries: milk, eggs"."""
    tokens = reading.parse.tokens
    colon = next((at for at in range(start + 1, min(end - 1, start + 6)) if tokens[at].word == ":"), None)
    if colon is None or not tokens[colon + 1].spaced:
        return []
    times = find_times(reading.parse, start, colon)
    dated = {at for time in times for at in range(time.start, time.end)}
    words = [tokens[at].word for at in range(start, colon) if at not in dated]
    if not HEADINGS.issuperset(words) or len(times) > 1:
        return []
    parts = items(reading, colon + 1, end, listed=True)
    if len(parts) == 1:
        parts = parted(reading, colon + 1, end)
    if len(parts) < 2:
        return []
    name = next((word for word in words if word in ("shopping", "groceries", "packing")), "")
    extra = times[0] if times else None
    found = [
        (part, _added(reading, part.start, part.end, extra, remind=False, rule="headed", list_name=name)) for part in parts
    ]
    return [_placed(reading, command, part.start, part.end) for part, command in found if command is not None]


def _bare(reading: Reading, start: int, end: int) -> list[Command]:
    """Only a date, a number, a length or a position: a question, or the answer to one."""
    tokens, parse = reading.parse.tokens, reading.parse
    numbers = parse.whole("numbers", start, end)
    if numbers is not None:
        return [Command(intent=Intent.SHOW, ref=Ref(numbers=numbers), bare=True, rule="bare_number")]
    length = parse.whole("length", start, end) or (
        parse.whole("length", start + 1, end) if tokens[start].word in ("in", "for") else None
    )
    if length is not None and length.total_seconds <= _LONGEST_SNOOZE:
        at = shift(reading.context.now, length)
        when = When(start=Moment(day=at.date(), at=at), time_stated=True) if length.timed else When(start=Moment(day=at.date()))
        return [Command(intent=Intent.SNOOZE, when=when, bare=True, rule="bare_length")]
    ordinal = pointed(tokens[start:end]) if tokens[start].word not in ("on", "by") else None
    if (
        ordinal is not None
        and ordinal == Ref(ordinals=ordinal.ordinals)
        and ordinal.ordinals
        and max(ordinal.ordinals) <= _MOST_SHOWN
    ):
        return [Command(intent=Intent.SHOW, ref=ordinal, bare=True, rule="bare_position")]
    if ordinal is not None and ordinal in (Ref(last=True), Ref(that=True)) and end - start <= 3:
        return [Command(intent=Intent.SHOW, ref=ordinal, bare=True, rule="bare_position")]
    time = read_time(parse, start, end)
    if time is None or time.end != end or not stands(tokens, time, start, end):
        return []
    if time.rule is not None:
        first = when_of(reading.context, time)
        repeat = repeat_of(reading.context, time, first, reading.words(Gap(start, end)))
        return [Command(intent=Intent.EDIT, ref=Ref(that=True), when=first, repeat=repeat, bare=True, rule="bare_repeat")]
    query = day_query(reading, time)
    stated = when_of(reading.context, time)
    return [Command(intent=Intent.QUERY, query=query, when=stated, bare=True, rule="bare_date")] if query else []


def _about(reading: Reading, start: int, end: int) -> list[Command]:
    """Freely worded: a question about one's lists, an order to delete, a call for help."""
    tokens = reading.parse.tokens[start:end]
    if any(token.kind in ("quote", "tag") for token in tokens):
        return []
    times = find_times(reading.parse, start, end)
    led = times[0].end - start if times and times[0].start == start else 0
    words = [token.word for token in (tokens[led:] or tokens) if token.kind in ("word", "int", "ordinal")]
    if words[:1] == ["complete"] and words[1:2] and words[1] in ACTIONS:
        ref = reading.ref(Gap(start + 1, end))
        return [Command(intent=Intent.COMPLETE, ref=ref, rule="complete_action")] if ref else []
    if deletes(words):
        return [_unlisted(reading, start, end, times)]
    if asks_for_help(words):
        return [Command(intent=Intent.HELP, rule="about_help", confidence=0.7)]
    if asks_about_lists(words, dated=bool(times)):
        query = _asked_when(words) or (day_query(reading, times[0]) if times and times[0].rule is None else None)
        return [Command(intent=Intent.QUERY, query=query or Query(what="open"), rule="about_lists", confidence=0.7)]
    return []


def _asked_when(words: Sequence[str]) -> Query | None:
    """E.g. "when is my dentist appointment": the todo that is asked about."""
    starts = (("when", "is", "my"), ("when's", "my"), ("what", "time", "is", "my"), ("when", "is", "the"))
    size = next((len(start) for start in starts if tuple(words[: len(start)]) == start), 0)
    about = [
        word for word in words[size:] if word not in TODO_NOUNS and word not in OURS and word not in ("next", "first", "last")
    ]
    named = size and 1 <= len(about) <= 3 and FUNCTION_WORDS.isdisjoint(about)
    return Query(what="search", words=" ".join(about)) if named else None


def _unlisted(reading: Reading, start: int, end: int, times: Sequence[Time]) -> Command:
    """DELETE of what the words name besides verbs and nouns of lists; of a day; or of everything, which is asked about first."""
    tokens = reading.parse.tokens
    taken = {at for time in times for at in range(time.start, time.end)}
    kept = [token for at, token in enumerate(tokens[start:end], start) if at not in taken and token.kind == "word"]
    when = when_of(reading.context, times[0]) if times else None
    words = [
        token.text.lower()
        for token in kept
        if token.word not in DELETING
        and token.word not in FUNCTION_WORDS
        and token.word not in OURS
        and token.word not in TODO_NOUNS
    ]
    words = words or [token.word for token in kept if token.word in ("meeting", "appointment")]
    if words:
        ref = Ref(words=" ".join(words))
    elif when is not None:
        ref = Ref(day=when.start)
    else:
        ref = Ref(everything=True) if all_of_it([token.word for token in kept]) else Ref(that=True)
    return Command(intent=Intent.DELETE, ref=ref, rule="about_delete", confidence=0.7)


def _free(reading: Reading, start: int, end: int) -> list[Command]:
    """Words without a command: something to do, something done, or nothing for us."""
    tokens = reading.parse.tokens
    done = _all_done(reading, start, end)
    if done:
        return done
    asked = _asked_for(reading, start, end)
    if asked is not None:
        return [asked]
    if not _looks_like_todo(reading, start, end):
        return []
    commands = []
    for item in items(reading, start, end, listed=True):
        command = _added(reading, item.start, item.end, None, remind=False, rule="words")
        if command is None:
            continue
        commands.append(_placed(reading, perhaps_move(_hedged(command, tokens[item.start])), item.start, item.end))
    return commands


_HEDGED: Final = {
    "complete": Intent.COMPLETE,
    "finish": Intent.COMPLETE,
    "close": Intent.COMPLETE,
    "cancel": Intent.DELETE,
    "drop": Intent.DELETE,
    "clear": Intent.DELETE,
}


def _hedged(command: Command, first: Token) -> Command:
    """E.g. "cancel Netflix" is something to do, unless a todo of ours is about Netflix."""
    intent = _HEDGED.get(first.word)
    if intent is None or command.when is not None or command.quoted:
        return command
    words = content_words(" ".join(command.title.split()[1:]))
    return command.model_copy(update={"maybe": Ref(words=words), "maybe_intent": intent}) if words else command


def _asked_for(reading: Reading, start: int, end: int) -> Command | None:
    """E.g. "groceries?", "milk?": is it there?"""
    tokens = reading.parse.tokens
    words = [token.word for token in tokens[start:end]]
    if end >= len(tokens) or tokens[end].word != "?" or len(words) > 3 or words[0] in ACTIONS or words[0] in QUESTIONS:
        return None
    if any(token.kind != "word" or token.values for token in tokens[start:end]) or not FUNCTION_WORDS.isdisjoint(words):
        return None
    ref = reading.ref(Gap(start, end))
    if ref is None or not ref.words or other_subject(words) or bare_subject(words):
        return None
    return Command(intent=Intent.QUERY, query=Query(what="search", words=ref.words), rule="word_asked", confidence=0.7)


def _all_done(reading: Reading, start: int, end: int) -> list[Command]:
    """E.g. "did the laundry and called mom": each on its own."""
    tokens = reading.parse.tokens
    for at in range(start + 2, end - 2):
        if tokens[at].word in ("and", "&") and tokens[at + 1].word in PAST and PAST[tokens[at + 1].word] != tokens[at + 1].word:
            first, second = _done(reading, start, at), _done(reading, at + 1, end)
            if first is not None and second is not None:
                return [_placed(reading, first, start, at), _placed(reading, second, at + 1, end)]
    done = _done(reading, start, end)
    return [done] if done is not None else []


def _done(reading: Reading, start: int, end: int) -> Command | None:
    """E.g. "watered the plants", "I got the milk": done, if a todo of ours fits."""
    tokens = reading.parse.tokens
    first = start
    if tokens[first].word in ("i", "we", "i've", "ive", "we've") and first + 1 < end:
        first += 1
    while first + 1 < end and tokens[first].word in ("have", "just", "already", "finally", "also", "now", "went", "and"):
        first += 1
    verb = PAST.get(tokens[first].word)
    subject = first > start
    if (
        verb is None
        or first + 1 >= end
        or end - first > 10
        or ((verb in ("cut", "put", "read", "set", "quit", "shut") or tokens[first].word in AMBIGUOUS) and not subject)
    ):
        return None
    base = tokens[first].word
    if not subject and (base == verb or base in ("left", "lost", "set", "found", "was")):
        return None
    times = find_times(reading.parse, first + 1, end)
    taken = {at for time in times for at in range(time.start, time.end)}
    kept = [token for at, token in enumerate(tokens[first + 1 : end], first + 1) if at not in taken and token.kind != "other"]
    words = content_words(" ".join(token.text for token in kept))
    if base == "picked" and words.startswith("up "):
        words = words[3:]
    if not words:
        return None
    about = words if base in OBTAINED else f"{verb} {words}"
    return Command(
        intent=Intent.NONE,
        title=raised(reading.words(Gap(start, end))),
        when=when_of(reading.context, times[0]) if times else None,
        maybe=Ref(words=about),
        maybe_intent=Intent.COMPLETE,
        rule="past",
        confidence=0.5,
    )


def _looks_like_todo(reading: Reading, start: int, end: int) -> bool:  # noqa: C901 - reasons, one a line
    """Whether free words are something to do. In doubt they are not: nothing is stored that nobody asked to store."""
    tokens = reading.parse.tokens[start:end]
    if tokens[0].kind == "quote":
        return True
    led = next((time.end - start for time in find_times(reading.parse, start, end) if time.start == start), 0)
    tokens = tokens[led:] or tokens
    words = [token.word for token in tokens if token.kind == "word"]
    if not words:
        return any(ord(token.text[0]) > 0x2000 for token in tokens)
    if _marked(reading, start, end):
        return True
    if len(words) == 1 and (tokens[0].values or words[0] in FUNCTION_WORDS):
        return False
    if start > 0 and _asked_politely(reading, start):
        return False
    first = words[0]
    if mailbox(words) and not _MAILED.isdisjoint(words):
        return False
    if (always_elsewhere(words) and first not in ACTIONS) or (
        {"date", "day", "time"}.issuperset(words[:1]) and len(words) <= 2
    ):
        return False
    dated = any(not _now(reading, time) for time in find_times(reading.parse, start, end))
    if (
        asked_of_someone(words)
        or leave_me_alone(words)
        or gibberish([token.word for token in tokens if token.kind == "word" and not token.values])
    ):
        return False
    if not dated and (
        mailbox(words)
        or other_subject(words)
        or question_inside(words)
        or asked_of_machine(words)
        or _politely(reading, start, end)
    ):
        return False
    if first in ACTIONS:
        return True
    if first in QUESTIONS or (first in PRONOUNS and not (dated and first in ("my", "the"))):
        return False
    if words[-1] == "?" or tokens[-1].word == "?" or any(word in _ASKING for word in words[1:] if word != "am" or not dated):
        return False
    return not (all(word in FUNCTION_WORDS for word in words) or (bare_subject(words) and not dated))


_MAILED: Final = frozenset("saying subject body asking stating".split())
_ASKING: Final = frozenset(
    {
        "what",
        "which",
        "how",
        "why",
        "what's",
        "who",
        "whose",
        "is",
        "are",
        "was",
        "were",
        "isn't",
        "aren't",
        "am",
        "does",
        "did",
        "can",
        "could",
        "will",
        "would",
        "don't",
        "doesn't",
        "didn't",
        "can't",
        "i",
        "you",
        "he",
        "she",
        "they",
        "we",
        "i'm",
        "it's",
        "he's",
        "she's",
        "has",
        "had",
        "been",
        "got",
        "should",
    }
)


def _now(reading: Reading, time: Time) -> bool:
    """E.g. "now" dates nothing."""
    return time.stated is not None and time.stated.instant == reading.context.now


def _politely(reading: Reading, start: int, end: int) -> bool:
    """Nobody says please to a note of their own."""
    tokens = reading.parse.tokens
    return (start > 0 and tokens[start - 1].word in ("please", "kindly")) or (
        end < len(tokens) and tokens[end].word == "please"
    )


def _asked_politely(reading: Reading, start: int) -> bool:
    """E.g. "can you book a car": asked of somebody, not noted for oneself."""
    words = {token.word for token in reading.parse.tokens[max(0, start - 4) : start]}
    return (
        bool(words & {"you", "u", "can", "could", "may"})
        or {"like", "to"} <= words
        or "want" in words
        or "wanna" in words
        or not ASSISTANTS.isdisjoint(words)
    )


def _marked(reading: Reading, start: int, end: int) -> bool:
    """True when a tag, a priority or a date stands beside the words."""
    found = draft(reading.context, reading.parse, reading.text, start, end)
    return bool(found.tags or found.priority or found.note)
