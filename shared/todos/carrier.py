"""STOP, START and HELP: the words carriers take before we see them.

On SMS Twilio answers them itself (and says so by OptOutType), so we keep silent; on WhatsApp nobody else answers, so we do.
Whether a number may be texted is kept where texts are sent. Here we remember the word, for two reasons: no reminder is asked for
that would not be sent; and CANCEL right after a change was meant for us, which is explained when the person comes back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from shared.language.model import Intent, Understanding
from shared.messages import keywords, phrases
from shared.todos.model import Person
from shared.todos.turn import Turn

MEANT_FOR_US_WITHIN: Final = timedelta(hours=1)


def take(turn: Turn, understanding: Understanding) -> bool:
    """Deal with a carrier's word; False when the message is none. What is spoken never is.

    YES opts in only somebody who had opted out; to everybody else it is an answer.
    """
    if turn.heard.origin == "voice":
        return False  # consent is given and taken in writing
    intents = [command.intent for command in understanding.commands]
    alone = intents[0] if len(intents) == 1 else Intent.NONE
    if turn.heard.opt_out == "STOP" or alone is Intent.STOP:
        _stop(turn)
    elif alone is Intent.START or (_opts_in(turn) and turn.dialogue.stopped):
        _start(turn)
    elif turn.heard.opt_out == "HELP":
        turn.silent = True
    else:
        return False
    return True


def wants_none(person: Person) -> bool:
    """True for someone who has opted out where they wrote last: what would come by itself is not even asked for."""
    stopped = person.dialogue.stopped
    return stopped is not None and stopped.get("channel", person.channel) == person.channel


def _opts_in(turn: Turn) -> bool:
    return turn.heard.opt_out == "START" or keywords.consent_word(turn.heard.text) == "start"


def _stop(turn: Turn) -> None:
    word = turn.heard.text.strip().upper()
    by_mistake = word in keywords.MEANT_FOR_US and _changed_lately(turn)
    channel = "whatsapp" if turn.heard.channel == "whatsapp" else "sms"
    stopped = {"word": word, "at": turn.heard.at.isoformat(), "by_mistake": by_mistake, "channel": channel}
    turn.note(stopped=stopped, question=None, offer=None)
    turn.even_if_stopped = turn.heard.channel == "whatsapp"
    turn.silent = not turn.even_if_stopped
    turn.answer.said.append(phrases.OPTED_OUT)


def _start(turn: Turn) -> None:
    """Back again. On SMS Twilio has said so; we add only why it happened, when that was a mistake."""
    stopped = turn.dialogue.stopped or {}
    by_mistake = bool(stopped.get("by_mistake"))
    turn.note(stopped=None)
    turn.even_if_stopped = True
    turn.silent = turn.heard.channel != "whatsapp" and not by_mistake
    turn.answer.said.append(phrases.welcome_back(len(turn.open)))
    if by_mistake:
        turn.answer.said.append(phrases.turns_off(stopped["word"]))


def _changed_lately(turn: Turn) -> bool:
    """True within the hour following a change."""
    recent = turn.dialogue.recent
    return recent is not None and turn.heard.at - datetime.fromisoformat(recent["at"]) <= MEANT_FOR_US_WITHIN
