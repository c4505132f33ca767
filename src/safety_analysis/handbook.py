"""Write the handbook's page for each method, from its docstring and nothing else.

python -m safety_analysis.handbook docs/reference/methods
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

METHODS: dict[str, tuple[str, ...]] = {
    "methods.rates": (
        "rate",
        "proportion",
        "directly_standardised_rate",
        "standardised_ratio",
        "poisson_limits",
        "implied_total",
        "least_overlap",
    ),
    "methods.change": ("percent_change", "compare_counts", "dispersion", "e_test", "keeping_pace"),
    "methods.comparison": ("rank", "funnel", "churn"),
    "methods.control_charts": ("xmr", "p_chart", "u_chart", "laney_p", "laney_u", "g_chart", "t_chart"),
    "methods.trends": ("seasonal", "interrupted_time_series"),
    "methods.concentration": ("concentration",),
    "methods.hotspots": (
        "bin_counts",
        "local_gi_star",
        "local_moran",
        "kernel_density",
        "relative_density",
        "accuracy",
    ),
    "methods.repeats": ("repeat_victims", "knox", "near_repeat_pairs", "near_repeat_chains"),
    "methods.timing": ("aoristic", "weekly_profile"),
    "methods.harm": ("weighted", "cost", "severity_score", "days_from_fines"),
    "methods.disproportionality": ("relative_rate_index",),
    "methods.prevalence": ("synthetic", "unmet_need"),
    "methods.evaluation": (
        "weighted_displacement_difference",
        "weighted_displacement_quotient",
        "difference_in_differences",
        "synthetic_control",
        "choose_comparison",
    ),
    "disclosure": ("round_and_suppress",),
    "coverage": ("compare", "rate_vintages"),
}
HEADINGS = {"Not for": "When not to use it", "Formula": "Formula", "Source": "Source"}


def pages() -> dict[str, str]:
    """Each file's name and text, the index (README.md) among them."""
    made, rows = {}, []
    for module, names in METHODS.items():
        home = importlib.import_module(f"safety_analysis.{module}")
        for name in names:
            function = getattr(home, name)
            short = f"{module.removeprefix('methods.')}.{name}"
            made[f"{short}.md"] = page(f"safety_analysis.{module}", name, function)
            rows.append(f"| [{short}]({short}.md) | {_question(function)} |")
    lines = ["# Methods", "", "What each answers. The pages are made from the library's own descriptions.", ""]
    made["README.md"] = "\n".join([*lines, "| method | what it answers |", "|---|---|", *rows, ""])
    return made


def page(module: str, name: str, function: Callable[..., Any]) -> str:
    """The Markdown page of one method. Refuses (ValueError) a description without a worked example."""
    body, notes, example = parts(inspect.getdoc(function) or "")
    if not example:
        raise ValueError(f"{module}.{name} has no worked example in its description.")
    package, _, last = module.rpartition(".")
    lines = [f"# {name.replace('_', ' ').capitalize()}", "", *body]
    lines += ["", "```python", f"from {package} import {last}", "", f"{last}.{_signature(name, function)}", "```"]
    for key, heading in HEADINGS.items():
        if key in notes:
            text = notes[key]
            lines += ["", f"## {heading}", "", text[0].upper() + text[1:] if key == "Not for" else text]
    lines += ["", "## Worked example", "", "```pycon", *example, "```"]
    answer = _answer(function)
    if answer:
        lines += ["", "## What comes back", "", *answer]
    return "\n".join([*lines, ""])


def parts(doc: str) -> tuple[list[str], dict[str, str], list[str]]:
    """The description's paragraphs as lines, its notes by key, and its example."""
    body: list[str] = []
    notes: dict[str, str] = {}
    example: list[str] = []
    for paragraph in doc.split("\n\n"):
        if paragraph.startswith(">>>"):
            example += paragraph.split("\n")
        elif re.match(r"(Not for|Formula|Source):", paragraph):
            notes |= _notes(paragraph)
        else:
            body += ["", *paragraph.split("\n")] if body else paragraph.split("\n")
    return body, notes, example


def _notes(paragraph: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in re.split(r"\n(?=(?:Not for|Formula|Source):)", paragraph):
        key, _, text = piece.partition(":")
        found[key] = " ".join(text.split())
    return found


def _signature(name: str, function: Callable[..., Any]) -> str:
    """The call with its names and defaults; types are in the description."""
    shown = []
    starred = False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            shown.append("*")
            starred = True
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        shown.append(f"{parameter.name}{default}")
    return f"{name}({', '.join(shown)})"


def _question(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _answer(function: Callable[..., Any]) -> list[str]:
    """The name, fields and description of the result, when it is a class of the library."""
    answer = typing.get_type_hints(function).get("return")
    if not inspect.isclass(answer) or not answer.__module__.startswith("safety_analysis"):
        return []
    fields = ", ".join(f"`{field}`" for field in inspect.signature(answer).parameters)
    return [f"`{answer.__name__}` with {fields}.", "", *(inspect.getdoc(answer) or "").split("\n")]


def write(folder: Path) -> int:
    """Write every page, remove pages of methods that are gone, and say how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for stale in set(folder.glob("*.md")) - {folder / name for name in made}:
        stale.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(made)


def main() -> None:
    """The command: one folder to write into."""
    if len(sys.argv) != 2:
        sys.exit("Name the folder to write the pages into, such as docs/reference/methods.")
    sys.stdout.write(f"{write(Path(sys.argv[1]))} pages written.\n")


if __name__ == "__main__":
    main()
