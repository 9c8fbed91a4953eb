import shutil
import sys
from pathlib import Path

import pytest

# The cast is imported by name; these folders are no packages, so that `cli` stays ours.
sys.path.insert(0, str(Path(__file__).parent))

from command_cast import PLAN, Dondoc, as_process, change


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after `dondoc init`; copied, never used in place."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    done = as_process(home, "init", "--json")
    assert done.code == 0, done.err
    return home


@pytest.fixture(scope="session")
def small_home(prepared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with four provinces only: the whole country is read in half a second, which most stories do not need."""
    home = tmp_path_factory.mktemp("small") / "home"
    shutil.copytree(prepared_home, home)
    change(home, "DELETE FROM unit WHERE province NOT IN ('20', '35', '37', '40')")
    change(home, "VACUUM")
    return home


@pytest.fixture(scope="session")
def advanced_home(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small home after one sweep on 5/12/2023: reminders, a ladder of one duty that is late since October."""
    home = tmp_path_factory.mktemp("advanced") / "home"
    shutil.copytree(small_home, home)
    done = as_process(home, "advance", "--plan", PLAN, "--as-of", "2023-12-05", "--json")
    assert done.code == 0, done.err
    return home


@pytest.fixture(autouse=True)
def _clean_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DONDOC_DATABASE_URL", "DONDOC_PLANS", "DONDOC_SMTP_URL", "DONDOC_SIMULATED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DONDOC_SMTP_PORT", "1")  # nobody listens there
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def country(prepared_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dondoc:
    """The command on a fresh copy of the prepared home, in this process."""
    return Dondoc(_copied(prepared_home, tmp_path, monkeypatch))


@pytest.fixture
def dondoc(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dondoc:
    """The command on a fresh copy of the small home, in this process."""
    return Dondoc(_copied(small_home, tmp_path, monkeypatch))


@pytest.fixture
def late(advanced_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dondoc:
    """The command on a fresh copy of the home that was swept on 5/12/2023."""
    return Dondoc(_copied(advanced_home, tmp_path, monkeypatch))


def _copied(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    monkeypatch.setenv("DONDOC_HOME", str(copy))
    return copy
