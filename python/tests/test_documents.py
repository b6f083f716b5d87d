"""Code in documents runs, and prints what they show."""

import contextlib
import io
import re
from pathlib import Path

import clvcast
import pytest

BLOCKS = re.compile(
    r"^```python\n((?:import|from) clvcast\b.*?)^```\n\n?(?:^```text\n(.*?)^```$)?", re.M | re.S
)


def page(root):
    return (root / "docs" / "coming-from.md").read_text(encoding="utf-8")


def test_blocks_print_what_follows_them(root, monkeypatch):
    blocks = BLOCKS.findall(page(root))
    assert len(blocks) >= 3
    monkeypatch.chdir(root)
    names = {}
    for code, expected in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "docs/coming-from.md", "exec"), names)
        assert expected, f"no text follows:\n{code}"
        assert printed.getvalue() == expected


@pytest.mark.parametrize("name", ["README.md", "python/README.md"])
def test_blocks_of_a_readme_run(name, root, monkeypatch):
    blocks = BLOCKS.findall((root / name).read_text(encoding="utf-8"))
    assert len(blocks) == 1
    monkeypatch.chdir(root)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(blocks[0][0], name, "exec"), {})


def test_pictures_exist(root):
    table = page(root).partition("clvcast.plot ")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)\((?:model|backtest|…)", table)) - {"plot"}
    assert len(named) == 7
    # By its text, as importing it takes matplotlib.
    source = Path(clvcast.__file__).parent / "plot" / "__init__.py"
    exported = source.read_text(encoding="utf-8").partition("__all__")[2]
    assert named <= set(re.findall(r'"(\w+)"', exported))
