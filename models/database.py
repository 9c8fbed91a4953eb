"""The database: one address, instants that cannot be naive, and a schema whose version is checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from models.refusal import Refusal
from schedules.zone import VIETNAM

SCHEMA = "0003"
"""The newest migration that this code knows (a test compares it with the migrations folder)."""


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant, stored as UTC and given back in Vietnam's time.

    SQLite hands back naive values for `DateTime(timezone=True)`; here a naive value is an error on the way in
    and cannot come out.
    """

    impl = sa.DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else _in_vietnam(value)


@lru_cache(maxsize=8192)
def _in_vietnam(naive_utc: datetime) -> datetime:
    # Thousands of rows share a handful of instants (a period's opening and due).
    return naive_utc.replace(tzinfo=UTC).astimezone(VIETNAM)


def connect(url: str) -> sa.Engine:
    """An engine for `url`; on SQLite with write-ahead log, foreign keys on and real transactions.

    Raises:
        Refusal: the address cannot be used.
    """
    try:
        engine = sa.create_engine(url, hide_parameters=True)  # they hold tokens and addresses
    except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
        raise Refusal(
            f"DONDOC_DATABASE_URL cannot be used: {error}. Example: sqlite:////srv/dondoc/dondoc.sqlite"
        ) from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would delay BEGIN until the first write; we begin ourselves.
    connection.isolation_level = None
    # Without recursive triggers REPLACE would delete rows of the ledger behind its back.
    settings = (
        "busy_timeout=30000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    )
    for pragma in settings:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A writer takes the write lock first, so that two sweeps queue instead of one failing half-way.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A read-only look at one moment of the database."""
    with open_database(engine) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that holds the write lock from its start: all of it is kept, or nothing."""
    with open_database(engine) as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            yield connection


@contextmanager
def open_database(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection, with the driver's complaints turned into refusals that say what to do."""
    try:
        with engine.connect() as connection:
            yield connection
    except sa.exc.DatabaseError as error:
        text = str(error.orig)
        if "malformed" in text or "not a database" in text:
            raise Refusal(
                f"Cơ sở dữ liệu {engine.url.database} bị hỏng ({text}). Khôi phục từ bản sao lưu; không có gì thay đổi."
            ) from error
        if "disk is full" in text or "disk I/O error" in text:
            raise Refusal(
                f"Đĩa đã đầy hoặc không ghi được ({text}); chưa có gì thay đổi. Giải phóng chỗ rồi chạy lại."
            ) from error
        if "unable to open database file" in text:
            raise Refusal(
                f"Không mở được cơ sở dữ liệu {engine.url!r}. Kiểm tra DONDOC_HOME và quyền ghi thư mục."
            ) from error
        if "locked" in text:
            raise Refusal(
                "Cơ sở dữ liệu đang bị một tiến trình khác giữ quá 30 giây; chưa có gì thay đổi. Chạy lại sau."
            ) from error
        if "readonly" in text:
            raise Refusal(
                f"Cơ sở dữ liệu chỉ cho đọc ({engine.url!r}); chưa có gì thay đổi. Kiểm tra quyền ghi."
            ) from error
        raise


def version_of(engine: sa.Engine) -> str | None:
    """The schema's version in the database, None where there is no schema yet."""
    with open_database(engine) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def has_schema(engine: sa.Engine) -> bool:
    """Whether there is a database with a schema; looking leaves nothing behind."""
    return not _missing_file(engine) and version_of(engine) is not None


def _missing_file(engine: sa.Engine) -> bool:
    return engine.dialect.name == "sqlite" and bool(engine.url.database) and not Path(str(engine.url.database)).exists()


def check_version(engine: sa.Engine) -> None:
    """Refuse a database that has no schema, or one that another version of the engine made."""
    if _missing_file(engine):
        raise Refusal(
            f"Chưa có cơ sở dữ liệu tại {engine.url.database}. Chạy «dondoc init» trước (hoặc đặt DONDOC_HOME)."
        )
    found = version_of(engine)
    if found is None:
        raise Refusal("Cơ sở dữ liệu chưa được khởi tạo. Chạy «dondoc init» trước.")
    if found > SCHEMA:
        raise Refusal(
            f"Cơ sở dữ liệu thuộc phiên bản mới hơn ({found}) so với chương trình này ({SCHEMA}). "
            "Cập nhật chương trình; không có gì thay đổi."
        )
    if found < SCHEMA:
        raise Refusal(f"Cơ sở dữ liệu ở phiên bản {found}, chương trình cần {SCHEMA}. Chạy «dondoc init» để nâng cấp.")


def migrate(engine: sa.Engine) -> None:
    """Create the schema, or bring an older one forward. A newer one is refused."""
    from alembic import command
    from alembic.config import Config

    found = version_of(engine)
    if found is not None and found > SCHEMA:
        check_version(engine)
    if found == SCHEMA:
        return
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with open_database(engine) as connection, _references_aside(connection):
        connection = connection.execution_options(writes=True)
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if connection.dialect.name == "sqlite":
                lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if lost:
                    raise RuntimeError(f"the migration lost what {len(lost)} rows refer to: {lost[:3]}")


@contextmanager
def _references_aside(connection: sa.Connection) -> Iterator[None]:
    """While a table is made anew, SQLite must not take its dropping for the loss of what others refer to."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection  # a pragma does nothing once a transaction has begun
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
