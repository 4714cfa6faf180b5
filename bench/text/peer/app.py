"""The comparison stack: one FastAPI application with a FastStream subscriber on RabbitMQ, PostgreSQL behind it.

The webhook checks Twilio's signature and publishes to a durable queue; it answers when RabbitMQ has confirmed the message.
The subscriber handles a MessageSid once: one transaction holds the claim, the task, its event, the provider call and the reply,
and the message is acknowledged after the commit. A failure rolls back and the message is delivered again.

Settings come from the environment: RABBIT_URL, DATABASE_URL, PUBLIC_URL, TWILIO_API_URL, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN,
TWILIO_FROM, and PEER_HTTP (`aiohttp` or `httpx`), the client that calls the provider.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import asyncpg
from fastapi import FastAPI, Header, HTTPException, Request, Response
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from pydantic import BaseModel
from twilio.request_validator import RequestValidator

from bench.text.peer.parse import parse
from bench.text.peer.provider import Provider
from bench.text.peer.todos import carry_out

WEBHOOK_URL = os.environ["PUBLIC_URL"] + "/twilio/message"
TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
CONCURRENCY = 24  # messages in work at once: the prefetch, and as many connections as they can use

CLAIM = "insert into inbound (message_sid) values ($1) on conflict do nothing returning true"
REPLIED = "insert into replies (message_sid, phone, body, provider_sid) values ($1, $2, $3, $4)"


class Inbound(BaseModel):
    """A text on its way from the webhook to the subscriber."""

    sid: str
    phone: str
    to: str
    text: str


# No log line a message: logger=None switches FastStream's own off.
broker = RabbitBroker(os.environ["RABBIT_URL"], default_channel=Channel(prefetch_count=CONCURRENCY), logger=None)
queue = RabbitQueue("inbound", durable=True)
publisher = broker.publisher(queue, persist=True)
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold the pool, the provider's client and the broker's connection while the application serves."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=4, max_size=CONCURRENCY) as pool:
        await pool.execute(Path(__file__).with_name("schema.sql").read_text())
        async with Provider() as provider, broker:
            app.state.pool, app.state.provider = pool, provider
            await broker.start()
            yield


app = FastAPI(lifespan=lifespan)


@app.get("/health/ready")
async def ready() -> None:
    """Answers once the broker and the database are connected."""


@app.post("/twilio/message")
async def webhook(request: Request, x_twilio_signature: Annotated[str, Header()] = "") -> Response:
    """Check the signature, publish, answer once RabbitMQ has confirmed."""
    form = await request.form()
    if not validator.validate(WEBHOOK_URL, form, x_twilio_signature):
        raise HTTPException(403)
    text = Inbound(sid=form["MessageSid"], phone=form["From"], to=form["To"], text=form["Body"])
    await publisher.publish(text)
    return Response(TWIML, media_type="text/xml")


@broker.subscriber(queue, ack_policy=AckPolicy.NACK_ON_ERROR)
async def on_message(text: Inbound) -> None:
    """Do what the text asks for and send the reply, once; a delivery of a MessageSid already handled ends here."""
    async with app.state.pool.acquire() as db, db.transaction():
        if not await db.fetchval(CLAIM, text.sid):
            return
        reply = await carry_out(db, text.phone, text.sid, parse(text.text, datetime.now(UTC).date()))
        provider_sid = await app.state.provider.send(text.phone, reply)
        await db.execute(REPLIED, text.sid, text.phone, reply, provider_sid)
