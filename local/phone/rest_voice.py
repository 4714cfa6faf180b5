"""Twilio's REST API for attachments, calls and recordings, as far as we use it: what there is, and its bytes.

A file is asked for with the account's credentials and answered by a redirect to a path that needs none, as Twilio sends to its CDN.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from local.phone import sound
from local.phone.authentication import answered, not_found
from local.phone.carrier import Account, Carrier
from local.phone.media import Medium
from local.phone.store import Message

_ACCOUNT = "/2010-04-01/Accounts/{account_sid}"
_MEDIA = f"{_ACCOUNT}/Messages/{{message_sid}}/Media"


class VoiceRest:
    """The routes of attachments, calls and recordings."""

    def __init__(self, carrier: Carrier) -> None:
        """Answers for the carrier's one account."""
        self._carrier = carrier
        behind_the_door = {
            f"{_MEDIA}.json": self._media,
            f"{_MEDIA}/{{sid}}.json": self._medium,
            f"{_MEDIA}/{{sid}}": self._file,
            f"{_ACCOUNT}/Calls/{{sid}}.json": self._call,
            f"{_ACCOUNT}/Recordings/{{sid}}.json": self._recording,
            f"{_ACCOUNT}/Recordings/{{sid}}.{{suffix:str}}": self._recorded,
            f"{_ACCOUNT}/Recordings/{{sid}}": self._recorded,
        }
        routes = [Route(path, answered(carrier, work), methods=["GET"]) for path, work in behind_the_door.items()]
        self.routes = [*routes, Route("/stand-in/media/{key}", self._content, methods=["GET"])]

    async def _media(self, request: Request) -> Response:
        owner = request.path_params["message_sid"]
        rows = [_medium(each, self._carrier.account) for each in self._carrier.media.of(owner)]
        page = {
            "end": max(len(rows) - 1, 0),
            "first_page_uri": request.url.path,
            "media_list": rows,
            "next_page_uri": None,
            "page": 0,
            "page_size": 50,
            "previous_page_uri": None,
            "start": 0,
            "uri": request.url.path,
        }
        return JSONResponse(page)

    async def _medium(self, request: Request) -> Response:
        return JSONResponse(_medium(self._attached(request), self._carrier.account))

    async def _file(self, request: Request) -> Response:
        return self._elsewhere(request, self._attached(request))

    async def _call(self, request: Request) -> Response:
        call = self._carrier.store.by_sid(request.path_params["sid"])
        if call is None or call.direction != "call":
            raise not_found(request)
        [recording] = self._carrier.media.of(call.sid)
        return JSONResponse(_call(call, recording.seconds or 0, self._carrier.account))

    async def _recording(self, request: Request) -> Response:
        recording = self._carrier.media.find(request.path_params["sid"])
        if recording is None or not recording.sid.startswith("RE"):
            raise not_found(request)
        return JSONResponse(_recording(recording, self._carrier.account))

    async def _recorded(self, request: Request) -> Response:
        recording = self._carrier.media.find(request.path_params["sid"])
        suffix = request.path_params.get("suffix", "wav")
        if recording is None or not recording.ready or suffix not in ("wav", "mp3"):
            raise not_found(request)
        return self._elsewhere(request, recording, "?as=mp3" if suffix == "mp3" else "")

    def _attached(self, request: Request) -> Medium:
        medium = self._carrier.media.find(request.path_params["sid"])
        if medium is None or medium.owner != request.path_params["message_sid"]:
            raise not_found(request)
        return medium

    def _elsewhere(self, request: Request, medium: Medium, query: str = "") -> Response:
        if self._carrier.faults.next_missing():
            raise not_found(request)
        return RedirectResponse(f"/stand-in/media/{medium.key}{query}", status_code=307)

    async def _content(self, request: Request) -> Response:
        medium = self._carrier.media.by_key(request.path_params["key"])
        if medium is None:
            return PlainTextResponse("not found\n", status_code=404)
        data = self._carrier.media.data(medium.sid)
        if "as" in request.query_params:
            return Response(await asyncio.to_thread(sound.as_mp3, data), media_type="audio/mpeg")
        return Response(data, headers={"content-type": medium.content_type})


def _medium(medium: Medium, account: Account) -> dict[str, Any]:
    """An attachment as Twilio shows it (`api.v2010.account.message.media`)."""
    return {
        "account_sid": account.sid,
        "content_type": medium.content_type,
        "date_created": format_datetime(medium.created_at),
        "date_updated": format_datetime(medium.created_at),
        "parent_sid": medium.owner,
        "sid": medium.sid,
        "uri": f"/2010-04-01/Accounts/{account.sid}/Messages/{medium.owner}/Media/{medium.sid}.json",
    }


def _call(call: Message, seconds: float, account: Account) -> dict[str, Any]:
    """A call as Twilio shows it (`api.v2010.account.call`)."""
    ended = call.status == "completed"
    uri = f"/2010-04-01/Accounts/{account.sid}/Calls/{call.sid}"
    return {
        "account_sid": account.sid,
        "answered_by": None,
        "api_version": "2010-04-01",
        "caller_name": None,
        "date_created": format_datetime(call.created_at),
        "date_updated": format_datetime(call.updated_at),
        "direction": "inbound",
        "duration": str(round(seconds)) if ended else None,
        "end_time": format_datetime(call.created_at + timedelta(seconds=seconds)) if ended else None,
        "forwarded_from": None,
        "from": call.phone,
        "from_formatted": call.phone,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": "PN" + "0" * 32,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": format_datetime(call.created_at),
        "status": call.status,
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": account.number,
        "to_formatted": account.number,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


def _recording(recording: Medium, account: Account) -> dict[str, Any]:
    """A recording as Twilio shows it (`api.v2010.account.recording`)."""
    uri = f"/2010-04-01/Accounts/{account.sid}/Recordings/{recording.sid}"
    return {
        "account_sid": account.sid,
        "api_version": "2010-04-01",
        "call_sid": recording.owner,
        "channels": 1,
        "conference_sid": None,
        "date_created": format_datetime(recording.created_at),
        "date_updated": format_datetime(recording.created_at),
        "duration": str(round(recording.seconds or 0)) if recording.ready else None,
        "encryption_details": None,
        "error_code": None,
        "media_url": f"{account.api_url}{uri}",
        "price": None,
        "price_unit": "USD",
        "sid": recording.sid,
        "source": "RecordVerb",
        "start_time": format_datetime(recording.created_at),
        "status": "completed" if recording.ready else "processing",
        "subresource_uris": {},
        "uri": f"{uri}.json",
    }
