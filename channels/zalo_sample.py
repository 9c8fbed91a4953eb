"""A sample digest, to show and try templates with before anything real is sent."""

from datetime import datetime, timedelta

from channels import words
from channels.digest import Digest, Line
from channels.zalo_params import values_of
from models.settings import Settings
from schedules.zone import local_day


def sample_values(purpose: str, settings: Settings, *, now: datetime) -> dict[str, str]:
    """The parameters of a sample message of that purpose; names of usual length, a link as long as real ones."""
    if purpose == "alarm":
        return dict.fromkeys(words.ZNS_PARAMS, "") | {
            "noi_dung": words.SAMPLE_ALARM, "ngay": f"{local_day(now):%d/%m/%Y}",
        }  # fmt: skip
    return values_of(_digest(purpose, settings, now))


def _digest(purpose: str, settings: Settings, now: datetime) -> Digest:
    today = local_day(now)
    late = _line(f"{today - timedelta(days=40):%d/%m/%Y}", words.SAMPLE_LATE)
    soon = _line(f"{today + timedelta(days=7):%d/%m/%Y}", words.SAMPLE_SOON)
    base = settings.link_base
    return Digest(
        recipient_name=words.SAMPLE_UNIT, role="", as_of=now, office=words.SAMPLE_OFFICE,
        overdue=(late,) if purpose == "overdue" else (), due=(soon,), subordinates=(), copies=(),
        notice_number=f"TB-{today.year}-000123", simulated=False,
        portal_url=f"{base}/l/{'x' * 60}" if base is not None else None,
    )  # fmt: skip


def _line(due: str, status: str) -> Line:
    return Line(words.SAMPLE_UNIT, words.SAMPLE_DUTY, "", due, status, "", "")
