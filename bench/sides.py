"""Run one side of a comparison in a process of its own, so that its time and memory are its own."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Side = Callable[[int], dict[str, np.ndarray]]


@dataclass(frozen=True)
class Measured:
    """`seconds` of the work alone, the most `megabytes` its process held, and its results by name."""

    seconds: float
    megabytes: float
    results: dict[str, np.ndarray]


def peak_megabytes() -> float:
    """The most memory this process has held, where the system tells (0 on Windows)."""
    try:
        import resource
    except ModuleNotFoundError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def measure(module: str, side: str, size: int) -> Measured:
    """Run `python -m MODULE --side SIDE --size SIZE` and read back what it measured."""
    with tempfile.TemporaryDirectory(prefix="wardlight-bench-") as folder:
        out = Path(folder) / "results.npz"
        command = [sys.executable, "-m", module, "--side", side, "--size", str(size), "--out", str(out)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        told = json.loads(done.stdout.splitlines()[-1])
        with np.load(out) as held:
            return Measured(told["seconds"], told["megabytes"], {name: held[name] for name in held.files})


def answer(
    sides: dict[str, tuple[Callable[[int], object], Callable[[object], dict[str, np.ndarray]]]],
    run: Callable[[int], None],
    default: int,
) -> None:
    """The command line of a benchmark: without `--side` the whole comparison, with it one side.

    Each side is (make the input for a size, do the work). The work is first done at a fiftieth of the size, so that imports and
    compiling are counted on neither side.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=default)
    parser.add_argument("--side", choices=sorted(sides))
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if asked.side is None:
        run(asked.size)
        return
    prepare, work = sides[asked.side]
    work(prepare(max(400, asked.size // 50)))
    given = prepare(asked.size)
    started = time.perf_counter()
    results = work(given)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "megabytes": peak_megabytes()}))
    np.savez(asked.out, **results)


def print_ratio(title: str, ours: Measured, theirs: Measured, peer: str, target: float) -> None:
    """One line: both times, their ratio beside its target, and both memories."""
    ratio = theirs.seconds / ours.seconds
    print(
        f"{title}: wardlight {ours.seconds:.3f} s, {ours.megabytes:.0f} MB; {peer} {theirs.seconds:.2f} s, "
        f"{theirs.megabytes:.0f} MB; {ratio:.0f} times as fast (target {target:g})",
        flush=True,
    )


def print_growth(title: str, module: str, side: str, size: int) -> None:
    """Times at n, 4n and 16n: work that grows with n takes 4 and 16 times as long."""
    times = [measure(module, side, size * factor).seconds for factor in (1, 4, 16)]
    shown = ", ".join(f"{size * factor:,}: {seconds:.3f} s" for factor, seconds in zip((1, 4, 16), times, strict=True))
    print(f"  growth of {title}: {shown} ({times[1] / times[0]:.1f}× and {times[2] / times[0]:.1f}×)", flush=True)
