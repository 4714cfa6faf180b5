"""Who may migrate: the role that alone prunes the trail is made, or it is said what an administrator has to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pytest

from shared.events.envelope import Unread
from shared.storage.database import Database
from shared.storage.migrations import migrate
from shared.storage.trail import TrailStore
from tests.database import Server
from tests.making import NOW, message

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: roles are the server's."""
    made = Server(tmp_path_factory.mktemp("roles"))
    yield made
    made.stop()


@contextmanager
def owned_by(server: Server, name: str, may: str) -> Iterator[str]:
    """A database of somebody who is no superuser, on a server that has no such role; its URL for them."""
    with server.database(migrated=False) as url, psycopg.connect(url, autocommit=True) as admin:
        for mine in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template_migrated'").fetchall():
            admin.execute(f"DROP DATABASE {mine[0]}".encode())  # its grants hold the role
        admin.execute(b"DROP ROLE IF EXISTS jotline_retention")
        admin.execute(f"CREATE ROLE {name} LOGIN {may}".encode())
        admin.execute(f"ALTER DATABASE {admin.info.dbname} OWNER TO {name}".encode())
        admin.execute(f"ALTER SCHEMA public OWNER TO {name}".encode())
        yield url.replace(f"{urlsplit(url).username}@", f"{name}@", 1)
        admin.execute(f"REASSIGN OWNED BY {name} TO {admin.info.user}".encode())
        admin.execute(f"DROP OWNED BY {name}, jotline_retention".encode())


async def test_who_may_create_roles_makes_it_and_prunes_with_it(server: Server) -> None:
    with owned_by(server, "maker", "CREATEROLE") as url:
        assert "0008.trail" in migrate(url)
        database = Database(url)
        trail = TrailStore(database)
        await trail.add([Unread.of(message())], NOW)
        assert await trail.forget(NOW + timedelta(days=1), 10) == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await database.fetch("DELETE FROM audit.trail")
        await database.close()


async def test_who_may_not_is_told_what_an_administrator_has_to_do(server: Server) -> None:
    with owned_by(server, "clerk", "") as url:
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
            migrate(url)
        assert "clerk may not create the role jotline_retention" in str(refused.value)
        hint = str(refused.value.diag.message_hint)
        assert hint.startswith("Let an administrator run: CREATE ROLE jotline_retention NOLOGIN;")
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute(hint.partition(": ")[2].encode())
        assert "0008.trail" in migrate(url)
