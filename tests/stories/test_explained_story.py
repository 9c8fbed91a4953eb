"""Everywhere a due date is shown, it can be explained: in the mail, in the artifacts, in the status table."""

import pytest
from cast import HEALTH, HOME_AFFAIRS, JUSTICE, PARTY_OFFICE, PROVINCE, QUE_PHONG, VINH, instant

from models.database import reading
from models.tables import notice
from tasks.digests import digest_of
from tasks.publish import pages
from tasks.roll_up import status
from tasks.waiting import by_recipient, still_open, waiting_notices

REPORT, YEAR = "bao-cao-nam", "2023"
RULES, QUARTER = "ban-hanh-quy-che", "2023-Q4"
CITED = "Bộ luật Dân sự 2015, Điều 148 khoản 6"
WRITTEN = "Hằng năm, trước ngày 01/12: không gồm ngày 01/12; báo cáo đúng hạn chậm nhất trong ngày 30/11/2023"


def digests(office, when):
    """The digest of every recipient at an instant, by (unit, role)."""
    plans, as_of = {office.plan.code: office.plan}, instant(when)
    with reading(office.engine) as db:
        units = {office.plan.province: office.units(db)}
        waiting = list(waiting_notices(db, plans.keys(), notice.c.state == "planned"))
        owed = still_open(db, plans.keys(), plans, units, as_of=as_of)
    groups = by_recipient(one for one in waiting if one.key in owed)
    return {
        to: digest_of(to, group, owed, plans, units, office.settings, as_of=as_of, number="thử")
        for to, group in groups.items()
    }


def reports(lines):
    """Those about the yearly report."""
    return [one for one in lines if one.duty_title.startswith("Báo cáo năm")]


def whys(reckoning):
    return [step.why for step in reckoning.steps]


@pytest.fixture
def reminded(office):
    office.sweeps("2023-11-01")
    return office


def test_a_unit_reads_how_its_date_was_counted(reminded):
    [entry] = digests(reminded, "2023-11-01")[VINH, "focal_point"].reckonings
    assert (entry.duty_title, entry.period, entry.due) == (
        "Báo cáo năm kết quả thực hiện Luật", "năm 2023", "30/11/2023",
    )  # fmt: skip
    assert entry.steps[0].why == WRITTEN and entry.steps[-1].article == CITED
    assert all(step.article for step in entry.steps)


def test_an_extension_is_said_on_the_units_line_and_in_its_reckoning(reminded):
    reminded.extends(VINH, REPORT, YEAR, to="2023-12-15", on="2023-11-02")
    reminded.sweeps("2023-12-08")
    told = digests(reminded, "2023-12-08")
    [line] = reports(told[VINH, "focal_point"].due)
    assert line.due == "15/12/2023" and line.note.startswith("Đã gia hạn đến hết ngày 15/12/2023")
    [entry] = reports(told[VINH, "focal_point"].reckonings)
    assert entry.due == "15/12/2023" and "chờ số liệu" in whys(entry)[-1]
    [other] = reports(told[QUE_PHONG, "focal_point"].overdue)
    assert other.note == "" and other.due == "30/11/2023"


def test_only_the_last_date_and_the_last_pause_are_noted(reminded):
    reminded.extends(VINH, REPORT, YEAR, to="2023-12-05", on="2023-11-02")
    reminded.corrects(VINH, REPORT, YEAR, to="2023-12-12", on="2023-11-03")
    reminded.pauses(VINH, REPORT, YEAR, on="2023-11-06")
    reminded.resumes(VINH, REPORT, YEAR, on="2023-11-10")
    reminded.sweeps("2023-12-05")
    [line] = reports(digests(reminded, "2023-12-05")[VINH, "focal_point"].due)
    assert line.note == (
        "Đã sửa ngày đến hạn thành hết ngày 12/12/2023 (ngày 03/11/2023): ghi nhầm; "
        "đã tạm dừng từ ngày 06/11/2023: chờ hướng dẫn; đã tiếp tục từ ngày 10/11/2023: đã có hướng dẫn"
    )


def test_forty_late_units_of_one_duty_have_one_entry(office):
    office.sweeps("2023-11-01")
    office.sweeps("2023-12-07")  # five working days late: the standing office hears of all
    told = digests(office, "2023-12-07")[PARTY_OFFICE, "standing_office"]
    [entry] = reports(told.reckonings)
    assert len(reports(told.subordinates)) == 41 and whys(entry)[0] == WRITTEN


def test_one_entry_for_one_date_whoever_had_decisions_of_his_own(office):
    office.sweeps("2023-11-01")
    office.pauses(VINH, REPORT, YEAR, on="2023-11-02")
    office.resumes(VINH, REPORT, YEAR, on="2023-11-10")
    office.sweeps("2023-12-07")
    told = digests(office, "2023-12-07")[PARTY_OFFICE, "standing_office"]
    [entry] = reports(told.reckonings)
    assert "quyết định riêng" in whys(entry)[-1] and not any("Tạm dừng" in why for why in whys(entry))
    [vinh] = [one for one in told.subordinates if one.unit_name == "UBND thành phố Vinh" and one.note]
    assert "tạm dừng từ ngày 02/11/2023" in vinh.note


def test_communes_that_are_called_alike_are_all_told(office):
    office.sweeps("2023-12-01")
    office.sweeps("2024-01-08")
    told = digests(office, "2024-01-08")[PARTY_OFFICE, "standing_office"]
    rules = [one for one in told.subordinates if one.duty_title.startswith("Ban hành Quy chế")]
    names = [one.unit_name for one in rules]
    assert len(names) == len(set(names)) == 501
    assert {"UBND xã Tam Hợp (Huyện Quỳ Hợp)", "UBND xã Tam Hợp (Huyện Tương Dương)"} <= set(names)
    assert "UBND xã Kim Liên" in names  # the only one of that name


def test_the_published_pages_explain_each_date(office):
    office.sweeps("2023-11-01")
    office.extends(VINH, REPORT, YEAR, to="2023-12-01", on="2023-11-02", reason="chờ [số liệu](x)\nvà *ký*")
    with reading(office.engine) as db:
        found = {
            page.key: page.data
            for page in pages(db, office.plan, office.units(db), office.settings, as_of=instant("2023-12-04"))
        }
    late = {
        row["Đơn vị"]: row["Cách tính hạn"] for row in found["nghe-an-2023-qua-han"] if "Báo cáo" in row["Nhiệm vụ"]
    }
    assert late["Huyện Quế Phong"].startswith(f"{WRITTEN}; ") and "Gia hạn" not in late["Huyện Quế Phong"]
    assert "Gia hạn đến hết ngày 01/12/2023" in late["Thành phố Vinh"]
    summary = found["nghe-an-2023-tong-hop"]
    under_table = summary.split("## Cách tính thời hạn")[1]
    title = "**Báo cáo năm kết quả thực hiện Luật**, năm 2023: đến hết 30/11/2023 (1 đơn vị có hạn riêng)"
    assert title in under_table and f"    - {WRITTEN}. Căn cứ: Kế hoạch" in under_table
    assert CITED in under_table and "[Mở cổng đôn đốc]" in under_table


def test_a_typed_reason_cannot_become_markup(office):
    office.sweeps("2023-11-01")
    office.extends(None, REPORT, YEAR, to="2023-12-01", on="2023-11-02", reason="chờ [số liệu](x)\n# và *ký* | <b>")
    with reading(office.engine) as db:
        [summary] = [
            page.data
            for page in pages(db, office.plan, office.units(db), office.settings, as_of=instant("2023-12-04"))
            if page.kind == "markdown"
        ]
    assert r"chờ \[số liệu\](x) \# và \*ký\* \| \<b\>. Căn cứ: Nhật ký" in summary


def test_the_status_table_explains_on_demand(office):
    office.sweeps("2023-11-01")
    office.extends(VINH, REPORT, YEAR, to="2023-12-15", on="2023-11-02")

    def rows(by, **asked):
        with reading(office.engine) as db:
            found = status(db, office.plan, office.units(db), by=by, as_of=instant("2023-11-20"), **asked)
        return [row for row in found if (row["duty"], row["period"]) == (REPORT, YEAR)]

    assert all("explain" not in row for by in ("duty", "unit") for row in rows(by))
    [period] = rows("duty", explain=True)
    assert [step["article"] for step in period["explain"]][-1] == CITED
    own = {row["unit"]: [step["why"] for step in row["explain"]] for row in rows("unit", explain=True)}
    assert own[QUE_PHONG] == own[HEALTH] == own[JUSTICE] == [step["why"] for step in period["explain"]]
    assert own[VINH][:-1] == own[QUE_PHONG] and own[VINH][-1].startswith("Gia hạn đến hết ngày 15/12/2023")
    assert {row["unit"]: row["explain"] for row in rows("district", explain=True)}[VINH] == period["explain"]
    assert own.keys() >= {HOME_AFFAIRS} and PROVINCE not in own
