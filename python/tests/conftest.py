"""Where the data are, and the program whose numbers must come out."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def superstore(root):
    return str(root / "data" / "superstore.csv")


@pytest.fixture(scope="session")
def binary(root):
    """The release program; built if it is not there."""
    subprocess.run(["cargo", "build", "--release", "--quiet", "--locked"], cwd=root, check=True)
    return root / "target" / "release" / "clvcast"


@pytest.fixture(autouse=True)
def closed():
    """No figure outlives its test."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
