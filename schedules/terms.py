"""Legal terms: the forms in which a plan writes about time, as values that yield their periods."""

from schedules.bounds import BoundOf, RangeOf
from schedules.counted import ISSUE, Backward, Counted, Minimum
from schedules.open_ended import AfterEvent, Continuous, Unstated
from schedules.periods import Explanation, Period, Policy
from schedules.recurring import Every, YearsFrom
from schedules.recurring_days import DayOfEachMonth, DayOfEachQuarter, YearlyBefore, YearlyBy
from schedules.term import FIRST_YEAR, LAST_YEAR, Kind, Need, Term
from schedules.windows import DayOf, HalfOf, MonthOf, NineMonthsOf, QuarterOf, YearOf

__all__ = [
    "FIRST_YEAR", "ISSUE", "LAST_YEAR",
    "AfterEvent", "Backward", "BoundOf", "Continuous", "Counted", "DayOf", "DayOfEachMonth", "DayOfEachQuarter",
    "Every", "Explanation", "HalfOf", "Kind", "Minimum", "MonthOf", "Need", "NineMonthsOf", "Period", "Policy",
    "QuarterOf", "RangeOf", "Term", "Unstated", "YearOf", "YearlyBefore", "YearlyBy", "YearsFrom",
]  # fmt: skip
