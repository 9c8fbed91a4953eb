"""Ten thousand deadlines read from their phrases, beside as many regular expressions that only split words."""

import re

from benchmarks.office import timed
from schedules.phrases import term

COUNT = 10_000
FORMS = (
    "Trong Quý {quarter} năm {year}",
    "gửi báo cáo về Sở Nội vụ trước ngày {day:02}/{month:02}/{year} để tổng hợp",
    "Hằng năm, trước ngày {day:02}/12",
    "6 tháng đầu năm {year}",
    "Từ ngày {day:02}/{month:02}/{year} đến hết ngày 31/12/{year}",
    "chậm nhất ngày {day:02} của tháng cuối quý",
    "định kỳ quý, 6 tháng, năm",
    "trong thời hạn {day:02} ngày làm việc kể từ ngày ban hành",
    "chậm nhất sau {day} ngày kể từ ngày nhận được văn bản số {month}/{year}/NĐ-CP",
    "ít nhất {day} ngày trước ngày tổ chức hội nghị",
    "Sau khi có văn bản hướng dẫn năm {year} của Trung ương",
    "Thường xuyên kiểm tra, đôn đốc",
)


def phrases() -> list[str]:
    """So many phrases, most of them unlike any other, in every family."""
    return [
        FORMS[n % len(FORMS)].format(
            quarter=("I", "II", "III", "IV")[n % 4], year=2000 + n % 100, month=1 + n % 11, day=2 + n % 27
        )
        for n in range(COUNT)
    ]


def measure() -> list[dict]:
    written = phrases()
    term(written[0])
    words = re.compile(r"[^\W_]+")
    seconds = timed(lambda: [term(phrase) for phrase in written])
    floor = timed(lambda: [words.findall(phrase.lower()) for phrase in written])
    return [{"what": f"read {COUNT} phrases (floor: splitting them into words)", "seconds": seconds, "floor": floor,
             "target": "under 1 s"}]  # fmt: skip
