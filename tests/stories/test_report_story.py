"""A unit reports: on time, late, twice; and everything that the desk refuses, which changes nothing."""

import pytest
from cast import HOME_AFFAIRS, JUSTICE, KIM_SON, THANH_VINH, VINH, instant

from models.refusal import Refusal

YEAR = ("bao-cao-nam", "2023")


@pytest.fixture
def refused(office):
    """Tries something, sees it refused, and that nothing came into the ledger; gives the message."""

    def tried(act, *args, **kwargs):
        before = office.ledger()
        with pytest.raises(Refusal) as told:
            act(*args, **kwargs)
        assert office.ledger() == before
        return str(told.value)

    return tried


def test_a_report_in_time_is_done_and_never_chased(office):
    office.goes_live("2023-11-20")
    office.sweeps("2023-11-20")
    office.submits(VINH, *YEAR, "2023-11-22 09:00")
    office.sweeps("2023-12-20")
    assert office.state(VINH, *YEAR, "2023-12-20") == "done"
    sent = office.notices(duty="bao-cao-nam", unit=VINH)
    assert [(n["step"], n["state"], n["reason"]) for n in sent] == [("remind:-30d", "skipped", "trước khi vận hành")]


def test_a_late_report_ends_the_ladder_where_it_stands(office):
    office.goes_live("2023-11-20")
    office.sweeps("2023-12-05")
    office.submits(VINH, *YEAR, "2023-12-06 16:00")
    office.sweeps("2023-12-20")
    assert office.state(VINH, *YEAR, "2023-12-20") == "done_late"
    steps = {n["step"] for n in office.notices(duty="bao-cao-nam", unit=VINH)}
    assert "escalate:+3wd" in steps and not steps & {"escalate:+5wd", "escalate:+10wd", "escalate:weekly:2023-12-18"}


def test_a_late_report_is_overdue_until_the_instant_it_comes(office):
    office.submits(VINH, *YEAR, "2023-12-06 16:00")
    assert office.state(VINH, *YEAR, "2023-12-06 15:59:59") == "overdue"
    assert office.state(VINH, *YEAR, "2023-12-06 16:00") == "done_late"


def test_a_correction_is_kept_and_the_first_report_counts(office):
    office.submits(VINH, *YEAR, "2023-11-22 09:00")
    office.submits(VINH, *YEAR, "2023-12-20 09:00")
    assert [f["event_at"] for f in office.ledger("submitted")] == [
        instant("2023-11-22 09:00"), instant("2023-12-20 09:00")]  # fmt: skip
    row = office.standing(VINH, *YEAR, "2024-01-01")
    assert (row["state"], row["submitted_at"]) == ("done", "2023-11-22T09:00:00+07:00")
    assert office.row(*YEAR, "2024-01-01")["done"] == 1


def test_the_rates_are_of_those_expected(office):
    office.submits(VINH, *YEAR, "2023-11-22")
    office.submits(JUSTICE, *YEAR, "2023-12-06")
    row = office.row(*YEAR, "2023-12-07")
    assert (row["expected"], row["done"], row["done_late"], row["overdue"]) == (41, 1, 1, 39)
    assert (row["reporting_rate"], row["on_time_rate"]) == (round(2 / 41, 4), round(1 / 41, 4))


def test_a_bare_code_names_the_unit_of_that_day(office):
    assert office.submits("412", *YEAR, "2023-11-22").unit == VINH


def test_a_standing_duty_takes_reports_and_stays_open(office):
    office.submits(HOME_AFFAIRS, "theo-doi-tong-hop", "-", "2023-11-22")
    row = office.standing(HOME_AFFAIRS, "theo-doi-tong-hop", "-", "2023-12-01")
    assert (row["state"], row["submitted_at"]) == ("no_term", "2023-11-22T07:30:00+07:00")


def test_the_same_report_twice_is_refused(office, refused):
    office.submits(VINH, *YEAR, "2023-11-22 09:00")
    assert "đã ghi nhận" in refused(office.submits, VINH, *YEAR, "2023-11-22 09:00")


def test_before_the_window_opens(office, refused):
    asked = (HOME_AFFAIRS, "ra-soat-van-ban", "2023-10")
    message = refused(office.submits, *asked, "2023-09-30 23:59:59", entered="2023-10-05")
    assert "Sở Nội vụ" in message and "trước khi kỳ" in message and "01/10/2023" in message
    assert office.submits(*asked, "2023-10-01 00:00", entered="2023-10-05")


def test_a_period_still_to_come_names_its_day(office, refused):
    message = refused(office.submits, HOME_AFFAIRS, "ra-soat-van-ban", "2023-10", "2023-09-01")
    assert "chưa mở" in message and "01/10/2023" in message


def test_in_the_future(office, refused):
    message = refused(office.submits, VINH, *YEAR, "2023-11-22 09:01", entered="2023-11-22 09:00")
    assert "tương lai" in message
    assert office.submits(VINH, *YEAR, "2023-11-22 09:00", entered="2023-11-22 09:00")


def test_for_a_duty_of_somebody_else(office, refused):
    message = refused(office.submits, KIM_SON, *YEAR, "2023-11-22")
    assert "Thị trấn Kim Sơn" in message and "không được giao" in message and "bao-cao-nam" in message
    assert "không được giao" in refused(office.submits, JUSTICE, "ra-soat-van-ban", "2023-10", "2023-10-22")


@pytest.mark.parametrize(
    ("given", "closest"),
    [
        ({"duty": "bao-cao-nan"}, "bao-cao-nam"),
        ({"period": "2032"}, "2023"),
        ({"period": "2023-Q4"}, "2023"),
        ({"unit": "b:40.so-noi-vụ"}, "b:40.so-noi-vu"),
        ({"unit": "g1:4122"}, "g1:412"),
    ],
)
def test_an_unknown_name_is_told_with_the_closest(office, refused, given, closest):
    asked = {"unit": VINH, "duty": "bao-cao-nam", "period": "2023"} | given
    message = refused(office.submits, asked["unit"], asked["duty"], asked["period"], "2023-11-22")
    assert next(iter(given.values())) in message and closest in message


def test_a_unit_that_does_not_exist_yet_or_any_more(office, refused):
    assert "không được giao" in refused(office.submits, THANH_VINH, *YEAR, "2023-11-22")
    late = refused(office.submits, VINH, *YEAR, "2025-07-01 00:00")
    assert "Thành phố Vinh" in late and "01/7/2025" in late.replace("01/07/2025", "01/7/2025")


def test_a_file_is_all_or_nothing_and_names_each_bad_row(office):
    good = {"plan": "nghe-an-2023", "duty": "bao-cao-nam", "period": "2023", "unit": VINH, "submitted_at": "2023-11-22"}
    bad = office.imports_reports(
        good,
        good | {"plan": "nghe-an-2032"},
        good | {"unit": "khong-co"},
        good | {"submitted_at": "22/11/2023"},
        good | {"submitted_at": "2023-02-30"},
        good,
        now="2023-11-25",
    )
    assert [one.row.line for one in bad] == [3, 4, 5, 6, 7]
    said = [str(one) for one in bad]
    assert "dòng 3" in said[0] and "nghe-an-2023" in said[0]
    assert "22/11/2023" in said[2] and "2023-12-01" in said[2]
    assert "2023-02-30" in said[3]
    assert "trùng với dòng 2" in said[4]
    assert office.ledger("submitted") == []
    assert office.imports_reports(good, now="2023-11-25") == []
    assert office.state(VINH, *YEAR, "2023-11-25") == "done"
    assert "đã được ghi nhận" in str(office.imports_reports(good, now="2023-11-26")[0])
