"""The places pages: what is known, one place, and loading files with refusals shown."""

from __future__ import annotations

import io

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories
from wardlight.places.drawing import DrawnArea, draw_map, round_length
from wardlight.places.models import Area, Boundary, Population

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(client):
    user = factories.MembershipFactory(roles=["analyst"]).user
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def plain_static(settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def larkmoor() -> Area:
    borough = factories.AreaFactory(name="Larkmoor", code="E09000077")
    for number in range(60):
        ward = Area.objects.create(
            level="ward", code=f"E0500{number:04d}", vintage="2022", name=f"Ward {number:02d}", parent=borough
        )
        box = shapely.box(530_000 + number * 100, 180_000, 530_100 + number * 100, 181_000)
        edges = dict(zip(("min_x", "min_y", "max_x", "max_y"), box.bounds, strict=True))
        Boundary.objects.create(
            area=ward, wkb=shapely.to_wkb(box), square_metres=box.area, source="wards.gpkg", **edges
        )
        Population.objects.create(area=ward, year=2020, value=100, source="people.csv")
    return borough


def test_nothing_yet_says_how_to_get_it(client, analyst) -> None:
    page = client.get(reverse("places")).content.decode()
    assert "No places are known yet" in page
    assert reverse("places-load-boundaries") in page


def test_what_is_known_and_missing(client, analyst, larkmoor, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(16):
        page = client.get(reverse("places"), {"q": "ward 0"}).content.decode()
    assert "Wards, 2022 boundaries" in page
    assert "Boroughs and districts, 2021 boundaries: 1 without a boundary" in page
    assert "Ward 07" in page
    assert "No place has “zzz”" in client.get(reverse("places"), {"q": "zzz"}).content.decode()


def test_a_place_with_its_parts_and_people(client, analyst, larkmoor, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(20):
        page = client.get(reverse("place", args=[larkmoor.pk])).content.decode()
    assert "6,000 people lived in Larkmoor in 2020 (sum of its 60 2022 wards: people.csv). It has 60 wards." in page
    assert "There is no boundary of this place" in page
    ward = larkmoor.children.get(name="Ward 03")
    page = client.get(reverse("place", args=[ward.pk])).content.decode()
    assert "data:image/svg+xml" in page
    assert "0.10 km²" in page
    assert client.get(reverse("place", args=[999_999])).status_code == 404


def test_a_file_is_taken_or_refused_in_its_own_words(client, analyst) -> None:
    address = reverse("places-load-populations")
    good = SimpleUploadedFile("people.csv", b"borough,year,population\nLarkmoor,2020,5\nWestfold,2020,many\n")
    page = client.post(address, {"file": good, "counts": "residents"}).content.decode()
    assert "1 were loaded; 1 could not be used" in page
    assert "people.csv, line 3, column population, “many”" in page
    bad = SimpleUploadedFile("people.csv", b"colour\nred\n")
    response = client.post(address, {"file": bad, "counts": "residents"})
    assert response.status_code == 400
    assert "has no column of area codes or names" in response.content.decode()
    assert client.post(address, {"counts": "residents"}).status_code == 400


def test_an_upload_leaves_no_file_behind(client, analyst, home) -> None:
    broken = io.BytesIO(b"not a package")
    broken.name = "wards.gpkg"
    assert client.post(reverse("places-load-boundaries"), {"file": broken}).status_code == 400
    assert list((home / "uploads").iterdir()) == []


def test_a_board_member_reads_and_does_not_load(client, larkmoor) -> None:
    client.force_login(factories.MembershipFactory(roles=["board_member"]).user)
    assert "Load boundaries" not in client.get(reverse("places")).content.decode()
    assert client.get(reverse("places-load-boundaries")).status_code == 403


def test_a_drawn_map_names_escapes_and_measures() -> None:
    square = shapely.box(0, 0, 4_000, 4_000)
    svg = draw_map([DrawnArea("St <Peter> & Paul", square, 3)], outline=square)
    assert "St &lt;Peter&gt; &amp; Paul" in svg
    assert "1 km" in svg
    assert "#12436d" in svg
    with pytest.raises(ValueError, match="no shape"):
        draw_map([])


@pytest.mark.parametrize(("metres", "round_metres"), [(999, 500), (1000, 1000), (4999, 2000), (5000, 5000), (0.3, 0.2)])
def test_a_scale_bar_is_of_a_round_length(metres: float, round_metres: float) -> None:
    assert round_length(metres) == pytest.approx(round_metres)
