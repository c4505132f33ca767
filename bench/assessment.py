"""A borough's strategic assessment from stored data to PDF: 36 months, 120,000 records, under 15 s on 2 cores.

Run with `WARDLIGHT_HOME=FOLDER uv run --group bench python -m bench.assessment` on a home that has data (such as the
demo's); the area and periods are those of its newest assessment. What was drawn before is drawn again, so that no
second run looks quicker than it is.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

TARGET_SECONDS = 15


def run() -> None:
    """Print how long each part took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardlight.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from wardlight.assessment.models import Assessment

    newest = Assessment.objects.filter(status="ready").select_related("partnership", "area").first()
    if newest is None:
        print(
            "assessment: this home has no assessment to repeat; make the demo first, or name its home in WARDLIGHT_HOME"
        )
        return
    shutil.rmtree(Path(settings.HOME) / "charts", ignore_errors=True)
    print_times(newest)


def print_times(newest) -> None:
    from wardlight.assessment import operations, queries
    from wardlight.partners.actors import COMMAND_LINE
    from wardlight.reports.operations import write

    started = time.perf_counter()
    assessment = operations.assess(
        partnership=newest.partnership,
        area=newest.area,
        period=newest.period,
        against=newest.against,
        by=COMMAND_LINE,
        seed=newest.seed,
    )
    worked_out = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        write(queries.document(assessment), Path(folder) / "assessment.pdf")
    written = time.perf_counter()
    whole = written - started
    findings = assessment.findings.count()
    print(
        f"assessment of {newest.area.name}, {findings} findings: {worked_out - started:.1f} s to work out and draw, "
        f"{written - worked_out:.1f} s to PDF, {whole:.1f} s in all ({TARGET_SECONDS / whole:.1f} × the target of "
        f"{TARGET_SECONDS} s)"
    )


if __name__ == "__main__":
    run()
