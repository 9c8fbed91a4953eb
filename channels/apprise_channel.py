"""Every address that has no transport of ours, through Apprise: one target for each call, a fresh object each time."""

import json
import re
import time
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit

from channels import words
from channels.apprise_quiet import overheard
from channels.channel import Envelope, Heard, Parcel, channel_of, target_of
from channels.digest import Digest, subject
from channels.headers import nfc
from channels.outcome import Accepted, Outcome, Refused, Unknown, Unreachable
from channels.short_text import text_of

MOST = 4000
"""Characters: what the narrowest of the usual services takes in one piece (Telegram: 4096)."""
NOT_REACHED = re.compile(
    r"NewConnectionError|ConnectTimeout|NameResolutionError|Failed to establish|Connection refused|getaddrinfo|"
    r"Name or service not known|CERTIFICATE_VERIFY_FAILED|No route to host|Network is unreachable",
)
CUT_OFF = re.compile(
    r"Connection error occurred|Socket Exception|timed? ?out|aborted|reset by peer|disconnected|broken pipe",
    re.IGNORECASE,
)
SENT_SOME = re.compile(r"^Sent\b", re.MULTILINE)


class AppriseChannel:
    """Sends digests as a title and plain text. An address is the whole Apprise URL, which may hold secrets."""

    name = "apprise"
    repeatable = False
    hours: tuple[int, int] | None = None
    rate: float | None = None

    def write(self, digest: Digest, to: Envelope) -> bytes:
        """Title and text, as JSON. Raises CannotWrite."""
        return message(subject(digest), text_of(digest, most=MOST))

    def send(self, parcels: Sequence[Parcel], *, now: datetime, within: float) -> list[Outcome]:
        """One after another: each address is another service, so one's failure says nothing of the next."""
        deadline = time.monotonic() + within
        return [
            _send(parcel) if time.monotonic() < deadline else Unreachable(words.ZALO_NOT_BEGUN) for parcel in parcels
        ]

    def ask(self, parcels: Sequence[Parcel], *, since: datetime) -> list[Heard]:
        """Apprise gives no reference to ask by."""
        return [Heard.SILENT] * len(parcels)


def message(title: str, body: str) -> bytes:
    """A title and a text in the form that `send` takes."""
    return json.dumps({"title": nfc(title), "body": nfc(body)}, ensure_ascii=False, sort_keys=True).encode()


def shown(url: str) -> str:
    """An address without what is secret or personal in it: "hoa@…", "8498…321", "slack://T...A"."""
    kind, target = channel_of(url), target_of(url).partition("?")[0].strip("/")
    if kind == "email":
        person = unquote(target).rpartition("@")[0].partition(":")[0]
        return f"{person}@…" if person else "mailto://…"
    if kind in ("zns", "zbot"):
        return f"{target[:4]}…{target[-3:]}" if len(target) > 9 else f"{target[:2]}…"
    return _shown_by_apprise(url)


def _shown_by_apprise(url: str) -> str:
    """Apprise knows which parts of an address are tokens, but not what a path or a parameter holds: those go."""
    import apprise

    with overheard():
        service = apprise.Apprise.instantiate(url)
    hidden = urlsplit(service.url(privacy=True)) if service is not None else None
    if hidden is None or not hidden.netloc:
        return f"{url.partition('://')[0]}://…" if "://" in url else "…"
    host = hidden.netloc.rpartition("@")[2]
    if "." not in host:
        host = f"{host[:4]}…"  # no machine's name, so it may be what opens the service, as a topic of ntfy does
    return f"{hidden.scheme}://{host}" + ("/…" if hidden.path.strip("/") else "")


def _send(parcel: Parcel) -> Outcome:
    import apprise

    try:
        said = json.loads(parcel.content)
        title, body = str(said["title"]), str(said["body"])
    except (ValueError, KeyError, TypeError):
        return Refused(0, words.APPRISE_BAD_CONTENT, permanent=True, ours=True)
    name = shown(parcel.address)
    with overheard() as log:
        asset = apprise.AppriseAsset(async_mode=False, app_id="dondoc")
        service = apprise.Apprise.instantiate(parcel.address, asset=asset)
        if service is None:
            return Refused(0, words.APPRISE_NOT_AN_ADDRESS.format(shown=name), permanent=True)
        # An address may ask for repeats, which reach those again who have it, or for failures to count as successes.
        service.retry, service.optional = 0, False
        target = apprise.Apprise(asset=asset)
        target.add(service)
        done = target.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
        told = log.getvalue()
    return _outcome(done, told, name)


def _outcome(done: bool | None, log: str, name: str) -> Outcome:
    """From Apprise's one bit, and its log.

    False hides three things. Of a plain refusal, and of a server that was never reached, the message may be repeated.
    Where the line broke or an answer stayed away once the request was under way, or where an address names several
    targets and some have it, a repeat could reach people twice: that is unknown.
    """
    if done:
        return Accepted(0, words.APPRISE_SENT)
    if done is None:
        return Refused(0, words.APPRISE_NOT_AN_ADDRESS.format(shown=name), permanent=True)
    if SENT_SOME.search(log):
        return Unknown(words.APPRISE_PARTLY.format(shown=name))
    if NOT_REACHED.search(log):
        return Refused(0, words.APPRISE_NOT_REACHED.format(shown=name), permanent=False)
    if CUT_OFF.search(log):
        return Unknown(words.APPRISE_LOST.format(shown=name))
    return Refused(0, words.APPRISE_REFUSED.format(shown=name), permanent=False)
