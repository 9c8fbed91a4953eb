"""Rules of the house that no linter knows."""

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import models.tables
from models.database import SCHEMA, connect, migrate

ROOT = Path(__file__).parents[2]


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout: which files belong to the project is unknown")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_every_text_is_composed_unicode():
    texts = [*tracked("*.py", "*.html", "*.txt", "*.csv", "*.md", "*.yaml")]
    assert [str(path) for path in texts if not unicodedata.is_normalized("NFC", path.read_text("utf-8"))] == []


def test_no_file_names_a_package_index():
    names_one = re.compile(
        r"index.url\b|https?://[^\s\"']*/(simple|-)/|\"resolved\"\s*:|registry\s*=\s|https?://(py|npm)"
    )
    wrong = [
        path for path in tracked() if path != Path(__file__) and names_one.search(path.read_text("utf-8", "ignore"))
    ]
    assert wrong == []


def test_lock_files_hold_exact_versions_with_hashes():
    for name in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8").strip())
        packages = [entry for entry in entries if not entry.startswith("#")]
        assert len(packages) > 100
        assert [p.splitlines()[0] for p in packages if "==" not in p or "--hash=sha256:" not in p] == []


def test_the_code_knows_the_newest_migration():
    assert ScriptDirectory(ROOT / "models" / "migrations").get_heads() == [SCHEMA]


def test_migrations_make_exactly_the_tables_of_the_code(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'new.sqlite'}")
    migrate(engine)
    with engine.connect() as db:
        assert models.tables.ledger.name in sa.inspect(db).get_table_names()
        assert compare_metadata(MigrationContext.configure(db), SQLModel.metadata) == []
