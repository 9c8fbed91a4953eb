"""The same laws once on the whole of Nghệ An's plan: two autumn months with 501 units that report nothing."""

from collections import Counter

import pytest
from cast import Office, copied, instant

from flows.catalog import find_plan
from models.database import connect, reading
from models.unit_store import read_units
from tasks.set_up import set_up


@pytest.fixture(scope="module")
def daily_and_late(tmp_path_factory):
    """Two offices since 1/7/2023: one swept every morning from 30/10 to 20/12/2023, the other only on the last."""
    folder = tmp_path_factory.mktemp("whole")
    plan, began = find_plan("nghe-an-2023"), instant("2023-07-01 07:00")
    country = connect(f"sqlite:///{folder}/country.sqlite")
    set_up(country, [plan], now=began)
    with reading(country) as db:
        tree = read_units(db, province="40")
    country.dispose()
    offices = [
        Office(copied(folder / "country.sqlite", folder / f"{name}.sqlite"), plan, began=began, tree=tree)
        for name in ("daily", "late")
    ]
    offices[0].sweeps_daily("2023-10-30", "2023-12-19")
    for office in offices:
        office.last = office.sweeps("2023-12-20")
    yield offices
    for office in offices:
        office.engine.dispose()


def said(office, *fields, **wanted):
    return Counter(tuple(n[field] for field in fields) for n in office.notices(**wanted))


def test_the_same_steps_are_recorded_for_the_same_recipients(daily_and_late):
    daily, late = (
        said(office, "duty", "period", "unit", "step", "recipient", "kind", "planned_at") for office in daily_and_late
    )
    assert daily == late
    assert len(daily) > 1000 and max(daily.values()) == 1


def test_each_is_planned_or_skipped_with_its_reason_and_one_waits_per_recipient(daily_and_late):
    for office in daily_and_late:
        assert {(n["state"], bool(n["reason"])) for n in office.notices()} == {("planned", False), ("skipped", True)}
        waiting = said(office, "duty", "period", "unit", "recipient", state="planned")
        assert max(waiting.values()) == 1


def test_both_stand_the_same_that_day_and_in_the_past(daily_and_late):
    daily, late = daily_and_late
    for day in ("2023-11-15", "2023-12-20"):
        assert daily.status(day, by="unit") == late.status(day, by="unit")
    assert (daily.last.overdue, daily.last.expected) == (late.last.overdue, late.last.expected)


def test_again_changes_nothing_and_the_chain_is_whole(daily_and_late):
    for office in daily_and_late:
        rows = len(office.ledger()), len(office.notices())
        again = office.sweeps("2023-12-20")
        assert (again.opened, again.reminded, again.escalated, again.notices) == (0, 0, 0, 0)
        assert (len(office.ledger()), len(office.notices())) == rows
        assert office.broken_links() == []
