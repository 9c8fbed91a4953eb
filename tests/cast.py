"""The cast of the stories: Nghệ An's office on a scratch database, whose days read like sentences.

`office.sweeps("2023-11-01")`, `office.submits(VINH, "bao-cao-nam", "2023", "2023-11-30 16:00")`,
`office.state(VINH, "bao-cao-nam", "2023", "2023-12-01")`. A bare day is 07:30 in Vietnam.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from channels.channel import Channel, Heard, Parcel
from channels.email_channel import EmailChannel
from channels.mail_folder import MailFolder
from channels.mailbox import receiving
from channels.outcome import Accepted, Outcome
from channels.smtp import SmtpAddress, send
from models.database import connect, reading, writing
from models.ledger import broken_links
from models.plan import Plan
from models.settings import Settings
from models.tables import assignment, delivery_event, delivery_item, ledger, notice
from models.unit_store import read_units
from models.units import Units
from models.versions import in_force
from schedules.workdays import OverlayRow
from schedules.zone import MORNING, VIETNAM, at, midnight
from tasks.amend import Amendment, amendment
from tasks.calendar import CalendarChange, apply_calendar, calendar_change
from tasks.contacts import import_contacts
from tasks.decide import Decided, Decision, correct, end_of, extend, pause, resume, withdraw
from tasks.deliver import Delivered, PostRoom, deliver
from tasks.history import unit_status
from tasks.imports import import_units, read_unit_rows
from tasks.notice_list import notices
from tasks.receive import Submission, checked, desk, exempt, open_event, read_submissions, submit
from tasks.roll_up import status
from tasks.set_up import apply_plan, go_live
from tasks.sheet import BadRow, Row
from tasks.sweep import SweepResult, sweep

PROVINCE, NEW_PROVINCE = "g1:40", "n:40"
PARTY, PARTY_OFFICE = "b:40.tinh-uy", "b:40.ban-dan-van-tinh-uy"
HOME_AFFAIRS, JUSTICE, HEALTH = "b:40.so-noi-vu", "b:40.so-tu-phap", "b:40.so-y-te"
VINH, CUA_LO, QUE_PHONG = "g1:412", "g1:413", "g1:415"
KIM_SON, THONG_THU = "g1:16738", "g1:16741"  # in Quế Phong
THANH_VINH = "n:16681"


def instant(when: str | date | datetime) -> datetime:
    """ "2023-11-01" is 07:30 of that day; "2023-11-30 23:59:59" is that instant, both in Vietnam."""
    if isinstance(when, datetime):
        return when
    if isinstance(when, date):
        return at(when, MORNING)
    if len(when) == 10:
        return at(date.fromisoformat(when), MORNING)
    return datetime.fromisoformat(when).replace(tzinfo=VIETNAM)


def mornings(since: str, through: str) -> Iterator[datetime]:
    """07:30 of every day from `since` to `through`."""
    first = date.fromisoformat(since)
    for number in range((date.fromisoformat(through) - first).days + 1):
        yield at(first + timedelta(days=number), MORNING)


class Office:
    """A standing office and its database. Its clock stands where the latest thing happened."""

    def __init__(self, engine: sa.Engine, plan: Plan, *, began: datetime, tree: Units | None = None) -> None:
        self.engine = engine
        self.plan = plan
        self.tree = tree  # the units as last read; every import has them read again
        self.clock = began
        self._home = TemporaryDirectory()
        self.settings = Settings(home=Path(self._home.name), database_url=str(engine.url))
        self.mailbox: Mailbox | None = None

    # What happens

    def sweeps(self, when: str | datetime, *, now: datetime | None = None) -> SweepResult:
        as_of = instant(when)
        self._reaches(as_of)
        with writing(self.engine) as db:
            running = in_force(db, self.plan, as_of=as_of)
            return sweep(db, running, self.units(db), as_of=as_of, now=now or self.clock, actor="test")

    def sweeps_daily(self, since: str, through: str) -> list[SweepResult]:
        return [self.sweeps(morning) for morning in mornings(since, through)]

    def submits(
        self, unit: str, duty: str, period: str, when: str | datetime, *, by: str = "",
        entered: str | datetime | None = None, plan: str | None = None,
    ) -> Submission:  # fmt: skip
        """A report handed in at `when`; the office enters it at once, or at `entered`."""
        handed_in = instant(when)
        self._reaches(instant(entered) if entered else handed_in)
        now = instant(entered) if entered else self.clock
        given = Submission(plan or self.plan.code, duty, period, unit, handed_in, by)
        with writing(self.engine) as db:
            one = checked(given, desk(db, self.plan, self.units(db), now=now))
            submit(db, [one], now=now)
        return one

    def imports_reports(self, *rows: dict[str, str], now: str | datetime) -> list[BadRow]:
        """All or nothing; what was wrong, row by row."""
        self._reaches(instant(now))
        with writing(self.engine) as db:
            at_desk = desk(db, self.plan, self.units(db), now=self.clock)
            made, bad = read_submissions(_rows(rows), {self.plan.code: at_desk}, db)
            if not bad:
                submit(db, made, now=self.clock)
        return bad

    def hears_of_guidance(
        self, on: str, *, basis: str = "Công văn 1/CV-TW", duty: str = "nghi-quyet-hdnd", now: str | None = None
    ) -> str:
        """The key of the period that the event opens."""
        self._reaches(instant(now or on))
        with writing(self.engine) as db:
            period = open_event(
                db, self.plan, duty, day=date.fromisoformat(on), basis=basis,
                now=instant(now) if now else self.clock,
            )  # fmt: skip
        return period.key

    def exempts(
        self, unit: str, *, reason: str, on: str, duty: str | None = None, period: str | None = None,
        entered: str | None = None,
    ) -> str:  # fmt: skip
        self._reaches(instant(entered or on))
        with writing(self.engine) as db:
            return exempt(
                db, self.plan, self.units(db), unit=unit, duty=duty, period=period, day=date.fromisoformat(on),
                reason=reason, now=instant(entered) if entered else self.clock,
            )  # fmt: skip

    def extends(
        self, unit: str | None, duty: str, period: str, *, to: str, on: str | datetime, reason: str = "chờ số liệu",
        entered: str | datetime | None = None, by: str = "",
    ) -> Decided:  # fmt: skip
        """`to` is the last day on time; no unit means everybody."""
        return self._decides(extend, unit, duty, period, on, reason, by, entered, to=_end(to))

    def corrects(
        self, unit: str | None, duty: str, period: str, *, on: str | datetime, to: str | None = None,
        opens: str | None = None, reason: str = "ghi nhầm", entered: str | datetime | None = None,
    ) -> Decided:  # fmt: skip
        return self._decides(
            correct, unit, duty, period, on, reason, "", entered, due=_end(to) if to else None,
            opens=midnight(date.fromisoformat(opens)) if opens else None,
        )  # fmt: skip

    def pauses(
        self, unit: str | None, duty: str, period: str, *, on: str | datetime, reason: str = "chờ hướng dẫn",
        entered: str | datetime | None = None,
    ) -> Decided:  # fmt: skip
        return self._decides(pause, unit, duty, period, on, reason, "", entered)

    def resumes(
        self, unit: str | None, duty: str, period: str, *, on: str | datetime, to: str | None = None,
        entered: str | datetime | None = None,
    ) -> Decided:  # fmt: skip
        until = _end(to) if to else None
        return self._decides(resume, unit, duty, period, on, "đã có hướng dẫn", "", entered, to=until)

    def withdraws(
        self, unit: str | None, duty: str, period: str, *, on: str | datetime, reason: str = "đã làm ở kế hoạch khác",
        entered: str | datetime | None = None,
    ) -> Decided:  # fmt: skip
        return self._decides(withdraw, unit, duty, period, on, reason, "", entered)

    def _decides(
        self, verb: Callable[..., Decided], unit: str | None, duty: str, period: str, on: str | datetime, reason: str,
        by: str, entered: str | datetime | None, **how: Any,
    ) -> Decided:  # fmt: skip
        decided = instant(on)
        now = instant(entered) if entered else decided
        self._reaches(now)
        with writing(self.engine) as db:
            at_desk = desk(db, self.plan, self.units(db), now=decided)
            return verb(db, at_desk, Decision(duty, period, unit, reason, decided, by), now=now, **how)

    def changes_calendar(self, *days: OverlayRow, on: str | datetime) -> CalendarChange:
        """Puts days on record; gives what it did."""
        now = instant(on)
        self._reaches(now)
        with writing(self.engine) as db:
            change = calendar_change(db, [self.plan], days, now=now)
            apply_calendar(db, change, now=now)
        return change

    def compares(self, plan: Plan, *, on: str) -> Amendment:
        """What a new declaration would change; nothing is written."""
        with reading(self.engine) as db:
            return amendment(db, plan, self.units(db), now=instant(on))

    def applies(self, plan: Plan, *, on: str | datetime) -> Amendment | None:
        """Puts a declaration in force."""
        self._reaches(instant(on))
        with writing(self.engine) as db:
            return apply_plan(db, plan, now=instant(on), actor="admin")

    def history(self, unit: str, duty: str, period: str, as_of: str | datetime) -> list[dict[str, Any]]:
        """What happened to an assignment, oldest first."""
        return self.whole(unit, duty, period, as_of)["history"]  # type: ignore[no-any-return]

    def whole(self, unit: str, duty: str, period: str, as_of: str | datetime) -> dict[str, Any]:
        """A unit's row with how its dates came about and its history."""
        with reading(self.engine) as db:
            rows = unit_status(db, self.plan, self.units(db), unit=unit, as_of=instant(as_of))
        [found] = [row for row in rows if (row["duty"], row["period"]) == (duty, period)]
        return found

    def goes_live(self, when: str) -> datetime:
        self._reaches(instant(when))
        with writing(self.engine) as db:
            return go_live(db, now=instant(when))

    def imports_units(self, *rows: dict[str, str], now: str) -> list[BadRow]:
        self._reaches(instant(now))
        with writing(self.engine) as db:
            made, bad = read_unit_rows(_rows(rows), read_units(db))
            if not bad:
                import_units(db, made, now=self.clock)
        self.tree = None
        return bad

    def imports_contacts(self, *rows: dict[str, str], now: str | None = None) -> list[BadRow]:
        if now is not None:
            self._reaches(instant(now))
        with writing(self.engine) as db:
            return import_contacts(db, _rows(rows), now=self.clock)[1]

    def delivers(
        self, when: str, *, send: Callable[..., Any] | None = None, now: str | None = None, limit: int | None = None,
        channels: Mapping[str, Channel] | None = None,
    ) -> Delivered:  # fmt: skip
        """Hands over what is due to its mailbox, to `send` in place of its mail server, or to these channels."""
        if channels is None:
            if send is None:
                assert self.mailbox is not None, "this office has no mailbox"
                send = self.mailbox.takes
            channels = {"email": Through(self.settings, send)}
        self._reaches(instant(when))
        present = instant(now or when)
        room = PostRoom(self.engine, self.settings, channels, lambda: present, "test")
        return deliver(room, {self.plan.code: self.plan}, as_of=instant(when), limit=limit)

    # What is asked

    def units(self, db: sa.Connection) -> Units:
        if self.tree is None:
            self.tree = read_units(db, province=self.plan.province)
        return self.tree

    def status(
        self, as_of: str | datetime, *, by: str = "duty", known_at: str | datetime | None = None
    ) -> list[dict[str, Any]]:
        with reading(self.engine) as db:
            return status(
                db, self.plan, self.units(db), by=by, as_of=instant(as_of),
                known_at=instant(known_at) if known_at else None,
            )  # fmt: skip

    def row(self, duty: str, period: str, as_of: str | datetime, **asked: Any) -> dict[str, Any]:
        """The one row of a duty's period."""
        [found] = [r for r in self.status(as_of, **asked) if (r["duty"], r["period"]) == (duty, period)]
        return found

    def standing(self, unit: str, duty: str, period: str, as_of: str | datetime, **asked: Any) -> dict[str, Any] | None:
        """A unit's row, None where it has none."""
        found = [
            r for r in self.status(as_of, by="unit", **asked)
            if (r["duty"], r["period"], r["unit"]) == (duty, period, unit)
        ]  # fmt: skip
        assert len(found) <= 1, f"doubled: {found}"
        return found[0] if found else None

    def state(self, unit: str, duty: str, period: str, as_of: str | datetime, **asked: Any) -> str | None:
        found = self.standing(unit, duty, period, as_of, **asked)
        return found["state"] if found else None

    def notices(self, as_of: str | datetime | None = None, **wanted: str) -> list[dict[str, Any]]:
        """Every notice by `as_of` (by now), whose fields are as wanted."""
        with reading(self.engine) as db:
            rows = notices(db, as_of=instant(as_of) if as_of else self.clock)
        return [row for row in rows if all(row[name] == value for name, value in wanted.items())]

    def post_history(self, unit: str) -> list[dict[str, Any]]:
        """Every change of the deliveries that carried notices about a unit, oldest first."""
        query = (
            sa.select(delivery_event.c.before, delivery_event.c.after, delivery_event.c.why)
            .join(delivery_item, delivery_item.c.delivery == delivery_event.c.delivery)
            .join(notice, notice.c.id == delivery_item.c.notice)
            .join(assignment, assignment.c.id == notice.c.assignment)
            .where(assignment.c.unit == unit)
            .order_by(delivery_event.c.id)
        )
        with reading(self.engine) as db:
            return [dict(row) for row in db.execute(query).mappings()]

    def days_of(self, **wanted: str) -> dict[str, str]:
        """step → its day and hour, for the notices wanted, in order of time."""
        return {row["step"]: row["planned_at"][:16] for row in self.notices(**wanted)}

    def told(self, step: str, **wanted: str) -> dict[str, str]:
        """Who hears of a step, and as what: "KEY/role" → reminder, escalation or copy."""
        return {row["recipient"]: row["kind"] for row in self.notices(step=step, **wanted)}

    def count(self, table: sa.Table, *where: Any) -> int:
        with reading(self.engine) as db:
            return int(db.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())

    def ledger(self, *kinds: str) -> list[dict[str, Any]]:
        """Its rows of these kinds (of all), as they were appended."""
        with reading(self.engine) as db:
            rows = [dict(row) for row in db.execute(sa.select(ledger).order_by(ledger.c.seq)).mappings()]
        return [row for row in rows if not kinds or row["kind"] in kinds]

    def broken_links(self) -> list[str]:
        with reading(self.engine) as db:
            return list(broken_links(db))

    def _reaches(self, when: datetime) -> None:
        self.clock = max(self.clock, when)


def _end(day: str) -> datetime:
    return end_of(date.fromisoformat(day))


class Through(EmailChannel):
    """Email whose letters (bytes, envelope sender, recipient) a test takes; nobody can be asked about lost answers."""

    def __init__(self, settings: Settings, takes: Callable[..., Any]) -> None:
        super().__init__(settings)
        self._takes = takes

    def send(self, parcels: Sequence[Parcel], *, now: datetime, within: float) -> list[Outcome]:
        return list(self._takes([(one.content, self.returns_to(one.delivery), one.address) for one in parcels]))

    def ask(self, parcels: Sequence[Parcel], *, since: datetime) -> list[Heard]:
        return [Heard.SILENT for _ in parcels]


class Mailbox:
    """A real SMTP server on this machine and what it received."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address = SmtpAddress("127.0.0.1", port)
        self._folder = folder

    def takes(self, letters: Sequence[Any]) -> list[Any]:
        return send(letters, self.address, timeout=10)

    def raw(self) -> list[bytes]:
        """Every mail to the last byte, oldest first."""
        folder = MailFolder(self._folder)
        return [folder.raw(name) for name in reversed(folder.ids())]

    def mails(self, to: str | None = None) -> list[EmailMessage]:
        """What arrived (for one address), oldest first."""
        folder = MailFolder(self._folder)
        every = [folder.message(name) for name in reversed(folder.ids())]
        return [mail for mail in every if to is None or to in mail["Delivered-To"]]

    def recipients(self) -> list[str]:
        return sorted(str(mail["Delivered-To"]).strip("<> ") for mail in self.mails())


@contextmanager
def mailbox(folder: Path) -> Iterator[Mailbox]:
    with receiving(MailFolder(folder)) as port:
        yield Mailbox(folder, port)


def into(addresses: list[str]) -> Callable[[Sequence[Any]], list[Outcome]]:
    """A relay that takes everything and notes to whom."""

    def takes(letters: Sequence[Any]) -> list[Outcome]:
        addresses.extend(to for _, _, to in letters)
        return [Accepted(250, "OK") for _ in letters]

    return takes


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def copied(template: Path, to: Path) -> sa.Engine:
    """An engine on a copy of a database nobody is writing to."""
    with sqlite3.connect(template) as source, sqlite3.connect(to) as target:
        source.backup(target)
    source.close()
    target.close()
    return connect(f"sqlite:///{to}")


def _rows(rows: Sequence[dict[str, str]]) -> list[Row]:
    """As they would come from an office's file, whose first line is the header."""
    return [Row(line, cells) for line, cells in enumerate(rows, start=2)]
