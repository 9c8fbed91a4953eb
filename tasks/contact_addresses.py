"""A contact's addresses in an office's table: Apprise URLs, and in which order they are written to."""

import re
from collections.abc import Iterable, Mapping

from channels.apprise_quiet import overheard
from models.people import Address
from models.refusal import Refusal, unknown
from models.telephone import mobile
from tasks.sheet import NO, YES, Row

EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
CHANNEL_NAMES: Mapping[str, str] = {
    "email": "email", "e-mail": "email", "mail": "email", "thư": "email", "thư điện tử": "email",
    "zalo": "zalo", "zns": "zalo",
    "khac": "other", "khác": "other", "other": "other",
}  # fmt: skip
COLUMN_OF: Mapping[str, str] = {"email": "email", "zalo": "zalo_phone", "other": "other"}
BETWEEN = re.compile(r"[,;/>→+\n]+")
URL = re.compile(r"[a-z][a-z0-9+.\-]*://\S+", re.IGNORECASE)

Places = Mapping[str, int]
"""Channel → its place, from 1."""


def addresses_of(row: Row) -> tuple[Address, ...]:
    """Every address of a row with its places. Raises Refusal for what cannot be used, or where there is none."""
    urls = {name: given for name, find in FINDERS.items() if (given := find(row))}
    if not urls:
        raise Refusal("thiếu địa chỉ: cần ít nhất một trong các cột email, zalo_phone, other")
    ordinary = _places(row, "channels", urls)
    important = _important(row, urls, ordinary)
    found = [Address(url, ordinary.get(name), important.get(name)) for name, some in urls.items() for url in some]
    if len({one.url for one in found}) < len(found):
        raise Refusal("cột other lặp lại một địa chỉ")
    return tuple(found)


def email_url(text: str) -> str:
    """Raises Refusal."""
    if not EMAIL.fullmatch(text):
        raise Refusal(f"địa chỉ thư «{text}» không hợp lệ")
    return f"mailto://{text.lower()}"


def phone_url(text: str) -> str:
    """Raises Refusal."""
    return f"zns://{mobile(text)}"


def _emails(row: Row) -> list[str]:
    return [email_url(row["email"])] if row["email"] else []


def _phones(row: Row) -> list[str]:
    return [phone_url(row["zalo_phone"])] if row["zalo_phone"] else []


def _others(row: Row) -> list[str]:
    return [_other(place, text) for place, text in enumerate(row["other"].split(), start=1)]


FINDERS = {"email": _emails, "zalo": _phones, "other": _others}


def _other(place: int, text: str) -> str:
    """Any Apprise URL. It may hold a secret, so that an error names its place and its scheme only."""
    if not URL.fullmatch(text):
        raise Refusal(f"cột other: địa chỉ thứ {place} không phải địa chỉ Apprise (dạng tên://…)")
    scheme, _, target = text.partition("://")
    scheme = scheme.lower()
    if scheme == "mailto" and EMAIL.fullmatch(target):
        return email_url(target)
    if scheme == "zns":
        return phone_url(target)
    if scheme == "zbot":
        return f"zbot://{target}"
    from apprise import Apprise  # a quarter of a second

    with overheard():  # it logs the whole address
        known = Apprise.instantiate(text, suppress_exceptions=True) is not None
    if not known:
        raise Refusal(f"cột other: địa chỉ thứ {place} ({scheme}://…) không dùng được: sai tên kênh hoặc thiếu phần")
    return text


def _important(row: Row, urls: Mapping[str, list[str]], ordinary: Places) -> Places:
    """An order of its own, or all at once, or the same as ordinary notices."""
    said = row["important"].lower()
    if said in NO:
        return ordinary
    if said in YES:
        return dict.fromkeys(urls, 1)
    return _places(row, "important", urls)


def _places(row: Row, column: str, urls: Mapping[str, list[str]]) -> Places:
    """The order that a column asks for; without one email, then Zalo, then what else there is."""
    named = [_channel(text, column) for text in _parts(row[column])]
    for name in named:
        if named.count(name) > 1:
            raise Refusal(f"cột {column} ghi kênh «{name}» hai lần")
        if name not in urls:
            raise Refusal(f"cột {column} ghi kênh «{name}» nhưng cột {COLUMN_OF[name]} trống")
    order = named or [name for name in FINDERS if name in urls]
    if "other" in urls and "other" not in order:
        order.append("other")
    return {name: place for place, name in enumerate(order, start=1)}


def _channel(text: str, column: str) -> str:
    if text not in CHANNEL_NAMES:
        raise unknown(f"kênh (cột {column})", text, ("email", "zalo", "khác"))
    return CHANNEL_NAMES[text]


def _parts(text: str) -> Iterable[str]:
    return [part for part in (one.strip().lower() for one in BETWEEN.split(text)) if part]
