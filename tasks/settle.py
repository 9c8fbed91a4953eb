"""What people decide about notices that did not arrive: once more, no more, or said by telephone. Each is a fact.

All or nothing. A person's free text stays with the notice, never in the ledger, since it may name people.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from models.ledger import Fact, append, facts
from models.people import names, person
from models.plan import Plan
from models.refusal import Refusal
from models.settings import Settings
from models.tables import notice
from models.words import NOTICE_STATE_SHOWN
from tasks.dead_letters import Told, told, tries_of
from tasks.outbox import ARRIVED
from tasks.picture import Picture
from tasks.unreachable import channels_of

KINDS = ("notice_retried", "notice_cancelled", "notice_phoned")
STILL_TO_SAY = ("planned", "sending", "dead", "undeliverable")

NO_SUCH = "Không có thông báo số {ids}. Xem số ở «dondoc notices --json» hoặc trang Gửi tin; chưa có gì thay đổi."
NO_NAME = "Ghi họ tên người quyết định ở --by; chưa có gì thay đổi."
NO_WHY = "Ghi lý do ở --why; chưa có gì thay đổi."
NOT_THIS = "Thông báo {id} {state}{reason} nên không {verb} được; chưa có gì thay đổi."
NOT_ANY_MORE = "Thông báo {id} không cần gửi lại: {reason}. Chưa có gì thay đổi."
MAY_HAVE_COME = (
    "Thông báo {id}: lượt trước qua {channel} tới {address} có thể đã tới; người nhận có thể thấy hai tin giống nhau."
)
MAY_STILL_COME = "Thông báo {id}: lượt gửi tới {address} đã rời đi hoặc đang gửi, có thể vẫn tới."
RESTS = "Thông báo {id}: nhiệm vụ đang tạm dừng hoặc kế hoạch không chạy, nên còn chờ."
NOBODY = "Thông báo {id}: vẫn chưa có địa chỉ nhận nào dùng được; bổ sung bằng «dondoc contacts import»."
RETRIED, CANCELLED, PHONED = "cho gửi lại", "thôi gửi", "đã gọi điện"


@dataclass(frozen=True, slots=True)
class Settled:
    """The notices that changed, those that stood so already, and what the person should know."""

    changed: list[int]
    unchanged: list[int]
    warnings: list[str]


def retry(
    db: sa.Connection, ids: Sequence[int], plans: Mapping[str, Plan], settings: Settings, *, by: str, now: datetime
) -> Settled:
    """Say notices once more: they wait again and leave as new messages, under the rules of any other.

    Raises:
        Refusal: a number that there is not; a notice that was said, settled, or that nothing is owed about any more.
    """
    every = _asked(db, ids, by)
    changing, stood = _split(every, ("dead", "undeliverable"), stands=("planned", "sending"), verb="gửi lại")
    tries = tries_of(db, [one.id for one in changing])
    warnings = [
        MAY_HAVE_COME.format(id=one.id, channel=each.channel, address=each.address)
        for one in changing
        for each in tries.get(one.id, ())
        if each.unsure
    ]
    _change(db, changing, "notice_retried", "planned", "", RETRIED, by=by, now=now)
    warnings += _judged(db, changing, plans, settings, now)
    return Settled([one.id for one in changing], [one.id for one in stood], warnings)


def cancel(db: sa.Connection, ids: Sequence[int], *, by: str, why: str, now: datetime) -> Settled:
    """Say notices no more, for a reason. What has left already may still arrive. Raises Refusal."""
    if not why.strip():
        raise Refusal(NO_WHY)
    every = _asked(db, ids, by)
    changing, stood = _split(every, STILL_TO_SAY, stands=("cancelled",), verb="dừng gửi")
    warnings = _under_way(db, changing)
    _change(db, changing, "notice_cancelled", "cancelled", why.strip(), CANCELLED, by=by, now=now)
    return Settled([one.id for one in changing], [one.id for one in stood], warnings)


def phoned(db: sa.Connection, ids: Sequence[int], *, by: str, note: str = "", now: datetime) -> Settled:
    """Note that somebody was told by telephone, so nothing more is sent. Raises Refusal."""
    every = _asked(db, ids, by)
    changing, stood = _split(every, STILL_TO_SAY, stands=("phoned",), verb="ghi đã gọi điện")
    warnings = _under_way(db, changing)
    _change(db, changing, "notice_phoned", "phoned", note.strip(), PHONED, by=by, now=now)
    return Settled([one.id for one in changing], [one.id for one in stood], warnings)


def _asked(db: sa.Connection, ids: Sequence[int], by: str) -> list[Told]:
    """The notices with these numbers. Raises Refusal."""
    if not by.strip():
        raise Refusal(NO_NAME)
    wanted = list(dict.fromkeys(ids))
    known = {one.id: one for one in told(db, notice.c.id.in_(wanted))}
    if missing := [id for id in wanted if id not in known]:
        raise Refusal(NO_SUCH.format(ids=", ".join(map(str, missing))))
    return [known[id] for id in wanted]


def _split(
    every: Sequence[Told], allowed: Collection[str], *, stands: Collection[str], verb: str
) -> tuple[list[Told], list[Told]]:
    """Those to be changed and those that stand so already. Raises Refusal for any other."""
    for one in every:
        if one.state not in allowed and one.state not in stands:
            reason = f" ({one.reason})" if one.reason else ""
            shown = NOTICE_STATE_SHOWN[one.state]
            raise Refusal(NOT_THIS.format(id=one.id, state=shown, reason=reason, verb=verb))
    return [one for one in every if one.state in allowed], [one for one in every if one.state not in allowed]


def _change(
    db: sa.Connection, notices: Sequence[Told], kind: str, state: str, reason: str, cause: str, *, by: str,
    now: datetime,
) -> None:  # fmt: skip
    if not notices:
        return
    n = notice.c
    for one in notices:
        stood = (n.id == one.id) & (n.state == one.state)
        if not db.execute(sa.update(notice).where(stood).values(state=state, reason=reason)).rowcount:
            raise Refusal(NOT_THIS.format(id=one.id, state="vừa đổi trạng thái", reason="", verb=cause))
    who = f"person:{person(db, by.strip())}"
    made = [
        Fact(kind, now, cause, one.plan, one.duty, one.period, one.unit, (("notice", one.id), ("by", who)))
        for one in notices
    ]
    append(db, made, actor=who, now=now)


def _judged(
    db: sa.Connection, retried: Sequence[Told], plans: Mapping[str, Plan], settings: Settings, now: datetime
) -> list[str]:
    """What the next round will make of them, by its own judgement. Raises Refusal for what it would not send."""
    if not retried:
        return []
    ids = {one.id for one in retried}
    picture = Picture.read(db, plans, settings, channels_of(settings), as_of=now, now=now)
    useful, over = picture.sifted()
    for (_, reason), some in over.items():
        for id in sorted(ids & set(some)):
            raise Refusal(NOT_ANY_MORE.format(id=id, reason=reason))
    wanted = {one.id: one for one in useful if one.id in ids}
    rests = [RESTS.format(id=id) for id in sorted(ids - wanted.keys())]
    lost = [
        NOBODY.format(id=id) for id, one in wanted.items() if not picture.reachable((one.recipient, one.role), [one])
    ]
    return rests + lost


def _under_way(db: sa.Connection, notices: Sequence[Told]) -> list[str]:
    tries = tries_of(db, [one.id for one in notices])
    return [
        MAY_STILL_COME.format(id=one.id, address=each.address)
        for one in notices
        for each in tries.get(one.id, ())
        if each.state in ("submitting", "unknown", *ARRIVED)
    ]


def decisions_about(db: sa.Connection, one: Told) -> list[tuple[datetime, str, str]]:
    """What was decided about a notice: when, what, and who decided, oldest first."""
    known = names(db)
    return [
        (fact.event_at, fact.cause, known.get(fact.actor, fact.actor))
        for fact in facts(db, KINDS, plan=one.plan)
        if fact.value("notice") == one.id
    ]
