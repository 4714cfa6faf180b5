"""Ada, who texts and talks: real words through the language and the rules, kept in memory."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from shared.language import understand
from shared.todos.model import Decision, Heard, Stretch, Task
from shared.todos.newcomer import zone_at
from tests.unit.todos.memory import Memory


class Talk(Memory):
    """Somebody who texts, and leaves voice notes."""

    channel: Literal["sms", "whatsapp"] = "sms"
    origin: Literal["text", "voice"] = "text"
    media: tuple[str, ...] = ()
    code: str = ""  # that a mail would have

    def decides(
        self, words: str, *, later: timedelta = timedelta(0), opt_out: Literal["", "STOP", "START", "HELP"] = ""
    ) -> Decision:
        """Text `words`, `later` than the last ones."""
        self.now += later
        self.sent += 1
        settings = self.person.settings
        understanding = understand(words, self.now, zone_at(settings, self.now), settings.meanings)
        heard = Heard(
            id=f"SM{self.sent:032x}",
            text=words,
            at=self.now,
            channel=self.channel,
            origin=self.origin,
            opt_out=opt_out,
            media=self.media,
            code=self.code,
        )
        return self.hears(heard, understanding)

    def decides_aloud(self, said: str, *sure: float) -> Decision:
        """Say something, heard as surely as `sure`: one for all of it, or one for each command."""
        self.sent += 1
        settings = self.person.settings
        understanding = understand(said, self.now, zone_at(settings, self.now), settings.meanings)
        spans = [command.span for command in understanding.commands] if len(sure) > 1 else [(0, len(said))]
        stretches = tuple(
            Stretch(start=start, end=end, probability=heard) for (start, end), heard in zip(spans, sure, strict=True)
        )
        heard = Heard(id=f"RE{self.sent:032x}", text=said, at=self.now, origin="voice", stretches=stretches)
        return self.hears(heard, understanding)

    def says_aloud(self, said: str, *sure: float) -> str | None:
        """Say something; the reply."""
        return self.decides_aloud(said, *sure).reply

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
