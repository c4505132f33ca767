"""Run every benchmark: `python -m bench`."""

from __future__ import annotations

import importlib
import pkgutil

import bench


def main() -> None:
    """Each module of this folder that has a `run` function, in the order of their names."""
    for found in sorted(module.name for module in pkgutil.iter_modules(bench.__path__)):
        if found.startswith("__"):
            continue
        run = getattr(importlib.import_module(f"bench.{found}"), "run", None)
        if run is not None:
            run()


if __name__ == "__main__":
    main()
