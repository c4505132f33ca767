"""Benchmarks: `python -m bench` runs each and prints how it compares with the bare work. Nothing here is a test."""
