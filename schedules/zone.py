"""The one time zone of the plans: instants are aware, days are days in Vietnam."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = time(7, 30)


def at(day: date, clock: time) -> datetime:
    """That clock time of that day in Vietnam."""
    return datetime.combine(day, clock, VIETNAM)


def midnight(day: date) -> datetime:
    """The instant at which the day begins in Vietnam."""
    return at(day, time.min)


def local(instant: datetime) -> datetime:
    """The same instant on a Vietnamese clock. Naive values are refused: nobody knows what they mean."""
    if instant.utcoffset() is None:
        raise ValueError(f"naive datetime {instant!r}: give it a time zone, e.g. schedules.zone.at(day, clock)")
    return instant.astimezone(VIETNAM)


def local_day(instant: datetime) -> date:
    return local(instant).date()


def first_day_from(instant: datetime) -> date:
    """The first day that begins at or after the instant."""
    day = local_day(instant)
    return day if midnight(day) == instant else day + timedelta(days=1)


def parse_instant(text: str, *, clock: time) -> datetime:
    """Read ISO 8601 with an offset, or a bare date, which then means `clock` of that day in Vietnam."""
    text = text.strip()
    try:
        return at(date.fromisoformat(text), clock)
    except ValueError:
        pass
    try:
        return local(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise ValueError(
            f"Không hiểu thời điểm “{text}”: hãy ghi một ngày như 2023-12-01, "
            "hoặc một thời điểm có múi giờ như 2023-12-01T07:30+07:00"
        ) from None
