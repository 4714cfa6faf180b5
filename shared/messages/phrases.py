"""Every sentence Jotline says, one name per event (the table of docs/conversations.md section 4).

A line that ends in a todo has no full stop; a sentence has one. `line` is a todo as `writing.todo_line` writes it, `title` as
`writing.todo_title`, `when` as `writing.say_when`. Everything here is GSM-7; only the person's own words can be more. Several
phrases of one reply stand on a line each: `reply`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from shared.messages import segments
from shared.messages.dates import listed, say_clock, say_day, say_weekday
from shared.messages.writing import quoted
from shared.todos.model import Digest, Settings

EXAMPLE: Final = "call mum fri 5pm"


def reply(*phrases: str) -> str:
    """One text of several phrases; empty ones are left out."""
    return "\n".join(filter(None, phrases))


# What happened to a todo


def added(line: str) -> str:
    """A new todo."""
    return f"Added {line}"


def done(title: str, next_when: str | None = None, missed: int = 0, *, last: bool = False) -> str:
    """A todo is done; a repeating one says when it comes next, how many were `missed`, or that this was the last."""
    if last:
        return f"Done {title} (that was the last)"
    if next_when is None:
        return f"Done {title}"
    return f"Done {title} (next: {next_when}{f', {missed} missed' if missed else ''})"


def left_today(count: int) -> str:
    """How many due today or overdue are left: said after one of those was done."""
    return f"{count} left today." if count else "Nothing left today."


def moved(line: str) -> str:
    """From one date to another."""
    return f"Moved {line}"


def changed(line: str) -> str:
    """Any other change, a first date among them."""
    return f"Changed {line}"


def reopened(line: str) -> str:
    """A done todo is open again."""
    return f"Reopened {line}"


def snoozed(title: str, when: str) -> str:
    """The reminder comes again at `when`; the due date stays."""
    return f"Snoozed {title} (reminder {when})"


def skipped(title: str, next_when: str | None) -> str:
    """One time of a repeating todo is left out; None: it was the last."""
    return f"Skipped {title} ({f'next: {next_when}' if next_when else 'that was the last'})"


def deleted(title: str) -> str:
    """A todo is gone."""
    return f"Deleted {title}"


def several(verb: str, lines: Sequence[str]) -> str:
    """One verb for several todos. Up to three are named, more are counted.

    What was added is named as far as one text carries it, since the numbers are new and a date may have been misread.
    """
    named = reply(f"{verb} {len(lines)}:", *lines)
    short = len(lines) <= 3 or (verb == "Added" and segments.count_segments(named).count == 1)
    return named if short else f"{verb} {len(lines)}."


UNDO_OFFER: Final = "Wrong? Text UNDO."


def undone_add(title: str) -> str:
    """An added todo is gone again."""
    return f"Undone: {title} is gone."


def undone_delete(line: str) -> str:
    """A deleted todo is back."""
    return f"Undone: {line} is back."


def undone_done(line: str) -> str:
    """A done todo is open again."""
    return f"Undone: {line} is open."


def undone_reopen(title: str) -> str:
    """A reopened todo is done again."""
    return f"Undone: {title} is done."


def undone_change(line: str) -> str:
    """A moved or edited todo is what it was."""
    return f"Undone: {line} is as before."


def undone_many(count: int, now: str = "back") -> str:
    """More than three at once: they are `back`, `gone`, `open`, `done` or `as before`."""
    return f"Undone: {count} todos are {now}."


def redone(line: str) -> str:
    """An undo was taken back."""
    return f"Redone: {line}"


def redone_many(count: int) -> str:
    """More than three at once."""
    return f"Redone: {count} todos."


UNDONE_SETTINGS: Final = "Undone: your settings are as before."
REDONE_SETTINGS: Final = "Redone: your settings."
NOTHING_TO_UNDO: Final = "Nothing to undo."
NOTHING_TO_REDO: Final = "Nothing to redo."


# Adding, where something is missing or odd

REMIND_WHEN: Final = "Remind you when?"
MOVE_WHEN: Final = "Move it to when?"
ADD_WHAT: Final = f"Add what? Text it, like: {EXAMPLE}"


def is_over(stated: str) -> str:
    """A time was stated that has passed: `stated` as said, "Today 9am"."""
    return f"{stated} is over. When instead?"


REPEAT_UNREADABLE: Final = "That is no rule to repeat by. Try DAILY, WEEKLY, MONTHLY or YEARLY."
END_UNFIT: Final = "The end must come after the begin. Nothing changed."
DATE_TOO_FAR: Final = "That date is too far away. Nothing changed."


def too_long(characters: int) -> str:
    """The title is longer than a todo can be."""
    return f"That is {characters} characters; a todo can have 255. Text it shorter, or put the rest after NOTE."


def also_have(line: str) -> str:
    """There is one of that title already."""
    return f"You also have {line}"


# Lists; their heads are written in shared.messages.lists

ANSWER_REMINDER: Final = "Reply DONE, 1H, TOMORROW or a time."
TO_END_DIGESTS: Final = "To end these, text NO DIGEST."
NOTHING_OPEN: Final = f"Nothing open. Text me a todo, like: {EXAMPLE}"


def nothing(where: str) -> str:
    """An empty list: `where` is "today", "on Fri 27 Nov", "this week", "overdue", "done this week", "with #home"."""
    return f"Nothing {where}."


def more_left(count: int) -> str:
    """The last line of a page when there are more."""
    return f"+{count} more: text MORE"


def more_in_list(count: int) -> str:
    """The last line of a digest that does not show all."""
    return f"+{count} more: text LIST"


def next_up(line: str) -> str:
    """The first of what is to come."""
    return f"Next: {line}"


def note(words: str) -> str:
    """A todo's note, under its line."""
    return f"Note: {words}"


# Which one?


def which_one(numbers: Sequence[int], lines: Sequence[str], *, both: bool = False) -> str:
    """Two to five todos fit: their own numbers are the answers, and BOTH where that was likely meant."""
    names = [str(number) for number in numbers]
    if both and len(names) == 2:
        return reply(f"Which one? Reply {', '.join(names)} or BOTH:", *lines)
    return reply(f"Which one? Reply {listed(names, 'or')}:", *lines)


def which_of_many(count: int, words: str) -> str:
    """More than five fit."""
    return f"{count} with {quoted(words)}. Which one? Text its number or more of its words."


WHICH: Final = {
    "complete": "Done with which?",
    "reopen": "Reopen which?",
    "edit": "Change which?",
    "delete": "Delete which?",
    "move": "Move which?",
    "snooze": "Snooze which?",
    "skip": "Skip which?",
    "show": "Show which?",
}
"""By intent: a verb came without its todo."""


def which_for(intent: str) -> str:
    """A verb without a todo, and none that it could be about."""
    return f"{WHICH.get(intent, 'Which one?')} Text its number, or LIST to see them."


def no_such(*numbers: int, alone: bool = True) -> str:
    """No todo has the number. `alone`: nothing else in the message was done, so that is said and help offered."""
    said = f"There is no {listed([f'#{number}' for number in numbers], 'or')}."
    return f"{said} Nothing changed. Text LIST to see yours." if alone else said


GONE: Final = "That todo is gone. Nothing changed. Text LIST to see yours."


def no_match(words: str) -> str:
    """No todo has the words; nothing was done. `words` as they are to be shown: `"dentist"` in quotes, or `#home`."""
    return f"Nothing with {words}. Nothing changed. Text LIST to see yours."


def already_done(done_line: str) -> str:
    """It was done before: the line of `writing.done_line`."""
    return f"Already done: {done_line}"


def already_open(line: str) -> str:
    """REOPEN of an open todo."""
    return f"Already open: {line}"


def does_not_repeat(number: int) -> str:
    """SKIP of a todo that comes only once."""
    return f"#{number} does not repeat. Reply DONE, TOMORROW or a time, or DELETE {number}."


# Deleting many


def ask_delete_all(count: int) -> str:
    """Everything open?"""
    return f"Delete all {count} open? Reply OK."


def ask_delete_numbers(numbers: Sequence[int]) -> str:
    """These? A run of numbers is said as one: "#1 to #4"."""
    if len(numbers) > 2 and list(numbers) == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"Delete #{numbers[0]} to #{numbers[-1]}? Reply OK."
    return f"Delete {listed([f'#{number}' for number in numbers], 'and')}? Reply OK."


def ask_delete(todo: str) -> str:
    """This one? Somebody told that something is off, and the words fit a part of its title; `todo` as a line."""
    return f"Delete {todo}? Reply OK."


def ask_delete_where(count: int, where: str) -> str:
    """All of a filter? `where` as in `nothing`: "with #shop", "overdue", "today"."""
    return f"Delete {count} {where}? Reply OK."


def ask_again(title: str, verb: str = "Delete") -> str:
    """The same text twice within a minute would do a second thing."""
    return f"I did that a moment ago. {verb} {title} as well? Reply OK."


DECLINED: Final = "OK, nothing changed."
NOTHING_ASKED: Final = "Nothing was asked. To take back the last change, text UNDO."


# Why, help, small talk

NOT_UNDERSTOOD: Final = "I did not understand that. Nothing changed. Text ADD to save it as a todo, ? for help."


def not_understood(words: str) -> str:
    """A part of a text was not understood; the rest was carried out."""
    return f"I did not understand {quoted(words)}. Text ADD to save it as a todo."


EMPTY: Final = "That text was empty. Text a todo, ? for help."
NOTHING_YET: Final = "Nothing to explain yet. Text a todo, ? for help."

HELP: Final = {
    "": "Jotline, your todo list by text. Text a todo, LIST, DONE 2, MOVE 2 TO FRI, DELETE 2, UNDO."
    " More: HELP DATES, REPEAT, REMINDERS, SETTINGS. STOP to opt out.",
    "dates": "Dates: tomorrow 5pm, fri, next fri, 27 nov, in 2 hours, tonight, 3-5pm."
    ' Put words that are not dates in quotes: add "Friday Night Lights"',
    "repeat": "Repeats: every day 9am, every weekday, every other fri, every 1st, every last day, 3 days after done."
    " Later: SKIP 4, or NO REPEAT 4.",
    "reminders": "Reminders come at the due time. Earlier: remind me 1h before. Answer with DONE, 1H, TOMORROW or SKIP."
    " Nights off: QUIET 10PM-7AM.",
    "settings": "Settings: NAME ADA, I AM IN TOKYO, DIGEST AT 7, NO DIGEST, QUIET 10PM-7AM, TONIGHT IS 9PM, 24H."
    " Text SETTINGS to see yours.",
}
"""By topic; "" is help itself."""


def help_copy(page: str) -> str:
    """Where to fetch a copy of everything. `page`: the URL of the board; empty: it is not known here."""
    where = f"at {page}" if page else "to the web page of this Jotline"
    return f"A copy of all you have here: sign in {where} with your number. It is under Help there."


def why(words: str, meaning: str, *, said: bool = False, changed: bool = True) -> str:
    """What was heard and what was read in it, in at most two texts: long words are cut, the meaning is not.

    Undo is offered where something `changed`.
    """
    head, tail = "You said: " if said else "You sent: ", f"I read: {meaning}"
    offer = UNDO_OFFER if changed else ""
    whole = reply(head + quoted(words), tail, offer)
    while segments.count_segments(whole).count > 2 and words:
        words = words[: len(words) * 9 // 10]
        whole = reply(f"{head}{quoted(words.rstrip() + '...')}", tail, offer)
    return whole


ANY_TIME: Final = "Any time."
PROGRAM: Final = "No, I am a program: Jotline, your todo list by text. Text ? for help."
ANGER: Final = "Sorry. Text UNDO to take back the last change, ? for help."


def hello(name: str, today: int) -> str:
    """The answer to a greeting; `today` counts what is due today or overdue."""
    greeting = f"Hi {name}." if name else "Hi."
    return f"{greeting} {today} today: text TODAY." if today else f"{greeting} Nothing today."


EMERGENCY: Final = {
    "US": "In the US call or text 988. In danger call 911.",
    "CA": "In Canada call or text 988. In danger call 911.",
    "GB": "In the UK call Samaritans, 116 123. In danger call 999.",
    "IE": "In Ireland call Samaritans, 116 123. In danger call 112.",
    "AU": "In Australia call Lifeline, 13 11 14. In danger call 000.",
    "NZ": "In New Zealand call or text 1737. In danger call 111.",
    "IN": "In India call Tele-MANAS, 14416. In danger call 112.",
}
"""Lines that listen at any hour, by the country of the number.

Sources: 988lifeline.org, 988.ca, samaritans.org, lifeline.org.au, 1737.org.nz, telemanas.mohfw.gov.in.
"""


def distress(country: str) -> str:
    """Somebody is in despair. Where we know no line: the emergency number, which 112 reaches from every GSM phone.

    Source: 3GPP TS 22.101 section 10.
    """
    people = "I am a program and cannot help with this, but people can, any time."
    return f"{people} {EMERGENCY.get(country, 'Call your local emergency number; 112 works on most phones.')}"


# First contact

TRY_A_TODO: Final = f"Text me a todo, like: {EXAMPLE}"


def first_contact(city: str | None) -> str:
    """Who we are, which zone we took and how to correct it, help and opt-out; None when the number told no zone."""
    zone = f"I use {city} time; if wrong, text your city." if city else "I use UTC until you text your city."
    return f"I am Jotline, your todo list by text. {zone} Text ? for help, STOP to opt out."


FIRST_CONTACT_SHORT: Final = "I am Jotline, your todo list by text. Text ? for help, STOP to opt out."
"""Where a reply in another script leaves no room for more."""


# Settings


def settings_shown(settings: Settings, city: str) -> str:
    """All of them in one text."""
    hours = settings.meanings.hours
    who = f"{settings.name}, {city} time." if settings.name else f"{city} time."
    return (
        f"{who} {_capital(_say_digest(settings.digest, hours))}. {_capital(_say_quiet(settings, hours))}."
        f" Reminders {say_offset(settings.remind_before_seconds)}. Tonight {say_clock(settings.meanings.tonight, hours)}."
        " To change: HELP SETTINGS."
    )


def name_set(name: str) -> str:
    """What we call the person."""
    return f"Set: name {name}."


def zone_set(city: str, now: datetime, *, until: date | None = None, stays: time | None = None, hours: int = 12) -> str:
    """Another zone. `now` is there already; `stays` is the time of the next timed todo, which keeps it."""
    travelling = f" until {say_day(until, now.date())}" if until else ""
    kept = f" {_capital(say_clock(stays, hours))} stays {say_clock(stays, hours)}." if stays else ""
    return f"Set: {city} time{travelling}, now {say_weekday(now)} {say_clock(now, hours)}.{kept}"


def which_place(name: str) -> str:
    """Several places have that name."""
    return f"Which {name}? Text it with its state or country."


def several_zones(name: str) -> str:
    """A country or state that has more than one zone."""
    return f"{name} has several time zones. Text your city."


def no_such_place(name: str) -> str:
    """We know no place of that name."""
    return f"I do not know {name}. Nothing changed. Text a big city near you."


def digest_set(digest: Digest, hours: int = 12) -> str:
    """When the morning digest comes, and how."""
    return f"Set: {_say_digest(digest, hours)}."


def quiet_set(start: time | None, end: time | None, hours: int = 12) -> str:
    """The hours without reminders; None: there are none."""
    if start is None or end is None:
        return "Set: no quiet hours."
    return f"Set: quiet {say_clock(start, hours)} to {say_clock(end, hours)}. A reminder you set for then still comes."


def reminders_set(before_seconds: int) -> str:
    """When reminders come that nobody set."""
    return f"Set: reminders {say_offset(before_seconds)}."


def meaning_set(word: str, at: time, hours: int = 12) -> str:
    """What `tonight`, `morning`, `end_of_day` stand for."""
    return f"Set: {word.replace('_', ' ')} {say_clock(at, hours)}."


def next_weekday_set(meaning: str) -> str:
    """How "next Friday" is read: `nearest` or `following`."""
    return f"Set: next Fri is the {'nearest Fri' if meaning == 'nearest' else 'Fri of next week'}."


def clock_set(hours: int) -> str:
    """How times are written."""
    return f"Set: times like {say_clock(time(17), hours)}."


def code_sent(address: str) -> str:
    """A code went to an e-mail address."""
    return f"I sent a code to {address}. Text it here to confirm."


def wrong_code(tries_left: int) -> str:
    """It was not that code. After the last try it is of no use any more."""
    if not tries_left:
        return "That is not the code. Nothing changed. Ask again for a new one."
    return f"That is not the code. {tries_left} tr{'y' if tries_left == 1 else 'ies'} left."


NO_MAIL: Final = "E-mail is not set up here. Nothing changed."
NO_ADDRESS: Final = "Nothing changed. Text it with your address, like: DIGEST BY EMAIL ada@example.com"
TOO_MANY_CODES: Final = "No more codes today. Nothing changed. Ask again tomorrow."


def say_offset(before_seconds: int) -> str:
    """`at the due time`, `30 min before`, `2 hours before`, `1 day before`."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("min", 60)):
        count, rest = divmod(before_seconds, seconds)
        if count and not rest:
            return f"{count} {unit}{'s' if count > 1 and unit != 'min' else ''} before"
    return f"{before_seconds} s before" if before_seconds else "at the due time"


# Carrier words

OPTED_OUT: Final = "No more messages. Your todos are kept. Text START to come back."


def welcome_back(open_count: int) -> str:
    """Opted in again."""
    return f"Welcome back. {open_count} open: text LIST." if open_count else "Welcome back. Nothing open."


def turns_off(word: str) -> str:
    """The opt-out word was meant for us: CANCEL, END or QUIT."""
    return f"{word.upper()} turns off all texts; to take a change back, text UNDO."


# Voice

HEARD_NOTHING: Final = "I heard nothing in that recording. Try again, or text it."
RECORDING_TOO_LONG: Final = "That recording is over 10 minutes. Send a shorter one, or text it."
CANNOT_READ_FILE: Final = "I cannot read that file. Send a voice note, or text it."
RECORDING_KEPT_FOR_REPAIR: Final = "Sorry, I could not read that recording. It is kept for repair. Text it for now."
ASK_DELETE_RECORDINGS: Final = "Delete all your recordings? UNDO will not bring them back. Reply OK."


def did_you_say(*words: str) -> str:
    """Something was heard, but not surely: nothing is done before it is agreed to. `words` as they were heard."""
    return _around("Did you say ", words, "? Reply OK, or text it.")


def heard_badly(count: int) -> str:
    """Too much was not heard surely to ask about each."""
    return f"I did not hear {count} things well, and left them. Say them again, or text them."


def no_todo_heard(words: str) -> str:
    """It was heard, and asks for nothing."""
    return _around("I heard ", [words], " and found no todo in it. Text ADD to save it as one.")


def no_recording(day: date | None, today: date) -> str:
    """There is none to hear again: none of `day`, or none at all. Both are days in the person's zone."""
    return f"I have no recording from {say_day(day, today)}." if day else "I have no recording of yours."


def heard_again(day: date, today: date, *, new: str, old: str, actions: Sequence[str]) -> str:
    """A recording of `day` was heard again, and what it says is not what it said; agreed to, `actions` follow.

    `new` and `old` are the words that differ; one of them may be empty. An action is `Change #5 Call Kim`, `add 2`.
    """
    tail = f". {_capital(listed(list(actions)))}? Reply OK."
    head = f"{_whose(day, today)} recording, heard again: "
    if not old:
        return _around(f"{head}also ", [new], tail)
    return _around(head, [new, old], tail, between=", was ") if new else _around(f"{head}without ", [old], tail)


def no_difference(day: date, today: date) -> str:
    """A recording of `day` was heard again and means what it meant."""
    return f"{_whose(day, today)} recording, heard again: no difference."


def recordings_deleted(count: int) -> str:
    """How many recordings are gone for good."""
    return f"Deleted {_counted(count, 'recording')}." if count else "I have no recording of yours."


def recordings_kept(days: int) -> str:
    """How long recordings are kept."""
    return f"Set: recordings kept {_counted(days, 'day')}."


def _whose(day: date, today: date) -> str:
    return f"{_capital(say_day(day, today))}'s"


def _around(head: str, said: Sequence[str], tail: str, *, between: str = " and ") -> str:
    """What was heard, in quotes, with what we say around it, in one text: only the person's own words are cut.

    Of a script that leaves 70 characters to a text, it takes two.
    """
    cut = list(said)
    most = 1 if segments.is_gsm7("".join(said)) else 2
    while segments.count_segments(whole := head + between.join(map(quoted, cut)) + tail).count > most and any(cut):
        longest = max(range(len(cut)), key=lambda place: len(cut[place]))
        shorter = segments.cut_before(cut[longest], len(cut[longest].removesuffix("...")) * 9 // 10)
        cut[longest] = f"{shorter.rstrip(' .')}..." if shorter.strip(" .") else ""
    return whole


# What was changed when


def changes(count: int, where: str, verb: str = "") -> str:
    """The head of what was changed: `where` is "yesterday", "this week"; with a verb ("added") only that."""
    return f"{count} {verb} {where}:" if verb else f"{_counted(count, 'change')} {where}:"


def no_changes(where: str, verb: str = "") -> str:
    """Nothing was."""
    return f"Nothing {verb or 'changed'} {where}."


def change(clock: str, verb: str, title: str) -> str:
    """One of them: `9am added #3 Pay rent`."""
    return f"{clock} {verb} {title}"


def history(title: str) -> str:
    """The head of what happened to one todo."""
    return f"History of {title}"


def happened(verb: str, when: str) -> str:
    """To that todo: `Added Mon 9am`."""
    return f"{verb.capitalize()} {when}"


def happened_to(when: str, verb: str, title: str) -> str:
    """When it was, of one todo: `Mon 9am: added #3 Pay rent`."""
    return f"{_capital(when)}: {verb} {title}"


def never(verb: str, title: str) -> str:
    """It was not: `Never done: #3 Pay rent`."""
    return f"Never {verb}: {title}"


def not_shown(count: int) -> str:
    """What has no place in the reply."""
    return f"+{count} more."


# Sign-in, leaving, trouble


def login_code(code: str) -> str:
    """The code that signs in to the web board."""
    return f"{code} is your Jotline code for 10 minutes. Never share it."


SIGNED_OUT: Final = "Signed out everywhere; scripts too. UNDO does not take this back. To sign in again, ask for a new code."


DELETE_ME: Final = (
    "This deletes all your todos, messages and recordings for good; UNDO will not bring them back. To go on, reply DELETE ME."
)
DELETE_ME_NOW: Final = "Last question: delete all of it now? Reply DELETE ME NOW."


def all_deleted(todos: int, messages: int, recordings: int, receipt: str) -> str:
    """Everything about a person is gone."""
    counts = ", ".join(_counted(*c) for c in ((todos, "todo"), (messages, "message"), (recordings, "recording")) if c[0])
    return f"All deleted: {counts or 'nothing was kept'}. Receipt {receipt}. If you text again, you begin anew."


TOO_MANY: Final = "Too many texts at once: I did not read the last ones. Text them again in a minute."
COULD_NOT_SAVE: Final = "Sorry, I could not save that. Text it again in a few minutes."
BROKE: Final = "Sorry, that text broke something here. Nothing changed. It is kept for repair."
LATE: Final = "Sorry for the wait."


def _say_digest(digest: Digest, hours: int) -> str:
    if not digest.on:
        return "no digest"
    channel = f"email to {digest.email}" if digest.channel == "email" else "text"
    return f"digest {say_clock(digest.at, hours)} {digest.days} by {channel}"


def _say_quiet(settings: Settings, hours: int) -> str:
    if settings.quiet_from is None or settings.quiet_to is None:
        return "no quiet hours"
    return f"quiet {say_clock(settings.quiet_from, hours)} to {say_clock(settings.quiet_to, hours)}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
