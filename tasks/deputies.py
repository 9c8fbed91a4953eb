"""Who stands in for whom: names in an office's table become contacts, and no line of deputies runs in a circle."""

from collections.abc import Iterable, Mapping

from models.people import Contact
from models.refusal import Refusal, unknown
from tasks.contact_rows import Key, Wanted
from tasks.sheet import BadRow, Row, each_row

Deputies = Mapping[Key, Key | None]


def read_deputies(
    people: Mapping[Key, Wanted], book: Mapping[str, Iterable[Contact]]
) -> tuple[dict[Key, Key | None], list[BadRow]]:
    """The deputy of everyone whose row speaks of one, with an error for each row that names nobody or a circle."""
    units = {one.unit for one in people.values()}
    present = [one for unit in units for one in book.get(unit, ())]
    by_id = {one.id: _key(one) for one in present}
    after: dict[Key, Key | None] = {_key(one): by_id.get(one.deputy) for one in present}
    after |= {key: None for key in people if key not in after}
    saying = {one.row.line: one for one in people.values() if one.deputy is not None}
    rows: list[Row] = [one.row for one in saying.values()]

    def find(row: Row) -> tuple[Key, Key | None]:
        one = saying[row.line]
        return one.key, _named(one, after) if one.deputy else None

    found, unfound = each_row(rows, find)
    after |= dict(found)
    wrong = {one.row.line for one in unfound}

    def check(row: Row) -> None:
        _refuse_circle(saying[row.line].key, after)

    _, circles = each_row([row for row in rows if row.line not in wrong], check)
    return dict(found), unfound + circles


def _key(one: Contact) -> Key:
    return one.unit, one.role, one.name


def _named(one: Wanted, among: Iterable[Key]) -> Key:
    """The contact of the same unit with that name; where the person has several roles, the same role first."""
    here = [key for key in among if key[0] == one.unit and key[2] != one.name]
    wanted = (one.deputy or "").casefold()
    same = sorted((key for key in here if key[2].casefold() == wanted), key=lambda key: key[1] != one.role)
    if not same:
        raise unknown("người thay (cột deputy) trong cùng đơn vị", one.deputy or "", {key[2] for key in here})
    return same[0]


def _refuse_circle(key: Key, deputies: Deputies) -> None:
    line = [key[2]]
    following = deputies.get(key)
    while following is not None:
        line.append(following[2])
        if following == key:
            raise Refusal(f"người thay (cột deputy) lặp vòng: {' → '.join(line)}")
        if following[2] in line[:-1]:
            return  # a circle further on, told at one of its own rows
        following = deputies.get(following)
