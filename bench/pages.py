"""How long the server takes over each signed-in page, at the median, and how many questions it asks the database.

Run with `WARDLIGHT_HOME=FOLDER uv run --group bench python -m bench.pages` on a home that has data (such as the demo's).
Each page is read by somebody who may read it, once to warm the caches and then ten times; nothing is changed.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

TARGET_MILLISECONDS = 200
RUNS = 10
PLAIN = [
    "home", "assessments", "assessment-new", "measures", "places", "map", "imports", "import-new", "data-quality", "people",
    "audit", "my-account",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timed:
    path: str
    milliseconds: float
    queries: int
    kilobytes: int


def run() -> None:
    """Print the median and the number of queries of every page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardlight.config.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    readers = _readers()
    if not readers:
        print("pages: nobody can sign in at this home; make the demo first, or name its home in WARDLIGHT_HOME")
        return
    timed = [found for path in _paths() if (found := _time(path, readers))]
    slow = [page for page in timed if page.milliseconds > TARGET_MILLISECONDS]
    for page in timed:
        print(f"{page.path:<60} {page.milliseconds:7.0f} ms  {page.queries:3} queries  {page.kilobytes:6,} kB")
    print(f"pages: {len(timed)} timed, {len(slow)} over {TARGET_MILLISECONDS} ms at the median of {RUNS}")


def _readers() -> list:
    """A signed-in browser for each person, those with most roles first."""
    from django.test import Client

    from wardlight.partners.models import Membership

    held = Membership.objects.filter(ended_at__isnull=True, user__is_active=True).select_related("user")
    clients = []
    for membership in sorted(held, key=lambda one: -len(one.roles)):
        client = Client()
        client.force_login(membership.user)
        clients.append(client)
    return clients


def _paths() -> Iterator[str]:
    from django.urls import reverse

    from wardlight.assessment.models import Assessment
    from wardlight.incidents.models import Batch
    from wardlight.measures.models import Reading

    yield from (reverse(name) for name in PLAIN)
    yield from _of_an_assessment(Assessment.objects.filter(status="ready"))
    batches = Batch.objects.filter(status="landed")
    yield from (reverse("import-batch", args=[batch.pk]) for batch in batches[:3])
    yield from (reverse("import-undo", args=[batch.pk]) for batch in batches[:1])
    reading = Reading.objects.filter(measure__slug="all-recorded-crime").select_related("area").first()
    if reading is not None:
        yield reverse("measure", args=["all-recorded-crime"])
        yield reverse("place", args=[reading.area_id])
    for level in ("ward", "lsoa"):
        yield f"{reverse('map')}?level={level}"


def _of_an_assessment(ready) -> Iterator[str]:
    """The longest one: it has most to draw."""
    from django.db.models import Count
    from django.urls import reverse

    longest = ready.annotate(size=Count("findings")).order_by("-size").first()
    if longest is None:
        return
    for name in ("assessment", "assessment-edit", "assessment-compare", "assessment-publish", "assessment-rerun"):
        yield reverse(name, args=[longest.pk])
    finding = longest.findings.filter(tabled=False).first()
    if finding is not None:
        yield reverse("assessment-finding", args=[longest.pk, finding.pk])
        yield reverse("assessment-chapter", args=[longest.pk, finding.chapter_id])
    yield from (reverse("assessment-priority", args=[longest.pk, one.pk]) for one in longest.priorities.all()[:1])
    yield from (
        reverse("public-assessment", args=[longest.partnership.slug, longest.pk, version.number])
        for version in longest.versions.filter(public=True)[:1]
    )


def _time(path: str, readers: list) -> Timed | None:
    """None when nobody of these may read the page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = next((one for one in readers if one.get(path).status_code == 200), None)
    if client is None:
        print(f"{path}: nobody at this home may read it")
        return None
    with CaptureQueriesContext(connection) as asked:
        size = len(client.get(path).content)
    queries = len(asked)  # now: the next request empties the log
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        client.get(path)
        times.append(time.perf_counter() - started)
    return Timed(path, 1000 * statistics.median(times), queries, size // 1024)


if __name__ == "__main__":
    run()
