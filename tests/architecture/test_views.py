"""Every page says which methods it answers, so that a look never writes and a surprise is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver


def own_patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from own_patterns(one)
        elif one.callback.__module__.startswith("wardlight."):
            yield one


PATTERNS = list(own_patterns(get_resolver()))


def test_the_pages_are_found() -> None:
    assert {"home", "imports", "assessments", "places", "public-home"} <= {one.name for one in PATTERNS}


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: str(one.name))
def test_every_page_refuses_other_methods(pattern: URLPattern, caplog: pytest.LogCaptureFixture) -> None:
    arguments = dict.fromkeys(pattern.pattern.regex.groupindex, 1)
    assert pattern.callback(RequestFactory().put("/"), **arguments).status_code == 405
