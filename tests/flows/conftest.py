import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The cast is imported by name; these folders are no packages, so that `flows` stays ours.
sys.path.insert(0, str(Path(__file__).parent))

from server import Running, running_engine


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole engine as `dondoc up` starts it: once for all tests, on a home and ports of its own."""
    with running_engine(tmp_path_factory.mktemp("engine") / "home") as engine:
        yield engine
