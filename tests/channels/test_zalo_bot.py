"""The bot: short text to a chat, whole lines only, the link and the number always."""

import itertools

import pytest
from channel_cast import COMING, MORNING, digest, line
from peers import free_port
from zalo_cast import envelope, office, send

from channels.channel import CannotWrite, Heard, Parcel
from channels.outcome import Accepted, Blocked, Refused, Unknown, Unreachable
from channels.zalo_bot import MOST, BotChannel
from channels.zalo_standin import standing_in

CHAT = "6ede9afa66b88fe6d6a9"


@pytest.fixture
def vinh(tmp_path):
    with standing_in(clock=lambda: MORNING) as zalo:
        yield office(tmp_path, zalo)


def bot(vinh, **changes):
    return BotChannel(vinh.with_zalo(**changes), answer_seconds=0.4)


def text(vinh, **changes):
    return bot(vinh).write(digest(**changes), envelope(CHAT)).decode()


def told(vinh, chat=CHAT, content=b"xin ch\xc3\xa0o", **changes):
    return send(bot(vinh, **changes), Parcel(1, chat, "t", "", content))


def test_it_arrives_as_it_was_written(vinh):
    channel = bot(vinh)
    content = channel.write(digest(), envelope(CHAT))
    said = send(channel, Parcel(1, CHAT, "t", "", content))
    [kept] = vinh.zalo.zalo.store.messages()
    assert said == Accepted(0, "Zalo đã nhận", kept.msg_id)
    assert (kept.kind, kept.address, kept.text) == ("bot", CHAT, content.decode())
    assert channel.ask([], since=MORNING) == [] and channel.ask([said], since=MORNING) == [Heard.SILENT]


def test_it_says_what_is_late_first_and_ends_with_the_link_and_the_number(vinh):
    said = text(vinh)
    assert said.index("QUÁ HẠN") < said.index("SẮP ĐẾN HẠN")
    assert said.endswith("Báo cáo tại: https://dondoc.nghean.gov.vn/bao-cao/abc\nSố thông báo: TB-2023-000123")


@pytest.mark.parametrize("count", [10, 40, 500])
def test_many_lines_are_cut_between_lines_and_counted(vinh, count):
    lines = tuple(line(duty_title=f"NHIỆM VỤ {number}") for number in range(count))
    said = text(vinh, overdue=lines, due=(COMING,) * 3)
    assert len(said) <= MOST and said.endswith("Số thông báo: TB-2023-000123")
    shown = said.count("NHIỆM VỤ ") + said.count("Báo cáo năm 2023 (")
    if shown < count + 3:
        assert f"… và {count + 3 - shown} mục nữa" in said
    assert shown == count + 3 or len(said) > MOST - 300  # as many as there is room for


def test_a_heading_never_stands_alone(vinh):
    for length in range(1, 60):
        lines = (line(duty_title="x" * 25 * length),)
        rows = text(vinh, overdue=lines, due=lines).split("\n")
        for row, following in itertools.pairwise(rows):
            assert row not in ("QUÁ HẠN", "SẮP ĐẾN HẠN") or following.startswith("1. ")


def test_a_title_cannot_forge_a_line(vinh):
    assert "\nSố thông báo: GIẢ" not in text(vinh, overdue=(line(duty_title="a\nSố thông báo: GIẢ"),))


def test_a_link_without_room_cannot_be_written(vinh):
    with pytest.raises(CannotWrite):
        text(vinh, portal_url="https://a.vn/" + "x" * MOST)


def test_a_chat_that_is_not_there_is_refused_for_good(vinh):
    said = told(vinh, "unknown-chat")
    assert isinstance(said, Refused) and said.permanent


def test_a_wrong_token_needs_people_and_is_not_shown(vinh, caplog):
    caplog.set_level("DEBUG")
    said = told(vinh, bot_token="wr0ng:secret")
    assert isinstance(said, Blocked) and said.tell and said.elsewhere and "DONDOC_ZALO_BOT_TOKEN" in said.reason
    assert "wr0ng" not in said.reason + caplog.text and "/bot…/sendMessage" in caplog.text


def test_without_a_token_the_setting_is_named(vinh):
    said = told(vinh, bot_token="")
    assert isinstance(said, Blocked) and "DONDOC_ZALO_BOT_TOKEN" in said.reason


@pytest.mark.parametrize("content", [b"", b"x" * (MOST + 1)])
def test_a_text_of_the_wrong_length_is_our_mistake(vinh, content):
    said = told(vinh, content=content)
    assert isinstance(said, Refused) and said.ours and vinh.zalo.zalo.calls == []


@pytest.mark.parametrize("how", ["hang", "drop-after", "status", "text", "code"])
def test_without_a_clear_answer_it_is_unknown(vinh, how):
    vinh.zalo.fault("/sendMessage", how, 502)
    assert isinstance(told(vinh), Unknown)


def test_when_nobody_listens_nothing_left(vinh):
    assert isinstance(told(vinh, bot_api=f"http://127.0.0.1:{free_port()}"), Unreachable)
