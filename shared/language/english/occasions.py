"""What of one's own is asked about: an event, a day, something on a day, or plans by their name alone.

"where is the party", "how is my day looking", "is there anything on saturday", "next meeting", "the details of my appointment".
"""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from shared.language.english.nouns import EVENTS, OURS, begins, phrases

ONESELF: Final = frozenset("i i'm i've i'd i'll we we're we've".split())
_NOUN_OPENERS: Final = phrases(
    """tell me|let me know|inform me|inform me of|inform me about|summarize|summarise|announce|explain|describe|repeat|give a|give the|give me a|quick|a quick|can i have a|i need a|i want a|i want the|i would like the|i'd like the|i would like a|i'd like my|i'd like|i would like|i want|know|show me|show|give me|give me the|i want to know|i need to know|i'd like to know|i would like to know|i forgot|i can't remember|i don't remember|find|look up|check|what is|what's|what are|i need|get|get me|read me|read|
have a look at|go over|run through|walk me through|take me through|run me through|fill me in on|brief me on|catch me up on|recall|read off|check|let me see|let me hear|look in|look for|look through|give|provide|state|take a look at|look at|look over|see|view|display|go to|open|pull up|bring up|check on|check out"""
)
TIME_ASKED: Final = phrases(
    "when|when's|what time's|what time|what day|what date|which day|which date|what hour|how soon|how long until|how long till|how long before|how much time|how much longer|how many days until|how many hours until|how many minutes until|what month|which month"
)
_MY: Final = frozenset({"my", "our"})
_DAYS: Final = frozenset(
    "day week weekend morning afternoon evening night month today tomorrow tonight schedule calendar agenda".split()
)
ELSEWHERE: Final = frozenset(
    """wear cook eat bake car vehicle mechanic battery expire expires expiration order orders reservation reservations rental visa passport insurance apply qualify bill bills payment payments paid payday mortgage loan loans rent's card cards account accounts balance cost costs price money spend spent
recipe flight flights train trains bus buses plane subway store stores shop's shipping shipped package packages delivery deliver arrive arrives
jacket umbrella coat weather rain snow points rewards miles tire tires tyre tyres oil gas fuel engine car's roth withdraw deposit transaction transactions pto vacation vacations holiday holidays phone
vaccine shots password pin email emails mail mails message messages song songs contact contacts number tax taxes w-2 income limit interest rate rates apr credit"""
    """ make makes born die died invented much many tall far old""".replace("\n", " ").split()
)
_PLACES: Final = frozenset(
    "near nearby local town city area country downtown around restaurant restaurants museum theater theatre cinema stadium".split()
)
_COMING: Final = frozenset("coming due scheduled planned arriving booked starting happening over visiting".split())
_PLURAL_PLANS: Final = frozenset(
    "events meetings appointments plans schedule calendar calender agenda reminders tasks todos to-dos birthdays commitments engagements deadlines chores errands obligations lists alerts alarms itinerary works".split()
)
_SINGLE_PLANS: Final = frozenset("event meeting appointment task todo reminder commitment item deadline alarm chore".split())
_ASKED_OF: Final = frozenset("time date details detail location status list schedule info times dates".split())
_AROUND_PLANS: Final = frozenset(
    "the my our all any of for on in at to next upcoming coming future about today tomorrow tonight has been todays tomorrows today's tomorrow's tonight's first last current pending remaining other new work family social planned scheduled a due from and up this week day's week's month's show every please now do".split()
)
_DETAILS: Final = frozenset(
    "time date day location details detail place address agenda info information status hour timing timings description schedule list rundown summary overview recap breakdown outline name names availability".split()
)
_ELSEWHERE_OR_PLACES: Final = ELSEWHERE | _PLACES
_PLANS: Final = _PLURAL_PLANS | _SINGLE_PLANS
_EVENTS_OR_LISTS: Final = EVENTS | {"list", "lists"}
_FEW: Final = 9
_LONG: Final = 14


def own_thing(asked: Sequence[str], *, dated: bool) -> bool:
    """Something of the person's: "when is my driving test", "where is the party", "who is coming to dinner", "how many meetings"."""
    present = set(asked)
    if "you" in present or "your" in present or len(asked) > _LONG:
        return False
    if _counts_down(asked) or _own_journey(asked):
        return True
    if not _ELSEWHERE_OR_PLACES.isdisjoint(present) and not (present & EVENTS and present & _MY):
        counted = asked[:2] == ["how", "many"] and bool(
            present & EVENTS or (present & {"things", "items", "tasks", "todos"} and present & (ONESELF | _MY))
        )
        return counted and not present & (_PLACES | (ELSEWHERE - {"many"}))
    timed = begins(asked, TIME_ASKED)
    if timed:
        return _when_of_thing(asked[timed:], present)
    asks = _BY_FIRST.get(asked[0])
    return asks is not None and asks(asked, present, dated)


def _own_journey(asked: Sequence[str]) -> bool:
    """E.g. "when is our flight", "what time is my train", "when does my vacation start"."""
    behind = [word for word in asked[begins(asked, TIME_ASKED) :] if word not in _AUXILIARY and word != "next"]
    return (
        len(behind) < len(asked) and len(behind) == 2 and behind[0] in _MY and behind[1] in _AWAY | {"train", "trip", "cruise"}
    )


def _counts_down(asked: Sequence[str]) -> bool:
    """E.g. "how many days until my vacation", "how long till our trip"."""
    at = next((place for place, word in enumerate(asked) if word in ("until", "till", "before")), 0)
    named = asked[at + 1 :]
    away = not (ELSEWHERE - _AWAY).isdisjoint(named)
    return tuple(asked[:2]) in _COUNTED and 0 < at <= _LATEST and bool(named) and named[0] in _MY and not away


_COUNTED: Final = phrases("how many|how long|how much")
_AWAY: Final = frozenset("vacation vacations holiday holidays flight".split())
_LATEST: Final = 4


def _when_of_thing(behind: Sequence[str], present: set[str]) -> bool:
    """E.g. "(when) is my driving test", "(what time) is the plumber coming"."""
    named = [word for word in behind if word not in _AUXILIARY]
    if named and named[0] in _MY:
        return True
    coming = bool(present & _COMING) and bool({"is", "are", "when's"} & present) and "the" in present
    alone = (
        1 <= len(named) <= _MOST_NAMED
        and (named[-1] in EVENTS or named[1:] == ["day"])
        and not named[-1].endswith("s")
        and present.isdisjoint(_PLACES)
    )
    return _one_event(behind, present) or alone or coming or (behind[:2] == ["will", "the"] and "come" in present)


_MOST_NAMED: Final = 3
_AUXILIARY: Final = frozenset("is are was will does do again has the did start starts begin begins end ends over".split())


def _where(asked: Sequence[str], present: set[str], dated: bool) -> bool:  # noqa: FBT001 - one of a table
    del dated
    return _one_event(asked[1:], present) and "much" not in present


def _who(_: Sequence[str], present: set[str], dated: bool) -> bool:  # noqa: FBT001 - one of a table
    del dated
    return bool(present & {"birthday", "birthdays"}) or (bool(present & EVENTS) and bool(present & _TAKING_PART))


def _what(asked: Sequence[str], present: set[str], dated: bool) -> bool:  # noqa: FBT001 - one of a table
    if asked[:2] == ["what", "about"]:
        return bool(present & EVENTS) and dated
    if asked[0] == "which" and "my" in present and present & {"birthday", "birthdays"}:
        return True
    of_plans = asked[1:2] != [] and asked[1] in _EVENTS_OR_LISTS
    return of_plans and (dated or bool(present & (_COMING | _NEAREST)))


def _is(asked: Sequence[str], present: set[str], dated: bool) -> bool:  # noqa: FBT001 - one of a table
    if list(asked[:3]) == ["is", "it", "my"]:
        return dated or "turn" in present
    if dated and asked[1:2] != [] and asked[1] in ("anyone", "anybody", "someone", "everyone"):
        return bool(present & {"coming", "visiting"})
    return dated and asked[1:2] != [] and asked[1] in _MY


def _does(asked: Sequence[str], present: set[str], dated: bool) -> bool:  # noqa: FBT001 - one of a table
    if "have" in present and present & {"birthday", "birthdays"}:
        return True
    of_mine = asked[1:2] != [] and asked[1] in _MY
    return of_mine and dated and bool(present & (EVENTS | {"have", "start", "begin", "anything"}))


def _how(asked: Sequence[str], present: set[str], dated: bool) -> bool:  # noqa: FBT001 - one of a table
    if asked[1:2] == ["many"]:
        counted = bool(present & (EVENTS | {"things", "items", "people", "lists", "reminders"}))
        return counted and (dated or bool(present & (ONESELF | _MY | OURS)))
    if asked[1:2] == ["long"]:
        return bool(present & EVENTS) and bool(present & _MY)
    return asked[1:2] == ["about"] and bool(present & EVENTS) and dated


_TAKING_PART: Final = frozenset("coming attending invited going attend at in with there invite".split())
_NEAREST: Final = frozenset("up first next have my on last planned".split())
_BY_FIRST: Final[Mapping[str, Callable[[Sequence[str], set[str], bool], bool]]] = {
    "where": _where, "where's": _where, "who": _who, "who's": _who, "whose": _who, "whom": _who, "what": _what, "which": _what,
    "is": _is, "are": _is, "was": _is, "were": _is, "does": _does, "did": _does, "has": _does, "how": _how,
}  # fmt: skip


def _one_event(asked: Sequence[str], present: set[str]) -> bool:
    """One event is meant: "the meeting", "john's birthday", "lunch with kate"; "(when do) classes start" asks of any."""
    if not present & EVENTS:
        return False
    pointed = bool(present & (_MY | {"the", "next", "a", "an", "this", "that", "i", "we"})) or any(
        word.endswith("'s") for word in asked
    )
    return pointed or (
        len(asked) > 0 and (asked[0] in EVENTS or (len(asked) > 1 and asked[1] in EVENTS and asked[0] in ("is", "are")))
    )


def own_day(asked: Sequence[str], *, dated: bool) -> bool:
    """E.g. "how is my day looking", "what's my afternoon like", "is tomorrow busy", "what's the plan for tonight"."""
    present = set(asked)
    if asked[0] not in _OF_DAYS or len(asked) > _FEW:
        return False
    if present & _MY and present & _DAYS and not present & {"weather", "forecast"}:
        return bool(present & _LOOKS) or len(asked) <= _FEW // 2
    if present & _MY and present & {"plate", "docket", "radar", "agenda"}:
        return True
    return dated and present <= _OF_A_DAY and bool(present & (_LOOKS | _PLANNED))


_OF_DAYS: Final = frozenset("how how's what what's hows whats is are will be".split())
_LOOKS: Final = frozenset("rest look looks looking like full free clear busy packed open shaping".split())
_PLANNED: Final = frozenset("plan plans books itinerary docket agenda schedule".split())
_OF_A_DAY: Final = _OF_DAYS | _LOOKS | _PLANNED | frozenset("the on up for does a day any my deal program in".split())


def on_a_day(asked: Sequence[str], *, dated: bool) -> bool:
    """Something on a day: "is there anything on saturday", "will there be a meeting tomorrow"."""
    present = set(asked)
    there = tuple(asked[:2]) in _THERE
    if "you" in present or not ELSEWHERE.isdisjoint(present):
        return dated and _is_there(asked, present)
    if there and present & {"something", "anything", "plans"} and present & _LEFT_OVER:
        return not present & {"good", "fun", "interesting"} and not present & _PLACES
    coming = there and "any" in present and not present.isdisjoint(EVENTS) and not present.isdisjoint(_TO_COME)
    if not dated or len(asked) > _FEW or present & _PLACES:
        return coming and present.isdisjoint(_PLACES)
    if there:
        return (
            "free" in present
            or not present & {"any", "fun", "good", "chance", "sun", "way"}
            or bool(present & (EVENTS | {"planned", "scheduled"}))
        )
    led = asked[0] in ("anything", "something", "any", "anyone") or asked[:2] == ["got", "anything"]
    return led and bool(
        present & ({"scheduled", "planned", "due", "on", "happening", "up", "special", "else", "important"} | EVENTS)
    )


def _is_there(asked: Sequence[str], present: set[str]) -> bool:
    """E.g. "are there any bills due (this week)", "is there a holiday (this week)"."""
    said = tuple(asked[:2]) in _THERE and len(asked) <= _FEW and not _SAID_OF_DAYS.isdisjoint(present)
    return said and present.isdisjoint(_PLACES)


_SAID_OF_DAYS: Final = frozenset("due holiday free".split())
_TO_COME: Final = frozenset("coming upcoming planned scheduled".split())


def is_kind_of_day(asked: Sequence[str]) -> bool:
    """E.g. "is (tomorrow) bin day", "is it trash day (tomorrow)"."""
    return asked[0] in ("is", "was") and _kind_of_day(asked[1:])


def _kind_of_day(named: Sequence[str]) -> bool:
    """E.g. "(is today) a holiday", "(is tomorrow) bin day", "(is this week) trash pickup week", "(is friday) mum's birthday"."""
    words = [
        word
        for word in (named[1:] if named[:1] == ["it"] else named)
        if word not in ("a", "an", "my", "the", "our", "any", "still", "also")
    ]
    if not 1 <= len(words) <= _MOST_OF_A_DAY or not {"good", "nice", "best", "bad", "what", "it", "there"}.isdisjoint(words):
        return False
    return words[-1] in _KINDS_OF_DAY or words[-1] in EVENTS


_MOST_OF_A_DAY: Final = 4
_KINDS_OF_DAY: Final = frozenset("day week weekend holiday off".split())
_THERE: Final = phrases("is there|are there|was there|were there|will there|is something|is anything")
_LEFT_OVER: Final = frozenset("planned scheduled forgetting forgot missing missed left due on i i'm".split())


def details_asked(rest: Sequence[str]) -> bool:
    """E.g. "the details of my next meeting", "tell me the time of the party", "find the date of my next checkup"."""
    opener = begins(rest, _NOUN_OPENERS)
    about = list(rest[opener:])
    while about and about[0] in ("the", "me", "some", "more", "all", "a", "an"):
        about = about[1:]
    if about[1:2] == ["and"] and about[2:3] != [] and about[2] in _DETAILS:
        about = about[2:]  # "the date and time of ..."
    if len(about) == _OF_ONE and about[0] in _DETAILS and about[1] in ("of", "for", "about") and about[2] in EVENTS:
        return True
    if len(about) < 3 or about[0] not in _DETAILS or about[1] not in ("of", "about", "for", "on"):
        return False
    present = set(about[2:])
    if (
        about[0] == "list"
        and about[2:3]
        and about[-1] != "list"
        and not present.isdisjoint(_PLURAL_PLANS)
        and len(about) <= _FEW // 2
    ):
        return present.isdisjoint(_PLACES | {"concert", "local"})
    if about[0] in _SUMMARIES and present & _MY:
        return bool(present & _DAYS)
    if about[2:3] == ["and"] or len(about) > _LONG:
        return False
    return (
        bool(present & EVENTS)
        and (bool(present & (_MY | {"the", "next", "that", "this"})) or any(word.endswith("'s") for word in about))
        and not present & _PLACES
    )


_OF_ONE: Final = 3  # "details of meeting"
_SUMMARIES: Final = frozenset("rundown summary overview recap breakdown outline".split())


def names_plans(rest: Sequence[str], *, dated: bool) -> bool:
    """Nothing but plans are named: "next meeting", "my plans for friday", "tomorrow's appointments", "calendar for today"."""
    opener = begins(rest, _NOUN_OPENERS) if rest[0] not in ("what", "what's") else 0
    named = list(rest[opener:])
    while opener and len(named) > 1 and named[-1] in ("for", "on", "at", "in"):
        named.pop()
    nouns = [word for word in named if word not in _AROUND_PLANS]
    if tuple(named) in _OWN_TIME and (opener or len(named) == 2):
        return True
    if len(nouns) == 2 and len(named) <= 4 and named[0] not in ("a", "new"):
        of_plans = nouns[0] in _PLANS and not nouns[0].startswith(("task", "todo", "list"))
        return of_plans and nouns[1] in _ASKED_OF
    if len(nouns) != 1 or len(named) > _FEW or named[0] in ("on", "in", "at", "for", "to"):
        return False
    if nouns[0] in _PLURAL_PLANS:
        whose = bool(opener or dated or tuple(named) in (("events",), ("birthdays",)) or set(named) & _WHOSE)
        return whose and (named[0] not in ("new", "a") or bool(opener))
    asked = not {"next", "upcoming", "any", "every"}.isdisjoint(named) and {"a", "new"}.isdisjoint(named)
    return nouns[0] in _SINGLE_PLANS and asked


_OWN_TIME: Final = phrases(
    "my day|my week|my weekend|my availability|my free time|rundown for|rundown|overview for|summary for|my free days|my busy days"
)
_WHOSE: Final = _MY | frozenset("upcoming next all the any every day's week's today's tomorrow's".split())
