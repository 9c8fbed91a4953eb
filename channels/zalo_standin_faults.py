"""How the stand-in for Zalo misbehaves on demand: refused, hung, dropped, late, broken replies, each counted down."""

import asyncio
import json
import threading
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

HOW = ("code", "hang", "hang-after", "late", "drop", "drop-after", "status", "text")
"""code: an error code; hang, drop: nothing is done; …-after: it is done, but no answer comes; late: it comes late;
status: that HTTP status; text: no JSON."""

Scope = MutableMapping[str, Any]


@dataclass
class Fault:
    """For the next `times` requests to `path` whose body holds `match`: misbehave as `how` says.

    `value`: the code, the seconds or the HTTP status.
    """

    path: str
    how: str
    value: float = 0
    times: int = 1
    match: str = ""

    def __post_init__(self) -> None:
        if self.how not in HOW:
            raise ValueError(f"{self.how!r} is none of {', '.join(HOW)}")


class Faults:
    """What is still to go wrong."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, path: str, body: str) -> Fault | None:
        """The fault that this request meets, if any; it is used up by that."""
        with self._lock:
            for fault in self._faults:
                if fault.path in path and fault.match in body:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                    return fault
        return None


class Misbehaving:
    """The application behind its faults (ASGI). Admin and page are never touched."""

    def __init__(self, app: Callable[..., Any], faults: Faults, calls: list[str]) -> None:
        self._app, self._faults, self._calls = app, faults, calls

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path == "/" or path.startswith(("/standin", "/static", "/health")):
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        self._calls.append(path)
        fault = self._faults.take(path, body.decode("utf-8", "replace"))
        # uvicorn keeps the connection there; nothing else of it is needed to cut it.
        transport = receive.__self__.transport
        if fault is None:
            await self._app(scope, _replay(body, receive), send)
        elif fault.how in ("hang", "drop"):
            await _leave(fault, transport)
        elif fault.how in ("hang-after", "drop-after"):
            await self._app(scope, _replay(body, receive), _nowhere)
            await _leave(fault, transport)
        elif fault.how == "late":
            kept: list[Any] = []
            await self._app(scope, _replay(body, receive), _into(kept))
            await asyncio.sleep(fault.value)
            for part in kept:
                await send(part)
        else:
            await _wrong(fault, send)


async def _leave(fault: Fault, transport: asyncio.Transport) -> None:
    if fault.how.startswith("hang"):
        while not transport.is_closing():  # until the other side gives up
            await asyncio.sleep(0.05)
    transport.abort()
    await asyncio.sleep(0.01)  # until uvicorn has noticed; a request that ends before is answered with 500


async def _wrong(fault: Fault, send: Any) -> None:
    status, kind, body = 200, b"application/json", b""
    if fault.how == "code":
        body = json.dumps({"error": int(fault.value), "message": "scripted"}).encode()
    elif fault.how == "status":
        status, kind, body = int(fault.value), b"text/html", b"<h1>Bad Gateway</h1>"
    else:
        kind, body = b"text/html", "<html>bảo trì</html>".encode()
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _whole(receive: Any) -> bytes:
    body: bytes = b""
    while True:
        part = await receive()
        body += bytes(part.get("body", b""))
        if not part.get("more_body"):
            return body


def _replay(body: bytes, receive: Any) -> Any:
    """The body that was read ahead, then whatever else comes: the end of the connection."""
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Any:
        return parts.pop() if parts else await receive()

    return again


def _into(kept: list[Any]) -> Any:
    async def send(part: Any) -> None:
        kept.append(part)

    return send


async def _nowhere(part: Any) -> None:
    pass
