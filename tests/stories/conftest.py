import sys
from pathlib import Path

import pytest

# The cast is imported by name; these folders are no packages.
sys.path.insert(0, str(Path(__file__).parents[1]))

import cast

from flows.catalog import find_plan
from models.database import connect, reading
from models.unit_store import read_units
from tasks.set_up import set_up

BEGAN = cast.instant("2023-07-01 07:00")


@pytest.fixture(scope="session")
def plan():
    return find_plan("nghe-an-2023")


@pytest.fixture(scope="session")
def country(tmp_path_factory, plan):
    """The whole country, set up once; every office works on a copy."""
    path = tmp_path_factory.mktemp("country") / "country.sqlite"
    engine = connect(f"sqlite:///{path}")
    set_up(engine, [plan], now=BEGAN)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def shipped(country):
    """Nghệ An's units as shipped, read once: reading and walking them is what a story spends most time on."""
    engine = connect(f"sqlite:///{country}")
    with reading(engine) as db:
        units = read_units(db, province="40")
    engine.dispose()
    return units


@pytest.fixture(scope="session")
def new_office(tmp_path_factory, country, shipped, plan):
    """Opens another office on a database of its own: a fresh one, or one to which the same has happened."""
    engines = []

    def opened(*, like=None):
        path = tmp_path_factory.mktemp("office") / "dondoc.sqlite"
        engine = cast.copied(like.engine.url.database if like else country, path)
        engines.append(engine)
        tree = like.tree if like else shipped
        return cast.Office(engine, plan, began=like.clock if like else BEGAN, tree=tree)

    yield opened
    for engine in engines:
        engine.dispose()


@pytest.fixture
def office(new_office):
    return new_office()


@pytest.fixture
def post(office, tmp_path):
    """The office with a development mailbox that really receives."""
    with cast.mailbox(tmp_path / "mails") as box:
        office.mailbox = box
        yield box
