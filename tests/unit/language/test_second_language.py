"""A dozen words of German: the rules read them without a change, so no word of English is left in them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from shared.language import understand
from shared.language.commands import Commands
from shared.language.grammar import Grammar
from shared.language.language import Language, Saying
from shared.language.model import Intent, Meanings, Query
from shared.language.moments import Clock, Context, Day, Stated
from shared.language.references import read_numbers
from shared.language.text import TOKEN_FLAGS, token_pattern
from shared.language.words import Noting, Ordering, Parting, Pointing, Titling, by_word, phrases, words
from tests.unit.language.saying import NEW_YORK, NOW, line

_WEEKDAYS = "montag dienstag mittwoch donnerstag freitag samstag sonntag".split()
_NUMBERS = "null eins zwei drei vier fünf sechs sieben acht".split()

grammar = Grammar()
grammar.readers["numbers"] = read_numbers
commands = Commands(grammar)


@grammar.form("day", "heute")
def today(context: Context) -> Day:
    return Day(context.today, today=True, said=context.language.saying.today)


@grammar.form("day", "morgen")
def tomorrow(context: Context) -> Day:
    return Day(context.today + timedelta(days=1))


@grammar.form("day", "[am] <weekday>")
def weekday(context: Context, weekday: int) -> Day:
    return Day(context.today + timedelta(days=(weekday - context.today.weekday()) % 7), weekday=weekday)


@grammar.form("clock", "um <num> [uhr]")
def clock(_: Context, num: int) -> Clock | None:
    return Clock(num, sure=num > 12) if 0 < num < 24 else None


grammar.form("piece", "<day>")(lambda _, day: Stated(day=day))
grammar.form("piece", "<clock>")(lambda _, clock: Stated(clock=clock))
commands.say("complete_numbers", Intent.COMPLETE, "erledigt <numbers>", "<numbers> ist erledigt")
commands.say("list", Intent.QUERY, "[meine] liste", query=Query(what="open"))

GERMAN = Language(
    grammar=grammar,
    tokens=re.compile(token_pattern(r"\.", "n8"), TOKEN_FLAGS),
    lexicon={name: {"weekday": day} for day, name in enumerate(_WEEKDAYS)}
    | {name: {"num": n} for n, name in enumerate(_NUMBERS)},
    spelling={"mrgn": "morgen"},
    saying=Saying(
        months=("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
        weekdays=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
        today="Heute",
        yesterday="Gestern",
        noon="Mittag",
        am="",
        pm="",
        other="nicht {}",
        not_today="nicht heute",
        clocks_change="Zeitumstellung",
    ),
    questions=words("wann wer wo warum"),
    ands=words("und"),
    leads=by_word(phrases("bitte|kannst du")),
    tails=by_word(phrases("bitte|danke"), -1),
    parting=Parting(cuts=words(", und"), links=words(", und dann"), heads=by_word(phrases("erledigt|meine liste"))),
    pointing=Pointing(separators=words(", und"), up_to=words("- bis")),
    titling=Titling(before_date=words("bis am"), tail=words("und")),
    ordering=Ordering(stop=words("stopp")),
    noting=Noting(persons=words("ich")),
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("morgen um 5 milch kaufen", "add 'Milch kaufen' 2026-11-26T17:00"),
        ("mrgn um fünf milch kaufen", "add 'Milch kaufen' 2026-11-26T17:00"),
        ("oma am freitag um 18 uhr anrufen", "add 'Oma anrufen' 2026-11-27T18:00"),
        ("brot backen bis freitag", "add 'Brot backen' 2026-11-27"),
        ("brot, milch und eier", "add 'Brot' + add 'Milch' + add 'Eier'"),
        ("erledigt 2", "complete #2"),
        ("erledigt 1 bis drei und 5", "complete #1,2,3,5"),
        ("bitte erledigt 2, danke", "complete #2"),
        ("erledigt 2 und dann meine liste", "complete #2 + query open"),
        ("liste", "query open"),
        ("stopp", "stop (STOPP)"),
        ("wann kommt die milch", "none"),
    ],
)
def test_german_is_read(text: str, meant: str) -> None:
    found = understand(text, NOW, NEW_YORK, language=GERMAN)
    # It knows no verbs, so "milch kaufen" may also be the name of a todo that is there: "maybe move" is not compared.
    assert " + ".join(line(command).partition(" maybe ")[0] for command in found.commands) == meant


def test_an_aside_is_german() -> None:
    found = understand("freitag um 7 milch kaufen", NOW, NEW_YORK, Meanings(hours=24), GERMAN)
    assert found.commands[0].when is not None
    assert found.commands[0].when.aside == "nicht 19:00"


@pytest.mark.parametrize("text", ["tomorrow", "done 2", "list", "buy milk and call mum at 5"])
def test_english_means_nothing_to_it(text: str) -> None:
    found = understand(text, NOW, NEW_YORK, language=GERMAN).commands
    assert [(command.intent, command.when) for command in found] == [(Intent.ADD, None)]


def test_both_are_read_in_one_process() -> None:
    assert line(understand("done 2", NOW, NEW_YORK).commands[0]) == "complete #2"
    assert line(understand("erledigt 2", NOW, NEW_YORK, language=GERMAN).commands[0]) == "complete #2"
    assert line(understand("erledigt 2", NOW, NEW_YORK).commands[0]) != "complete #2"
