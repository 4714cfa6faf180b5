"""The HTTP API as an ASGI application: its routers, its problem details, its OpenAPI description.

It is served by the Knative Service `api`, which is todo-crud's image, and by the single box's gateway, under /api.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import FastAPI

from shared.web import (
    access_tokens,
    account,
    admin,
    describing,
    doors,
    exports,
    history,
    leaving,
    limits,
    listing,
    login,
    many,
    problems,
    readable,
    recordings,
    say,
    tasks,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from shared.runtime.services import Services


ROUTERS: Final = (
    login.router,
    access_tokens.router,
    listing.router,
    many.router,  # before the todos by their ids: it has addresses beside them
    tasks.router,
    say.router,
    account.router,
    recordings.router,
    exports.router,
    leaving.router,
    history.router,
    admin.router,
    admin.spelled,
    readable.router,
)

DESCRIPTION: Final = """Everything a text to Jotline can do, a program can do.

Sign in with `POST /api/v1/login` and `POST /api/v1/token`, or make a personal access token, and send it as `Authorization: Bearer ...`.
Whatever is not done is answered with problem details (RFC 9457): `type` names the rule, `errors` the fields. A todo has a version, which
is its ETag: send it as `If-Match` and nobody's change is lost. Send an `Idempotency-Key` with a change and it can be sent again without
being done twice. Addresses that name a person, `/api/{user_id}/tasks` and `/api/v1/users/{user_id}/tasks`, work as well.
"""


def make_app(services: Services) -> ASGIApp:
    """The application. `services`: what its routes may use; they find it as `request.app.state.services`."""
    app = FastAPI(
        title="Jotline",
        version="1",
        description=DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # it would load its page from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.services = services
    problems.install(app)
    for router in ROUTERS:
        app.router.routes.extend(router.routes)  # flat: whoever asks which route a request is for finds it among them
    describing.install(app)
    app.add_middleware(doors.Bodies)
    limits.install(app, services)  # after the routes: it describes and surrounds them all
    app.add_middleware(doors.Spellings)
    return app
