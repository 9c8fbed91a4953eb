"""The cast of the channels' stories: one office, one department with late duties, its digests."""

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from channels.digest import Digest, Line
from channels.email import compose
from schedules.zone import VIETNAM

OFFICE = "Cơ quan Thường trực Ban Chỉ đạo – Sở Nội vụ tỉnh Nghệ An"
SENDER = "dondoc@noivu.nghean.gov.vn"
UNIT = "Sở Giáo dục và Đào tạo"
ADDRESS = "vanthu@gddt.nghean.gov.vn"
MORNING = datetime(2023, 11, 23, 7, 30, tzinfo=VIETNAM)


def line(**changes: Any) -> Line:
    values: Mapping[str, Any] = {
        "unit_name": UNIT,
        "duty_title": "Sửa đổi, bổ sung Quy chế thực hiện dân chủ",
        "period": "Quý III năm 2023",
        "due": "30/9/2023",
        "status": "Quá hạn 38 ngày làm việc",
        "citation": "Kế hoạch 623/KH-UBND ngày 20/9/2023, mục III.2.a",
        "note": "",
    }
    return Line(**{**values, **changes})


COMING = line(
    duty_title="Báo cáo năm 2023",
    period="Năm 2023",
    due="30/11/2023",
    status="Còn 7 ngày (đến hết 30/11/2023)",
)


def digest(**changes: Any) -> Digest:
    values: Mapping[str, Any] = {
        "recipient_name": UNIT,
        "role": "Đầu mối",
        "as_of": MORNING,
        "office": OFFICE,
        "overdue": (line(), line(duty_title="Tổ chức hội nghị tuyên truyền")),
        "due": (COMING,),
        "subordinates": (),
        "copies": (),
        "notice_number": "TB-2023-000123",
        "portal_url": "https://dondoc.nghean.gov.vn/bao-cao/abc",
        "simulated": False,
    }
    return Digest(**{**values, **changes})


def mail(said: Digest | None = None, **changes: Any) -> EmailMessage:
    values: Mapping[str, Any] = {
        "sender": SENDER,
        "to": ADDRESS,
        "to_name": UNIT,
        "message_id": "<tb-123@dondoc.nghean.gov.vn>",
        "date": MORNING,
        "reply_to": None,
    }
    return compose(said or digest(), **{**values, **changes})


def part(message: EmailMessage, subtype: str) -> str:
    found = message.get_body(preferencelist=(subtype,))
    assert isinstance(found, EmailMessage)
    return str(found.get_content()).replace("\r\n", "\n")
