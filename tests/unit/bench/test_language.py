"""The comparison of languages: a side may fail without harm, ours says what `jotline understand` says, and tables tell it straight."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bench.language import __main__ as bench
from bench.language import answers, measuring, recognized, report
from bench.language.corpus import REPOSITORY, VARIABLE, Case, Corpus, about_dates, about_intents, folder_of
from bench.language.peer import NoAnswer, NoStart, Peer, here
from bench.language.rivals import serve
from bench.language.sides import GLUE, OURS, SIDES, process
from bench.text import report as pages

NEW_YORK = "America/New_York"
NOW = "2026-11-25T10:00:00-05:00"  # a Wednesday

#: A side that answers with the text, and dies or stays silent when it is told to.
FAKE = """
import json, sys
print(json.dumps({"ready": "fake 1"}), flush=True)
for line in sys.stdin:
    question = json.loads(line)
    if "time" in question:
        print(json.dumps({"cpu_us": [7.0] * len(question["time"])}), flush=True)
    elif question["text"] == "die":
        sys.exit(1)
    elif question["text"] == "fail":
        print(json.dumps({"error": "ValueError: no"}), flush=True)
    elif question["text"] != "hang":
        print(json.dumps({"answer": question}), flush=True)
"""
#: A scorer that asks everything and tells which answers it got.
SCORER = """
import datetime, json, pathlib
def load(split, sets, data):
    for path in sorted(pathlib.Path(data).iterdir()):
        yield path.stem, [row for row in map(json.loads, path.read_text().splitlines()) if row["split"] == split]
def evaluate(fn, rows):
    got = []
    for row in rows:
        try:
            got.append(fn(row["text"], datetime.datetime.fromisoformat(row["now"]), row["tz"]))
        except Exception:
            got.append("wrong")
    return {"due": (sum(each == "right" for each in got) / len(got), len(got))}
"""


def case(text: str) -> Case:
    return Case("ours", text, NOW, NEW_YORK)


def fake(seconds: float = 5.0) -> Peer:
    return Peer([sys.executable, "-c", FAKE], case_seconds=seconds)


def test_a_side_is_asked_a_line_and_answers_a_line() -> None:
    with fake() as peer:
        assert peer.ask(case("milk ☕")) == {"text": "milk ☕", "now": NOW, "tz": NEW_YORK, "set": "ours"}
        assert peer.time([case("a"), case("b")]) == [7.0, 7.0]
        assert peer.version == "fake 1"


@pytest.mark.parametrize(("text", "why"), [("die", "died"), ("fail", "ValueError: no"), ("hang", "no answer within 0.3 s")])
def test_what_goes_wrong_is_one_case_and_the_next_is_answered(text: str, why: str) -> None:
    with fake(0.3 if text == "hang" else 5.0) as peer:
        peer.start()
        with pytest.raises(NoAnswer, match=why):
            peer.ask(case(text))
    with fake() as peer:
        found = measuring.ask(peer, [case("a"), case("die"), case("b")], print)
        assert [answer and answer["text"] for answer in found.values()] == ["a", None, "b"]


def test_a_side_that_does_not_start_says_why() -> None:
    with (
        Peer([sys.executable, "-c", "raise SystemExit('no such library')"]) as peer,
        pytest.raises(NoStart, match="no such library"),
    ):
        peer.ask(case("a"))


def test_a_side_in_python_turns_what_a_parser_raises_into_an_error_line() -> None:
    def parse(text: str, now: datetime, zone: str, corpus: str) -> dict[str, str]:
        if text == "bad":
            raise ValueError("bad text")
        return {"heard": f"{text} {now.isoformat()} {zone} {corpus}"}

    one, bad = ({"text": text, "now": NOW, "tz": NEW_YORK, "set": "ours"} for text in ("milk", "bad"))
    said = io.StringIO()
    serve.serve(
        lambda: ("parser 1", parse), io.StringIO("".join(json.dumps(q) + "\n" for q in (one, bad, {"time": [one, bad]}))), said
    )
    ready, first, second, times = map(json.loads, said.getvalue().splitlines())
    assert ready == {"ready": "parser 1"}
    assert first == {"answer": {"heard": f"milk {NOW} {NEW_YORK} ours"}}
    assert second == {"error": "ValueError: bad text"}
    assert len(times["cpu_us"]) == 2


def test_our_side_says_what_jotline_understand_says(tmp_path: Path) -> None:
    texts = [
        "buy milk tomorrow 5pm",
        "every friday put the bins out and call mum at 6",
        "done #3",
        "what's on my list",
        "nice weather",
    ]
    lines = "".join(json.dumps({"text": text, "now": NOW, "tz": NEW_YORK}) + "\n" for text in texts)
    command = [sys.executable, "-m", "local.cli", "understand", "--jsonl"]
    told = subprocess.run(command, input=lines, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    with process(OURS, tmp_path) as ours:
        answered = [ours.ask(case(text)) for text in texts]
    assert answered == [json.loads(line) or [{"intent": "none"}] for line in told.splitlines()]


def test_without_the_sentences_the_bench_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--data", str(tmp_path)]) == 2
    complaint = capsys.readouterr().err
    assert str(tmp_path) in complaint
    assert "--data FOLDER" in complaint
    assert VARIABLE in complaint


def test_the_folder_is_the_one_given_then_the_one_set_then_the_one_beside_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "set"))
    assert folder_of(str(tmp_path / "given")) == tmp_path / "given"
    assert folder_of(None) == tmp_path / "set"
    monkeypatch.delenv(VARIABLE)
    assert folder_of(None) == (REPOSITORY.parent / "shared" / "language").resolve()


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    (tmp_path / "data").mkdir()
    (tmp_path / "score.py").write_text(SCORER)
    golds = {"one": {"due": 1}, "two": {"due": 1}, "what": {"intents": ["none"]}, "sealed": {"due": 1}}
    rows = [
        {"set": "a", "text": text, "now": "2026-11-25T15:00:00+00:00", "tz": NEW_YORK, "gold": gold}
        | {"split": "heldout" if text == "sealed" else "dev"}
        for text, gold in golds.items()
    ]
    (tmp_path / "data" / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return Corpus(tmp_path)


def test_the_scorer_judges_and_a_missing_answer_is_wrong(corpus: Corpus) -> None:
    asked = corpus.cases(about_dates)
    assert asked == [Case("a", "one", NOW, NEW_YORK), Case("a", "two", NOW, NEW_YORK)]
    found = {asked[0]: "right", asked[1]: None}
    now_as_written = {Case("a", each.text, "2026-11-25T15:00:00+00:00", NEW_YORK): answer for each, answer in found.items()}
    assert measuring.score(SIDES["chrono"], now_as_written, corpus) == {"a": {"due": (0.5, 2)}}


def test_each_side_is_asked_what_it_claims(corpus: Corpus) -> None:
    assert [each.text for each in corpus.cases(SIDES["rrule"].wanted)] == ["one", "two"]
    assert [each.text for each in corpus.cases(SIDES["keywords"].wanted)] == ["what"]
    assert [each.text for each in corpus.cases(SIDES[OURS].wanted)] == ["one", "two", "what"]
    assert corpus.cases(about_intents) == [Case("a", "what", NOW, NEW_YORK)]
    assert [each.text for each in corpus.sample(2)] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "found", "title"),
    [
        ("please remind me to water the plants tomorrow", "tomorrow", "water the plants"),
        ("remind me at 5pm to call Ann", "5pm", "call Ann"),
        ("tomorrow by 9: give Bo the keys", "tomorrow by 9", "give Bo the keys"),
        ("add oat milk to my shopping list", "", "oat milk"),
        ("give Bo the keys on friday", "friday", "give Bo the keys"),
        ("can you set a reminder about the boiler for monday", "monday", "the boiler"),
    ],
)
def test_a_title_is_what_the_finding_and_the_request_leave(text: str, found: str, title: str) -> None:
    spans = [(text.index(found), text.index(found) + len(found))] if found else []
    made = answers.command(case(text), {"due": "2026-11-26" if found else None, "spans": spans})
    assert (made["title"], made["intent"]) == (title, "remind" if found else "add")


def test_dates_and_repeats_of_two_parsers_are_glued() -> None:
    text = "stretch every monday at 9am"
    dates = {"due": "2026-11-30T09:00:00", "spans": [[14, 27]]}
    made = answers.glued(case(text), dates, {"rrule": "RRULE:FREQ=WEEKLY;BYDAY=MO", "due": None})
    assert made == {
        "intent": "recur", "title": "stretch", "due": "2026-11-30T09:00:00", "due_end": None, "rrule": "RRULE:FREQ=WEEKLY;BYDAY=MO",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("timex", "rrule"),
    [
        ("P2W", "FREQ=WEEKLY;INTERVAL=2"),
        ("PT8H", "FREQ=HOURLY;INTERVAL=8"),
        ("XXXX-WXX-4T17:30", "FREQ=WEEKLY;BYDAY=TH;BYHOUR=17;BYMINUTE=30"),
        ("T15", "FREQ=DAILY;BYHOUR=15;BYMINUTE=0"),
        ("TMO", "FREQ=DAILY"),
        ("(XXXX-WXX-1,XXXX-WXX-3,P2D)", "FREQ=WEEKLY;BYDAY=MO,TU,WE"),
        ("2026-W47-WE", "FREQ=WEEKLY;BYDAY=SA,SU"),
        ("XXXX-01-WXX-3-#1", "FREQ=YEARLY;BYMONTH=1;BYDAY=1WE"),
        ("0030-08", "FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=30"),
        ("2026-11-04", "FREQ=MONTHLY;BYMONTHDAY=4"),
        ("2026-11", None),
    ],
)
def test_a_timex_of_recognizers_is_read_as_a_repeat(timex: str, rrule: str | None) -> None:
    found = recognized.finding([(0, 5, [{"type": "set", "timex": timex}])], datetime.fromisoformat(NOW))
    assert found.get("rrule") == rrule


def test_repeats_of_recognizers_on_several_days_are_one() -> None:
    days = [(at, at + 3, [{"type": "set", "timex": f"XXXX-WXX-{day}"}]) for at, day in ((0, 4), (8, 2))]
    assert recognized.finding(days, datetime.fromisoformat(NOW))["rrule"] == "FREQ=WEEKLY;BYDAY=TU,TH"


def test_the_first_moment_of_recognizers_that_is_not_over_counts() -> None:
    now = datetime.fromisoformat(NOW).astimezone(ZoneInfo(NEW_YORK))
    weekday = [{"type": "date", "value": "2026-11-23"}, {"type": "date", "value": "2026-11-30"}]
    hour = [{"type": "time", "value": "05:00:00"}, {"type": "time", "value": "17:00:00"}]
    assert recognized.finding([(0, 3, weekday), (4, 8, hour)], now)["due"] == "2026-11-30T05:00:00"
    assert recognized.moments(hour, now) == ("2026-11-25T17:00:00", None)
    assert recognized.moments(hour[:1], now) == ("2026-11-26T05:00:00", None)
    assert recognized.moments([{"type": "daterange", "end": "2026-11-27"}], now) == ("2026-11-27", None)


def side(**sets: float) -> dict[str, object]:
    return {"sets": {name: {"due": [value, 10], "harm": [value, 10]} for name, value in sets.items()}}


def test_own_tests_stand_in_brackets_and_are_no_yardstick() -> None:
    sides = {OURS: side(chrono_en=90.0), "chrono": side(chrono_en=99.0), "dateparser": side(chrono_en=60.0)}
    assert (
        report.grid(sides, list(sides), (("due", "due", ["chrono_en"]),))[2]
        == "| due, chrono_en | 10 | 90.0 | (99.0) | 60.0 | 1.50 |"
    )


def test_the_best_at_harm_is_the_least_and_nothing_is_divided_by_zero() -> None:
    sides = {OURS: side(a=0.2, b=0.1), "keywords": side(a=1.0, b=0.0), "classifier": side(a=0.4, b=2.0)}
    assert [line.split("|")[-2].strip() for line in report.grid(sides, list(sides), (("harm", "harm", ["a", "b"]),))[2:]] == [
        "0.50",
        "",
    ]


def test_sides_are_picked_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.read_options(["--sides", "jotline,rrule"]).names == [OURS, "rrule"]
    assert bench.read_options(["--intent"]).names == [OURS, "keywords", "classifier"]
    for wrong in ("nobody", f"{GLUE},chrono"):
        with pytest.raises(SystemExit):
            bench.read_options(["--sides", wrong])
    assert "glue needs chrono and recurrent" in capsys.readouterr().err


def test_sides_that_cannot_be_installed_are_left_out_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _program: None)
    measured = measuring.Measured()
    assert measuring.installed([OURS, "chrono", GLUE], measured) == [OURS]
    assert measured.missing == {"chrono": "npm: needs node and npm"}


def test_every_rival_has_one_version() -> None:
    lines = [line for line in Path(here("peers.txt")).read_text().splitlines() if not line.startswith("#")]
    assert all("==" in line for line in lines)
    assert all(version[0].isdigit() for version in json.loads(Path(here("package.json")).read_text())["dependencies"].values())


def test_the_page_has_a_place_for_the_tables() -> None:
    page = pages.PAGE.read_text()
    assert pages.replaced(page, "language", "x") != page
