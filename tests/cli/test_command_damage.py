"""A home that is not as it should be: another version, no schema, damaged, full, read-only, not a folder."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_cast import (
    HOME_AFFAIRS,
    PLAN,
    REPORT_HEADER,
    ROOT,
    Dondoc,
    Ran,
    as_process,
    ask,
    change,
    environment,
    in_process,
    remembered,
    report,
    write,
)

COMMANDS = {
    "status": ("status", "--plan", PLAN, "--as-of", "2023-11-01"),
    "advance": ("advance", "--plan", PLAN, "--as-of", "2023-12-05"),
    "notices": ("notices",),
    "deliver": ("deliver",),
    "units": ("units", "count"),
    "preview": ("plan", "preview", PLAN),
    "apply": ("plan", "apply", PLAN),
    "submit": ("submit", "--plan", PLAN, "--duty", "bao-cao-nam", "--period", "2023", "--unit", HOME_AFFAIRS, "--at",
               "2023-11-20"),
}  # fmt: skip
each_command = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())


@each_command
def test_a_database_from_a_newer_version_is_left_alone(dondoc: Dondoc, command: tuple[str, ...]) -> None:
    change(dondoc.home, "UPDATE alembic_version SET version_num='9999'")
    before = dondoc.state
    reason = dondoc(*command).reason
    assert "9999" in reason and "mới hơn" in reason and dondoc.state == before


def test_init_on_a_newer_database_changes_nothing(dondoc: Dondoc) -> None:
    change(dondoc.home, "UPDATE alembic_version SET version_num='9999'")
    before = dondoc.state
    assert "mới hơn" in dondoc("init").reason and dondoc.state == before


def test_an_older_database_is_told_what_to_do(dondoc: Dondoc) -> None:
    change(dondoc.home, "UPDATE alembic_version SET version_num='0000'")
    assert "dondoc init" in dondoc("status", "--plan", PLAN).reason


@each_command
def test_without_a_database_init_is_named_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path / "none"))
    assert "dondoc init" in in_process(*command, "--json").reason
    assert not (tmp_path / "none").exists()


def test_a_database_without_a_schema(dondoc: Dondoc) -> None:
    (dondoc.home / "dondoc.sqlite").write_bytes(b"")
    assert "dondoc init" in dondoc("status", "--plan", PLAN).reason
    assert dondoc.done("init")["migrated"] is True
    assert dondoc.done("advance", "--plan", PLAN, "--as-of", "2023-07-01")["opened"] > 0


@pytest.mark.parametrize(
    "command", [COMMANDS["status"], COMMANDS["advance"], ("init",)], ids=["status", "advance", "init"]
)
@pytest.mark.parametrize("damage", ["no database", "a torn page"])
def test_a_damaged_database_is_told(dondoc: Dondoc, command: tuple[str, ...], damage: str) -> None:
    file = dondoc.home / "dondoc.sqlite"
    if damage == "no database":
        file.write_bytes(b"PK\x03\x04 not a database" * 1000)
    else:
        with file.open("r+b") as pages:
            pages.seek(100)
            pages.write(os.urandom(file.stat().st_size - 100))
    before = file.read_bytes()
    assert str(file) in dondoc(*command).reason and file.read_bytes() == before


@pytest.fixture
def file_as_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DONDOC_HOME", str(write(tmp_path / "file", "x")))
    return tmp_path / "file"


@each_command
def test_a_home_that_is_a_file_is_no_traceback(file_as_home: Path, command: tuple[str, ...]) -> None:
    assert str(file_as_home) in in_process(*command, "--json").reason


def test_init_on_a_home_that_is_a_file_names_it(file_as_home: Path) -> None:
    assert str(file_as_home) in in_process("init", "--json").reason
    assert file_as_home.read_text() == "x\n"


def test_init_where_no_folder_can_be_made_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_HOME", "/proc/khong-duoc/home")
    assert "/proc/khong-duoc" in in_process("init", "--json").reason


@pytest.mark.parametrize("url", ["foo", "foo://x", "sqlite:////khong/co/thu/muc/x.sqlite"])
def test_a_database_address_that_cannot_be_used(dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", url)
    assert url in (reason := dondoc("init").reason) or "DONDOC_DATABASE_URL" in reason


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_named(dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("DONDOC_PORTAL_PORT", port)
    assert "DONDOC_PORTAL_PORT" in in_process("plan", "list", "--json").err


# --- a full disk, a read-only one -----------------------------------------------------------------------------------


def limited(home: Path, *arguments: object, size: int) -> Ran:
    """The command where no file may grow beyond `size` bytes: what SQLite sees as a disk that takes no more."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", *map(str, arguments), "--json"], cwd=ROOT, env=environment(home),
        capture_output=True, check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )  # fmt: skip
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_file_that_may_not_grow(dondoc: Dondoc) -> None:
    before = dondoc.state
    assert "Đĩa" in limited(dondoc.home, *COMMANDS["advance"], size=100_000).reason
    assert dondoc.state == before
    assert dondoc.done(*COMMANDS["advance"])["opened"] > 1000


@pytest.fixture
def small_disk(small_home: Path, tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, with the small home on it and a quarter of a megabyte to spare."""
    disk = tmp_path / "disk"
    disk.mkdir()
    size = (small_home / "dondoc.sqlite").stat().st_size + 250_000
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"mounting needs root: {mounted.stderr.decode().strip()}")
    try:
        shutil.copytree(small_home, disk / "home")
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_told_and_nothing_changed(small_disk: Path) -> None:
    home = small_disk / "home"
    before = remembered(home)
    assert "Đĩa" in as_process(home, *COMMANDS["advance"], "--json").reason
    assert remembered(home) == before


def test_init_on_a_full_disk_is_told(small_disk: Path) -> None:
    assert "Đĩa" in as_process(small_disk / "new", "init", "--json").reason


def test_a_disk_that_became_read_only(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    reason = as_process(small_disk / "home", *COMMANDS["advance"], "--json").reason
    assert str(small_disk / "home") in reason and "quyền ghi" in reason


@pytest.fixture
def frozen_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in which not even root can make a file."""
    folder = tmp_path / "khoa"
    folder.mkdir()
    locked = subprocess.run(["chattr", "+i", folder], capture_output=True, check=False)
    if locked.returncode:
        pytest.skip(f"chattr +i does not work here: {locked.stderr.decode().strip()}")
    yield folder
    subprocess.run(["chattr", "-i", folder], check=True)


def test_init_in_a_folder_that_takes_no_files(frozen_folder: Path) -> None:
    assert str(frozen_folder) in as_process(frozen_folder / "home", "init", "--json").reason


def test_a_new_plan_in_a_folder_that_takes_no_files(
    dondoc: Dondoc, frozen_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_PLANS", str(frozen_folder))
    assert str(frozen_folder) in dondoc("plan", "new", "nghe-an-2027").reason


# --- strings that try something -------------------------------------------------------------------------------------

NASTY = [
    "'; DROP TABLE unit; --", "<script>alert(1)</script>", "{{ 7*7 }}", "%s%s%n", "\u202egnaht\u202c", "🏛️",
    "=HYPERLINK(\"http://x\")", "a\x00b", "\x1b[31mđỏ\x1b[0m", "Nguye\u0302\u0303n", "x" * 20_000, "ＡＢＣ", "\ufeff40",
]  # fmt: skip
nasty = pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))


@nasty
def test_nasty_names_of_units_plans_and_periods_are_unknown(dondoc: Dondoc, text: str) -> None:
    before = dondoc.state
    for ran in (
        dondoc.submit(text),
        dondoc.submit(period=text),
        dondoc.submit(duty=text),
        dondoc("status", "--plan", text),
        dondoc("units", "count", "--province", text),
        dondoc("advance", "--plan", PLAN, "--as-of", text),
    ):
        assert ran.reason
    assert dondoc.state == before


@nasty
def test_nasty_reasons_and_names_are_kept_as_they_are(dondoc: Dondoc, tmp_path: Path, text: str) -> None:
    out = dondoc(
        "plan", "exempt", PLAN, "--unit", HOME_AFFAIRS, "--duty", "bao-cao-nam", "--on", "2024-01-01", "--reason", text
    )
    assert out.code == 0 and out.json["reason"] == text.strip()
    assert ask(dondoc.home, "SELECT cause FROM ledger WHERE kind='waived'") == [(text,)]
    assert dondoc.submit(by=text).code == 0
    assert ask(dondoc.home, "SELECT name FROM person") == [(text,)]
    assert text in dondoc.submit(period="2024", at="2024-02-01").reason  # the reason comes back in the refusal


def test_nasty_cells_of_a_file_stay_cells(dondoc: Dondoc, tmp_path: Path) -> None:
    texts = [text.replace('"', '""') for text in NASTY if "\x00" not in text]
    rows = [report(HOME_AFFAIRS, at=f"2023-11-{10 + n}", by=f'"{text}"') for n, text in enumerate(texts)]
    assert dondoc.done("reports", "import", write(tmp_path / "r.csv", REPORT_HEADER, *rows))["imported"] == len(rows)
    assert ask(dondoc.home, "SELECT count(*) FROM unit")[0][0] > 100


def test_refused_rows_hold_no_formulas(dondoc: Dondoc, tmp_path: Path) -> None:
    row = report("b:40.so-khong-co", by="=cmd|'/C calc'!A0")
    beside = Path(
        dondoc("reports", "import", write(tmp_path / "r.csv", REPORT_HEADER, row), "--skip-bad").json["refused_file"]
    )
    assert ",=cmd" not in beside.read_text("utf-8-sig")
