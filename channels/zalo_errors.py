"""What each of Zalo's error codes means for a message: the whole table, one code one outcome."""

from datetime import datetime, time, timedelta

from channels import words
from channels.outcome import Accepted, Blocked, Outcome, Refused, Unknown
from schedules.zone import at, local

FIRST_HOUR, LAST_HOUR = 6, 22
"""ZNS leaves from 06:00 on and no more at 22:00 (code -133)."""

PAUSE = timedelta(hours=1)
"""How long the channel rests when people have to mend something; mended earlier, it may be resumed by hand."""

TOKEN = frozenset({-124, -216, -220})
NIGHT = frozenset({-133})
QUOTA = frozenset({-144, -147})
PERSON = frozenset({-108, -110, -114, -118, -119, -134, -139, -141})
"""This person cannot or will not be reached by ZNS."""
SATED = frozenset({-1471})
"""This person has had enough for today."""
CHANNEL = frozenset(
    {*range(-106, -100), -109, -115, -117, -120, -1241, -125, -126, -127, -131, -135, -1351, -136, -137, -138, -140}
    | {-145, -146}
)
"""Account, application, money or template: nothing gets through until people mend it."""
OURS = frozenset({-107, -111, -112, -1121, -1122, -1123, -1124, -113, -116, -121, -122, -130, -132})
"""The message is wrong, and would be each time."""


def outcome_of(code: int, text: str, *, now: datetime) -> Outcome:
    """What follows from an error code that came instead of a message id. `text` is Zalo's own, for codes nobody knows.

    -100 and codes that are not in the table are unknown: whoever waits for the receipt and then writes elsewhere loses
    nothing and sends no second ZNS, while calling them refusals could do both.
    """
    if code in NIGHT:
        return Blocked(code, said(code), until=next_morning(now))
    if code in QUOTA:
        return Blocked(code, said(code), until=tomorrow(now), elsewhere=True)
    if code in CHANNEL or code in TOKEN:
        return Blocked(code, said(code), until=now + PAUSE, elsewhere=True, tell=True)
    if code in PERSON:
        return Refused(code, said(code), permanent=True)
    if code in SATED:
        return Refused(code, said(code), permanent=False)
    if code in OURS:
        return Refused(code, said(code), permanent=True, ours=True)
    if code == -100:
        return Unknown(said(code))
    return Unknown(words.ZNS_STRANGE.format(code=code, text=" ".join(text.split())[:120]))


def said(code: int) -> str:
    """The code in words."""
    return words.ZNS_SAID.format(meaning=words.ZNS_MEANING[code], code=code)


def reason_of(outcome: Outcome) -> str:
    """Why, in the outcome's own words."""
    return outcome.text if isinstance(outcome, Accepted | Refused) else outcome.reason


def at_night(now: datetime) -> bool:
    """Whether Zalo takes no ZNS at this instant."""
    return not FIRST_HOUR <= local(now).hour < LAST_HOUR


def next_morning(now: datetime) -> datetime:
    """The next 06:00 in Vietnam."""
    today = at(local(now).date(), time(FIRST_HOUR))
    return today if now < today else today + timedelta(days=1)


def tomorrow(now: datetime) -> datetime:
    """06:00 of the next day in Vietnam: quotas are counted by the day."""
    return at(local(now).date() + timedelta(days=1), time(FIRST_HOUR))
