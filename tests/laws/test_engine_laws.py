"""What holds whatever happens, on a small province that lives half a year again and again."""

import os
from collections import Counter
from datetime import timedelta

from cast import into
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from small_world import (
    FIRST,
    LAST,
    OWED,
    WORLD,
    Correction,
    Exemption,
    Extension,
    Guidance,
    NewDay,
    Pause,
    Post,
    Report,
    Resume,
    Sweep,
    days,
    decisions,
    facts,
    instants,
    later,
    lives,
)

from models.status import NOT_EXPECTED, OPEN, STATES
from schedules.zone import MORNING, at

# The same lives on every run, so that a red test is news; DONDOC_LAWS=1000 looks further.
FURTHER = os.environ.get("DONDOC_LAWS")
law = settings(max_examples=int(FURTHER or 15), deadline=None, derandomize=FURTHER is None)
NOVEMBER = FIRST + timedelta(days=61)
BAO_CAO = ("bao-cao", "2023", "g1:991")
some_instants = st.lists(instants, min_size=1, max_size=3)


def morning(day):
    return at(day, MORNING)


@law
@given(lives())
def test_sweeping_twice_is_sweeping_once(moves):
    office = WORLD.office()
    for move in moves:
        office.happens(move)
        if isinstance(move, Sweep):
            before = office.everything()
            again = office.sweeps(move.at)
            assert (again.opened, again.reminded, again.escalated, again.notices) == (0, 0, 0, 0)
            assert office.everything() == before


@law
@given(st.lists(facts, max_size=5), days, st.sets(days, max_size=8), days)
@example([], NOVEMBER, {NOVEMBER + timedelta(days=n) for n in range(60)}, NOVEMBER + timedelta(days=60))
def test_one_late_sweep_records_and_sends_what_many_would_have(happened, begun, swept, last):
    """No facts in between: what happened, happened before the first sweep."""
    through = max(begun, last)
    in_between = sorted(day for day in swept if begun <= day < through)
    event(f"{len(in_between)} sweeps in between")
    daily, late = WORLD.office(), WORLD.office()
    for office in (daily, late):
        office.live(sorted((fact for fact in happened if fact.at <= morning(begun)), key=lambda fact: fact.at))
    for day in in_between:
        daily.sweeps(morning(day))
    for office in (daily, late):
        office.sweeps(morning(through))
    steps = [_steps(office) for office in (daily, late)]
    assert steps[0] == steps[1]
    for office in (daily, late):
        for notice in office.said():
            assert (notice["state"], bool(notice["reason"])) in {("planned", False), ("skipped", True)}
        assert all(count == 1 for count in _planned(office).values())
        office.delivers(morning(through) + timedelta(minutes=1), send=into([]))
    assert _steps(daily, "sent") == _steps(late, "sent")


@law
@given(st.lists(decisions, min_size=1, max_size=6), st.lists(facts, max_size=2), st.sets(days, max_size=12))
@example([Pause(at(NOVEMBER, MORNING), BAO_CAO), Resume(at(NOVEMBER + timedelta(days=45), MORNING), BAO_CAO)], [],
         {NOVEMBER + timedelta(days=n) for n in range(90)})  # fmt: skip
@example([Extension(at(NOVEMBER + timedelta(days=26), MORNING), BAO_CAO, NOVEMBER + timedelta(days=50))], [],
         {NOVEMBER + timedelta(days=n) for n in range(90)})  # fmt: skip
@example([NewDay(at(NOVEMBER + timedelta(days=20), MORNING), NOVEMBER + timedelta(days=22), False)], [],
         {NOVEMBER + timedelta(days=n) for n in range(90)})  # fmt: skip
def test_one_late_sweep_records_what_many_would_have_whatever_was_decided_meanwhile(decided, happened, swept):
    """Pauses, extensions, corrections and changes of the calendar fall between the sweeps."""
    moves = sorted([*decided, *happened], key=lambda move: (move.at, str(move)))
    daily, late = WORLD.office(), WORLD.office()
    accepted = late.happens_all(moves)
    event(f"{len(accepted)} accepted")
    sweeps = [Sweep(morning(day)) for day in sorted(swept)]
    daily.live(sorted([*moves, *sweeps], key=lambda move: (move.at, isinstance(move, Sweep), str(move))))
    for office in (daily, late):
        office.sweeps(morning(LAST + timedelta(days=1)))
    assert _steps(daily) == _steps(late)
    for office in (daily, late):
        office.delivers(morning(LAST + timedelta(days=1)) + timedelta(minutes=1), send=into([]))
    assert _steps(daily, "sent") == _steps(late, "sent")
    for when in (morning(NOVEMBER), morning(LAST)):
        assert daily.status(when, by="unit") == late.status(when, by="unit")


@law
@given(lives(), instants, st.sampled_from(OWED), later)
def test_an_extension_never_brings_a_date_forward(moves, when, key, to):
    office = WORLD.office().live(move for move in moves if move.at <= when)
    before = office.standing(key[2], key[0], key[1], when)
    if not office.happens(Extension(when, key, to)):
        return
    after = office.standing(key[2], key[0], key[1], when)
    assert before["due"] < after["due"] and before["opens"] == after["opens"]
    # Nor does anything that is decided for everybody afterwards.
    office.live(move for move in moves if move.at > when and not _about(move, key))
    end = office.standing(key[2], key[0], key[1], morning(LAST))
    if end is not None:
        assert end["due"] >= after["due"]


@law
@given(lives())
def test_at_most_one_notice_is_waiting_for_a_recipient_about_an_assignment(moves):
    office = WORLD.office()
    for move in moves:
        office.happens(move)
        assert all(count == 1 for count in _planned(office).values())


@law
@given(lives(), instants)
def test_states_are_disjoint_and_expected_adds_up(moves, asked):
    office = WORLD.office().live(moves)
    by_unit = office.status(asked, by="unit")
    for row in by_unit:
        assert [state for state in STATES if row[state]] == [row["state"]] and row[row["state"]] == 1
    assert len({(row["duty"], row["period"], row["unit"]) for row in by_unit}) == len(by_unit)
    for row in office.status(asked):
        mine = Counter(r["state"] for r in by_unit if (r["duty"], r["period"]) == (row["duty"], row["period"]))
        assert {state: row[state] for state in STATES if row[state]} == mine
        assert row["expected"] == sum(n for state, n in mine.items() if state not in NOT_EXPECTED)
        if row["expected"]:
            assert row["on_time_rate"] <= row["reporting_rate"] <= 1
            assert row["on_time_rate"] == round(mine["done"] / row["expected"], 4)
        else:
            assert row["reporting_rate"] is row["on_time_rate"] is None
    for by in ("district", "province"):
        grouped = Counter()
        for row in office.status(asked, by=by):
            grouped.update({(row["duty"], row["period"], state): row[state] for state in (*STATES, "expected")})
        whole = {
            (row["duty"], row["period"], state): row[state]
            for row in office.status(asked) for state in (*STATES, "expected")
        }  # fmt: skip
        assert +grouped == +Counter(whole)


@law
@given(lives())
def test_what_was_so_at_an_instant_stays_so(moves):
    """Nothing that happens later, no amendment and no change of the calendar, changes what was the case."""
    office = WORLD.office()
    told = {}
    for move in moves:
        office.happens(move)
        if isinstance(move, (Sweep, Post)):
            told[move.at] = office.status(move.at, by="unit")
    last = max((move.at for move in moves), default=None)
    for when, rows in told.items():
        # Facts of that very instant may have come after the question.
        if sum(move.at == when for move in moves) == 1 and when != last:
            assert office.status(when, by="unit") == rows


@law
@given(lives(), some_instants)
def test_the_past_is_the_same_swept_or_unswept(moves, asked):
    swept, unswept = WORLD.office(), WORLD.office()
    swept.live(moves)
    unswept.live(move for move in moves if not isinstance(move, (Sweep, Post)))
    for when in asked:
        assert swept.status(when, by="unit") == unswept.status(when, by="unit")
        assert swept.status(when) == unswept.status(when)


@law
@given(
    st.lists(facts, max_size=8, unique=True),
    st.randoms(use_true_random=False),
    some_instants,
)
def test_the_order_in_which_facts_are_entered_does_not_matter(happened, chance, asked):
    taken_out = {fact.unit for fact in happened if isinstance(fact, Exemption)}
    happened = [f for f in happened if not (isinstance(f, Report) and f.key[2] in taken_out)]
    shuffled = chance.sample(happened, len(happened))
    end = at(LAST + timedelta(days=1), MORNING)
    one, other = WORLD.office(), WORLD.office()
    told = {id(office): set() for office in (one, other)}
    for office, facts_ in ((one, happened), (other, shuffled)):
        for fact in facts_:
            if office.happens(fact, entered=end):
                told[id(office)].add(fact)
    # A second exemption of the same kind is refused, whichever came second; compare where both took the same.
    if told[id(one)] == told[id(other)]:
        for when in asked:
            assert one.status(when, by="unit") == other.status(when, by="unit")
    else:
        event("refused differently")
        assert all(isinstance(fact, Exemption) for fact in told[id(one)] ^ told[id(other)])


@law
@given(lives())
def test_what_is_planned_is_open_counted_and_of_its_side_of_the_due(moves):
    """No notice is ever planned for a closed assignment, and the sweep counts what it planned."""
    office = WORLD.office()
    seen = set()
    for move in moves:
        if not isinstance(move, Sweep):
            office.happens(move)
            continue
        swept = office.sweeps(move.at)
        standing = {(r["duty"], r["period"], r["unit"]): r for r in office.status(move.at, by="unit")}
        new = [n for n in office.said() if n["id"] not in seen]
        planned = [n for n in new if n["state"] == "planned"]
        assert swept.notices == len(planned)
        steps = {(n["duty"], n["period"], n["unit"], n["step"]) for n in planned}
        assert swept.reminded + swept.escalated == len(steps)
        for notice in planned:
            row = standing[notice["duty"], notice["period"], notice["unit"]]
            if row["state"] == "paused":
                continue  # it fell before the pause, and waits for its end
            assert row["state"] in OPEN
            assert row["opens"] <= notice["planned_at"] <= move.at.isoformat()
            assert notice["step"].startswith("escalate") == (row["state"] == "overdue")
            assert (notice["planned_at"] >= row["due"]) == (row["state"] == "overdue")
        seen |= {n["id"] for n in new}


@law
@given(lives())
def test_nothing_leaves_about_what_is_closed_and_nothing_leaves_twice(moves):
    office = WORLD.office()
    for move in moves:
        before = {n["id"] for n in office.said() if n["state"] == "sent"}
        office.happens(move)
        if isinstance(move, Post):
            standing = {(r["duty"], r["period"], r["unit"]): r["state"] for r in office.status(move.at, by="unit")}
            for notice in office.said():
                if notice["state"] == "sent" and notice["id"] not in before:
                    assert standing[notice["duty"], notice["period"], notice["unit"]] in OPEN
            assert office.delivers(move.at, send=into([])).sent == 0


@law
@given(lives())
def test_the_chain_is_whole_and_only_grows(moves):
    office = WORLD.office()
    for move in moves:
        before = office.everything()["ledger"]
        office.happens(move)
        after = office.everything()["ledger"]
        assert after[: len(before)] == before
    assert office.broken_links() == []


@law
@given(lives(post=False), some_instants)
def test_known_at_the_end_is_what_is_known(moves, asked):
    office = WORLD.office().live(moves)
    for when in asked:
        rows = office.status(when, by="unit")
        assert office.status(when, by="unit", known_at=office.clock) == rows


def test_the_lives_reach_what_makes_time_hard():
    """The strategies would be worth nothing if what they do were always refused."""
    office = WORLD.office()
    accepted = Counter()
    for day, move in enumerate(_one_of_each()):
        accepted[type(move).__name__] += office.happens(move)
        assert office.happens(move) in (True, False), day
    assert accepted == {"Report": 1, "Exemption": 1, "Guidance": 1, "Sweep": 1, "Post": 1}
    late = WORLD.office()
    late.sweeps(morning(LAST))
    states = {row["state"] for row in late.status(morning(LAST), by="unit")}
    assert states >= {"overdue", "transferred", "no_term", "pending"}
    assert len(OWED) > 20


def _one_of_each():
    start = morning(FIRST + timedelta(days=60))
    key = ("bao-cao", "2023", "g1:991")
    yield Report(start, key)
    yield Exemption(at(start.date(), MORNING.min), "g1:992", "bao-cao")
    yield Guidance(at(start.date(), MORNING.min))
    yield Sweep(start)
    yield Post(start)


def _about(move, key):
    """A correction of this very term: the one decision that may bring it forward."""
    return isinstance(move, Correction) and move.key == key


def _steps(office, state=None):
    return sorted(
        (n["duty"], n["period"], n["unit"], n["step"], n["recipient"], n["planned_at"])
        for n in office.said() if state in (None, n["state"])
    )  # fmt: skip


def _planned(office):
    return Counter(
        (n["duty"], n["period"], n["unit"], n["recipient"]) for n in office.said() if n["state"] == "planned"
    )
