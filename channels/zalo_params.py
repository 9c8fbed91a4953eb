"""What a digest puts into a ZNS template: named texts, none longer than the template allows."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from channels import words
from channels.channel import CannotWrite
from channels.digest import Digest, Line
from schedules.zone import local_day

SHORTENED = frozenset({"don_vi", "co_quan", "nhiem_vu", "noi_dung"})
"""Names and free text: cut with "…" where they are too long. Numbers, dates and links never are."""
LINKS = frozenset({"lien_ket", "duong_dan"})
DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def purpose_of(digest: Digest) -> str:
    """Which template carries the digest: "overdue" or "due"."""
    return "overdue" if digest.overdue or digest.subordinates else "due"


def values_of(digest: Digest) -> dict[str, str]:
    """Every parameter that a template may name; "" where the digest has nothing for it."""
    own = [*digest.overdue, *digest.subordinates] if purpose_of(digest) == "overdue" else [*digest.due]
    told = own or [*digest.copies]
    url = digest.portal_url or ""
    summary = words.counts(
        overdue=len(digest.overdue), due=len(digest.due), units=digest.late_units, copies=len(digest.copies)
    )
    values = {
        "don_vi": digest.recipient_name,
        "co_quan": digest.office,
        "nhiem_vu": told[0].duty_title if told else "",
        "tinh_hinh": f"{words.TAG_SIMULATED} {summary}" if digest.simulated else summary,
        "so_nhiem_vu": str(len(told)),
        "han_gan_nhat": _nearest([*told, *digest.due]) or words.ZNS_NO_DUE,
        "ngay": f"{local_day(digest.as_of):%d/%m/%Y}",
        "so_thong_bao": digest.notice_number,
        "lien_ket": url,
        "duong_dan": _path(url),
    }
    return {name: unicodedata.normalize("NFC", " ".join(value.split())) for name, value in values.items()}


def fitted(values: Mapping[str, str], limits: Mapping[str, int], *, template_id: str) -> dict[str, str]:
    """The values that a template asks for, none longer than its limit.

    Raises:
        CannotWrite: it asks for what there is not, or for less than a number, a date or a link needs.
    """
    return {name: _fit(name, values, most, template_id) for name, most in sorted(limits.items())}


def _fit(name: str, values: Mapping[str, str], most: int, template_id: str) -> str:
    if name not in values:
        known = ", ".join(sorted(values))
        raise CannotWrite(words.ZNS_NO_SUCH_PARAM.format(id=template_id, name=name, known=known))
    value = values[name]
    if not value:
        said = words.ZNS_NO_LINK if name in LINKS else words.ZNS_NO_VALUE
        raise CannotWrite(said.format(id=template_id, name=name))
    if len(value) <= most:
        return value
    if name not in SHORTENED or most < 2:
        raise CannotWrite(words.ZNS_TOO_LONG.format(name=name, length=len(value), id=template_id, most=most))
    return shortened(value, most)


def shortened(text: str, most: int) -> str:
    """At most `most` characters, cut between words where that loses little, with "…" at the end."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) > most // 2 else cut).rstrip(" ,;:–-") + "…"


def _nearest(lines: list[Line]) -> str | None:
    """The earliest due date, as it is written; one that cannot be read counts as the last."""
    dues = [line.due for line in lines if line.due]
    return min(dues, key=_day, default=None)


def _day(text: str) -> date:
    found = DAY.search(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.max
    except ValueError:
        return date.max


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")) if url else ""
