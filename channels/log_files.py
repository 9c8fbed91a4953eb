"""A log and what was rotated away from it, and the instants that its lines tell."""

import gzip
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BufferedReader
from pathlib import Path

RFC_3339 = re.compile(rb"\d{4}-\d\d-\d\dT\S+")
TRADITIONAL = re.compile(rb"([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) ")
MONTHS = {name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


def covering(log: Path, since: datetime) -> Iterator[Iterable[bytes]]:
    """The lines of the log, after those of its rotated files (.1, .2.gz, -20261122…) as far back as `since`.

    Raises OSError where one of them cannot be read.
    """
    files = [log]
    for older in _rotated(log):
        begun = _first_instant(files[0], since)
        if begun is not None and begun <= since:
            break
        files.insert(0, older)
    for path in files:
        with _opened(path) as lines:
            yield lines


def instant(line: bytes, near: datetime) -> datetime | None:
    """When a line was written; None where it does not begin with a time.

    A traditional time has neither year nor zone: the year is the one that brings it closest to `near`, the zone
    this machine's.
    """
    if found := RFC_3339.match(line):
        try:
            told = datetime.fromisoformat(found[0].decode("ascii", "replace"))
        except ValueError:
            return None
        return told.astimezone()
    if found := TRADITIONAL.match(line):
        years = (near.year - 1, near.year, near.year + 1)
        told_in = [one for year in years if (one := _local(year, *found.groups())) is not None]
        return min(told_in, key=lambda one: abs(one - near), default=None)
    return None


def _local(year: int, month: bytes, day: bytes, hour: bytes, minute: bytes, second: bytes) -> datetime | None:
    try:
        return datetime(year, MONTHS.get(month, 0), int(day), int(hour), int(minute), int(second)).astimezone()
    except ValueError:  # 29 February of another year; "Foo 99"
        return None


def _rotated(log: Path) -> list[Path]:
    """Newest first."""
    names = re.compile(re.escape(log.name) + r"[.-]\d+(\.gz)?")
    found = [path for path in log.parent.iterdir() if names.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def _first_instant(path: Path, near: datetime) -> datetime | None:
    with _opened(path) as lines:
        return instant(next(iter(lines), b""), near)


def _opened(path: Path) -> BufferedReader | gzip.GzipFile:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")
