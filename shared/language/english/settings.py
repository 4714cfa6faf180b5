"""What people set: their name, the digest, quiet hours, when reminders come, what their words mean."""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from datetime import time
from typing import Final

from shared.language.commands import Reading, clock_time
from shared.language.english.wording import commands, form
from shared.language.model import DigestSetting, Setting
from shared.language.moments import Clock
from shared.language.parse import Gap


@commands.set(
    "settings",
    "(settings|my settings|show settings|preferences|show my settings|see settings|what are my settings|view settings|show me my settings|my preferences|config)",
    examples=("settings",),
)
def _show_settings(_: Reading) -> Setting:
    return Setting(what="show")


@commands.set(
    "tokens",
    "revoke [all] [of] [my|the] [access|api] (tokens|token|sessions|sign-ins)",
    "(sign|log) (me out|out) (everywhere|on all devices|of everything|from everywhere|from all devices|of all devices)",
    "(sign|log) out (everywhere|of everything|all devices|all my devices|all sessions|of all devices|of all sessions)",
    "(sign|log) me out",
    "(end|close|revoke) (all|all my|my|all of my) (sessions|sign-ins)",
    examples=("revoke tokens", "sign me out everywhere", "log me out"),
)
def _tokens(_: Reading) -> Setting:
    """Everything that was ever signed in, and what scripts use."""
    return Setting(what="tokens")


@commands.set(
    "name",
    "my name is <name...>",
    "name <name...>",
    "(call me|i am called|i'm called|my name's|set name to|set my name to|change my name to|name is|change name to|my name :|name :) <name...>",
    examples=("my name is Ada", "name Ada", "call me Bob"),
)
def _name(reading: Reading, name: Gap) -> Setting | None:
    tokens = reading.parse.tokens[name.start : name.end]
    words = reading.words(name).strip(" .!,")
    plain = all(token.kind == "word" or token.word in ("-", ".") for token in tokens)
    known = any(token.word in _NOT_NAMES or token.values for token in tokens if not token.capital)
    if not plain or not 1 <= len(tokens) <= 4 or known:
        return None
    return Setting(what="name", name=words if words != words.lower() else words.title())


_NOT_NAMES: Final = frozenset(
    "a an the when if at on in by later back after before to not so is what how about for now tomorrow maybe whenever when crazy asap".split()
)


form("digestword", "(digest|summary|daily summary|morning summary|daily digest|morning digest|morning text)")(lambda _: True)
form(
    "digest",
    "<digestword>",
    "(my|the|daily|morning|text me the|text me my|send|send me|send me the|send me my|send me a|get me the|give me the|give me a|set|set my|set the|change|change my|change the|i want|i want my|i want the|get|the daily|my daily) <digestword>",
)(lambda _, digestword: digestword)
_DIGEST: Final = "<digest>"


@commands.set(
    "digest_at",
    f"{_DIGEST} [at|to|for] <hour>",
    f"{_DIGEST} (on|every|only on|only|for) (weekdays|weekday|workdays) at <hour>",
    f"{_DIGEST} every day at <hour>",
    "(send|text) [me] (my|the|a) [daily|morning] (digest|summary) [every day|every morning|each morning|daily] at <hour>",
    "(i'd like|i would like|i want) (my|the|a) [daily|morning] (digest|summary) at <hour>",
    f"{_DIGEST} [at] <hour> [only] (on|every|each) (weekdays|weekday|workdays)",
    "<digest> [every day|daily|each day] at <hour>",
    f"{_DIGEST} time [is|to|at] <hour>",
    "(move|switch|put|shift|push) <digest> to <hour>",
    "(move|switch|change|put|shift) (my|the) (daily|morning) <digestword> to <hour>",
    examples=("digest at 7", "morning digest at 6:30am"),
)
def _digest_at(reading: Reading, hour: Clock) -> Setting:
    words = {token.word for token in reading.parse.tokens}
    days = "every weekday" if words & {"weekdays", "weekday", "workdays"} else None
    return Setting(what="digest", digest=DigestSetting(on=True, at=clock_time(hour, morning=True), days=days))


@commands.set(
    "digest_off",
    "(no|stop|disable|turn off|end|cancel|without|no more|don't send|switch off|i don't want|unsubscribe from) (<digest>|digests|summaries|any digests|the digests)",
    "(digest|digests) (off|no|none|stop)",
    "turn [the|my] [daily|morning] (digest|summary) off",
    "(stop|quit) (sending|texting) [me] [the|my|those|these|that|a] [daily|morning] (digest|summary|digests|summaries)",
    "(don't|dont|do not|never) (send|text) [me] [the|my|a|any] [daily|morning] (digest|summary|digests|summaries) [anymore|any more|again]",
    "(pause|mute|kill|drop|skip|remove) [the|my] [daily|morning] (digest|summary)",
    "i (don't|dont|do not) (want|need) (the|my|a|any) [daily|morning] (digest|summary|digests|text|message) [anymore|any more|any longer]",
    examples=("no digest", "digest off"),
)
def _digest_off(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=False))


@commands.set(
    "digest_on",
    "(digest|digests) [on|yes|please]",
    "(turn on|enable|start|resume|switch on|send me|i want|send) [the|my|a] [daily|morning] (digest|summary|digests)",
    "turn [the|my] [daily|morning] (digest|summary) (on|back on)",
    "(start|restart|resume|unpause) [sending] [me] [the|my] [daily|morning] (digest|summary) [again]",
    "(bring back|i want back) [the|my] [daily|morning] (digest|summary)",
    examples=("digest on",),
)
def _digest_on(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=True))


@commands.set(
    "digest_weekdays",
    "(no|stop|skip) [the] (digest|digests|summary) (on|at|over) [the] (weekends|weekend|the weekend|saturdays and sundays)",
    f"{_DIGEST} [on|only on|every|only|just] (weekdays|weekday|workdays|working days|week days) [only]",
    examples=("digest weekdays only",),
)
def _digest_weekdays(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=True, days="every weekday"))


@commands.set(
    "digest_daily",
    f"{_DIGEST} (every day|daily|each day|all days|weekends too|on weekends too)",
    examples=("digest every day",),
)
def _digest_daily(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=True, days="every day"))


@commands.set(
    "digest_email",
    f"{_DIGEST} [by|via|through|to|with] [email|e-mail|mail] [to|at|:] <address...>",
    "(email|e-mail|mail) [me] [the|my] (digest|summary) [to|at] <address...>",
    examples=("digest by email ada@example.com",),
)
def _digest_email(reading: Reading, address: Gap) -> Setting | None:
    tokens = reading.parse.tokens[address.start : address.end]
    if len(tokens) != 1 or tokens[0].kind != "mail":
        return None
    return Setting(what="digest", digest=DigestSetting(on=True, channel="email", email=tokens[0].text))


@commands.set(
    "digest_email_at",
    f"{_DIGEST} [at] <hour> (by|via|through|to|with) [email|e-mail|mail] [to|at|:] <address...>",
    f"{_DIGEST} (by|via|through|to|with) [email|e-mail|mail] [to|:] <address...> at <hour>",
    "(email|e-mail|mail) [me] [the|my] [daily|morning] (digest|summary) at <hour> to <address...>",
    "(email|e-mail|mail) [me] [the|my] [daily|morning] (digest|summary) to <address...> at <hour>",
    examples=("digest at 7 by email ada@example.com", "email my digest to ada@example.com at 7"),
)
def _digest_email_at(reading: Reading, hour: Clock, address: Gap) -> Setting | None:
    setting = _digest_email(reading, address)
    if setting is None or setting.digest is None:
        return None
    timed = setting.digest.model_copy(update={"at": clock_time(hour, morning=True)})
    return setting.model_copy(update={"digest": timed})


@commands.set(
    "digest_email_somewhere",
    f"{_DIGEST} (by|via|through|to) (email|e-mail|mail)",
    "(email|e-mail|mail) me (the|my) (digest|summary)",
    examples=("digest by email",),
)
def _digest_email_somewhere(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=True, channel="email"))


@commands.set(
    "digest_email_somewhere_at",
    f"{_DIGEST} [at] <hour> (by|via|through) (email|e-mail|mail)",
    f"{_DIGEST} (by|via|through) (email|e-mail|mail) at <hour>",
    "(email|e-mail|mail) me (the|my) (digest|summary) at <hour>",
    examples=("digest at 7 by email",),
)
def _digest_email_somewhere_at(_: Reading, hour: Clock) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=True, at=clock_time(hour, morning=True), channel="email"))


@commands.set("digest_text", f"{_DIGEST} (by|via|through) (text|sms|message)", examples=("digest by text",))
def _digest_text(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=True, channel="text"))


@commands.set(
    "quiet",
    "[set|my] quiet [hours|time] [from|between|is|are|:|to] <hour:first> (to|until|till|til|-|and|through) <hour:last>",
    "(do not|don't|dont|no) (disturb|text|message|texts|messages|reminders|remind) [me] (from|between) <hour:first> (to|until|till|-|and) <hour:last>",
    "quiet [hours|from] <hour:first> - <hour:last>",
    "(stay|be|keep|go) quiet (from|between) <hour:first> (to|until|till|-|and) <hour:last>",
    examples=("quiet from 10pm to 7am", "quiet 10pm-7am"),
)
def _quiet(_: Reading, first: Clock, last: Clock) -> Setting:
    return Setting(what="quiet", quiet_from=clock_time(first), quiet_to=clock_time(last, morning=True))


@commands.set(
    "quiet_after",
    "[set|my] quiet [hours|time] [from|after|past|starting at|starting] <hour:first>",
    "(no|stop) (texts|messages|reminders|texting|messaging|reminding|notifications) [me] (after|past|from) <hour:first>",
    "(don't|dont|do not|never) (disturb|text|message|remind|bother|ping) me (after|past|from) <hour:first>",
    "(stay|be|keep|go) quiet (from|after|past) <hour:first>",
    examples=("quiet after 10pm", "no texts after 9pm"),
)
def _quiet_after(_: Reading, first: Clock) -> Setting:
    """Quiet hours without an end last until the morning."""
    return Setting(what="quiet", quiet_from=clock_time(first), quiet_to=_QUIET_ENDS)


@commands.set(
    "quiet_before",
    "[set|my] quiet [hours|time] (until|till|til|before|to) <hour:last>",
    "(no|stop) (texts|messages|reminders|texting|messaging|reminding|notifications) [me] (before|until|till) <hour:last>",
    "(don't|dont|do not|never) (disturb|text|message|remind|bother|ping) me (before|until|till) <hour:last>",
    "(stay|be|keep|go) quiet (until|till|before) <hour:last>",
    examples=("quiet until 8am", "no texts before 9"),
)
def _quiet_before(_: Reading, last: Clock) -> Setting:
    """Quiet hours without a beginning start in the evening."""
    return Setting(what="quiet", quiet_from=_QUIET_BEGINS, quiet_to=clock_time(last, morning=True))


@commands.set(
    "quiet_but",
    "[please] (only|just) (text|message|remind|ping) me (from|between) <hour:first> (to|until|till|-|and) <hour:last>",
    "(text|message|remind|ping) me only (from|between) <hour:first> (to|until|till|-|and) <hour:last>",
    examples=("only text me between 8am and 9pm",),
)
def _quiet_but(_: Reading, first: Clock, last: Clock) -> Setting:
    """The rest of the day is quiet."""
    return Setting(what="quiet", quiet_from=clock_time(last), quiet_to=clock_time(first, morning=True))


#: The end that quiet hours have when only the other one is said.
_QUIET_BEGINS: Final = time(22)
_QUIET_ENDS: Final = time(7)


@commands.set(
    "quiet_off",
    "(no|turn off|disable|end|stop|cancel|remove|clear) [the|my] quiet [hours|time]",
    "quiet [hours] (off|none|no)",
    examples=("no quiet hours",),
)
def _quiet_off(_: Reading) -> Setting:
    return Setting(what="quiet", quiet_off=True)


@commands.set(
    "remind_default",
    "always (remind|alert|notify) me <before>",
    "(always|by default) remind [me] <before>",
    "remind me <before> by default",
    "[set] [default|my|all] reminders [are|to|:|always|default] <before>",
    "remind me <before> (always|every time|for everything)",
    examples=("always remind me 30 min before",),
)
def _remind_default(_: Reading, before: int) -> Setting:
    return Setting(what="remind", remind_before_seconds=before)


@commands.set(
    "remind_at_due",
    "always remind me (at the due time|on time|at the time|when it's due|when due)",
    "reminders [at|on] (the due time|due time|time)",
    "no early reminders",
    examples=("reminders at the due time",),
)
def _remind_at_due(_: Reading) -> Setting:
    return Setting(what="remind", remind_before_seconds=0)


_MEANINGS: Final = {
    "tonight": "tonight",
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "tonight",
    "end of day": "end_of_day",
    "eod": "end_of_day",
    "the end of the day": "end_of_day",
}
for _said, _field in _MEANINGS.items():

    def _meaning_setting(_: Reading, hour: Clock, _field: str = _field) -> Setting:
        return Setting(what="meaning", word=_field, at=clock_time(hour, morning=_field == "morning"))

    commands.set(
        f"meaning_{_said.replace(' ', '_')}",
        f"[by|my|the] {_said} (means|is|=|starts at|should be|should mean|i mean) [at] <hour>",
        f"(set|change|make) [my|the] {_said} [to|at|as] <hour>",
        examples=(f"{_said} means 9pm",) if _said == "tonight" else (),
    )(_meaning_setting)


@commands.set(
    "next_nearest",
    "next <weekday> (is|means|should be|should mean) (the nearest|nearest|the nearest one|the coming one|the coming|this coming one|the first one|the next one|this coming|the nearest <weekday:other>|the coming <weekday:other>)",
    examples=("next friday is the nearest one",),
)
def _next_nearest(_: Reading) -> Setting:
    return Setting(what="next_weekday", next_weekday="nearest")


@commands.set(
    "next_following",
    "next <weekday> (is|means|should be|should mean) (the following|the following one|next week's|of next week|in next week|the one in next week|the week after|the second one|the one after|the one of next week)",
    examples=("next friday is the following one",),
)
def _next_following(_: Reading) -> Setting:
    return Setting(what="next_weekday", next_weekday="following")


@commands.set(
    "clock_24",
    "[use|set] [clock|time] [to] <int> (h|hr|hour|hours) [clock|time|format]",
    "(use|set|switch to) [the|a] <int> hour (clock|time|format)",
    "<int> - (hour|h) [clock|time|format]",
    examples=("24h", "12 hour clock"),
)
def _clock(_: Reading, int: int) -> Setting | None:  # noqa: A002 - the class name
    return Setting(what="clock", hours=24 if int == 24 else 12) if int in (12, 24) else None
