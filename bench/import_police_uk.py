"""How long an import of a police.uk-style file takes, end to end, against a bare Polars CSV-to-Parquet of the same file.

    python -m bench.import_police_uk --rows 5000000

Each runs in a process of its own. The import parses, validates, de-duplicates, places in about 1,000 areas, writes and
lands; what other parts do afterwards (measures) is not counted. Reported: seconds, ratio, and the most memory.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 5_000_000
TRIES = 2
GRID_COLUMNS, GRID_ROWS = 40, 25


def bare(csv: Path) -> None:
    """The bare work."""
    import polars as pl

    pl.scan_csv(csv).sink_parquet(csv.with_name("bare.parquet"))


def whole(csv: Path) -> None:
    """The import."""
    _start_django()
    from wardlight.incidents.operations import import_files
    from wardlight.incidents.signals import batch_landed
    from wardlight.partners.actors import COMMAND_LINE
    from wardlight.partners.models import Partnership

    batch_landed.receivers = []
    partnership = Partnership.objects.get()
    report = import_files(partnership=partnership, paths=[csv], source="police-uk", by=COMMAND_LINE)
    assert report.rows_read == report.rows_kept + report.rows_duplicate + report.rows_refused
    print(f"  {report.rows_read:,} read, {report.rows_kept:,} kept, {report.rows_duplicate:,} duplicate", flush=True)


def prepare(csv: Path) -> None:
    """A home with a partnership and 1,000 areas with boundaries."""
    _start_django()
    import shapely
    from django.core.management import call_command

    from wardlight.partners.models import Partnership
    from wardlight.places.geometry import to_grid
    from wardlight.places.models import Area, Boundary

    from .police_uk_file import EAST, NORTH, SOUTH, WEST

    call_command("migrate", verbosity=0, interactive=False)
    Partnership.objects.create(name="Bench", slug="bench")
    (left, right), (bottom, top) = to_grid([WEST, EAST], [SOUTH, NORTH])
    width, height = (right - left) / GRID_COLUMNS, (top - bottom) / GRID_ROWS
    for number in range(GRID_COLUMNS * GRID_ROWS):
        x, y = left + number % GRID_COLUMNS * width, bottom + number // GRID_COLUMNS * height
        shape = shapely.box(x, y, x + width, y + height)
        area = Area.objects.create(level="ward", code=f"E05{number:06d}", vintage="2022", name=f"Ward {number}")
        edges = dict(zip(("min_x", "min_y", "max_x", "max_y"), shape.bounds, strict=True))
        Boundary.objects.create(area=area, wkb=shape.wkb, square_metres=shape.area, source="bench", **edges)


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardlight.config.settings")
    import django

    django.setup()


def _measured(step: str, csv: Path, home: Path) -> tuple[float, float]:
    """Seconds and peak memory (GB) of a step in a process of its own."""
    environment = {**os.environ, "WARDLIGHT_HOME": str(home)}
    started = time.perf_counter()
    command = [sys.executable, "-m", "bench.import_police_uk", "--step", step, "--csv", str(csv)]
    result = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - started
    *lines, peak = result.stdout.splitlines()
    print("\n".join(lines), flush=True) if lines else None
    return seconds, float(peak)


def _peak_gigabytes() -> float:
    """The most memory this process has held, where the system tells (0 on Windows)."""
    try:
        import resource
    except ModuleNotFoundError:
        return 0.0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def run(rows: int = ROWS, tries: int = TRIES) -> None:
    """Print the comparison."""
    from .police_uk_file import write

    with tempfile.TemporaryDirectory(prefix="wardlight-bench-") as folder:
        csv = Path(folder) / "street.csv"
        write(csv, rows)
        print(f"Import of {rows:,} police.uk-style rows, {csv.stat().st_size / 1e9:.2f} GB", flush=True)
        times: dict[str, list[float]] = {"bare": [], "whole": []}
        peaks = {"bare": 0.0, "whole": 0.0}
        for number in range(tries):
            home = Path(folder) / f"home-{number}"
            _measured("prepare", csv, home)
            for step in times:
                seconds, peak = _measured(step, csv, home)
                times[step].append(seconds)
                peaks[step] = max(peaks[step], peak)
        for step, title in (("bare", "scan_csv to sink_parquet"), ("whole", "wardlight import")):
            print(f"  {title:<26}{min(times[step]):6.1f} s  {peaks[step]:.2f} GB at most")
        print(f"  ratio {min(times['whole']) / min(times['bare']):.2f} (target: at most 2; memory under 3 GB)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--tries", type=int, default=TRIES)
    parser.add_argument("--step", choices=["bare", "whole", "prepare"])
    parser.add_argument("--csv", type=Path)
    options = parser.parse_args()
    if options.step is None:
        run(options.rows, options.tries)
        return
    {"bare": bare, "whole": whole, "prepare": prepare}[options.step](options.csv)
    print(_peak_gigabytes())


if __name__ == "__main__":
    main()
