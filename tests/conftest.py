"""Every test run has a folder for what its processes share; each process reads the policy and the record once."""

import os
import shutil
import tempfile
from collections.abc import Iterator

import loaded_once
import made_once
import pytest

# Here, since test modules and the rooms of the package import the functions that it stands in for.
loaded_once.install()


def pytest_configure(config: pytest.Config) -> None:
    # The workers of pytest-xdist inherit the variable and leave the folder to the process that made it.
    if made_once.FOLDER not in os.environ:
        folder = tempfile.mkdtemp(prefix="pyreport-tests-")
        os.environ[made_once.FOLDER] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        config.add_cleanup(lambda: os.environ.pop(made_once.FOLDER))


@pytest.fixture
def no_kernels() -> Iterator[None]:
    """Pages are made in the process of the test."""
    # Not before: it imports what it stands in for.
    from reporting.pages import without_kernels

    with without_kernels():
        yield
