"""The verbs of the daily work: advance, event, submit, status as of any instant, notices, deliver, simulate."""

import re
import socket
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from command_cast import HOME_AFFAIRS, JUSTICE, PLAN, REPORT_HEADER, VINH, Dondoc, ask, go_live, report, write

GARBAGE = ["", " ", "garbage", "2023-13-01", "30/11/2023", "2023-11-01T07:30", "2023-11-01T07:30+99:00", "1e400", "now"]


def advance(dondoc: Dondoc, as_of: str) -> dict[str, Any]:
    done: dict[str, Any] = dondoc.done("advance", "--plan", PLAN, "--as-of", as_of)
    return done


# --- init and advance -----------------------------------------------------------------------------------------------


def test_init_twice_changes_nothing(country: Dondoc) -> None:
    before = country.state
    again = country.done("init")
    assert (again["migrated"], again["units"], again["plans"]) == (False, 0, [])
    assert country.state == before


def test_advance_works_right_after_init(dondoc: Dondoc) -> None:
    done = advance(dondoc, "2023-11-01")
    assert done["opened"] > 1000 and done["reminded"] == 41 and done["overdue"] == 2


def test_the_same_instant_again_does_nothing(late: Dondoc) -> None:
    before = late.state
    again = advance(late, "2023-12-05")
    assert [again[name] for name in ("opened", "reminded", "escalated", "notices")] == [0, 0, 0, 0]
    assert again["overdue"] == 43
    assert late.state == before


def test_an_earlier_instant_after_a_later_one_does_nothing(late: Dondoc) -> None:
    again = advance(late, "2023-11-01")
    assert [again[name] for name in ("opened", "reminded", "escalated", "notices")] == [0, 0, 0, 0]


def test_a_late_sweep_says_each_unit_the_newest_step_only(late: Dondoc) -> None:
    planned = ask(
        late.home, "SELECT assignment, recipient, role, count(*) FROM notice WHERE state='planned' GROUP BY 1, 2, 3"
    )
    assert planned and all(row[-1] == 1 for row in planned)


def test_once_live_the_future_is_not_swept(dondoc: Dondoc) -> None:
    go_live(dondoc.home)
    before = dondoc.state
    assert "tương lai" in dondoc("advance", "--plan", PLAN, "--as-of", "2026-11-22").reason
    assert dondoc.state == before
    assert dondoc.done("advance", "--plan", PLAN, "--as-of", "2026-11-21")["opened"] > 0


@pytest.mark.parametrize("command", [("advance",), ("status", "--plan", PLAN), ("notices",), ("deliver",)])
def test_an_instant_that_is_none_is_refused(dondoc: Dondoc, command: tuple[str, ...]) -> None:
    before = dondoc.state
    for text in GARBAGE:
        assert f"“{text.strip()}”" in dondoc(*command, "--as-of", text).reason
    assert dondoc.state == before


# --- status ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "means"),
    [
        ("2023-12-01", "2023-12-01T07:30:00+07:00"),
        ("2023-12-01T00:00+07:00", "2023-12-01T00:00:00+07:00"),
        ("2023-11-30T16:59:59Z", "2023-11-30T23:59:59+07:00"),
        ("2023-11-30T18:00:00+01:00", "2023-12-01T00:00:00+07:00"),
    ],
)
def test_instants_are_read_in_their_zone(dondoc: Dondoc, as_of: str, means: str) -> None:
    status = dondoc.done("status", "--plan", PLAN, "--as-of", as_of)
    assert status["as_of"] == means
    [row] = [row for row in status["rows"] if (row["duty"], row["period"]) == ("bao-cao-nam", "2023")]
    assert row["overdue" if means >= "2023-12-01" else "due_soon"] == 41


def test_without_as_of_it_is_now(dondoc: Dondoc) -> None:
    assert dondoc.done("status", "--plan", PLAN)["as_of"].startswith("2026-11-21T10:00")


@pytest.mark.parametrize("by", ["duty", "unit", "district", "province"])
def test_the_past_looks_the_same_swept_or_not(dondoc: Dondoc, by: str) -> None:
    before = dondoc.rows(as_of="2023-11-01", by=by)
    advance(dondoc, "2023-11-01")
    assert dondoc.rows(as_of="2023-11-01", by=by) == before


def test_the_groups_add_up_to_the_duty(late: Dondoc) -> None:
    by = {name: late.rows(as_of="2023-12-05", by=name) for name in ("duty", "unit", "district", "province")}
    for name in ("unit", "district", "province"):
        for whole in by["duty"]:
            parts = [row for row in by[name] if (row["duty"], row["period"]) == (whole["duty"], whole["period"])]
            for figure in ("expected", "overdue", "due_soon", "pending", "no_term", "done"):
                assert sum(row[figure] for row in parts) == whole[figure], (name, whole["duty"], figure)


def test_columns_are_disjoint_and_add_up(late: Dondoc) -> None:
    out = ("not_open", "no_term", "waived", "withdrawn", "transferred")
    into = ("pending", "due_soon", "overdue", "submitted", "returned", "done", "done_late", "paused", "undecided")
    for row in late.rows(as_of="2023-12-05", by="unit"):
        assert sum(row[state] for state in (*out, *into)) == 1
        assert row["expected"] == sum(row[state] for state in into)
        assert (row["reporting_rate"] is None) == (row["expected"] == 0)


def test_by_district_province_bodies_stand_under_their_own_heading(dondoc: Dondoc) -> None:
    rows = [row for row in dondoc.rows(as_of="2023-11-01", by="district") if row["duty"] == "bao-cao-nam"]
    named = {row["name"]: row["expected"] for row in rows if row["period"] == "2023"}
    assert len(named) == 22 and named["Cấp tỉnh"] == 20 and named["Thành phố Vinh"] == 1


def test_after_the_districts_ended_the_other_way_is_named(dondoc: Dondoc) -> None:
    assert "--by unit" in dondoc("status", "--plan", PLAN, "--as-of", "2025-07-01", "--by", "district").reason
    assert dondoc.rows(as_of="2025-06-30T23:59+07:00", by="district")


def test_known_at_tells_what_was_recorded_by_then(dondoc: Dondoc) -> None:
    assert dondoc.when("2026-11-10T03:00:00Z").submit(HOME_AFFAIRS, "2023-11-20").code == 0
    asked = {"as_of": "2023-12-05"}

    def done(**more: str) -> int:
        return int(dondoc.row("bao-cao-nam", "2023", **asked, **more)["done"])

    assert done() == 1 and done(known_at="2026-11-11") == 1
    assert done(known_at="2026-11-10") == 0  # 07:30 that day, and it was recorded at 10:00
    assert done(known_at="2026-11-10T10:00:01+07:00") == 1
    assert "“hôm qua”" in dondoc("status", "--plan", PLAN, "--known-at", "hôm qua").reason


def test_a_report_counts_from_its_own_instant(dondoc: Dondoc) -> None:
    assert dondoc.submit(HOME_AFFAIRS, "2023-11-20T09:00+07:00").code == 0
    assert dondoc.row("bao-cao-nam", "2023", as_of="2023-11-20T08:59+07:00")["done"] == 0
    row = dondoc.row("bao-cao-nam", "2023", as_of="2023-11-20T09:00+07:00")
    assert row["done"] == 1 and row["reporting_rate"] == row["on_time_rate"] == round(1 / 41, 4)


@pytest.mark.parametrize(("at", "state"), [("2023-11-30T23:59:59+07:00", "done"), ("2023-12-01", "done_late")])
def test_on_time_ends_at_the_due_instant(dondoc: Dondoc, at: str, state: str) -> None:
    assert dondoc.submit(HOME_AFFAIRS, at).code == 0
    assert dondoc.row("bao-cao-nam", "2023", as_of="2023-12-05")[state] == 1


# --- submit ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", [VINH, "412", " 412 ", HOME_AFFAIRS, "40.so-noi-vu"])
def test_a_unit_is_named_by_its_key_or_by_a_code_that_is_clear(dondoc: Dondoc, unit: str) -> None:
    assert dondoc.submit(unit).json["unit"] in (VINH, HOME_AFFAIRS)


def test_a_code_is_read_as_of_the_day_of_the_report(dondoc: Dondoc) -> None:
    """16681 is a ward of Vinh until 2025 and another one, by another name, after."""
    late, early = (
        dondoc.submit("16681", at, duty="ban-hanh-quy-che", period="2023-Q4") for at in ("2025-08-01", "2023-11-01")
    )
    assert "n:16681" in late.reason and early.json["unit"] == "g1:16681"


def test_a_code_of_nobody_on_that_day_names_who_had_it(dondoc: Dondoc) -> None:
    assert "g1:412" in dondoc.submit("412", "2026-11-01", period="2026").reason


def test_an_ambiguous_code_names_the_keys(dondoc: Dondoc, tmp_path: Path) -> None:
    units = write(tmp_path / "u.csv", "key,code,name,kind,level,parent,valid_from",
                  "b:40.cty-a,412,Công ty A,doanh nghiệp nhà nước,enterprise,g1:40,2023-01-01")  # fmt: skip
    dondoc.done("units", "import", units)
    reason = dondoc.submit("412").reason
    assert VINH in reason and "b:40.cty-a" in reason


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"plan": "nghe-an"}, PLAN),
        ({"duty": "bao-cao-namm"}, "bao-cao-nam"),
        ({"period": "2022"}, "2024"),
        ({"period": ""}, "2023"),
        ({"period": "2027"}, "01/01/2027"),
        ({"unit": "g1:41"}, "g1:41"),
        ({"unit": ""}, "đơn vị"),
        ({"unit": "g1:16681"}, "không được giao"),
        ({"unit": "g1:40"}, "không được giao"),
        ({"at": "2023-06-30"}, "01/07/2023"),
        ({"at": "2026-11-22"}, "tương lai"),
        ({"at": "2023-11-20T08:00"}, "múi giờ"),
        ({"at": ""}, "múi giờ"),
        ({"unit": VINH, "period": "2025", "at": "2025-07-01"}, "kế nhiệm"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_is_refused(dondoc: Dondoc, changes: dict[str, str], named: str) -> None:
    before = dondoc.state
    assert named in dondoc.submit(**changes).reason
    assert dondoc.state == before


def test_in_the_future_means_after_the_wall_clock(dondoc: Dondoc) -> None:
    assert dondoc.submit(at="2026-11-21T10:00:00+07:00", period="2026").code == 0
    assert "tương lai" in dondoc.submit(JUSTICE, at="2026-11-21T10:05:00+07:00", period="2026").reason


def test_the_very_same_report_twice_is_refused_and_a_correction_kept(dondoc: Dondoc) -> None:
    assert dondoc.submit().code == 0
    before = dondoc.state
    assert "đã ghi nhận" in dondoc.submit().reason and dondoc.state == before
    assert dondoc.submit(at="2023-11-21").code == 0
    assert dondoc.row("bao-cao-nam", "2023", as_of="2023-12-05")["done"] == 1


def test_the_ledger_refers_to_who_handed_in_and_does_not_name_them(dondoc: Dondoc) -> None:
    assert dondoc.submit(by="Nguyễn Thị Riêng Tư").code == 0
    assert "Riêng Tư" not in str(dondoc.state["ledger"]) and "person:1" in str(dondoc.state["ledger"][-1])


# --- events ---------------------------------------------------------------------------------------------------------


def issue(dondoc: Dondoc, on: str, basis: str = "Nghị định 1/2024/NĐ-CP") -> Any:
    return dondoc("event", "guidance-issued", "--plan", PLAN, "--on", on, "--basis", basis)


def test_each_event_opens_its_own_period(dondoc: Dondoc) -> None:
    assert issue(dondoc, "2024-03-05").code == issue(dondoc, "2025-01-10").code == 0
    rows = [row for row in dondoc.rows(as_of="2025-02-01") if row["duty"] == "nghi-quyet-hdnd"]
    assert [(row["period"], row["opens"], row["due"]) for row in rows] == [
        ("2024-03-05", "2024-03-06T00:00:00+07:00", None), ("2025-01-10", "2025-01-11T00:00:00+07:00", None),
    ]  # fmt: skip
    assert dondoc.submit(duty="nghi-quyet-hdnd", period="2024-03-05", at="2024-04-01").code == 0
    assert dondoc.row("nghi-quyet-hdnd", "2024-03-05", as_of="2024-04-02")["done"] == 1


@pytest.mark.parametrize(
    ("on", "basis", "named"),
    [
        ("2026-11-22", "x", "tương lai"), ("2023-06-30", "x", "01/07/2023"), ("2024-03-05", "  ", "--basis"),
        ("5/3/2024", "x", "5/3/2024"), ("", "x", "«»"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_is_refused(dondoc: Dondoc, on: str, basis: str, named: str) -> None:
    before = dondoc.state
    assert named in issue(dondoc, on, basis).reason
    assert dondoc.state == before


def test_the_same_event_twice_is_refused(dondoc: Dondoc) -> None:
    assert issue(dondoc, "2024-03-05").code == 0
    before = dondoc.state
    assert "đã được ghi nhận" in issue(dondoc, "2024-03-05", "khác").reason and dondoc.state == before


# --- notices and deliver --------------------------------------------------------------------------------------------


def test_notices_name_units_and_never_addresses(late: Dondoc, tmp_path: Path) -> None:
    contact = f"{HOME_AFFAIRS},Trần Thị B,,b@nghean.gov.vn"
    late.done("contacts", "import", write(tmp_path / "c.csv", "unit,name,role,email", contact))
    rows = late.done("notices", "--as-of", "2023-12-05")
    assert len(rows) > 500 and len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert re.fullmatch(r"(g1|g2|n|b):[0-9a-z.\-]+/(focal_point|standing_office|chair)", row["recipient"])
        assert re.fullmatch(r"(g1|g2|n|b):[0-9a-z.\-]+", row["unit"])
        assert row["channel"] == "email" and row["kind"] in ("reminder", "escalation", "copy")
        assert row["planned_at"] <= "2023-12-05T07:30:00+07:00" and row["planned_at"].endswith("+07:00")
        assert (row["sent_at"], row["message_id"]) == (None, None)
    assert {row["state"] for row in rows} == {"planned", "skipped"}
    assert all(row["reason"] for row in rows if row["state"] == "skipped")
    assert "@" not in str(rows) and "Trần Thị B" not in str(rows)


def test_notices_of_an_earlier_instant_are_those_planned_by_then(late: Dondoc) -> None:
    rows = late.done("notices", "--as-of", "2023-11-01")
    assert rows and max(row["planned_at"] for row in rows) == "2023-11-01T07:30:00+07:00"
    assert late.done("notices", "--as-of", "2023-07-01") == []


@pytest.mark.parametrize("option", [("--plan", "nghe-an"), ("--unit", "g1:999999"), ("--state", "gửi")])
def test_an_unknown_name_in_a_filter_of_notices_is_refused(late: Dondoc, option: tuple[str, str]) -> None:
    assert option[1] in late("notices", "--as-of", "2023-12-05", *option).reason


def test_notices_of_a_unit_by_its_bare_code(late: Dondoc) -> None:
    by_key = late.done("notices", "--as-of", "2023-12-05", "--unit", VINH)
    assert by_key and late.done("notices", "--as-of", "2023-12-05", "--unit", "412") == by_key


@pytest.fixture
def october(dondoc: Dondoc) -> Dondoc:
    """One duty of the standing office is late; its reminder went nowhere yet."""
    advance(dondoc, "2023-10-05")
    return dondoc


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A mail server that takes everything; gives the envelopes."""

    class Taking:
        taken: list[Any]

        def __init__(self) -> None:
            self.taken = []

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            self.taken.append(envelope)
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    taking = Taking()
    controller = Controller(taking, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("DONDOC_SMTP_PORT", str(port))
    yield taking
    controller.stop()


def test_while_the_mailbox_is_down_everything_waits(october: Dondoc) -> None:
    ran = october("deliver", "--as-of", "2023-10-05")
    assert ran.code == 0 and ran.json == {"sent": 0, "failed": 0, "waiting": ran.json["waiting"], "undeliverable": 0}
    assert ran.json["waiting"] > 0
    states = {row["state"] for row in october.done("notices", "--as-of", "2023-10-05")}
    assert "planned" in states and not states & {"sent", "failed", "sending"}


def test_what_waited_leaves_once_the_mailbox_is_back(
    october: Dondoc, relay: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setenv("DONDOC_SMTP_PORT", "1")
        waiting = october.done("deliver", "--as-of", "2023-10-05")["waiting"]
    sent = october.done("deliver", "--as-of", "2023-10-05")
    assert sent == {"sent": waiting, "failed": 0, "waiting": 0, "undeliverable": 0} and len(relay.taken) == waiting
    assert all(to.endswith("@hop-thu-thu.invalid") for envelope in relay.taken for to in envelope.rcpt_tos)
    rows = [row for row in october.done("notices", "--as-of", "2023-10-05") if row["state"] == "sent"]
    assert rows and all(row["message_id"] and row["sent_at"] == "2023-10-05T07:30:00+07:00" for row in rows)
    assert all(row["message_id"].encode() in b"".join(e.content for e in relay.taken) for row in rows)
    assert october.done("deliver", "--as-of", "2023-10-05")["sent"] == 0 and len(relay.taken) == waiting


def test_nothing_is_sent_to_who_has_reported_meanwhile(october: Dondoc, relay: Any) -> None:
    planned = [row for row in october.done("notices", "--as-of", "2023-10-05") if row["state"] == "planned"]
    [unit] = {row["unit"] for row in planned if row["duty"] == "hoi-nghi-quan-triet"}
    assert october.submit(unit, "2023-10-05", duty="hoi-nghi-quan-triet", period="2023-Q3").code == 0
    october.done("deliver", "--as-of", "2023-10-05")
    after = {row["id"]: row["state"] for row in october.done("notices", "--as-of", "2023-10-05")}
    assert {after[row["id"]] for row in planned if row["unit"] == unit} == {"cancelled"}
    assert {after[row["id"]] for row in planned if row["unit"] != unit} == {"sent"}


def test_with_a_real_server_who_has_no_contact_is_listed(
    october: Dondoc, relay: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_SMTP_URL", "smtp://127.0.0.1:1")
    waiting = [row for row in october.done("notices", "--as-of", "2023-10-05") if row["state"] == "planned"]
    done = october.done("deliver", "--as-of", "2023-10-05")
    assert done == {"sent": 0, "failed": 0, "waiting": 0, "undeliverable": len(waiting)}
    lost = october.done("notices", "--as-of", "2023-10-05", "--state", "undeliverable")
    assert {row["id"] for row in lost} == {row["id"] for row in waiting} and relay.taken == []


@pytest.mark.parametrize("url", ["foo", "http://mail", "smtp://", "smtp://host:99999"])
def test_a_mail_server_that_is_none_is_refused(october: Dondoc, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DONDOC_SMTP_URL", url)
    before = october.state
    assert "DONDOC_SMTP_URL" in october("deliver", "--as-of", "2023-10-05").reason
    assert october.state == before


def test_once_live_nothing_is_delivered_as_of_the_future(dondoc: Dondoc) -> None:
    go_live(dondoc.home)
    assert "tương lai" in dondoc("deliver", "--as-of", "2026-12-24").reason


# --- simulate -------------------------------------------------------------------------------------------------------


def simulate(dondoc: Dondoc, *more: object, through: str = "2023-10-10") -> Any:
    return dondoc("simulate", PLAN, "--from", "2023-09-25", "--to", through, *more)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(dondoc: Dondoc) -> None:
    before = dondoc.state
    first, again, other = (simulate(dondoc, "--seed", seed) for seed in (7, 7, 8))
    assert first.out == again.out != other.out
    assert first.json["days"] == 16 and first.json["submissions"] > 0 and first.json["assignments"] > 1000
    assert dondoc.state == before


def test_simulated_answers_come_from_the_file(dondoc: Dondoc, tmp_path: Path) -> None:
    rows = [report(unit, at=at) for unit, at in ((HOME_AFFAIRS, "2023-09-20"), (VINH, "2023-10-02T09:00+07:00"))]
    told = simulate(dondoc, "--answers", write(tmp_path / "a.csv", REPORT_HEADER, *rows)).json
    assert told["submissions"] == 2
    [row] = [row for row in told["status"] if (row["duty"], row["period"]) == ("bao-cao-nam", "2023")]
    assert (row["done"], row["pending"]) == (2, 39)


def test_bad_answers_are_named_by_their_rows(dondoc: Dondoc, tmp_path: Path) -> None:
    answers = write(tmp_path / "a.csv", REPORT_HEADER, report(HOME_AFFAIRS), report("b:40.so-khong-co"))
    ran = simulate(dondoc, "--answers", answers, through="2023-12-01")
    assert ran.reason and "dòng 3: " in ran.err and "dòng 2: " not in ran.err


def test_bad_answers_point_to_no_option_that_is_not_there(dondoc: Dondoc, tmp_path: Path) -> None:
    answers = write(tmp_path / "a.csv", REPORT_HEADER, report("b:40.so-khong-co"))
    assert "--skip-bad" not in simulate(dondoc, "--answers", answers, through="2023-12-01").reason


def test_simulating_backwards_is_refused(dondoc: Dondoc) -> None:
    assert "24/09/2023" in simulate(dondoc, through="2023-09-24").reason
