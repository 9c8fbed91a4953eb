"""Nghệ An's plan in a real database, swept on 28/11/2023 with two reports in, seen from 2024."""

import shutil
from dataclasses import replace
from datetime import datetime

import pytest
from fastapi.testclient import TestClient

from flows.catalog import load_plans
from models.database import connect, reading, writing
from models.settings import Settings
from models.unit_store import read_units
from portal.site import create_app
from schedules.zone import MORNING, VIETNAM, parse_instant
from tasks.advance import advance
from tasks.receive import Submission, checked, desk, submit
from tasks.set_up import set_up

PLAN = "nghe-an-2023"
DAY = parse_instant("2023-11-28", clock=MORNING)
NOW = datetime(2024, 2, 1, 9, 0, tzinfo=VIETNAM)


def settings_in(home, **changes):
    return replace(Settings(home=home, database_url=f"sqlite:///{home / 'dondoc.sqlite'}"), **changes)


@pytest.fixture(scope="session")
def plan():
    return load_plans()[PLAN]


@pytest.fixture(scope="session")
def kept_home(tmp_path_factory, plan):
    home = tmp_path_factory.mktemp("portal")
    engine = connect(settings_in(home).database_url)
    set_up(engine, [plan], now=plan_start())
    advance(engine, [plan], as_of=DAY, now=DAY, actor="test")
    with writing(engine) as db:
        units = read_units(db, province=plan.province)
        at_desk = desk(db, plan, units, now=DAY)
        given = [
            Submission(PLAN, "hoi-nghi-quan-triet", "2023-Q3", units.holder("standing_office", "40", DAY.date()),
                       parse_instant("2023-10-05", clock=MORNING)),
            Submission(PLAN, "bao-cao-nam", "2023", "b:40.so-noi-vu", parse_instant("2023-11-20", clock=MORNING)),
        ]  # fmt: skip
        submit(db, [checked(one, at_desk) for one in given], now=DAY)
    engine.dispose()
    return home


def plan_start():
    return parse_instant("2023-07-01", clock=MORNING)


@pytest.fixture
def home(kept_home, tmp_path):
    """A database of one's own."""
    shutil.copy(kept_home / "dondoc.sqlite", tmp_path)
    return tmp_path


@pytest.fixture
def engine(home):
    return connect(settings_in(home).database_url)


@pytest.fixture
def units(engine):
    with reading(engine) as db:
        return read_units(db, province="40")


@pytest.fixture
def open_portal():
    def opened(home, now=NOW, **changes):
        app = create_app(settings_in(home, **changes), clock=lambda: now)
        return TestClient(app, base_url="http://127.0.0.1:8080", raise_server_exceptions=False)

    return opened


@pytest.fixture
def portal(home, open_portal):
    return open_portal(home)
