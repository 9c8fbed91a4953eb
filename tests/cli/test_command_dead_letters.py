"""`dondoc notices retry`, `cancel`, `phoned`, `show`, and `dondoc watch`."""

import re
from collections.abc import Iterator

import pytest
from command_cast import Dondoc, ask, in_process

DAY = "2023-12-05T02:00:00+00:00"
"""09:00 on 5/12/2023 in Vietnam, a Tuesday; the home was swept at 07:30."""
LATER = "2023-12-05T03:00:00+00:00"
BY = ("--by", "Trần Thị Lan")


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real mail server on this machine that knows nobody."""
    from aiosmtpd.controller import Controller

    class KnowsNobody:
        async def handle_RCPT(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def]
            return f"550 5.1.1 <{address}>: không có hộp thư này".encode("ascii", "replace").decode()

    controller = Controller(KnowsNobody(), hostname="127.0.0.1", port=_free_port())
    controller.start()
    monkeypatch.setenv("DONDOC_SMTP_PORT", str(controller.port))
    yield
    controller.stop()


@pytest.fixture
def lost(late: Dondoc, refusing: None) -> Dondoc:
    """Everything that was due has been refused."""
    home = late.when(DAY)
    assert home.done("deliver")["failed"] > 0
    return home.when(LATER)


def dead(home: Dondoc) -> list[int]:
    return [row["id"] for row in home.done("notices", "--state", "dead")]


def said(home: Dondoc, *arguments: object) -> str:
    """What a person reads."""
    return in_process(*arguments, now=home.now).out


def test_the_list_of_the_dead_gives_the_numbers_that_the_verbs_take(lost: Dondoc) -> None:
    first = dead(lost)[0]
    assert re.search(rf"^{first}\s", said(lost, "notices", "--state", "dead"), re.MULTILINE)


def test_once_more(lost: Dondoc) -> None:
    first, second, *_ = dead(lost)
    done = lost.done("notices", "retry", first, second, *BY)
    assert done == {"changed": [first, second], "unchanged": [], "warnings": []}
    assert first not in dead(lost) and ask(lost.home, f"SELECT state FROM notice WHERE id = {first}") == [("planned",)]
    before = lost.state
    assert lost.done("notices", "retry", first, second, *BY)["unchanged"] == [first, second]
    assert lost.state == before
    assert f"Vốn đã như vậy, không đổi: {first}" in said(lost, "notices", "retry", first, *BY)


def test_no_more_and_by_telephone(lost: Dondoc) -> None:
    first, second, *_ = dead(lost)
    assert lost.done("notices", "cancel", first, *BY, "--why", "đơn vị giải thể")["changed"] == [first]
    assert f"Đã ghi là đã gọi điện: {second}" in said(lost, "notices", "phoned", second, *BY, "--note", "gặp anh Tư")
    states = "SELECT state, reason FROM notice WHERE id IN ({}, {}) ORDER BY id".format(*sorted((first, second)))
    kept = dict(zip(sorted((first, second)), ask(lost.home, states), strict=True))
    assert kept == {first: ("cancelled", "đơn vị giải thể"), second: ("phoned", "gặp anh Tư")}
    assert not any(word in str(lost.state["ledger"]) for word in ("Lan", "Tư", "giải thể"))


def test_what_cannot_be_is_refused_with_a_reason_and_nothing_changes(lost: Dondoc) -> None:
    first = dead(lost)[0]
    before = lost.state
    assert "999999" in lost("notices", "retry", first, 999999, *BY).reason
    assert "--by" in lost("notices", "retry", first, "--by", " ").reason
    assert "--why" in lost("notices", "cancel", first, *BY, "--why", "").reason
    assert lost("notices", "retry", first).code == 2, "nobody decides namelessly"
    assert "999999" in lost("notices", "show", 999999).reason
    assert lost.state == before


def test_all_about_one(lost: Dondoc) -> None:
    first = dead(lost)[0]
    told = said(lost, "notices", "show", first)
    assert "Lý do: 550" in told and "@hop-thu-thu" not in told, "addresses are shortened"
    lost.done("notices", "retry", first, *BY)
    shown = lost.done("notices", "show", first)
    assert shown["state"] == "planned" and shown["duty_title"] != shown["duty"]
    [tried] = shown["deliveries"]
    assert (tried["channel"], tried["state"], tried["attempts"]) == ("email", "failed", 1)
    assert [one["after"] for one in tried["history"]] == ["due", "submitting", "failed"]
    assert shown["decisions"][0]["by"] == "Trần Thị Lan"
    told = said(lost, "notices", "show", first)
    assert f"Thông báo {first}: chờ gửi" in told and "Trần Thị Lan cho gửi lại" in told and "bị từ chối: 550" in told
    assert "@hop-thu-thu" not in told, "addresses are shortened"


def test_watch_tells_what_is_wrong_and_ends_with_1(lost: Dondoc) -> None:
    ran = lost("watch")
    assert ran.code == 1 and ran.json["raised"] is None
    kinds = [one["kind"] for one in ran.json["troubles"]]
    assert "dead" in kinds and ask(lost.home, "SELECT COUNT(*) FROM alarm") == [(0,)], "it only looked"
    told = said(lost, "watch")
    assert "Thông báo gửi không được" in told and "Cần làm" in told


def test_watch_is_content_where_nothing_is_wrong(dondoc: Dondoc) -> None:
    ran = dondoc.when("2023-06-01T02:00:00+00:00")("watch")
    assert (ran.code, ran.json) == (0, {"troubles": [], "raised": None})
    assert said(dondoc.when("2023-06-01T02:00:00+00:00"), "watch") == "Không có gì trục trặc.\n"


def test_watch_raises_and_sends_what_was_not_told_yet(lost: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    from aiosmtpd.controller import Controller

    got: list[str] = []

    class Takes:
        async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]
            got.extend(envelope.rcpt_tos)
            return "250 OK"

    controller = Controller(Takes(), hostname="127.0.0.1", port=_free_port())
    controller.start()
    monkeypatch.setenv("DONDOC_SMTP_PORT", str(controller.port))
    try:
        first, again = (lost("watch", "--raise") for _ in range(2))
    finally:
        controller.stop()
    raised = first.json["raised"]
    assert first.code == 1 and raised == len(first.json["troubles"]) > 0
    assert again.json["raised"] == 0
    assert got == ["quan-tri@hop-thu-thu.invalid"] * raised, "and nothing but the alarms has left"


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
