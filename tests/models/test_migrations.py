"""An older database comes forward with everything that it remembers."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from models.database import SCHEMA, connect, migrate, reading, version_of, writing
from models.tables import contact, contact_address, delivery, delivery_event, notice

MIGRATIONS = Path(__file__).parents[2] / "models" / "migrations"


def at_version(path: Path, version: str):
    """A database as a release with that schema made it."""
    engine = connect(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    return engine


@pytest.fixture
def first_release(tmp_path):
    engine = at_version(tmp_path / "old.sqlite", "0001")
    engine.dispose()
    with sqlite3.connect(tmp_path / "old.sqlite") as raw:
        raw.execute(
            "INSERT INTO assignment VALUES (7, 'p', 'bao-cao', '2023', 'g1:412', '2023-06-30 17:00:00.000000', "
            "'2023-11-30 17:00:00.000000')"
        )
        raw.execute(
            "INSERT INTO notice VALUES (9, 7, 'remind:-7d', 'reminder', 'g1:412', 'focal_point', "
            "'2023-11-24 00:30:00.000000', 'sent', '')"
        )
        raw.execute(
            "INSERT INTO delivery VALUES (3, 'g1:412', 'focal_point', 'a@b.vn', 'email', '2023-11-24#1', '<x@y>', "
            "x'00', 'accepted', 1, NULL, NULL, '')"
        )
        raw.execute("INSERT INTO delivery_item VALUES (3, 9)")
    raw.close()
    return tmp_path / "old.sqlite"


def test_a_notice_learns_towards_which_due_it_counted(first_release):
    engine = connect(f"sqlite:///{first_release}")
    migrate(engine)
    assert version_of(engine) == SCHEMA
    with reading(engine) as db:
        [row] = db.execute(notice.select()).all()
    assert (row.id, row.step, row.state) == (9, "remind:-7d", "sent")
    assert row.due.isoformat() == "2023-12-01T00:00:00+07:00"
    engine.dispose()
    with sqlite3.connect(first_release) as raw:
        assert raw.execute("SELECT * FROM delivery_item").fetchall() == [(3, 9)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        raw.execute("PRAGMA foreign_keys=ON")
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute("INSERT INTO delivery_item VALUES (3, 99)")
    raw.close()


def test_the_references_are_guarded_again_after_the_migration(first_release):
    engine = connect(f"sqlite:///{first_release}")
    migrate(engine)
    with reading(engine) as db:
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()


def test_migrating_twice_is_migrating_once(first_release):
    engine = connect(f"sqlite:///{first_release}")
    migrate(engine)
    before = first_release.read_bytes()
    migrate(engine)
    assert first_release.read_bytes() == before
    engine.dispose()


@pytest.fixture
def second_release(tmp_path):
    """Two addresses of one person, one of another; a digest that was returned, one refused by everybody."""
    engine = at_version(tmp_path / "second.sqlite", "0002")
    engine.dispose()
    with sqlite3.connect(tmp_path / "second.sqlite") as raw:
        raw.executescript(
            """
            INSERT INTO person VALUES (1, 'Hòa'), (2, 'Lan');
            INSERT INTO contact VALUES (4, 'g1:412', 'focal_point', 1, 'hoa@vinh.vn'),
                                       (5, 'g1:412', 'focal_point', 1, 'hoa2@vinh.vn'),
                                       (6, 'g1:412', 'head', 2, 'lan@vinh.vn');
            INSERT INTO assignment VALUES (7, 'p', 'd', '2023', 'g1:412', '2023-06-30 17:00:00', NULL);
            INSERT INTO notice VALUES (9, 7, '2023-11-30 17:00:00', 'remind:-7d', 'reminder', 'g1:412', 'focal_point',
                                       '2023-11-24 00:30:00', 'failed', '550');
            INSERT INTO delivery VALUES
              (3, 'g1:412', 'focal_point', 'a@b.vn', 'email', '2023-11-24#1', '<x@y>', x'00', 'returned', 1,
               '2023-11-24 00:30:00', NULL, ''),
              (4, 'g1:412', 'focal_point', 'a@b.vn', 'email', '2023-11-24#2', '<z@y>', x'00', 'submitting', 1,
               '2023-11-24 00:45:00', NULL, '');
            """
        )
    raw.close()
    return tmp_path / "second.sqlite"


def test_a_persons_addresses_come_together_and_deliveries_keep_their_meaning(second_release):
    engine = connect(f"sqlite:///{second_release}")
    migrate(engine)
    with reading(engine) as db:
        people = {(c.id, a.url) for c in db.execute(contact.select()) for a in db.execute(
            contact_address.select().where(contact_address.c.contact == c.id))}  # fmt: skip
        states = dict(db.execute(sa.select(delivery.c.id, delivery.c.state)).all())
        [told] = db.execute(sa.select(notice.c.state)).scalars()
    engine.dispose()
    assert people == {(4, "mailto://hoa@vinh.vn"), (4, "mailto://hoa2@vinh.vn"), (6, "mailto://lan@vinh.vn")}
    assert states == {3: "cancelled", 4: "submitting"}
    assert told == "dead"


def test_the_history_of_deliveries_is_append_only(second_release):
    engine = connect(f"sqlite:///{second_release}")
    migrate(engine)
    with writing(engine) as db:
        db.execute(sa.insert(delivery_event).values(
            delivery=3, at=datetime(2023, 11, 24, tzinfo=UTC), before="due", after="submitting", why=""))  # fmt: skip
    for attack in (sa.update(delivery_event).values(why="không phải tôi"), sa.delete(delivery_event)):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), writing(engine) as db:
            db.execute(attack)
    engine.dispose()
