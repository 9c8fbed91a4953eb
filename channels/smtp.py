"""Handing messages to a mail relay over a few reused connections."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Sequence

import aiosmtplib

from channels import words
from channels.outcome import Accepted, Outcome, Refused, Unknown, Unreachable
from channels.smtp_address import SmtpAddress
from channels.smtp_connection import CannotConnect, connect, hang_up
from channels.smtp_handover import Message, hand_over

CONNECTIONS = 5
MESSAGES_A_CONNECTION = 10  # another connection pays from this many messages on
LOSSES_IN_A_ROW = 2  # after so many messages without an answer a connection is not opened again
SERVICE_CLOSING = 421

__all__ = [
    "Accepted",
    "Message",
    "Outcome",
    "Refused",
    "SmtpAddress",
    "Unknown",
    "Unreachable",
    "send",
    "send_all",
]


async def send_all(
    messages: Sequence[Message],
    address: SmtpAddress,
    *,
    connections: int = CONNECTIONS,
    timeout: float = 60,
    within: float = math.inf,
) -> list[Outcome]:
    """Send each message; outcomes come in the same order.

    `timeout` is seconds for each answer of the relay. What has not begun after `within` seconds is left: Unreachable.
    No message makes this raise. A relay that hangs up is called again; one that answers 421 to a new connection,
    or gives no answer at all, is left alone for the rest of this call and what still waits is Unreachable.
    Only an address that can never work (an unreadable CA file) raises: SmtpAddressError.
    """
    post = _Post(messages, address, timeout, time.monotonic() + within)
    if messages:
        await post.work(min(connections, math.ceil(len(messages) / MESSAGES_A_CONNECTION)))
    return [post.outcomes.get(number) or Unreachable(post.stopped) for number in range(len(messages))]


def send(
    messages: Sequence[Message],
    address: SmtpAddress,
    *,
    connections: int = CONNECTIONS,
    timeout: float = 60,
    within: float = math.inf,
) -> list[Outcome]:
    """`send_all` for callers without an event loop, in any thread.

    It starts a loop of its own, so it must not be called on a running one (RuntimeError): there,
    await `send_all`.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(send_all(messages, address, connections=connections, timeout=timeout, within=within))
    raise RuntimeError("send() was called on a running event loop; await send_all() there")


class _Stopped(Exception):
    """No further message goes over this connection; str() is the Vietnamese reason."""


class _Post:
    """One `send_all`: what waits, what became of the rest, and why it stopped."""

    def __init__(self, messages: Sequence[Message], address: SmtpAddress, timeout: float, deadline: float) -> None:
        self.waiting = deque(enumerate(messages))
        self.outcomes: dict[int, Outcome] = {}
        self.stopped = ""
        self.address = address
        self.timeout = timeout
        self.deadline = deadline

    async def work(self, connections: int) -> None:
        """The first connection is opened alone: a wrong password is tried once, not once for each connection."""
        try:
            first = await connect(self.address, self.timeout)
        except CannotConnect as error:
            self.stopped = str(error)
            return
        await asyncio.gather(self._carry(first), *(self._carry(None) for _ in range(connections - 1)))

    async def _carry(self, client: aiosmtplib.SMTP | None) -> None:
        """Send what waits over one connection at a time, until nothing waits or the relay takes no more."""
        reused, losses = False, 0
        try:
            while self.waiting and losses < LOSSES_IN_A_ROW:
                if client is None or not client.is_connected:
                    client, reused = await connect(self.address, self.timeout), False
                if not self.waiting:  # another connection took the last one while this one opened
                    break
                outcome = await self._next(client, reused)
                losses = losses + 1 if isinstance(outcome, Unreachable | Unknown) else 0
                reused = True
        except (CannotConnect, _Stopped) as error:
            self.stopped = str(error)
        finally:
            if client is not None:
                await hang_up(client)

    async def _next(self, client: aiosmtplib.SMTP, reused: bool) -> Outcome | None:
        """Send the next message; None puts it back, because the relay has had enough of this connection only."""
        if time.monotonic() >= self.deadline:
            raise _Stopped(words.OUT_OF_TIME)
        number, message = self.waiting.popleft()
        outcome = await hand_over(client, message)
        closing = isinstance(outcome, Refused) and outcome.code == SERVICE_CLOSING
        if reused and (closing or isinstance(outcome, Unreachable)):
            client.close()
            self.waiting.appendleft((number, message))
            return None
        self.outcomes[number] = outcome
        if isinstance(outcome, Unreachable | Unknown):
            self.stopped = outcome.reason
        if isinstance(outcome, Refused) and closing:
            client.close()
            self.outcomes[number] = Unreachable(words.RELAY_CLOSES.format(text=outcome.text))
            raise _Stopped(words.RELAY_CLOSES.format(text=outcome.text))
        return outcome
