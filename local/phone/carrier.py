"""What happens to a message: the part of Twilio and of the carriers that the box can see.

* A text from a phone is kept and posted to the box's webhook, signed, with Twilio's retries; one phone's texts one after
  the other. STOP, START and HELP are answered here on SMS, as Twilio's Advanced Opt-Out does (the webhook then carries
  OptOutType); on WhatsApp nobody answers them but the box.
* A call is played to its end (`calls`): greeting, beep, what the caller says, and the callbacks about the recording.
* A message the box sends goes queued, sent, delivered, and each step is posted to its StatusCallback. Twilio promises no order
  and no single delivery for these; here they are in order, and repeated only after a restart.

Whatever was under way when the process ended, however it ended, goes on at the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import NAMESPACE_URL, uuid4, uuid5

from local.phone.calls import Line, connect
from local.phone.faults import Faults
from local.phone.media import MediaStore
from local.phone.posting import EVERYTHING, Poster
from local.phone.sound import seconds_of
from local.phone.store import FINAL, Channel, Direction, Message, Store
from shared.messages.keywords import consent_word
from shared.messages.segments import count_segments
from shared.runtime.clock import Clock

STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number."
    " Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number."
    " Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Jotline, your todo list by text: text ? to see what it can do. Reply STOP to unsubscribe. Msg&Data Rates May Apply."

NOT_TAKEN = 11200  # Twilio's "HTTP retrieval failure": the box did not take the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose messages these are."""

    sid: str  # AC and 32 hex digits
    auth_token: str
    number: str  # E.164: what people text to
    webhook_url: str  # where texts are posted; may carry connection overrides as its fragment
    voice_url: str  # where calls are posted, likewise
    call_status_url: str  # where it is posted that one is over, likewise
    api_url: str  # where this stand-in's API is reached, without a path: media and recordings have their URLs there


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A message the box sends, already found acceptable."""

    phone: str
    channel: Channel
    body: str
    status_callback: str = ""
    service_sid: str = ""
    media: tuple[tuple[str, str], ...] = ()


class Carrier:
    """Carries messages both ways. Lives on one event loop."""

    def __init__(
        self, account: Account, store: Store, media: MediaStore, clock: Clock, faults: Faults, *, pace_seconds: float
    ) -> None:
        """`pace_seconds`: real time between two steps of a message the box sends."""
        self.account = account
        self.store = store
        self.media = media
        self.clock = clock
        self.faults = faults
        self._pace_seconds = pace_seconds
        self._poster = Poster(account.auth_token)
        self._tasks: set[asyncio.Task[None]] = set()
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._watchers: set[asyncio.Event] = set()

    async def start(self) -> None:
        """Go on with whatever was under way."""
        for message in self.store.unsettled():
            self._set_off(message)

    async def stop(self) -> None:
        """Stop at once; what is under way stays for the next start."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._poster.close()

    async def idle(self) -> None:
        """Return when nothing is under way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def watch(self) -> asyncio.Event:
        """An event that is set whenever a message changes; hand it back with `unwatch`."""
        event = asyncio.Event()
        self._watchers.add(event)
        return event

    def unwatch(self, event: asyncio.Event) -> None:
        """The event is no longer set."""
        self._watchers.discard(event)

    def text(
        self,
        phone: str,
        body: str,
        channel: Channel = "sms",
        sid: str | None = None,
        *,
        media: Sequence[tuple[str, str]] = (),
        token: str | None = None,
    ) -> Message:
        """A person texts the box's number. Kept at once, posted in the background.

        Args:
            phone: the person's number, E.164.
            body: what they wrote; may be empty with media.
            channel: sms or whatsapp.
            sid: the MessageSid to use; a new one when None.
            media: URL and content type of each attachment.
            token: the sender's own name for this text; the same token again is the same text, not another one.

        Raises:
            sqlite3.IntegrityError: the sid was used before.
        """
        if token is not None and (known := self.store.by_token(token)) is not None:
            return self._try_again(known)
        message = self._message(phone, body, channel, "inbound", "received")
        message = self.store.add(replace(message, sid=sid or _sid(media), media=tuple(media), token=token))
        self._consent(message)
        self._set_off(message)
        return message

    def speak(
        self, phone: str, data: bytes, content_type: str, *, body: str = "", channel: Channel = "sms", token: str | None = None
    ) -> Message:
        """A person sends a recording, or another file, perhaps with words. See `text`."""
        if token is not None and (known := self.store.by_token(token)) is not None:
            return self._try_again(known)
        sid = "MM" + uuid4().hex
        medium = self.media.add("ME", sid, data, content_type, self.clock.now())
        path = f"/2010-04-01/Accounts/{self.account.sid}/Messages/{sid}/Media/{medium.sid}"
        return self.text(phone, body, channel, sid, media=[(path, content_type)], token=token)

    def call(self, phone: str, wav: bytes, *, token: str | None = None) -> Message:
        """A person calls the box's number and says this after the beep.

        Raises:
            NotWav: it is no WAV.
        """
        if token is not None and (known := self.store.by_token(token)) is not None:
            return self._try_again(known)
        seconds = seconds_of(wav)
        call = replace(self._message(phone, "", "sms", "call", "ringing"), sid="CA" + uuid4().hex, token=token)
        recording = self.media.add("RE", call.sid, wav, "audio/wav", call.created_at, seconds=seconds)
        path = f"/2010-04-01/Accounts/{self.account.sid}/Recordings/{recording.sid}"
        call = self.store.add(replace(call, media=((path, recording.content_type),)))
        self._set_off(call)
        return call

    def take(self, sending: Sending) -> Message:
        """The box hands over a message; it is on its way."""
        status = "accepted" if sending.service_sid else "queued"
        message = self._message(sending.phone, sending.body, sending.channel, "outbound-api", status)
        message = replace(
            message,
            sid=_sid(sending.media),
            media=sending.media,
            service_sid=sending.service_sid,
            status_callback=sending.status_callback,
        )
        message = self.store.add(message)
        self._set_off(message)
        return message

    def _message(self, phone: str, body: str, channel: Channel, direction: Direction, status: str) -> Message:
        now = self.clock.now()
        counted = count_segments(body)
        return Message(
            sid="SM" + uuid4().hex,
            direction=direction,
            phone=phone,
            channel=channel,
            body=body,
            segments=counted.count,
            encoding=counted.encoding,
            status=status,
            created_at=now,
            updated_at=now,
        )

    def _try_again(self, message: Message) -> Message:
        """A text the box did not take is posted once more when its sender asks."""
        if message.settled and message.error_code is not None:
            message = self._keep(replace(message, error_code=None, settled=False))
            self._set_off(message)
        return message

    def _consent(self, message: Message) -> None:
        answer = self._carriers_answer(message) if message.channel == "sms" else None
        if answer:
            reply = self._message(message.phone, answer, "sms", "outbound-reply", "queued")
            self._set_off(self.store.add(reply))

    def _carriers_answer(self, message: Message) -> str | None:
        match consent_word(message.body):
            case "stop":
                already = self.store.opted_out(message.phone)
                self.store.opt_out(message.phone)
                return None if already else STOPPED
            case "start":
                was_out = self.store.opt_in(message.phone)
                return STARTED if was_out or _plain_word(message) != "YES" else None
            case "help":
                return HELPED
            case None:
                return None

    def _set_off(self, message: Message) -> None:
        self.announce()
        inbound = message.direction == "inbound"
        if message.direction == "call":
            work = self._connect(message)
        else:
            work = self._deliver_after(self._lanes.get(message.phone), message) if inbound else self._move_on(message)
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if inbound:
            self._lanes[message.phone] = task

    async def _deliver_after(self, before: asyncio.Task[None] | None, message: Message) -> None:
        if before is not None and not before.done():
            await asyncio.wait([before])
        taken = await self._poster.post(
            self.account.webhook_url,
            webhook_fields(self.account, message),
            idempotency_token=str(uuid5(NAMESPACE_URL, message.sid)),
            overrides=EVERYTHING,  # the number's URL carries them (DESIGN section 4)
        )
        self._keep(replace(message, settled=True, error_code=None if taken else NOT_TAKEN))
        if self._lanes.get(message.phone) is asyncio.current_task():
            del self._lanes[message.phone]

    async def _connect(self, call: Message) -> None:
        """Play a call; after a restart from its beginning."""
        taken = await connect(call, Line(self.account, self._poster, self.media))
        status, error = ("completed", None) if taken else ("failed", NOT_TAKEN)
        self._keep(replace(call, status=status, error_code=error, settled=True, updated_at=self.clock.now()))

    async def _move_on(self, message: Message) -> None:
        """From the status it has to the end, one callback each; after a restart the last one again."""
        if message.status not in FINAL:
            await self._tell(message)
            error = self.faults.next_delivery_error()
            for status in ("sent", "delivered" if error is None else "undelivered"):
                if status == message.status:
                    continue
                await asyncio.sleep(self._pace_seconds)
                final = status in FINAL
                settled = final and not message.status_callback
                now = self.clock.now()
                message = self._keep(
                    replace(message, status=status, error_code=error if final else None, updated_at=now, settled=settled)
                )
                if not final:
                    await self._tell(message)
        if not message.settled:
            await self._tell(message)
            self._keep(replace(message, settled=True))

    async def _tell(self, message: Message) -> None:
        if message.status_callback and not self.faults.hold_callbacks:
            fields = callback_fields(self.account, message)
            await self._poster.post(message.status_callback, fields, idempotency_token=str(uuid4()))

    def _keep(self, message: Message) -> Message:
        message = self.store.update(message)
        self.announce()
        return message

    def announce(self) -> None:
        """Wake everyone who watches."""
        for event in self._watchers:
            event.set()


def address(number: str, channel: Channel) -> str:
    """A number as Twilio writes it on that channel."""
    return f"whatsapp:{number}" if channel == "whatsapp" else number


def webhook_fields(account: Account, message: Message) -> list[tuple[str, str]]:
    """What Twilio posts for an incoming message (twilio.com/docs/messaging/guides/webhook-request)."""
    fields = {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": message.sid,
        "NumMedia": str(len(message.media)),
        "ToCity": "",
        "FromZip": "",
        "SmsSid": message.sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": message.body,
        "FromCountry": "US" if message.phone.startswith("+1") else "",
        "To": address(account.number, message.channel),
        "ToZip": "",
        "NumSegments": str(message.segments),
        "MessageSid": message.sid,
        "AccountSid": account.sid,
        "From": address(message.phone, message.channel),
        "ApiVersion": "2010-04-01",
    }
    if message.channel == "whatsapp":
        fields = {name: value for name, value in fields.items() if not name.endswith(("City", "State", "Zip", "Country"))}
        fields |= {"ProfileName": "Phone", "WaId": message.phone.removeprefix("+"), "MessageType": _message_type(message)}
    elif opt_out := _opt_out_type(message):
        fields["OptOutType"] = opt_out
    for index, (url, kind) in enumerate(message.media):
        where = f"{account.api_url}{url}" if url.startswith("/") else url
        fields |= {f"MediaUrl{index}": where, f"MediaContentType{index}": kind}
    return list(fields.items())


def callback_fields(account: Account, message: Message) -> list[tuple[str, str]]:
    """What Twilio posts to a StatusCallback."""
    fields = {
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "MessageStatus": message.status,
        "To": address(message.phone, message.channel),
        "MessageSid": message.sid,
        "AccountSid": account.sid,
        "From": address(account.number, message.channel),
        "ApiVersion": "2010-04-01",
    }
    if message.service_sid:
        fields["MessagingServiceSid"] = message.service_sid
    if message.error_code is not None:
        fields["ErrorCode"] = str(message.error_code)
    if message.channel == "whatsapp":
        fields |= {"ChannelPrefix": "whatsapp", "ChannelToAddress": message.phone}
    elif message.status in {"delivered", "undelivered"}:
        fields["RawDlrDoneDate"] = message.updated_at.strftime("%y%m%d%H%M")
    return list(fields.items())


def _sid(media: Sequence[tuple[str, str]]) -> str:
    return ("MM" if media else "SM") + uuid4().hex


def _plain_word(message: Message) -> str:
    return message.body.strip().upper()


def _opt_out_type(message: Message) -> str:
    word = consent_word(message.body)
    if word == "start" and _plain_word(message) == "YES":
        return ""  # it opts in only whoever was out; to everyone else it is an answer
    return word.upper() if word else ""


def _message_type(message: Message) -> str:
    return message.media[0][1].partition("/")[0] if message.media else "text"
