"""An office's table of contacts, row by row: what each asks for, or why it cannot be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from channels.headers import HeaderRefused, check_receiver, refuse_controls
from models.people import Address
from models.refusal import Refusal, unknown
from models.words import ROLE_SHOWN
from schedules.quiet import leaves_no_hours
from tasks.contact_addresses import addresses_of
from tasks.sheet import NO, YES, Row, day_in
from tasks.unit_names import UnitNames

COLUMNS = ("unit", "name")
OPTIONAL = (
    "role", "email", "zalo_phone", "channels", "important", "other",
    "quiet", "absent_from", "absent_to", "deputy", "copies",
)  # fmt: skip
HEADINGS: Mapping[str, str] = {
    "đơn vị": "unit", "mã đơn vị": "unit", "khóa đơn vị": "unit",
    "họ tên": "name", "họ và tên": "name", "đầu mối": "name",
    "vai trò": "role",
    "thư điện tử": "email", "địa chỉ thư điện tử": "email", "e-mail": "email",
    "zalo": "zalo_phone", "số zalo": "zalo_phone", "điện thoại": "zalo_phone", "số điện thoại": "zalo_phone",
    "kênh": "channels", "kênh nhận": "channels",
    "quan trọng": "important", "kênh quan trọng": "important",
    "địa chỉ khác": "other",
    "giờ không nhận": "quiet", "giờ yên tĩnh": "quiet",
    "vắng từ": "absent_from", "vắng từ ngày": "absent_from",
    "vắng đến": "absent_to", "vắng đến ngày": "absent_to",
    "người thay": "deputy", "nhận thay": "deputy",
    "gửi để biết": "copies", "nhận bản gửi để biết": "copies",
}  # fmt: skip
"""What an office may write above a column."""
PASSED_OVER = ("stt", "tt", "tên đơn vị", "chức vụ", "ghi chú")
"""Columns that such a table usually has too, and that say nothing here."""

ROLES: Mapping[str, str] = {shown.lower(): role for role, shown in ROLE_SHOWN.items()} | {r: r for r in ROLE_SHOWN} | {
    "thủ trưởng": "head", "lãnh đạo": "head", "phó thủ trưởng": "deputy_head", "cấp phó": "deputy_head",
    "cơ quan thường trực": "standing_office", "chủ tịch": "chair",
}  # fmt: skip
HOURS = re.compile(r"(\d{1,2})(?:[:hg](\d{2})?)?\s*[-–—]\s*(\d{1,2})(?:[:hg](\d{2})?)?", re.IGNORECASE)

Key = tuple[str, str, str]
"""(unit, role, name)"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one person's rows ask for.

    `columns` are the settings that the file speaks of, by column of the table; `deputy` is a name, "" for nobody,
    None where the file does not speak of it.
    """

    row: Row = field(compare=False)
    unit: str
    role: str
    name: str
    addresses: tuple[Address, ...]
    columns: Mapping[str, Any]
    deputy: str | None

    @property
    def key(self) -> Key:
        return self.unit, self.role, self.name

    def and_also(self, other: "Wanted") -> "Wanted":
        """Two rows of one person: the addresses of both. Raises Refusal where they cannot both be meant."""
        known = {one.url for one in self.addresses}
        if twice := [one for one in other.addresses if one.url in known]:
            raise Refusal(f"trùng với dòng {self.row.line} (cùng người, cùng địa chỉ {told(twice[0])})")
        if (self.columns, self.deputy) != (other.columns, other.deputy):
            raise Refusal(f"cùng người với dòng {self.row.line} nhưng ghi khác về giờ nhận, vắng mặt hoặc người thay")
        return replace(self, addresses=self.addresses + other.addresses)


def wanted(row: Row, units: UnitNames, day: date) -> Wanted:
    """What a row asks for; units are those known on `day`. Raises Refusal."""
    if not row["unit"]:
        raise Refusal("thiếu đơn vị (cột unit), ghi khóa như g1:412 hoặc b:40.so-noi-vu")
    if not row["name"]:
        raise Refusal("thiếu họ tên (cột name)")
    role = ROLES.get(row["role"].lower() or "focal_point")
    if role is None:
        raise unknown("vai trò (cột role)", row["role"], ROLES)
    unit, addresses = units.find(row["unit"], day).key, addresses_of(row)
    _check_name(row)
    deputy = row["deputy"] if "deputy" in row.cells else None
    if deputy and deputy.casefold() == row["name"].casefold():
        raise Refusal("người thay (cột deputy) là chính người đó")
    return Wanted(row, unit, role, row["name"], addresses, _columns(row), deputy)


def _columns(row: Row) -> dict[str, Any]:
    """The settings of the columns that the file has; a column that is not there leaves them as they are."""
    found: dict[str, Any] = {}
    if "quiet" in row.cells:
        found["quiet_from"], found["quiet_to"] = _quiet(row["quiet"]) or (None, None)
    if "absent_from" in row.cells or "absent_to" in row.cells:
        found["absent_from"], found["absent_to"] = _absence(row)
    # Whoever asked for no more copies is not given them back by an empty cell.
    if said := row["copies"].lower():
        if said not in YES | NO:
            raise Refusal(f"cột copies ghi «{row['copies']}»; chỉ nhận có hoặc không")
        found["copies"] = said in YES
    return found


def _check_name(row: Row) -> None:
    """A name that a letter could not be addressed to would keep everybody's from leaving."""
    try:
        refuse_controls("To", row["name"])
        if row["email"]:
            check_receiver(row["name"], row["email"])
    except HeaderRefused as refused:
        raise Refusal(str(refused)) from refused


def _quiet(text: str) -> tuple[time, time] | None:
    if not text:
        return None
    match = HOURS.fullmatch(text)
    if match is None:
        raise Refusal(f"giờ không nhận (cột quiet) ghi «{text}»; ghi như 12:00-13:30 hoặc 18:00-07:30")
    hours = [int(part or 0) for part in match.groups()]
    try:
        quiet = time(hours[0], hours[1]), time(hours[2], hours[3])
    except ValueError as error:
        raise Refusal(f"giờ không nhận (cột quiet) ghi «{text}»: giờ từ 0 đến 23, phút từ 0 đến 59") from error
    if quiet[0] == quiet[1]:
        raise Refusal(f"giờ không nhận (cột quiet) ghi «{text}»: giờ đầu và giờ cuối trùng nhau")
    if leaves_no_hours(quiet):
        raise Refusal(
            f"giờ không nhận (cột quiet) ghi «{text}» che hết giờ gửi từ 07:00 đến 20:00 nên không gửi được lúc nào"
        )
    return quiet


def _absence(row: Row) -> tuple[date | None, date | None]:
    first, last = day_in(row, "absent_from"), day_in(row, "absent_to")
    if (first is None) != (last is None):
        raise Refusal("vắng mặt phải ghi cả ngày đầu (absent_from) và ngày cuối (absent_to)")
    if first is not None and last is not None and last < first:
        raise Refusal(f"ngày cuối vắng mặt {last:%d/%m/%Y} trước ngày đầu {first:%d/%m/%Y}")
    return first, last


def told(address: Address) -> str:
    """An address of whose URL nothing secret may be repeated."""
    scheme, _, target = address.url.partition("://")
    return target if scheme in ("mailto", "zns") else f"{scheme}://…"
