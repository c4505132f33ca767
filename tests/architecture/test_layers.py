"""The layer contracts hold, and a planted breach is caught."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
ORDER = [
    "govuk",
    "partners",
    "places",
    "incidents",
    "measures",
    "assessment",
    "reports",
    "public_site",
    "config",
]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    script = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [str(script), "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_are_kept() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("wardlight/incidents/planted.py", "import wardlight.measures\n"),
        ("wardlight/planted/__init__.py", ""),
        ("safety_analysis/planted.py", "import django\n"),
    ],
)
def test_a_planted_breach_is_caught(tmp_path: Path, file: str, text: str) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    planted = tmp_path / "src" / file
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(text, encoding="utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode != 0
    assert "BROKEN" in result.stdout or "planted" in result.stdout + result.stderr


def test_no_foreign_key_points_up_the_house() -> None:
    for model in apps.get_models():
        if model._meta.app_label not in ORDER:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "remote_field", None) and getattr(field, "related_model", None)
            if not target or field.auto_created or target._meta.app_label not in ORDER:
                continue
            assert ORDER.index(target._meta.app_label) <= ORDER.index(model._meta.app_label), f"{model} → {target}"
