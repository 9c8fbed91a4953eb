"""A deadline is written in the plan as the document writes it."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phrase_book import PHRASES

from schedules.phrases import FORMS, LONGEST, TermError, term
from schedules.terms import (
    ISSUE,
    AfterEvent,
    Backward,
    BoundOf,
    Continuous,
    Counted,
    DayOf,
    DayOfEachMonth,
    DayOfEachQuarter,
    Every,
    HalfOf,
    Minimum,
    MonthOf,
    NineMonthsOf,
    QuarterOf,
    RangeOf,
    Term,
    YearlyBefore,
    YearlyBy,
    YearOf,
    YearsFrom,
)

GUIDANCE = AfterEvent("có văn bản hướng dẫn của Trung ương")
FIRST_OF_DECEMBER = DayOf(2023, 12, 1)
LAST_OF_SEPTEMBER = DayOf(2023, 9, 30)


def before(day: DayOf | MonthOf | QuarterOf | YearOf) -> BoundOf:
    return BoundOf(day, inclusive=False)


def until(day: DayOf | MonthOf | QuarterOf | YearOf) -> BoundOf:
    return BoundOf(day, inclusive=True)


UNDERSTOOD = [
    # As Nghệ An's plan writes them (s002, L8-L20).
    ("Trong Quý III năm 2023", QuarterOf(2023, 3)),
    ("Trong Quý IV năm 2023", QuarterOf(2023, 4)),
    ("Tháng 10 năm 2023", MonthOf(2023, 10)),
    ("Năm 2024 và các năm tiếp theo", YearsFrom(2024)),
    ("Sau khi có văn bản hướng dẫn của Trung ương", GUIDANCE),
    ("Hằng năm, trước ngày 01/12", YearlyBefore(12, 1)),
    ("Thường xuyên", Continuous()),
    ("liên tục", Continuous()),
    # Windows, as other hands write them.
    ("QUÝ III NĂM 2023", QuarterOf(2023, 3)),
    ("trong qui 3 năm 2023.", QuarterOf(2023, 3)),
    ("trong quy III năm 2023", QuarterOf(2023, 3)),
    ("Quí 03/2023", QuarterOf(2023, 3)),
    ("Qúy iii - 2023", QuarterOf(2023, 3)),
    ("Quý III, năm 2023", QuarterOf(2023, 3)),
    ("quý ba năm 2023", QuarterOf(2023, 3)),
    ("Quý III", QuarterOf(None, 3)),
    ("xong trong quý II/2024", QuarterOf(2024, 2)),
    ("hoàn thành quý II/2024", QuarterOf(2024, 2)),
    ("Thời gian hoàn thành: Quý III/2023", QuarterOf(2023, 3)),
    ("  trong \u00a0 tháng \n 01/2024 ", MonthOf(2024, 1)),
    ("tháng 1-2024", MonthOf(2024, 1)),
    ("tháng mười hai năm 2023", MonthOf(2023, 12)),
    ("tháng năm năm 2023", MonthOf(2023, 5)),
    ("trong tháng 10", MonthOf(None, 10)),
    ("Năm 2024", YearOf(2024)),
    ("6 tháng đầu năm 2024", HalfOf(2024, 1)),
    ("trong sáu tháng cuối năm 2024", HalfOf(2024, 2)),
    ("06 tháng cuối năm", HalfOf(None, 2)),
    ("9 tháng đầu năm 2024", NineMonthsOf(2024)),
    ("từ ngày 01/3/2024 đến ngày 15/4/2024", RangeOf(DayOf(2024, 3, 1), DayOf(2024, 4, 15))),
    ("từ ngày 01/3 đến hết ngày 15/4/2024", RangeOf(DayOf(2024, 3, 1), DayOf(2024, 4, 15))),
    ("Từ ngày 01 đến ngày 15 tháng 4", RangeOf(DayOf(None, 4, 1), DayOf(None, 4, 15))),
    ("từ tháng 3 đến tháng 6 năm 2024", RangeOf(MonthOf(2024, 3), MonthOf(2024, 6))),
    # Bounds.
    ("trước ngày 01/12/2023", before(FIRST_OF_DECEMBER)),
    ("Trước 1-12-2023", before(FIRST_OF_DECEMBER)),
    ("trước ngày 01 tháng 12 năm 2023", before(FIRST_OF_DECEMBER)),
    ("xong trước ngày 01/12/2023", before(FIRST_OF_DECEMBER)),
    ("chậm nhất là trước ngày 01/12/2023", before(FIRST_OF_DECEMBER)),
    ("hoàn thành trước ngày 01/12", before(DayOf(None, 12, 1))),
    ("gửi báo cáo về Sở Nội vụ trước ngày 01/12/2023", before(FIRST_OF_DECEMBER)),
    ("gửi về UBND tỉnh Hà Nam (qua Sở Nội vụ) trước ngày 01/12/2023 để tổng hợp", before(FIRST_OF_DECEMBER)),
    ("TRƯỚC NGÀY 01/12/2023 GỬI BÁO CÁO VỀ UBND TỈNH", before(FIRST_OF_DECEMBER)),
    ("trước và trong ngày 30/9/2023", until(LAST_OF_SEPTEMBER)),
    ("chậm nhất ngày 30/9/2023", until(LAST_OF_SEPTEMBER)),
    ("Chậm nhất là ngày 30/9/2023", until(LAST_OF_SEPTEMBER)),
    ("muộn nhất vào ngày 30/9/2023", until(LAST_OF_SEPTEMBER)),
    ("không quá ngày 30 tháng 9 năm 2023", until(LAST_OF_SEPTEMBER)),
    ("đến hết ngày 30/9/2023", until(LAST_OF_SEPTEMBER)),
    ("đến ngày 30/9/2023", until(LAST_OF_SEPTEMBER)),
    ("từ nay đến ngày 30/9/2023", until(LAST_OF_SEPTEMBER)),
    ("Thời hạn gửi báo cáo là chậm nhất ngày 30/9/2023", until(LAST_OF_SEPTEMBER)),
    ("trong ngày 30/9/2023", LAST_OF_SEPTEMBER),
    ("trước tháng 10 năm 2023", before(MonthOf(2023, 10))),
    ("đến hết Quý III/2023", until(QuarterOf(2023, 3))),
    ("chậm nhất trong tháng 10/2023", until(MonthOf(2023, 10))),
    ("hết năm 2025", until(YearOf(2025))),
    # What comes back.
    ("Trong năm 2024 và những năm tiếp theo.", YearsFrom(2024)),
    ("Từ năm 2024", YearsFrom(2024)),
    ("năm 2024 trở đi", YearsFrom(2024)),
    ("Năm 2024 và những năm sau", YearsFrom(2024)),
    ("hàng năm trước 1-12", YearlyBefore(12, 1)),
    ("HẰNG NĂM, TRƯỚC NGÀY 01 THÁNG 12", YearlyBefore(12, 1)),
    ("Trước ngày 01/12 hằng năm", YearlyBefore(12, 1)),
    ("Hằng năm, các đơn vị báo cáo kết quả trước ngày 01/12", YearlyBefore(12, 1)),
    ("Hằng năm, chậm nhất ngày 30/11", YearlyBy(11, 30)),
    ("Hằng năm", Every(("year",))),
    ("hàng quí", Every(("quarter",))),
    ("mỗi tháng một lần", Every(("month",))),
    ("6 tháng một lần", Every(("half",))),
    ("định kỳ hằng quý", Every(("quarter",))),
    ("định kì 6 tháng, năm", Every(("half", "year"))),
    ("báo cáo định kỳ quý, 6 tháng và năm", Every(("quarter", "half", "year"))),
    ("trước ngày 15 hằng tháng", DayOfEachMonth(15, inclusive=False)),
    ("Hằng tháng, chậm nhất ngày 25", DayOfEachMonth(25, inclusive=True)),
    ("ngày 31 hằng tháng", DayOfEachMonth(31, inclusive=True)),
    ("ngày 20 của tháng cuối quý", DayOfEachQuarter(20, inclusive=True)),
    ("trước ngày 20 tháng cuối quý", DayOfEachQuarter(20, inclusive=False)),
    ("hằng quý, chậm nhất ngày 05 của tháng đầu quý", DayOfEachQuarter(5, inclusive=True, place=1)),
    # Counted.
    ("trong thời hạn 05 ngày làm việc kể từ ngày ban hành", Counted(5, "working day", ISSUE)),
    ("trong vòng 05 (năm) ngày làm việc, kể từ ngày ký", Counted(5, "working day", ISSUE)),
    ("trong vòng năm (05) ngày làm việc, kể từ ngày ký", Counted(5, "working day", ISSUE)),
    ("trong vòng năm ngày làm việc kể từ ngày ban hành Kế hoạch này", Counted(5, "working day", ISSUE)),
    ("trong 15 ngày kể từ ngày ban hành Quyết định", Counted(15, "day", "ban hành Quyết định")),
    ("không quá 15 ngày kể từ ngày nhận đơn", Counted(15, "day", "nhận đơn")),
    ("chậm nhất sau 10 ngày làm việc kể từ ngày nhận đơn", Counted(10, "working day", "nhận đơn")),
    ("chậm nhất là 10 ngày sau khi nhận đơn", Counted(10, "day", "nhận đơn")),
    ("Sau khi nhận đơn, chậm nhất 10 ngày", Counted(10, "day", "nhận đơn")),
    ("Kể từ ngày nhận đơn, UBND xã trả lời trong thời hạn 10 ngày", Counted(10, "day", "nhận đơn")),
    ("ba mươi ngày kể từ ngày 26/4/2024", Counted(30, "day", DayOf(2024, 4, 26))),
    ("trong 02 tuần kể từ ngày 26/4", Counted(2, "week", DayOf(None, 4, 26))),
    ("trong thời hạn một tháng kể từ ngày nhận đơn", Counted(1, "month", "nhận đơn")),
    ("trong thời hạn 02 năm kể từ ngày được công nhận", Counted(2, "year", "được công nhận")),
    ("trong vòng 15 ngày", Counted(15, "day")),
    ("ít nhất 05 ngày làm việc trước ngày bầu cử", Backward(5, "working day", "bầu cử")),
    ("trước ngày bầu cử ít nhất 20 ngày", Backward(20, "day", "bầu cử")),
    ("chậm nhất 02 ngày trước khi họp", Backward(2, "day", "họp")),
    ("ít nhất 15 ngày trước ngày 01/12/2023", Backward(15, "day", FIRST_OF_DECEMBER)),
    ("niêm yết ít nhất 30 ngày", Minimum(30, "day")),
    ("niêm yết ít nhất 30 ngày liên tục tại trụ sở", Minimum(30, "day")),
    ("tối thiểu 20 ngày kể từ ngày niêm yết", Minimum(20, "day", "niêm yết")),
    # Events, and what goes on.
    ("SAU KHI có văn bản hướng dẫn của Trung ương.", GUIDANCE),
    ("Kể từ khi có văn bản hướng dẫn của Trung ương", GUIDANCE),
    ("Sau khi sơ kết 05 năm thực hiện", AfterEvent("sơ kết 05 năm thực hiện")),
    ("Sau khi có Nghị định ngày 14 tháng 8", AfterEvent("có Nghị định ngày 14 tháng 8")),
    (
        "sau khi có Nghị định số 59/2023/NĐ-CP ngày 14/8/2023",
        AfterEvent("có Nghị định số 59/2023/NĐ-CP ngày 14/8/2023"),
    ),
    ("Sau khi có hướng dẫn, các đơn vị xây dựng kế hoạch", AfterEvent("có hướng dẫn")),
    ("thường xuyên, liên tục", Continuous()),
    ("Thường xuyên kiểm tra, đôn đốc", Continuous()),
]


@pytest.mark.parametrize(("text", "meant"), UNDERSTOOD)
def test_what_is_understood(text: str, meant: Term):
    assert term(text) == meant
    assert term(unicodedata.normalize("NFD", text)) == meant


@pytest.mark.parametrize(
    ("text", "named", "closest"),
    [
        ("Cuối Quý III năm 2023", "Cuối Quý III", "Trong Quý III năm 2023"),
        ("đầu quý", "đầu quý", "Hằng quý"),
        ("cuối năm", "không nêu rõ là ngày nào", "Thường xuyên"),
        ("Trong Quý III năm 2023 hoặc sau đó", "hoặc", "Trong Quý III năm 2023"),
        ("dự kiến trong Quý III năm 2023", "dự kiến", "Trong Quý III năm 2023"),
        ("Hằng năm, trước ngày 01/12/2023", "01/12/2023", "Hằng năm, trước ngày 01/12"),
        ("Hằng năm, sau ngày 01/12", "sau", "Hằng năm, trước ngày 01/12"),
        ("Hằng năm vào ngày 18/11", "là hạn cuối hay là ngày làm", "Hằng năm, trước ngày 01/12"),
        ("Quý V năm 2023", "quý phải từ I đến IV, không phải V", "Tháng 10 năm 2023"),
        ("Quý 0 năm 2023", "quý phải từ 1 đến 4, không phải 0", "Tháng 10 năm 2023"),
        ("Tháng 13 năm 2023", "tháng phải từ 1 đến 12, không phải 13", "Tháng 10 năm 2023"),
        ("Hằng năm, trước ngày 31/11", "ngày của tháng 11 phải từ 1 đến 30", "Hằng năm, trước ngày 01/12"),
        ("trước ngày 31/2", "ngày của tháng 2 phải từ 1 đến 29", "Trước ngày 01/12/2023"),
        ("trước ngày 29/02/2023", "29/02/2023 không có trong lịch", "Trước ngày 01/12/2023"),
        ("trước ngày 01/12/23", "bốn chữ số", "Trước ngày 01/12/2023"),
        ("01/12/2023", "là hạn cuối hay là ngày làm", "Trước ngày 01/12/2023"),
        ("ngày 01/12/2023", "là hạn cuối hay là ngày làm", "Trước ngày 01/12/2023"),
        ("trước 17 giờ ngày 01/12/2023", "17 giờ", "Trước ngày 01/12/2023"),
        ("Báo cáo quý IV năm 2023", "kỳ của nội dung", "Trong Quý III năm 2023"),
        ("tính đến ngày 14/12/2023", "tính", "Trước ngày 01/12/2023"),
        ("không trước ngày 01/12/2023", "không", "Trước ngày 01/12/2023"),
        ("đến năm 2025", "gồm cả năm 2025 hay không", "Trước ngày 01/12/2023"),
        ("từ ngày 15/12 đến ngày 14/01", "sang năm sau", "Từ ngày 01/3/2024 đến hết ngày 15/4/2024"),
        ("từ ngày 15/10/2023 đến ngày 01/10/2023", "trước ngày đầu", "Từ ngày 01/3/2024 đến hết ngày 15/4/2024"),
        ("trước ngày 01/01 hằng năm", "không còn ngày nào", "Trước ngày 01/12 hằng năm"),
        ("trước ngày 01 hằng tháng", "không còn ngày nào", "Trước ngày 15 hằng tháng"),
        ("tháng năm 2023", "tháng Năm", "Tháng 10 năm 2023"),
        ("05 (sáu) ngày kể từ ngày ký", "hai số khác nhau", "05 ngày làm việc kể từ ngày nhận được văn bản"),
        ("sáu (05) ngày kể từ ngày ký", "hai số khác nhau", "05 ngày làm việc kể từ ngày nhận được văn bản"),
        ("trong vòng 0 ngày", "từ 1 đến 999", "Trong vòng 15 ngày"),
        ("trong vòng 1000 ngày", "từ 1 đến 999", "Trong vòng 15 ngày"),
        ("Trong Quý III năm 2023 và trước ngày 01/12/2023", "III năm 2023", "Trước ngày 01/12/2023"),
        ("trong Quý III, Quý IV năm 2023", "IV năm 2023", "Trong Quý III năm 2023"),
        ("trướv ngày 01/12/2023", "01/12/2023", "Trước ngày 01/12/2023"),
        ("truoc ngày 01/12/2023", "01/12/2023", "Trước ngày 01/12/2023"),
        ("hang năm, trước ngày 01/12", "hang", "Hằng năm, trước ngày 01/12"),
        ("trong vòng 5 ngày làm viẹc", "viẹc", "Trong vòng 15 ngày"),
        ("5 ngày làm viẹc kể từ ngày ký", "viẹc", "05 ngày làm việc kể từ ngày nhận được văn bản"),
        ("định kỳ 6 tháng, nắm", "nắm", "Định kỳ 6 tháng, năm"),
        ("định kỳ năm, quý", "từ ngắn đến dài", "Định kỳ 6 tháng, năm"),
        ("dự toán chi thường xuyên hằng năm", "thường", "Thường xuyên"),
        ("sớm hoàn thành", "sớm", "Thường xuyên"),
        ("kịp thời", "kịp thời", "Thường xuyên"),
        ("ngay sau khi có hướng dẫn", "ngay", "Sau khi có văn bản hướng dẫn của Trung ương"),
        ("kể từ ngày 26/4/2024", "chỉ nêu lúc bắt đầu", "Sau khi có văn bản hướng dẫn của Trung ương"),
        ("trong 15 ngày kể từ ngày ban hanh", "viết sai", "Trong thời hạn 05 ngày làm việc kể từ ngày ban hành"),
        ("trước\u200b ngày 01/12/2023", "U+200B", "Trước ngày 01/12/2023"),
        ("trước ngày 01/12/2023 🙂", "🙂", "Trước ngày 01/12/2023"),
        ("nguồn không nêu", "Unstated", "Unstated(lý do)"),
        ("", "chưa ghi thời hạn", "Thường xuyên"),
        (" . ", "chưa ghi thời hạn", "Thường xuyên"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(text: str, named: str, closest: str):
    with pytest.raises(TermError) as refused:
        term(text)
    reason, offer = str(refused.value).removeprefix("Không hiểu thời hạn “").split(". Dạng được")
    assert named in reason
    assert closest in refused.value.closest and closest in offer
    assert refused.value.unknown


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("Sau khi có hướng dẫn của Trung ương 15 ngày", "15 ngày"),
        ("Sau khi có hướng dẫn của Trung ương mười ngày", "10 ngày|mười ngày"),
        ("Sau khi có hướng dẫn, trong Quý III năm 2023", "có hướng dẫn|Quý"),
        ("Sau khi có hướng dẫn, Quý III năm 2023", "Quý|III"),
        ("Sau khi có hướng dẫn và trước ngày 01/12", "trước|Sau"),
        ("Sau khi có hướng dẫn, hàng năm", "hàng|Sau"),
        ("Sau khi có hướng dẫn đến hết 31/12", "đến hết|Sau"),
        ("Sau khi có hướng dẫn, chậm nhất 30/9", "30/9|Sau"),
        ("Sau khi có hướng dẫn 30/9", "30/9"),
        ("kể từ ngày ban hành đến ngày 31/12/2023", "đến ngày"),
        ("Sau khi có hướng dẫn truoc ngày 30/9", "truoc"),
    ],
)
def test_a_deadline_is_never_swallowed_by_the_name_of_an_event(text: str, limit: str):
    with pytest.raises(TermError, match=limit):
        term(text)


@pytest.mark.parametrize(
    ("text", "canonical", "clause"),
    [
        ("cuối năm 2024", "Chậm nhất ngày 31/12/2024", "khoản 3"),
        ("trước giữa năm 2024", "Trước ngày 30/06/2024", "khoản 3"),
        ("hoàn thành đầu tháng 10/2023", "Chậm nhất ngày 01/10/2023", "khoản 2"),
        ("đến cuối tháng 2/2024", "Chậm nhất ngày 29/02/2024", "khoản 2"),
        ("hằng năm, chậm nhất cuối năm", "Hằng năm, chậm nhất ngày 31/12", "khoản 3"),
    ],
)
def test_the_civil_code_gives_moments_of_a_month_and_a_year_their_day(text: str, canonical: str, clause: str):
    """Bộ luật Dân sự 2015, Điều 146 khoản 2 và 3."""
    with pytest.raises(TermError):
        term(text)
    with pytest.raises(TermError):
        term(text, policy="nominal")
    meant = term(text, policy="civil-code")
    assert meant.text == canonical and meant == term(canonical)
    (read,) = meant.read
    assert f"Điều 146 {clause}" in read.article and "là ngày" in read.why


@pytest.mark.parametrize("text", ["cuối quý III năm 2023", "cuối tháng 2", "Báo cáo cuối năm 2024", "giữa tháng 13"])
def test_even_the_civil_code_leaves_some_moments_open(text: str):
    with pytest.raises(TermError):
        term(text, policy="civil-code")


def test_every_form_that_is_offered_is_understood():
    for form in FORMS:
        assert term(form.example)


def test_a_text_too_long_to_be_a_deadline_is_refused_at_once():
    with pytest.raises(TermError, match="dài quá"):
        term("Trong Quý III năm 2023 " + "a" * 1_000_000)
    assert term("báo cáo " * 50 + "trước ngày 01/12/2023") == before(FIRST_OF_DECEMBER)
    assert LONGEST == 500


YEARS = st.integers(2000, 2099)
MAYBE_YEARS = st.one_of(st.none(), YEARS)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
EVENT_WORDS = (
    "có", "văn", "bản", "hướng", "dẫn", "của", "Trung", "ương", "Luật", "sửa", "đổi", "59/2023/NĐ-CP", "cấp", "xã",
)  # fmt: skip
EVENTS = st.lists(st.sampled_from(EVENT_WORDS), min_size=1).map(" ".join)
DAYS_OF = st.tuples(DAYS, st.booleans()).map(
    lambda drawn: DayOf(drawn[0].year if drawn[1] else None, drawn[0].month, drawn[0].day)
)
STRETCHES = st.one_of(
    DAYS_OF,
    st.builds(MonthOf, MAYBE_YEARS, st.integers(1, 12)),
    st.builds(QuarterOf, MAYBE_YEARS, st.integers(1, 4)),
    st.builds(HalfOf, MAYBE_YEARS, st.integers(1, 2)),
    st.builds(NineMonthsOf, MAYBE_YEARS),
    st.builds(YearOf, YEARS),
)
LENGTHS = st.lists(
    st.sampled_from(("month", "quarter", "half", "nine months", "year")), min_size=1, unique=True
).map(tuple)  # fmt: skip
UNITS = st.sampled_from(("day", "working day", "week", "month", "year"))
COUNTS = st.integers(1, 999)
ANCHORS = st.one_of(EVENTS, DAYS_OF, st.just(ISSUE))
TERMS = st.one_of(
    STRETCHES,
    st.builds(BoundOf, STRETCHES, st.booleans()),
    st.tuples(DAYS, DAYS).map(sorted).map(
        lambda days: RangeOf(*(DayOf(day.year, day.month, day.day) for day in days))
    ),
    st.builds(YearsFrom, YEARS),
    st.builds(Every, LENGTHS),
    st.dates(date(2024, 1, 2), date(2024, 12, 31)).map(lambda day: YearlyBefore(day.month, day.day)),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: YearlyBy(day.month, day.day)),
    st.builds(DayOfEachMonth, st.integers(2, 31), st.booleans()),
    st.builds(DayOfEachQuarter, st.integers(2, 31), st.booleans(), st.integers(1, 3)),
    st.builds(Counted, COUNTS, UNITS, st.one_of(ANCHORS, st.just(""))),
    st.builds(Minimum, COUNTS, UNITS, st.one_of(ANCHORS, st.just(""))),
    st.builds(Backward, COUNTS, UNITS, ANCHORS),
    st.builds(AfterEvent, EVENTS),
    st.just(Continuous()),
)  # fmt: skip
COPIES = (str, str.strip, lambda text: f" {text}. ", lambda text: text.replace(" ", "  "))


@given(TERMS, st.sampled_from(COPIES))
def test_the_canonical_text_reads_back_to_the_same_term(meant: Term, copy):
    assert term(copy(meant.text)) == meant
    assert term(copy(meant.text)).text == meant.text


@given(TERMS.filter(lambda meant: not meant.event))
def test_capitals_and_composition_change_nothing(meant: Term):
    for written in (meant.text.upper(), meant.text.lower(), unicodedata.normalize("NFD", meant.text)):
        assert term(written) == meant


@given(
    TERMS.filter(lambda meant: not meant.event and "issued" not in meant.needs),
    st.sampled_from(["nếu", "khoảng", "2023", "cuối"]),
    st.data(),
)
def test_a_word_too_many_is_never_passed_over(meant: Term, extra: str, data):
    words = meant.text.split()
    words.insert(data.draw(st.integers(0, len(words))), extra)
    try:
        read = term(" ".join(words))
    except TermError:
        return
    # A year more completes what had none; nothing else may be understood.
    assert extra == "2023" and 2023 in read.years and 2023 not in meant.years


@given(st.sampled_from(PHRASES), st.sampled_from(["gửi báo cáo", "các sở, ban, ngành thực hiện", "UBND tỉnh"]))
def test_words_that_say_what_is_to_be_done_change_nothing(text: str, action: str):
    assert term(f"{text}; {action}") == term(text)


@given(st.text(max_size=40))
def test_any_text_is_a_term_or_a_term_error(text: str):
    try:
        meant = term(text)
    except TermError as refused:
        told = str(refused)
    else:
        told = "Không hiểu thời hạn" if term(meant.text) == meant else f"{meant} does not read back"
    assert told.startswith("Không hiểu thời hạn")


@pytest.mark.parametrize(
    "name", ["xã Kỳ Anh", "xã Nậm Ban", "thị trấn Ea T'Ling", "huyện Krông Pắc", "đặc khu Phú Quý", "tỉnh Hà Nam"]
)
def test_in_the_name_of_a_place_nothing_speaks_of_time(name: str):
    assert term(f"gửi báo cáo về UBND {name} trước ngày 01/12/2023") == before(FIRST_OF_DECEMBER)


VOCABULARY = sorted({word for phrase in PHRASES for word in phrase.split()})


@given(st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join))
def test_any_heap_of_our_own_words_is_a_term_that_reads_back_or_a_term_error(text: str):
    try:
        meant = term(text)
    except TermError:
        return
    assert term(meant.text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Trong thời hạn 05 ngày kể từ ngày nhận được văn bản không kể ngày nghỉ",
        "Trong thời hạn 05 ngày kể từ ngày ban hành (kể cả ngày nghỉ)",
        "Trong thời hạn 05 ngày kể từ ngày nhận được văn bản hoặc ngày đăng công báo",
    ],
)
def test_what_changes_the_count_is_no_part_of_an_events_name(text: str):
    with pytest.raises(TermError, match="làm đổi cách tính"):
        term(text)


@pytest.mark.parametrize(("text", "count"), [("05 (năm) ngày", 5), ("năm ngày làm việc", 5), ("30 (ba mươi) ngày", 30)])
def test_a_length_alone_waits_for_its_event(text: str, count: int):
    meant = term(text)
    assert meant.needs == ("event",)
    assert f"{count:02} ngày" in meant.text
