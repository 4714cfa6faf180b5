"""Ada, who texts: real words through the language and the rules, kept in memory."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from shared.language import understand
from shared.todos.model import Decision, Heard, Task
from shared.todos.newcomer import zone_at
from tests.unit.todos.memory import Memory


class Talk(Memory):
    """Somebody who texts."""

    channel: Literal["sms", "whatsapp"] = "sms"
    origin: Literal["text", "voice"] = "text"

    def decides(
        self, words: str, *, later: timedelta = timedelta(0), opt_out: Literal["", "STOP", "START", "HELP"] = ""
    ) -> Decision:
        """Text `words`, `later` than the last ones."""
        self.now += later
        self.sent += 1
        settings = self.person.settings
        understanding = understand(words, self.now, zone_at(settings, self.now), settings.meanings)
        message_id = f"SM{self.sent:032x}"
        heard = Heard(id=message_id, text=words, at=self.now, channel=self.channel, origin=self.origin, opt_out=opt_out)
        return self.hears(heard, understanding)

    def texts(self, words: str, *, later: timedelta = timedelta(0)) -> str | None:
        """Text `words`; the reply."""
        return self.decides(words, later=later).reply

    def texts_all(self, *texts: str) -> str | None:
        """Text one after the other, minutes apart; the last reply."""
        reply = None
        for words in texts:
            reply = self.texts(words, later=timedelta(minutes=2))
        return reply

    def todo(self, number: int) -> Task:
        """An open todo."""
        return self.open[number]
