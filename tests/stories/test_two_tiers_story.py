"""1/7/2025: the districts end. What they still owed passes on, the communes are asked, and nothing is doubled."""

from collections import Counter

import pytest
import sqlalchemy as sa
from cast import HEALTH, NEW_PROVINCE, QUE_PHONG, THANH_VINH, VINH, assignment, into

from models.database import reading
from models.refusal import Refusal

YEAR = ("bao-cao-nam", "2025")
TRAINING = ("tap-huan-cap-xa", "2024")


@pytest.fixture(scope="module")
def summer(new_office):
    """Live since December 2024; Vinh reported in June; the training of 2024 is late in all districts but Vinh."""
    office = new_office()
    office.goes_live("2024-12-02")
    office.sweeps("2024-12-02")
    office.submits(VINH, *TRAINING, "2024-12-20")
    office.sweeps("2025-06-16")
    office.submits(VINH, *YEAR, "2025-06-20")
    office.evening = office.sweeps("2025-06-30")
    office.morning = office.sweeps("2025-07-01")
    office.sweeps("2025-12-15")
    return office


def units(office, duty, period, as_of, state):
    return [
        r["unit"] for r in office.status(as_of, by="unit")
        if (r["duty"], r["period"], r["state"]) == (duty, period, state)
    ]  # fmt: skip


def test_until_the_last_evening_the_districts_owe(summer):
    asked = units(summer, *YEAR, "2025-06-30 23:59:59", "pending")
    assert QUE_PHONG in asked and THANH_VINH not in asked
    assert len(asked) == 14 + 19


def test_at_midnight_open_assignments_of_districts_are_transferred_and_130_communes_asked(summer):
    row = summer.row(*YEAR, "2025-07-01 00:00")
    assert row["pending"] == 130 + 14
    assert summer.state(QUE_PHONG, *YEAR, "2025-07-01 00:00") == "transferred"
    communes = [u for u in units(summer, *YEAR, "2025-07-01 00:00", "pending") if u.startswith("n:")]
    assert len(communes) == 130 and THANH_VINH in communes


def test_the_communes_have_the_same_due_and_open_with_the_day(summer):
    row = summer.standing(THANH_VINH, *YEAR, "2025-07-01")
    assert (row["opens"], row["due"]) == ("2025-07-01T00:00:00+07:00", "2025-12-01T00:00:00+07:00")
    with reading(summer.engine) as db:
        frozen = db.execute(
            sa.select(assignment.c.due).distinct().where(assignment.c.duty == YEAR[0], assignment.c.period == YEAR[1])
        ).all()
    assert len(frozen) == 1


def test_status_by_unit_shows_both_and_expected_counts_one_side(summer):
    row = summer.row(*YEAR, "2025-07-01")
    # 19 open districts and the nine departments that were merged on 1/3/2025.
    assert row["transferred"] == 19 + 9
    assert row["expected"] == 130 + 14 + 1
    shown = {r["state"] for r in summer.status("2025-07-01", by="unit") if r["unit"] == QUE_PHONG}
    assert shown == {"transferred"}


def test_a_district_that_had_reported_stays_done(summer):
    assert summer.state(VINH, *YEAR, "2025-12-15") == "done"
    assert summer.state(VINH, *TRAINING, "2025-12-15") == "done"


def test_departments_go_on_under_the_new_province(summer):
    assert summer.state(HEALTH, *YEAR, "2025-07-01") == "pending"
    told = summer.told("escalate:+3wd", duty=YEAR[0], period=YEAR[1], unit=HEALTH)
    assert told == {f"{NEW_PROVINCE}/focal_point": "escalation"}


def test_the_districts_get_no_more_notices(summer):
    assert summer.notices(unit=QUE_PHONG, step="escalate:weekly:2025-06-30")
    for row in summer.notices():
        if row["planned_at"] >= "2025-07-01":
            about, to = row["unit"], row["recipient"].partition("/")[0]
            assert not about.startswith("g1:") and not to.startswith("g1:"), row


def test_what_was_planned_for_them_and_not_sent_is_cancelled(new_office):
    office = new_office()
    office.goes_live("2024-12-02")
    office.sweeps("2025-06-30")
    waiting = office.notices(unit=QUE_PHONG, recipient=f"{QUE_PHONG}/focal_point", state="planned")
    assert [n["step"] for n in waiting] == ["escalate:weekly:2025-06-30"]
    office.sweeps("2025-07-01")
    sent = []
    office.delivers("2025-07-01 08:00", send=into(sent))
    states = {n["state"] for n in office.notices("2025-07-01 08:00", unit=QUE_PHONG)}
    assert states <= {"cancelled", "skipped"} and "cancelled" in states
    assert sent and "g1-415@hop-thu-thu.invalid" not in sent


def test_a_body_that_has_ended_is_not_written_to(new_office):
    office = new_office()
    office.goes_live("2024-12-02")
    office.sweeps("2025-03-10")  # after three lost months; Ban Dân vận ended on 1/3/2025
    sent = []
    office.delivers("2025-03-10 08:00", send=into(sent))
    assert "b-40.ban-tuyen-giao-va-dan-van-tinh-uy+standing-office@hop-thu-thu.invalid" in sent
    assert "b-40.ban-dan-van-tinh-uy+standing-office@hop-thu-thu.invalid" not in sent


def test_nothing_is_doubled_and_the_transfer_is_recorded_once(summer):
    rows = Counter((r["duty"], r["period"], r["unit"]) for r in summer.status("2025-12-15", by="unit"))
    assert max(rows.values()) == 1
    facts = Counter((f["duty"], f["period"], f["unit"]) for f in summer.ledger("transferred"))
    assert max(facts.values()) == 1
    assert (*YEAR, QUE_PHONG) in facts and (*YEAR, VINH) not in facts
    again = summer.sweeps("2025-12-15")
    assert (again.opened, again.notices) == (0, 0)


def test_the_transfer_is_dated_on_the_day_whenever_the_sweep_came(summer):
    [fact] = [f for f in summer.ledger("transferred") if (f["duty"], f["period"], f["unit"]) == (*YEAR, QUE_PHONG)]
    assert fact["event_at"].isoformat() == "2025-07-01T00:00:00+07:00"


def test_by_district_works_before_and_is_refused_after(summer):
    rows = [r for r in summer.status("2025-06-30", by="district") if (r["duty"], r["period"]) == YEAR]
    assert {r["name"] for r in rows} >= {"Cấp tỉnh", "Huyện Quế Phong"}
    with pytest.raises(Refusal, match="--by unit"):
        summer.status("2025-07-01 00:00", by="district")


def test_by_district_puts_the_communes_of_a_district_together(new_office):
    rows = [r for r in new_office().status("2023-11-01", by="district") if r["duty"] == "ban-hanh-quy-che"]
    assert len(rows) == 22 and sum(r["expected"] for r in rows) == 501
    expected = {r["name"]: r["expected"] for r in rows}
    assert expected["Cấp tỉnh"] == 20
    assert expected["Huyện Quế Phong"] == 1 + 13


@pytest.mark.parametrize(
    "day",
    [
        "2025-06-30",
        "2025-07-01",
    ],
)
def test_a_province_is_one_row(summer, day):
    rows = [r for r in summer.status(day, by="province") if (r["duty"], r["period"]) == YEAR]
    assert [r["name"] for r in rows] == ["Tỉnh Nghệ An"]


def test_chain_is_whole(summer):
    assert summer.broken_links() == []
