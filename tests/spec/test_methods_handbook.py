"""Every public method has a page made from its description, and every example in a description runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import safety_analysis
from safety_analysis import handbook

PAGES = Path(__file__).resolve().parents[2] / "docs" / "reference" / "methods"
MODULES = sorted(
    found.name for found in pkgutil.walk_packages(safety_analysis.__path__, "safety_analysis.") if not found.ispkg
)


def test_the_pages_are_what_the_generator_writes() -> None:
    made = handbook.pages()
    kept = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert sorted(kept) == sorted(made)
    stale = [name for name, text in made.items() if kept[name] != text]
    assert not stale, f"{stale}: run `python -m safety_analysis.handbook docs/reference/methods`"


@pytest.mark.parametrize("name", [name for name in MODULES if ".charts" not in name])
def test_the_examples_run_as_printed(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_every_method_says_what_it_is_for() -> None:
    for module, names in handbook.METHODS.items():
        home = importlib.import_module(f"safety_analysis.{module}")
        for name in names:
            body, _, example = handbook.parts(getattr(home, name).__doc__.replace("\n    ", "\n"))
            assert example, f"{module}.{name} has no example"
            assert body[0].rstrip().endswith((".", "?")), f"{module}.{name} does not begin with a sentence"


def test_a_page_that_is_gone_is_removed(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("gone", encoding="utf-8")
    count = handbook.write(tmp_path)
    assert count == len(list(tmp_path.glob("*.md"))) == len(handbook.pages())
    assert not (tmp_path / "old.md").exists()


def test_a_method_without_an_example_is_refused() -> None:
    def bare() -> None:
        """Does nothing."""

    with pytest.raises(ValueError, match="no worked example"):
        handbook.page("safety_analysis.methods.rates", "bare", bare)
