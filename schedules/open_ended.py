"""Terms without a due date: after an event, continuous, and those of which the source says nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from schedules.event_names import checked_name
from schedules.periods import AS_WRITTEN, CIVIL_CODE, Explanation, Window
from schedules.term import Kind, Known, Need, Term
from schedules.words import NOT_STATED, day_shown
from schedules.workdays import ONE_DAY


@dataclass(frozen=True)
class AfterEvent(Term):
    """Sau khi có văn bản hướng dẫn của Trung ương: opens the day after each such event, without a due date."""

    event: str = field()  # type: ignore[misc]  # a field of this one, for the others a plain attribute
    kind: ClassVar[Kind] = "event"

    def __post_init__(self) -> None:
        object.__setattr__(self, "event", checked_name(self.event, "thiếu tên sự kiện sau “Sau khi”"))

    @property
    def recurring(self) -> bool:
        return True

    @property
    def needs(self) -> tuple[Need, ...]:
        return ("event",)

    @property
    def text(self) -> str:
        return f"Sau khi {self.event}"

    def windows(self, known: Known) -> Iterator[Window]:
        for day in sorted(set(known.events)):
            first = day + ONE_DAY
            happened = (
                f"“{self.event}” xảy ra ngày {day_shown(day)}; ngày xảy ra sự kiện không được tính, "
                f"kỳ bắt đầu từ ngày {day_shown(first)}"
            )
            steps = (
                Explanation(happened, f"{CIVIL_CODE}, Điều 147 khoản 3", "anchor"),
                Explanation("Văn bản không ghi phải xong khi nào nên không có ngày đến hạn", AS_WRITTEN, "open"),
            )
            yield Window(day.isoformat(), first, None, (*self.read, *steps))


@dataclass(frozen=True)
class Continuous(Term):
    """Thường xuyên: from the day the plan is in force, without a due date."""

    kind: ClassVar[Kind] = "continuous"
    opens_in_force: ClassVar[bool] = True

    @property
    def text(self) -> str:
        return "Thường xuyên"

    def windows(self, known: Known) -> Iterator[Window]:
        why = f"{self.text}: việc làm liên tục, không có ngày đến hạn"
        yield _open_ended(known.in_force, (*self.read, Explanation(why, AS_WRITTEN, "open")))


@dataclass(frozen=True)
class Unstated(Term):
    """The source gives no date; the reason says how we know."""

    reason: str
    kind: ClassVar[Kind] = "unstated"
    opens_in_force: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("hãy ghi lý do vì sao nguồn không nêu thời hạn")

    @property
    def text(self) -> str:
        return NOT_STATED

    def windows(self, known: Known) -> Iterator[Window]:
        yield _open_ended(
            known.in_force, (Explanation(f"Nguồn không nêu thời hạn: {self.reason}", AS_WRITTEN, "open"),)
        )


def _open_ended(in_force: date, steps: tuple[Explanation, ...]) -> Window:
    return Window("-", in_force, None, steps)
