"""A deadline is written in the plan as the document writes it."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.phrases import RULES, TermError, term
from schedules.terms import AfterEvent, Continuous, MonthOf, QuarterOf, Term, YearlyBefore, YearsFrom

GUIDANCE = AfterEvent("có văn bản hướng dẫn của Trung ương")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # As Nghệ An's plan writes them (s002, L8-L20).
        ("Trong Quý III năm 2023", QuarterOf(2023, 3)),
        ("Trong Quý IV năm 2023", QuarterOf(2023, 4)),
        ("Tháng 10 năm 2023", MonthOf(2023, 10)),
        ("Năm 2024 và các năm tiếp theo", YearsFrom(2024)),
        ("Sau khi có văn bản hướng dẫn của Trung ương", GUIDANCE),
        ("Hằng năm, trước ngày 01/12", YearlyBefore(12, 1)),
        ("Thường xuyên", Continuous()),
        ("liên tục", Continuous()),
        # As other hands write the same.
        ("QUÝ III NĂM 2023", QuarterOf(2023, 3)),
        ("trong qui 3 năm 2023.", QuarterOf(2023, 3)),
        ("Quí 03/2023", QuarterOf(2023, 3)),
        ("Qúy iii - 2023", QuarterOf(2023, 3)),
        ("  trong \u00a0 tháng  01/2024 ", MonthOf(2024, 1)),
        ("tháng 1-2024", MonthOf(2024, 1)),
        ("Trong năm 2024 và những năm tiếp theo.", YearsFrom(2024)),
        ("hàng năm trước 1-12", YearlyBefore(12, 1)),
        ("HẰNG NĂM, TRƯỚC NGÀY 01 THÁNG 12", YearlyBefore(12, 1)),
        ("Trước ngày 01/12 hằng năm", YearlyBefore(12, 1)),
        ("SAU KHI có văn bản hướng dẫn của Trung ương.", GUIDANCE),
        ("Sau khi sơ kết 05 năm thực hiện", AfterEvent("sơ kết 05 năm thực hiện")),
        ("Sau khi có Nghị định ngày 14 tháng 8", AfterEvent("có Nghị định ngày 14 tháng 8")),
        ("thường xuyên, liên tục", Continuous()),
    ],
)
def test_what_is_understood(text: str, meant: Term):
    assert term(text) == meant
    assert term(unicodedata.normalize("NFD", text)) == meant


@pytest.mark.parametrize(
    ("text", "named", "closest"),
    [
        ("Cuối Quý III năm 2023", "Cuối", "Trong Quý III năm 2023"),
        ("Trong Quý III năm 2023 hoặc sau đó", "hoặc sau đó", "Trong Quý III năm 2023"),
        ("Hằng năm, trước ngày 01/12/2023", "/2023", "Hằng năm, trước ngày 01/12"),
        ("Hằng năm, sau ngày 01/12", "sau", "Hằng năm, trước ngày 01/12"),
        ("Thường xuyên báo cáo", "báo cáo", "Thường xuyên"),
        ("Năm 2024", "Năm 2024", "Tháng 10 năm 2023"),
        ("Quý V năm 2023", "quý phải từ I đến IV, không phải V", "Trong Quý III năm 2023"),
        ("Quý 0 năm 2023", "quý phải từ 1 đến 4, không phải 0", "Trong Quý III năm 2023"),
        ("Tháng 13 năm 2023", "tháng phải từ 1 đến 12, không phải 13", "Tháng 10 năm 2023"),
        ("Hằng năm, trước ngày 31/11", "ngày của tháng 11 phải từ 1 đến 30", "Hằng năm, trước ngày 01/12"),
        ("nguồn không nêu", "Unstated", "Unstated(lý do)"),
        ("", "“”", "Thường xuyên"),
        ("trong thời hạn 05 ngày làm việc kể từ ngày ban hành", "thời hạn 05 ngày", "Thường xuyên"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(text: str, named: str, closest: str):
    with pytest.raises(TermError) as refused:
        term(text)
    reason, offer = str(refused.value).removeprefix(f"Không hiểu thời hạn “{text}”: ").split(". Dạng")
    assert named in reason
    assert closest in refused.value.closest
    assert f"“{closest}”" in offer
    assert refused.value.unknown


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("Sau khi có hướng dẫn của Trung ương 15 ngày", "15 ngày"),
        ("Sau khi có hướng dẫn của Trung ương mười ngày", "mười ngày"),
        ("Sau khi có hướng dẫn, trong Quý III năm 2023", "trong Quý"),
        ("Sau khi có hướng dẫn, Quý III năm 2023", "Quý III năm"),
        ("Sau khi có hướng dẫn và trước ngày 01/12", "trước"),
        ("Sau khi có hướng dẫn, hàng năm", "hàng năm"),
        ("Sau khi có hướng dẫn đến hết 31/12", "đến hết"),
        ("Sau khi có hướng dẫn, chậm nhất 30/9", "chậm nhất"),
    ],
)
def test_a_deadline_is_never_swallowed_by_the_name_of_an_event(text: str, limit: str):
    with pytest.raises(TermError, match="là thời hạn, không thuộc tên sự kiện") as refused:
        term(text)
    assert limit in str(refused.value).split("”: “")[1].split("”")[0]


def test_every_form_that_is_offered_is_understood():
    assert {type(term(rule.example)) for rule in RULES} == {
        QuarterOf, MonthOf, YearsFrom, YearlyBefore, AfterEvent, Continuous,
    }  # fmt: skip


YEARS = st.integers(2000, 2099)
EVENT_WORDS = (
    "có",
    "văn",
    "bản",
    "hướng",
    "dẫn",
    "của",
    "Trung",
    "ương",
    "Luật",
    "sửa",
    "đổi",
    "59/2023/NĐ-CP",
)
EVENTS = st.lists(st.sampled_from(EVENT_WORDS), min_size=1)
TERMS = st.one_of(
    st.builds(QuarterOf, YEARS, st.integers(1, 4)),
    st.builds(MonthOf, YEARS, st.integers(1, 12)),
    st.builds(YearsFrom, YEARS),
    st.dates(date(2024, 1, 2), date(2024, 12, 31)).map(lambda day: YearlyBefore(day.month, day.day)),
    EVENTS.map(lambda words: AfterEvent(" ".join(words))),
    st.just(Continuous()),
)


@given(TERMS, st.sampled_from([str, str.strip, lambda text: f" {text}. ", lambda text: text.replace(" ", "  ")]))
def test_the_canonical_text_reads_back_to_the_same_term(meant: Term, copy):
    assert term(copy(meant.text)) == meant


@given(
    TERMS.filter(lambda meant: meant.kind != "event"),
    st.sampled_from(["nếu", "khoảng", "2023", "cuối"]),
    st.data(),
)
def test_a_word_too_many_is_always_refused(meant: Term, extra: str, data):
    words = meant.text.split()
    words.insert(data.draw(st.integers(0, len(words))), extra)
    with pytest.raises(TermError):
        term(" ".join(words))


@given(st.text(max_size=40))
def test_any_text_is_a_term_or_a_term_error(text: str):
    try:
        meant = term(text)
    except TermError as refused:
        told = str(refused)
    else:
        told = "Không hiểu thời hạn" if term(meant.text) == meant else f"{meant} does not read back"
    assert told.startswith("Không hiểu thời hạn")
