"""One set of real sound files for the whole run."""

import pytest

from tests.factories_sounds import Samples


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return Samples(tmp_path_factory.mktemp("samples"))
