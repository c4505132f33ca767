"""Boundary files become areas: any format, any coordinate system, repaired or refused by name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.models import AuditEvent
from wardlight.partners.refusal import Refusal
from wardlight.places import queries
from wardlight.places.models import Area, Boundary, LoadedFile
from wardlight.places.operations import ensure_area, load_boundaries
from wardlight.places.signals import boundaries_loaded

pytestmark = pytest.mark.django_db
EAST, NORTH = 530_000.0, 180_000.0


def square(column: int, row: int = 0, side: float = 1_000.0):
    x, y = EAST + column * side, NORTH + row * side
    return shapely.box(x, y, x + side, y + side)


def write(path: Path, shapes: list, crs: str = "EPSG:27700", kind: str = "Polygon", **columns: list[str]) -> Path:
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(shapes, dtype=object)),
        [np.array(values, dtype=object) for values in columns.values()],
        list(columns),
        geometry_type=kind,
        crs=crs,
    )
    return path


def without_projection(path: Path) -> Path:
    path.with_suffix(".prj").unlink()
    return path


def load(path: Path, **options):
    return load_boundaries(path=path, by=COMMAND_LINE, **options)


@pytest.fixture
def wards(tmp_path: Path) -> Path:
    return write(
        tmp_path / "wards.gpkg",
        [square(0), square(1)],
        WD22CD=["E05000001", "E05000002"],
        WD22NM=["Abbey", "Bridge"],
        LAD22CD=["E09000001", "E09000001"],
        LAD22NM=["Larkmoor", "Larkmoor"],
    )


def test_headings_say_level_vintage_codes_and_parents(wards: Path) -> None:
    report = load(wards)
    assert (report.level, report.vintage, report.read, report.loaded) == ("ward", "2022", 2, 2)
    abbey = Area.objects.get(code="E05000001")
    assert (abbey.name, abbey.vintage) == ("Abbey", "2022")
    assert (abbey.parent.code, abbey.parent.name, abbey.parent.level) == ("E09000001", "Larkmoor", "borough")
    assert abbey.boundary.square_metres == pytest.approx(1e6)


def test_the_same_file_twice_changes_nothing(wards: Path) -> None:
    load(wards)
    before = list(Area.objects.values_list("pk", "code", "vintage", "name", "parent")), Boundary.objects.count()
    load(wards)
    assert (
        list(Area.objects.values_list("pk", "code", "vintage", "name", "parent")),
        Boundary.objects.count(),
    ) == before


def test_a_load_is_audited_and_announced_after_commit(wards: Path, django_capture_on_commit_callbacks) -> None:
    heard: list[tuple[str, str]] = []

    def listen(sender, level: str, vintage: str, **_: object) -> None:
        heard.append((level, vintage))

    boundaries_loaded.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            load(wards)
    finally:
        boundaries_loaded.disconnect(listen)
    assert heard == [("ward", "2022")]
    event = AuditEvent.objects.get(verb="loaded boundaries")
    assert event.after["areas"] == 2
    assert event.actor_label == "command line"


def test_vintages_stand_beside_each_other(wards: Path) -> None:
    load(wards)
    load(wards, vintage="2018")
    assert {(one.vintage, one.areas) for one in queries.layers() if one.level == "ward"} == {("2022", 2), ("2018", 2)}
    assert queries.find_area("Abbey").vintage == "2022"


@pytest.mark.parametrize("ending", ["geojson", "shp", "zip"])
def test_other_formats_and_coordinate_systems(tmp_path: Path, ending: str) -> None:
    lon_lat = shapely.box(-0.12, 51.50, -0.11, 51.51)
    if ending == "zip":
        write(tmp_path / "inside.shp", [lon_lat], "EPSG:4326", WD22CD=["E05000001"], WD22NM=["Abbey"])
        path = tmp_path / "wards.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for part in tmp_path.glob("inside.*"):
                archive.write(part, part.name)
    else:
        path = write(tmp_path / f"a.{ending}", [lon_lat], "EPSG:4326", WD22CD=["E05000001"], WD22NM=["Abbey"])
    load(path)
    boundary = Boundary.objects.get()
    # Waterloo Bridge: 51.50° N, 0.12° W is near TQ 305 796.
    assert boundary.min_x == pytest.approx(530_500, abs=500)
    assert boundary.min_y == pytest.approx(179_700, abs=500)
    assert boundary.square_metres == pytest.approx(694 * 1_112, rel=0.01)


def test_a_crossed_outline_is_repaired_and_reported(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100)])
    report = load(write(tmp_path / "w.gpkg", [bow_tie], WD22CD=["E05000001"], WD22NM=["Abbey"]))
    assert report.repaired == ["Abbey: self-intersection"]
    assert Boundary.objects.get().repair == "Self-intersection"
    assert shapely.from_wkb(bytes(Boundary.objects.get().wkb)).is_valid


def test_what_is_no_area_is_left_out_with_its_reason(tmp_path: Path) -> None:
    shapes = [
        square(0),
        shapely.LineString([(EAST, NORTH), (EAST + 5, NORTH)]),
        None,
        square(2),
        shapely.box(4e6, 0, 4.1e6, 1),
    ]
    names = ["Abbey", "Canal", "Nowhere", "", "Far"]
    codes = ["E05000001", "E05000002", "E05000003", "", "E05000005"]
    report = load(write(tmp_path / "w.gpkg", shapes, kind="Unknown", WD22CD=codes, WD22NM=names))
    assert (report.read, report.loaded) == (5, 1)
    words = " ".join(report.refused)
    for reason in (
        "Feature 2 (Canal) was left out: it is a linestring",
        "Feature 3 (Nowhere) was left out: it has no shape",
        "Feature 4 (no code or name) was left out: it has neither a code nor a name",
        "Feature 5 (Far) was left out: it lies outside the British Isles",
    ):
        assert reason in words
    assert LoadedFile.objects.get().refused == report.refused


def test_an_area_in_several_features_is_joined(tmp_path: Path) -> None:
    report = load(write(tmp_path / "w.gpkg", [square(0), square(5)], WD22CD=["E05000001"] * 2, WD22NM=["Abbey"] * 2))
    assert report.loaded == 1
    assert Boundary.objects.get().square_metres == pytest.approx(2e6)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda d: without_projection(write(d / "w.shp", [square(0)], WD22CD=["E05000001"])),
            "does not say which coordinate",
        ),
        (
            lambda d: write(d / "w.gpkg", [square(0)], WD22CD=["E05000001"], crs="EPSG:27700") and d / "no.gpkg",
            "no file",
        ),
        (lambda d: write(d / "w.gpkg", [square(0)], colour=["red"]), "no column of codes or names among colour"),
        (lambda d: write(d / "w.gpkg", [square(0)], code=["A1"]), "does not say what kind of area"),
        (lambda d: (d / "w.gpkg").write_bytes(b"not a package") and d / "w.gpkg", "cannot be read as boundaries"),
        (lambda d: (d / "w.zip").write_bytes(b"not a zip") and d / "w.zip", "is not a zip file"),
        (lambda d: (d / "w.geojson").write_text("{") and d / "w.geojson", "cannot be read as boundaries"),
    ],
)
def test_an_unusable_file_gets_one_sentence_and_nothing_is_written(tmp_path: Path, make, says: str) -> None:
    path = make(tmp_path)
    with pytest.raises(Refusal, match=says) as refused:
        load(path)
    assert path.name in str(refused.value)
    assert not Area.objects.exists()
    assert not LoadedFile.objects.exists()


def test_an_area_met_by_name_is_upgraded_in_place(wards: Path) -> None:
    met = ensure_area(level="ward", name="ABBEY", parent=ensure_area(level="borough", name="Larkmoor"))
    assert met.code == "name:larkmoor/abbey"
    load(wards)
    met.refresh_from_db()
    assert (met.code, met.vintage, met.name) == ("E05000001", "2022", "Abbey")
    assert Area.objects.filter(level="borough").count() == 1
    assert Area.objects.get(level="borough").code == "E09000001"
    assert ensure_area(level="ward", name="Abbey").pk == met.pk


def test_a_ward_of_the_same_name_elsewhere_is_not_upgraded(wards: Path) -> None:
    elsewhere = ensure_area(level="ward", name="Abbey", parent=ensure_area(level="borough", name="Westfold"))
    load(wards)
    elsewhere.refresh_from_db()
    assert elsewhere.code == "name:westfold/abbey"
    assert Area.objects.filter(level="ward").count() == 3


def test_an_undated_copy_of_a_dated_set_asks_for_its_year(tmp_path: Path) -> None:
    codes, names = ["E09000001", "E09000002"], ["Larkmoor", "Westfold"]
    load(write(tmp_path / "a.gpkg", [square(0), square(1)], LAD22CD=codes, LAD22NM=names))
    undated = write(tmp_path / "b.gpkg", [square(0), square(1)], gss_code=codes, name=names)
    with pytest.raises(Refusal, match="add --vintage and a year"):
        load(undated)
    assert load(undated, vintage="2016").vintage == "2016"


def test_without_parent_columns_the_place_says_it(tmp_path: Path) -> None:
    load(write(tmp_path / "a.gpkg", [square(0, 0, 5_000)], LAD22CD=["E09000001"], LAD22NM=["Larkmoor"]))
    load(
        write(
            tmp_path / "m.gpkg", [square(1), square(40)], MSOA21CD=["E02000001", "E02000002"], MSOA21NM=["L 1", "X 1"]
        )
    )
    parents = dict(Area.objects.filter(level="msoa").values_list("name", "parent__name"))
    assert parents == {"L 1": "Larkmoor", "X 1": None}


def test_queries_do_not_grow_with_areas(tmp_path: Path, django_assert_max_num_queries) -> None:
    codes = [f"E0500{number:04d}" for number in range(400)]
    path = write(
        tmp_path / "w.gpkg",
        [square(number % 20, number // 20) for number in range(400)],
        WD22CD=codes,
        WD22NM=codes,
        LAD22CD=[f"E0900{number // 20:04d}" for number in range(400)],
        LAD22NM=[f"Borough {number // 20}" for number in range(400)],
    )
    with django_assert_max_num_queries(30):
        load(path)


def test_a_locator_follows_its_boundaries(wards: Path) -> None:
    load(wards)
    locator = queries.locator("ward")
    assert [locator.names[i] for i in locator.assign([EAST + 10, EAST + 1_500], [NORTH + 10] * 2)] == [
        "Abbey",
        "Bridge",
    ]
    assert queries.locator("ward") is locator
    shifted = write(
        wards.parent / "moved.gpkg", [square(3), square(4)], WD22CD=["E05000001", "E05000002"], WD22NM=["A", "B"]
    )
    load(shifted)
    assert queries.locator("ward").assign([EAST + 10], [NORTH + 10]).tolist() == [-1]
    with pytest.raises(Refusal, match="No boundaries of lower layer"):
        queries.locator("lsoa")


def test_best_fit_takes_the_largest_overlap(tmp_path: Path, home: Path) -> None:
    old = [square(0), square(1), square(9)]
    new = [
        shapely.box(EAST, NORTH, EAST + 1_300, NORTH + 1_000),
        shapely.box(EAST + 1_300, NORTH, EAST + 2_000, NORTH + 1_000),
    ]
    load(write(tmp_path / "o.gpkg", old, LSOA11CD=["E01000001", "E01000002", "E01000009"], LSOA11NM=["A", "B", "Z"]))
    load(write(tmp_path / "n.gpkg", new, LSOA21CD=["E01000001", "E01000003"], LSOA21NM=["A", "C"]))
    fit = queries.best_fit("lsoa", "2011", "2021")
    assert fit == {"E01000001": "E01000001", "E01000002": "E01000003"}
    assert queries.best_fit("lsoa", "2011", "2021") == fit
    assert len(list((home / "best-fit").iterdir())) == 1


def test_simplified_neighbours_still_share_their_border(wards: Path) -> None:
    load(wards)
    shapes = queries.outlines(Area.objects.filter(level="ward"), simplify_metres=50)
    first, second = shapes.values()
    assert first.intersection(second).length == pytest.approx(1_000)


def test_an_unknown_area_names_the_nearest(wards: Path) -> None:
    with pytest.raises(Refusal, match="no areas are known yet"):
        queries.find_area("Abby")
    load(wards)
    with pytest.raises(Refusal, match="Did you mean Abbey"):
        queries.find_area("Abby")
    assert queries.find_area("abbey", level="Ward").code == "E05000001"


@pytest.mark.real_data
def test_the_wards_of_london_with_those_of_the_city(shared_data: Path) -> None:
    load(shared_data / "boundaries" / "london-2021-lad22-gen20.shp")
    report = load(shared_data / "boundaries" / "london_wards.zip")
    assert (report.level, report.loaded, report.refused) == ("ward", 654, [])
    assert report.repaired == ["Colville: self-intersection", "Pembridge: self-intersection"]
    assert queries.children(queries.find_area("City of London")).filter(level="ward").count() == 25
