"""What a recipient reads first: the subject, and why it was written to."""

from datetime import datetime

import pytest
from channel_cast import COMING, digest, line

from channels.digest import subject


def test_the_subject_counts_what_is_late_and_what_comes():
    assert subject(digest()) == "[Đôn đốc] 2 nhiệm vụ quá hạn, 1 sắp đến hạn – Sở Giáo dục và Đào tạo"


def test_a_simulated_subject_says_so_first():
    assert subject(digest(simulated=True)).startswith("[DỮ LIỆU MÔ PHỎNG] [Đôn đốc] 2 nhiệm vụ")


def test_without_anything_late_it_is_a_reminder():
    assert subject(digest(overdue=())) == "[Nhắc việc] 1 nhiệm vụ sắp đến hạn – Sở Giáo dục và Đào tạo"


def test_a_leader_reads_how_many_units_are_late_not_how_many_lines():
    late = (line(unit_name="UBND xã A"), line(unit_name="UBND xã A"), line(unit_name="UBND xã B"))
    leader = digest(overdue=(), due=(), subordinates=late, recipient_name="UBND tỉnh", role="Chủ tịch UBND tỉnh")
    assert subject(leader) == "[Đôn đốc] 2 đơn vị quá hạn – UBND tỉnh"
    assert leader.reasons == ["theo dõi 2 đơn vị đang quá hạn"]
    assert not leader.must_answer


def test_copies_are_only_counted_when_there_is_nothing_else():
    assert subject(digest(overdue=(), due=(), copies=(COMING,))).startswith("[Để biết] 1 nhiệm vụ phối hợp –")
    assert "phối hợp" not in subject(digest(copies=(COMING,)))


def test_an_empty_digest_still_has_a_subject():
    assert "Không có nhiệm vụ quá hạn" in subject(digest(overdue=(), due=()))


def test_a_due_date_that_the_status_tells_is_not_said_twice():
    assert COMING.due_unsaid is None
    assert line().due_unsaid == "30/9/2023"
    assert line(due=None, status="Thường xuyên").due_unsaid is None


def test_a_naive_instant_and_a_script_link_are_refused():
    with pytest.raises(ValueError, match="aware"):
        digest(as_of=datetime(2023, 11, 23))
    with pytest.raises(ValueError, match="http"):
        digest(portal_url="javascript:alert(1)")


def test_a_link_that_runs_something_is_refused_wherever_it_stands():
    with pytest.raises(ValueError, match="http"):
        digest(unsubscribe_url="javascript:alert(1)")
