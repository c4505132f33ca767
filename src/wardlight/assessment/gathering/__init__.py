"""Reads what the layers below hold and puts it into the frozen Context that chapters look at."""

from .gather import gather

__all__ = ["gather"]
