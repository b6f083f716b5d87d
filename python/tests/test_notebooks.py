"""The notebooks run as they stand, and print what is stored in them."""

import asyncio
import sys
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="notebooks need nbformat")
nbclient = pytest.importorskip("nbclient", reason="notebooks are run with nbclient")
pytest.importorskip("ipykernel", reason="notebooks need a kernel: install ipykernel")

from jupyter_client.manager import AsyncKernelManager  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NAMES = [
    "1-published-example.ipynb",
    "2-superstore.ipynb",
    "3-cdnow.ipynb",
    "4-a-million-customers.ipynb",
]
SECONDS = 120
LARGEST = 900_000
#: Tag of cells whose text differs from run to run.
TIMING = "timing"


class Here(AsyncKernelManager):
    """Kernels of the interpreter that runs the tests, whatever others are installed."""

    @property
    def kernel_spec(self):
        spec = super().kernel_spec
        spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return spec


def read(name):
    return nbformat.read(FOLDER / name, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text(cell):
    """What a cell printed and the text of its results; no pictures, no standard error."""
    printed = "".join(o.text for o in cell.outputs if o.get("name") == "stdout")
    shown = [o.data for o in cell.outputs if o.output_type in ("execute_result", "display_data")]
    return printed, [data["text/plain"] for data in shown if "image/png" not in data]


@pytest.mark.parametrize("name", NAMES)
def test_committed_notebooks_are_small_and_complete(name):
    assert (FOLDER / name).stat().st_size <= LARGEST
    for cell in code_cells(read(name)):
        assert cell.execution_count is not None, f"{cell.id} was not run"
        errors = [o.evalue for o in cell.outputs if o.output_type == "error"]
        assert not errors, f"{cell.id}: {errors}"


def test_all_notebooks_are_tested():
    assert sorted(path.name for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_notebooks_print_what_is_stored(name, monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", "1")
    monkeypatch.delenv("MPLBACKEND", raising=False)
    stored = code_cells(read(name))
    notebook = read(name)
    client = nbclient.NotebookClient(
        notebook,
        kernel_manager_class=Here,
        kernel_name="python3",
        allow_errors=False,
        record_timing=False,
        resources={"metadata": {"path": str(FOLDER)}},
    )
    asyncio.run(asyncio.wait_for(client.async_execute(), SECONDS))
    for before, now in zip(stored, code_cells(notebook), strict=True):
        if TIMING not in before.metadata.get("tags", []):
            assert text(now) == text(before), f"{name}, {before.id}:\n{before.source}"
