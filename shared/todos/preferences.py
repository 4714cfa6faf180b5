"""A person's settings: shown, and changed one at a time.

A change of zone keeps what the clock on the wall says: 9am stays 9am. So every timed todo moves with the person, except, while
they travel, what is due after their return.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.language.model import Setting
from shared.messages import phrases
from shared.messages.addresses import is_address
from shared.schedule import zones
from shared.todos import codes, dates, questions, recordings
from shared.todos.errors import NoAddress, NoMail, NotUnderstood, PlaceUnclear, PlaceUnknown, TooManyCodes
from shared.todos.model import CodeMail, Settings, Task
from shared.todos.newcomer import zone_at
from shared.todos.questions import Job, Question
from shared.todos.turn import Turn

TIMES_OF_DAY: Final = ("morning", "afternoon", "evening", "tonight", "end_of_day")
"""The words whose time of day is a setting: the fields of `Meanings` that hold one."""


READ: Final = {"show": "settings", "tokens": "sign out"}
"""What WHY says of those that set nothing."""


def in_force(settings: Settings, instant: datetime) -> Settings:
    """The settings as they hold at `instant`: a journey that is over has ended."""
    zone = zone_at(settings, instant)
    return (
        settings if zone == settings.zone else settings.model_copy(update={"zone": zone, "zone_until": None, "zone_home": ""})
    )


def change_setting(turn: Turn, job: Job) -> None:
    """Show the settings, or change the one that was said.

    Raises:
        PlaceUnclear, PlaceUnknown: a zone was asked for by a place of which there are several, or none.
        NotUnderstood: nothing to set.
        NoMail, NoAddress, TooManyCodes: an address cannot be confirmed, here or today, or is missing.
    """
    setting = job.command.setting
    if setting is None:
        raise NotUnderstood
    if setting.what == "recordings":
        recordings.keep(turn, setting)
        return
    if _unconfirmed(turn, job):
        _confirm(turn, job)
        return
    turn.understood(READ.get(setting.what) or f"set {setting.what.replace('_', ' ')}")
    changes: dict[str, Callable[[Turn, Setting], str]] = {
        "show": _shown,
        "name": _name,
        "zone": _zone,
        "digest": _digest,
        "quiet": _quiet,
        "remind": _remind,
        "meaning": _meaning,
        "next_weekday": _next_weekday,
        "clock": _clock,
        "tokens": _tokens,
    }
    turn.answer.said.append(changes[setting.what](turn, setting))


def _set(turn: Turn, **fields: object) -> None:
    turn.settings = turn.settings.model_copy(update=fields)


def _mean(turn: Turn, **fields: object) -> None:
    _set(turn, meanings=turn.settings.meanings.model_copy(update=fields))


def _shown(turn: Turn, setting: Setting) -> str:
    return phrases.settings_shown(turn.settings, zones.city_of_zone(turn.settings.zone))


def _name(turn: Turn, setting: Setting) -> str:
    _set(turn, name=setting.name)
    return phrases.name_set(setting.name)


def _zone(turn: Turn, setting: Setting) -> str:
    """A place, for good or until a day."""
    found = zones.find_place(setting.place)
    if isinstance(found, zones.Ambiguous):
        raise PlaceUnclear(found.name)
    if found is None:
        raise PlaceUnknown(setting.place)
    until = _last_day(setting)
    before = turn.settings
    home = before.zone_home or before.zone
    _set(turn, zone=found.zone, zone_until=until, zone_home=home if until else "")
    _keep_wall_clock(turn, before.zone, until)
    return phrases.zone_set(found.city, turn.local, until=until, stays=_next_time(turn), hours=turn.hours)


def _last_day(setting: Setting) -> date | None:
    when = setting.until
    return (when.end or when.start).day if when else None


def _keep_wall_clock(turn: Turn, old_zone: str, until: date | None) -> None:
    """Todos keep their times of day in the new zone."""
    for task in turn.open:
        after_return = until is not None and task.due_day is not None and task.due_day > until
        if task.zone == old_zone and not after_return:
            turn.change(task, "updated", **dates.kept_on_the_wall(task, turn.settings.zone))
            turn.existing_changed.discard(task.id)  # it stays what it was for the person: no offer to undo


def _next_time(turn: Turn) -> time | None:
    """The time of day of the next timed todo."""
    coming: list[Task] = [task for task in turn.open if task.due_at and task.due_at > turn.heard.at]
    first = min(coming, key=lambda task: (task.due_at, task.number), default=None)
    return first.due_at.astimezone(ZoneInfo(first.zone)).time() if first and first.due_at else None


def _digest(turn: Turn, setting: Setting) -> str:
    """When the digest comes, and how. An address was confirmed before it comes here, and stays confirmed."""
    if setting.digest is None:
        raise NotUnderstood
    fields = {name: value for name, value in setting.digest.model_dump().items() if value is not None}
    _set(turn, digest=turn.settings.digest.model_copy(update={"on": True, **fields}))
    return phrases.digest_set(turn.settings.digest, turn.hours)


def _unconfirmed(turn: Turn, job: Job) -> bool:
    """True for an address nobody has shown to be theirs."""
    said = job.command.setting.digest if job.command.setting else None
    if said is None or said.channel != "email" or job.confirmed:
        return False
    return said.email != turn.settings.digest.email if said.email else not turn.settings.digest.email


def _confirm(turn: Turn, job: Job) -> None:
    """Mail a code to the address; after a wrong one say how many tries are left.

    Raises:
        NotUnderstood: that is no address. NoMail, NoAddress, TooManyCodes: no code can be sent.
    """
    digest = job.command.setting.digest if job.command.setting else None
    address = (digest.email if digest else None) or ""
    if job.tries_left is not None:
        turn.understood("wrong code")
        turn.answer.said.append(_tried_in_vain(turn, job.tries_left))
        return
    if address and not is_address(address):
        raise NotUnderstood
    if not turn.heard.code:
        raise NoMail
    if not address:
        raise NoAddress
    recent = tuple(at for at in turn.dialogue.codes if turn.clock - at < timedelta(days=1))
    if len(recent) >= codes.MOST_A_DAY:
        raise TooManyCodes
    if not turn.answer.question:  # else the first question comes first, and this job waits for its answer
        turn.mails.append(CodeMail(address=address, code=turn.heard.code))
        turn.note(codes=(*recent, turn.clock))
    sealed = codes.seal(turn.heard.id, turn.heard.code)
    questions.ask(turn, Question(kind="code", job=job, code=sealed, tries=codes.TRIES), phrases.code_sent(address))


def _tried_in_vain(turn: Turn, left: int) -> str:
    """The question stays as long as there are tries; its hour goes on."""
    if left:
        kept = {**(turn.person.dialogue.question or {}), "tries": left}
        turn.note(question=kept, asked_at=turn.person.dialogue.asked_at)
    return phrases.wrong_code(left)


def _quiet(turn: Turn, setting: Setting) -> str:
    start, end = (None, None) if setting.quiet_off else (setting.quiet_from, setting.quiet_to)
    _set(turn, quiet_from=start, quiet_to=end)
    return phrases.quiet_set(start, end, turn.hours)


def _remind(turn: Turn, setting: Setting) -> str:
    seconds = setting.remind_before_seconds or 0
    _set(turn, remind_before_seconds=seconds)
    return phrases.reminders_set(seconds)


def _meaning(turn: Turn, setting: Setting) -> str:
    if setting.word not in TIMES_OF_DAY or setting.at is None:
        raise NotUnderstood
    _mean(turn, **{setting.word: setting.at})
    return phrases.meaning_set(setting.word, setting.at, turn.hours)


def _next_weekday(turn: Turn, setting: Setting) -> str:
    meaning = setting.next_weekday or "following"
    _mean(turn, next_weekday=meaning)
    return phrases.next_weekday_set(meaning)


def _clock(turn: Turn, setting: Setting) -> str:
    hours = setting.hours or 12
    _mean(turn, hours=hours)
    return phrases.clock_set(hours)


def _tokens(turn: Turn, _: Setting) -> str:
    """Whatever was given out until now is of no use any more. It is no change that undo would find."""
    turn.signs_out = True
    return phrases.SIGNED_OUT
