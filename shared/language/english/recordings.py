"""What people text about their recordings: hear one again, delete them, keep them so long."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shared.language.commands import Reading
from shared.language.english.wording import commands, form, say
from shared.language.model import Intent, Ref, Setting
from shared.language.moments import Context, Day, Span

MOST_DAYS_KEPT: Final = 3650

form("recording", "(recording|voicemail|voice mail|voice note|voice message|voice memo|audio message|message|memo)")(
    lambda _: True
)
form("recordings", "(recordings|voicemails|voice mails|voice notes|voice messages|voice memos|audio messages)")(lambda _: True)
form("transcribe", "(re-transcribe|retranscribe|transcribe)")(lambda _: True)


@form("recorded_day", "(yesterday's|yesterdays|last night's)")
def yesterdays(context: Context) -> Day:
    """yesterday's voicemail"""
    return Day(context.today - timedelta(days=1), past=True)


@form("recorded_day", "this (morning's|afternoon's|evening's)")
def this_mornings(context: Context) -> Day:
    """this morning's voice note"""
    return Day(context.today)


@form("recorded_day", "last <owned_weekday>")
def last_weekdays(context: Context, owned_weekday: int) -> Day:
    """last monday's voicemail"""
    return Day(context.today - timedelta(days=(context.today.weekday() - owned_weekday - 1) % 7 + 1), past=True)


say(
    "try_again",
    Intent.HEAR_AGAIN,
    "try (it|that|this) [one] again",
    "try (it|that|this|the|my) <recording> again",
    "(try|listen) (again|once more|one more time)",
    "listen to (it|that|this) [one] (again|once more|one more time)",
    "listen (again|once more) to (it|that|this)",
    "<transcribe> (it|that|this) [one] [again]",
    examples=("try it again", "listen again", "transcribe that again"),
    ref=Ref(that=True),
)
say(
    "last_again",
    Intent.HEAR_AGAIN,
    "(try|listen to) (my|the) (last|latest|most recent) <recording> (again|once more|one more time)",
    "<transcribe> (my|the) (last|latest|most recent) <recording> [again]",
    "listen (again|once more) to (my|the) (last|latest|most recent) <recording>",
    examples=("re-transcribe my last voice note", "try the last recording again"),
    ref=Ref(last=True),
)
say(
    "days_again",
    Intent.HEAR_AGAIN,
    "(try|listen to) (<owned_day:recorded>|<recorded_day:recorded>) <recording> (again|once more|one more time)",
    "<transcribe> (<owned_day:recorded>|<recorded_day:recorded>) <recording> [again]",
    "(try|listen to) (my|the) <recording> (of|from) <when:on_day> (again|once more)",
    "<transcribe> (my|the) <recording> (of|from) <when:on_day> [again]",
    examples=("try monday's voicemail again", "try the voicemail from monday again"),
)
say(
    "delete_recordings",
    Intent.DELETE_RECORDINGS,
    "(delete|remove|erase|wipe|clear|forget) (all|my|all my|all the|all of my) <recordings>",
    "(delete|remove|erase|wipe|clear|forget) (all|my|all my) [of] [my] audio",
    examples=("delete my recordings", "delete all my voice notes"),
)


@commands.set(
    "keep_recordings",
    "keep [all] [my] <recordings> [only] [for] <length>",
    "(delete|erase|forget) [all] my <recordings> after <length>",
    examples=("keep my recordings 30 days", "keep recordings for 2 weeks"),
)
def _keep_recordings(_: Reading, length: Span) -> Setting | None:
    days = round(length.months * 365 / 12) + length.days
    return Setting(what="recordings", keep_days=days) if 1 <= days <= MOST_DAYS_KEPT else None
