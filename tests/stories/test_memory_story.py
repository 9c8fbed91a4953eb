"""What is remembered: the past as it was and as it was known, an office's units, a ledger that shows tampering."""

import sqlite3

import pytest
import sqlalchemy as sa
from cast import HEALTH, HOME_AFFAIRS, VINH, assignment, copied, instant, ledger

from models.database import reading, writing
from models.ledger import broken_links

YEAR = ("bao-cao-nam", "2023")
STEEL = {
    "key": "b:40.cong-ty-thep", "name": "Công ty Thép Nghệ An", "kind": "Doanh nghiệp nhà nước", "level": "enterprise",
    "parent": "g1:40", "valid_from": "2015-01-01",
}  # fmt: skip
MILK = STEEL | {"key": "b:40.cong-ty-sua", "name": "Công ty Sữa", "kind": "doanh nghiệp ngoài nhà nước"}


# The past as it was, and as it was known


def test_a_report_entered_later_changes_what_the_past_looks_like(office):
    office.sweeps("2023-12-04")
    assert office.state(VINH, *YEAR, "2023-12-04") == "overdue"
    office.submits(VINH, *YEAR, "2023-11-28 10:00", entered="2023-12-10 09:00")
    assert office.state(VINH, *YEAR, "2023-12-04") == "done"
    assert office.state(VINH, *YEAR, "2023-11-28 09:59") == "due_soon"


def test_known_at_answers_with_what_was_recorded_by_then(office):
    office.submits(VINH, *YEAR, "2023-11-28 10:00", entered="2023-12-10 09:00")
    asked = (VINH, *YEAR, "2023-12-04")
    assert office.state(*asked, known_at="2023-12-10 08:59:59") == "overdue"
    assert office.state(*asked, known_at="2023-12-10 09:00") == "done"
    assert office.row(*YEAR, "2023-12-04", known_at="2023-12-10 08:59:59")["done"] == 0


def test_known_at_is_the_same_for_exemptions_and_events(office):
    office.exempts(VINH, reason="sắp xếp", on="2023-11-25", entered="2023-12-10 09:00")
    office.hears_of_guidance("2023-11-25", now="2023-12-10 09:00")
    asked = (VINH, *YEAR, "2023-12-04")
    assert office.state(*asked, known_at="2023-12-09") == "overdue"
    assert office.state(*asked, known_at="2023-12-11") == "waived"
    event = (HOME_AFFAIRS, "nghi-quyet-hdnd", "2023-11-25", "2023-12-04")
    assert office.state(*event, known_at="2023-12-09") is None
    assert office.state(*event, known_at="2023-12-11") == "no_term"


def test_an_earlier_report_entered_later_becomes_the_first(office):
    office.submits(VINH, *YEAR, "2023-12-05")
    assert office.state(VINH, *YEAR, "2023-12-20") == "done_late"
    office.submits(VINH, *YEAR, "2023-11-30 23:00", entered="2023-12-21")
    assert office.state(VINH, *YEAR, "2023-12-20") == "done"
    assert office.state(VINH, *YEAR, "2023-12-20", known_at="2023-12-20") == "done_late"


def test_any_past_day_can_be_asked_swept_or_not(new_office):
    swept, unswept = new_office(), new_office()
    for one in (swept, unswept):
        one.submits(VINH, *YEAR, "2023-11-28")
    for day in ("2023-07-01", "2023-10-01", "2023-12-05"):
        swept.sweeps(day)
    for day in ("2023-09-30", "2023-10-01", "2023-12-01", "2024-01-01"):
        assert swept.status(day, by="unit") == unswept.status(day, by="unit"), day
    for by in ("duty", "district", "province"):
        assert swept.status("2023-12-01", by=by) == unswept.status("2023-12-01", by=by), by


# An office's own units


def test_imported_enterprises_join_the_regulation_from_the_next_sweep_on(office):
    office.sweeps("2023-10-01")
    assert office.row("ban-hanh-quy-che", "2023-Q4", "2023-10-02")["expected"] == 501
    assert office.imports_units(STEEL, MILK, now="2023-10-03 09:00") == []
    assert office.sweeps("2023-10-04").opened == 2
    row = office.row("ban-hanh-quy-che", "2023-Q4", "2023-10-04")
    assert row["expected"] == 503
    assert row["notes"] == ["Cơ quan, đơn vị trực thuộc theo phân cấp quản lý: chưa có danh sách đơn vị"]
    assert office.standing("b:40.cong-ty-sua", "bao-cao-nam", "2023", "2023-10-04") is None
    [fact] = [f for f in office.ledger("units_imported") if "cong-ty" in f["data"]]
    assert fact["recorded_at"] == instant("2023-10-03 09:00")


def test_an_enterprise_founded_within_the_window_owes_from_that_day_with_the_same_due(office):
    office.imports_units(STEEL | {"valid_from": "2023-11-15"}, now="2023-10-03")
    asked = (STEEL["key"], "ban-hanh-quy-che", "2023-Q4")
    assert office.standing(*asked, "2023-11-14") is None
    row = office.standing(*asked, "2023-11-15")
    assert (row["opens"], row["due"]) == ("2023-11-15T00:00:00+07:00", "2024-01-01T00:00:00+07:00")


def test_bad_units_are_named_by_row_and_none_is_imported(office):
    bad = office.imports_units(
        STEEL,
        MILK | {"key": "cong-ty-sua"},
        MILK | {"level": "enterprize"},
        MILK | {"parent": "g1:41"},
        MILK | {"valid_from": "1/1/2015"},
        STEEL,
        now="2023-10-03",
    )
    assert [one.row.line for one in bad] == [3, 4, 5, 6, 7]
    assert "enterprise" in bad[1].reason and "2023-07-01" in bad[3].reason and "dòng 2" in bad[4].reason
    assert office.row("ban-hanh-quy-che", "2023-Q4", "2023-10-04")["expected"] == 501


# The ledger


@pytest.fixture(scope="module")
def busy(new_office):
    """An office in which a bit of everything has happened; nobody below changes it."""
    office = new_office()
    office.sweeps("2023-11-01")
    office.imports_units(STEEL, now="2023-11-02")
    office.imports_contacts({"unit": VINH, "name": "Nguyễn Thị Hòa", "role": "", "email": "hoa@vinh.nghean.gov.vn"})
    office.submits(VINH, *YEAR, "2023-11-03", by="Trần Văn Bảy")
    office.submits(HEALTH, *YEAR, "2023-11-04", by="Trần Văn Bảy")
    office.exempts("g1:413", reason="sắp xếp", on="2023-11-05")
    office.hears_of_guidance("2023-11-06", basis="Công văn 5")
    office.goes_live("2023-11-07")
    office.sweeps("2023-11-24")
    return office


def test_the_chain_is_whole_after_everything(busy):
    assert busy.broken_links() == []
    kinds = {row["kind"] for row in busy.ledger()}
    assert kinds >= {"plan_applied", "units_imported", "contacts_imported", "assigned", "submitted", "waived", "event",
                     "went_live", "swept"}  # fmt: skip


def test_each_row_says_when_it_happened_when_it_was_recorded_by_whom_and_why(busy):
    for row in busy.ledger():
        assert row["event_at"].utcoffset() is not None and row["recorded_at"].utcoffset() is not None
        assert row["actor"] and row["cause"]


def test_people_are_referred_to_and_never_named(busy):
    said = " ".join(str(value) for row in busy.ledger() for value in row.values())
    for personal in ("Nguyễn", "Hòa", "Trần", "Bảy", "@", "vinh.nghean"):
        assert personal not in said
    by = [row["data"] for row in busy.ledger("submitted")]
    assert by[0] == by[1] and "person:" in by[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET cause = 'khác' WHERE seq = 5",
        "DELETE FROM ledger WHERE seq = 5",
        "DELETE FROM ledger",
        "INSERT OR REPLACE INTO ledger SELECT seq, event_at, recorded_at, actor, kind, plan, duty, period, unit,"
        " 'khác', data, previous, hash FROM ledger WHERE seq = 5",
    ],
)
def test_the_database_refuses_to_change_or_forget_a_row(new_office, busy, statement):
    office = new_office(like=busy)
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), writing(office.engine) as db:
        db.exec_driver_sql(statement)
    assert office.ledger() == busy.ledger()


TAMPERED = {
    "event_at": "'2023-11-02 00:00:00.000000'", "recorded_at": "'2023-11-02 00:00:00.000000'", "actor": "'ai đó'",
    "kind": "'waived'", "plan": "'khac'", "duty": "'khac'", "period": "'2022'", "unit": "'g1:415'", "cause": "'khác'",
    "data": "'{}'", "previous": "'0'", "hash": "'0'",
}  # fmt: skip


@pytest.mark.parametrize("column", TAMPERED)
def test_a_tampered_copy_is_found(busy, tmp_path, column):
    seq = busy.ledger("submitted")[0]["seq"]
    found = _tampered(busy, tmp_path, f"UPDATE ledger SET {column} = {TAMPERED[column]} WHERE seq = {seq}")
    assert any(f"row {seq}" in line for line in found)


def test_a_row_taken_out_of_a_copy_is_found(busy, tmp_path):
    seq = busy.ledger("submitted")[0]["seq"]
    assert _tampered(busy, tmp_path, f"DELETE FROM ledger WHERE seq = {seq}") == [
        f"row {seq + 1}: does not follow the row before it"
    ]


def test_an_untouched_copy_is_whole(busy, tmp_path):
    assert _tampered(busy, tmp_path, "SELECT 1") == []


def test_the_ledger_knows_every_assignment_once(busy):
    keys = [(f["duty"], f["period"], f["unit"]) for f in busy.ledger("assigned")]
    assert len(keys) == len(set(keys)) == busy.count(assignment)


def _tampered(office, folder, statement):
    """What is wrong with a copy of the office's ledger that somebody worked on with the triggers off."""
    path = folder / "copy.sqlite"
    engine = copied(office.engine.url.database, path)
    engine.dispose()
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TRIGGER ledger_no_update")
        raw.execute("DROP TRIGGER ledger_no_delete")
        raw.execute(statement)
    raw.close()
    with reading(engine) as db:
        assert db.execute(sa.select(sa.func.count()).select_from(ledger)).scalar_one() > 500
        found = list(broken_links(db))
    engine.dispose()
    return found
