"""Where functions are: from a function's name to its URL, and back from the URL in a broker's dead letter to the function.

FUNCTION_URL says both. One template with `{function}` where the name goes, or a URL for each, by name:

    http://{function}.jotline.svc.cluster.local                                   Knative
    http://gateway.openfaas:8080/function/{function}                              OpenFaaS
    todo-crud=http://127.0.0.1:9001/,parse-command=http://127.0.0.1:9002/         processes on one machine
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

ON_KNATIVE = "http://{function}.jotline.svc.cluster.local"

_NAME = r"[a-z](?:[-a-z0-9]*[a-z0-9])?"
_NAMED = re.compile(rf"({_NAME})=(\S+)")


class Addresses:
    """The functions' URLs."""

    def __init__(self, setting: str = ON_KNATIVE) -> None:
        """Read FUNCTION_URL.

        Raises:
            ValueError: it is neither a template with {function} nor a list of name=URL.
        """
        parts = [part.strip() for part in setting.split(",") if part.strip()]
        named = [_NAMED.fullmatch(part) for part in parts]
        self._named: dict[str, str] = {match[1]: match[2] for match in named if match}
        self._template = "" if self._named else setting.strip()
        urls = [*self._named.values()] if all(named) and named else [self._template]
        if len(self._named) != (len(parts) if self._named else 0) or not all(map(_is_http, urls)):
            raise ValueError("must be an http:// URL with {function} in it, or name=URL,name=URL")
        if self._template and self._template.count("{function}") != 1:
            raise ValueError("must have {function} in it, once")
        pattern = re.escape(self._template.rstrip("/")).replace(re.escape("{function}"), f"({_NAME})")
        self._pattern = re.compile(rf"{pattern}(?:[:/?].*)?")

    def url_of(self, function: str) -> str:
        """Where a function takes events.

        Raises:
            LookupError: FUNCTION_URL lists functions, and this is none of them.
        """
        if self._template:
            return self._template.replace("{function}", function)
        try:
            return self._named[function]
        except KeyError:
            raise LookupError(f"FUNCTION_URL names no {function}") from None

    def function_at(self, url: str) -> str | None:
        """The function behind a URL (a path or a query behind its own may follow); None when it is none of ours."""
        if self._template:
            match = self._pattern.fullmatch(url)
            return match[1] if match else None
        names = [name for name, known in self._named.items() if _same(url, known)]
        return names[0] if names else None


def _is_http(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _same(url: str, known: str) -> bool:
    """Whether `url` is `known`, or lies below it."""
    bare = known.rstrip("/")
    return url == bare or url.startswith((f"{bare}/", f"{bare}?"))
