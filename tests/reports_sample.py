"""A realistic assessment for the tests of `reports`: long names, many chapters, missing chapters, tall tables.

Test data only: every number is made up from a seed.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import altair as alt

from wardlight.assessment.document import ChapterView, Column, Document, FindingView, PriorityView, Table

alt.data_transformers.disable_max_rows()

OFFENCES = [
    ("Personal robbery", 922, 1553, 6),
    ("Burglary of homes", 1604, 1811, 14),
    ("Burglary of business and community premises", 512, 733, 9),
    ("Theft from the person", 1889, 4310, 3),
    ("Theft of a motor vehicle or of a motor cycle", 1011, 1209, 11),
    ("Theft from a motor vehicle", 2420, 2303, 8),
    ("Violence with injury", 2188, 2540, 12),
    ("Violence without injury, stalking and harassment", 5011, 5204, 10),
    ("Sexual offences", 471, 640, 15),
    ("Knife crime with injury", 98, 121, 10),
    ("Hate crime (racial and religious)", 688, 566, 5),
    ("Arson and criminal damage", 1720, 1904, 13),
]
DIFFERS = (
    "Definition differs: the partnership's own system counted 939 because it includes attempts later cancelled; "
    "the public figure is 922."
)
RANKED = (
    "The borough was 6th highest of 32. The data fit anywhere from 6th to about 10th: do not read a change of one "
    "place as news."
)
OPENING = (
    "Recorded crime fell in a year of lockdowns.\n\nRead the falls with that in mind: fewer people were out to be "
    "robbed, and fewer to see it."
)
BOROUGHS = [
    f"{name} {kind}"
    for name in ("North", "South", "East", "West", "Upper", "Lower", "Great", "Little")
    for kind in ("Larkmoor", "Fennel and Harbourside", "Ash", "Marlow Green")
]
MONTHS = [year * 100 + month for year in (2019, 2020, 2021) for month in range(1, 13)]


def month_name(month: int) -> str:
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{names[month % 100 - 1]} {month // 100}"


def configured(chart: Any) -> dict[str, Any]:
    return (
        chart.properties(width=560, height=200).configure(font="Source Sans Pro").configure_view(stroke=None).to_dict()
    )


def line_chart(title: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    base = alt.Chart(alt.Data(values=values))
    line = base.mark_line(color="#12436D", strokeWidth=2).encode(
        x=alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", grid=False)),
        y=alt.Y("count:Q", title=None, scale=alt.Scale(zero=True)),
    )
    return configured(line.properties(title=alt.Title(title, subtitle="Offences recorded a month", anchor="start")))


def bar_chart(title: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    chart = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(color="#12436D")
        .encode(y=alt.Y("name:N", sort="-x", title=None), x=alt.X("count:Q", title=None))
    )
    return configured(chart.properties(title=alt.Title(title, anchor="start")))


def finding(key: str, title: str, statement: str, **changes: Any) -> FindingView:
    given: dict[str, Any] = {
        "key": key,
        "title": title,
        "statement": statement,
        "how_sure": "As months ordinarily vary, the fall lies between 30% and 50%. Chance alone gives so large a "
        "difference less than once in a thousand years.",
        "measure": key,
        "method": "change",
        "comparator": "previous-period",
        "value": -40.6,
        "low": -50.2,
        "high": -30.4,
        "n": 922.0,
        "unit": "offences",
        "headline": False,
        "result": {},
        "parameters": {},
        "notes": [],
        "table": None,
        "chart": None,
        "chart_digest": "",
        "chart_alt": "",
    }
    return FindingView(**{**given, **changes})


def months_finding(number: int, name: str, this_year: int, last_year: int) -> FindingView:
    dice = random.Random(number)
    counts = [max(0, round(this_year / 12 * dice.uniform(0.7, 1.4))) for _ in MONTHS]
    rows: list[list[Any]] = [
        [month_name(month), count, round(count * 0.93, 1)]
        for month, count in zip(MONTHS[-12:], counts[-12:], strict=True)
    ]
    values = [
        {"month": f"{month // 100}-{month % 100:02d}-01", "count": count}
        for month, count in zip(MONTHS, counts, strict=True)
    ]
    change = 100 * (this_year / last_year - 1)
    verb = "fell" if change < 0 else "rose"
    return finding(
        f"change-{number}",
        f"{name}: change on the year before",
        f"{name} {verb} from {last_year:,} to {this_year:,} ({abs(change):.0f}%): a real {'fall' if change < 0 else 'rise'}. "
        "Keeping pace with the other 31 boroughs would have given about the same number; no clear difference.",
        table=Table(
            f"{name} by month, against what the season would give",
            [
                Column("month", "Month"),
                Column("count", "Recorded", "count"),
                Column("expected", "Expected from the season", "number"),
            ],
            rows,
            note="Expected: the two years before, with their season.",
        ),
        chart=line_chart(f"{name} by month", values),
        chart_alt=f"Line chart of {name.lower()} a month from January 2019 to December 2021; lowest in April 2020.",
        notes=["Offences are counted in the month they were recorded, not the month they happened."]
        + ([DIFFERS] if number == 0 else []),
    )


def ranks_finding() -> FindingView:
    dice = random.Random(5)
    counts = sorted((dice.randint(200, 2200) for _ in BOROUGHS), reverse=True)
    names = list(BOROUGHS)
    names[5] = "Larkmoor and Upper Fennel"
    rows = [
        [
            name,
            count,
            round(count / 236 * 1.07, 2),
            -round(dice.uniform(-8, 60), 1),
            f"{place} ({max(1, place - 2)} to {place + 3})",
        ]
        for place, (name, count) in enumerate(zip(names, counts, strict=True), start=1)
    ]
    rows[30][2] = None
    return finding(
        "rank-robbery",
        "Personal robbery: where the borough stands",
        RANKED,
        comparator="boroughs-32",
        table=Table(
            "Personal robbery by borough, 2020/21",
            [
                Column("name", "Borough"),
                Column("count", "Recorded", "count"),
                Column("rate", "For each 1,000 residents", "number"),
                Column("change", "Change on year", "percent"),
                Column("rank", "Rank (range the data fit)", "rank"),
            ],
            rows,
        ),
        chart=bar_chart(
            "Personal robbery, ten highest boroughs", [{"name": row[0], "count": row[1]} for row in rows[:10]]
        ),
        chart_alt="Bar chart of the ten boroughs with most personal robbery; the borough is sixth.",
    )


def wards_finding() -> FindingView:
    rows = [
        [
            f"Ward {chr(65 + index % 26)}{index} of the Old Harbour Estate",
            400 - index * 11,
            310 + index,
            round(100 * ((400 - index * 11) / (310 + index) - 1), 1),
            f"{20 + index} to {45 + index}",
        ]
        for index in range(30)
    ]
    return finding(
        "wards-violence",
        "Violence with injury by ward",
        "Four wards hold a quarter of the violence; the other 26 cannot be told apart.",
        method="concentration",
        table=Table(
            "Violence with injury by ward",
            [
                Column("name", "Ward"),
                Column("count", "This year", "count"),
                Column("before", "Last year", "count"),
                Column("change", "Change", "percent"),
                Column("range", "Range the data fit", "interval"),
            ],
            rows,
        ),
    )


def chapters(many: int) -> list[ChapterView]:
    found = [
        ChapterView(
            "overview",
            "Crime and disorder in the borough over the last year",
            OPENING,
            "",
            [months_finding(index, *OFFENCES[index][:3]) for index in range(2)] + [ranks_finding()],
        )
    ]
    for index in range(2, many):
        name, now, then, _ = OFFENCES[index % len(OFFENCES)]
        items = [months_finding(index, name, now, then)] + ([wards_finding()] if index % 4 == 2 else [])
        found.append(
            ChapterView(f"theme-{index}", name, "", "", [*items[:1]] + [renamed(item, index) for item in items[1:]])
        )
    found.append(
        ChapterView(
            "hours",
            "Time of day and day of week",
            "",
            "Hour of day is not shown: these records carry the month only. Import an extract with times to see it.",
            [],
        )
    )
    found.append(
        ChapterView(
            "people",
            "People harmed",
            "",
            "The sources name no victims. Ask the police for the age and sex of victims by crime type.",
            [],
        )
    )
    return found


def renamed(item: FindingView, index: int) -> FindingView:
    return replace(item, key=f"{item.key}-{index}", title=f"{item.title} ({index})")


def house_table() -> Table:
    dice = random.Random(3)
    rows: list[list[Any]] = []
    for name, now, then, rank in OFFENCES:
        change = 100 * (now / then - 1)
        rows.append(
            [
                name,
                now,
                then,
                now - then,
                round(change, 1),
                f"{grouped(change - 9)} to {grouped(change + 9)}",
                round(change + dice.uniform(-6, 12), 1),
                f"{rank} of 32",
            ]
        )
    return Table(
        "Recorded offences, this year and last",
        [
            Column("offence", "Offence"),
            Column("now", "This year", "count"),
            Column("then", "Last year", "count"),
            Column("difference", "Difference", "count"),
            Column("change", "Change", "percent"),
            Column("range", "Range (95%)", "interval"),
            Column("others", "Other 31 boroughs", "percent"),
            Column("rank", "Rank", "rank"),
        ],
        rows,
        note="Rank 1 is the highest count. For detections 1st is good; here it is not.",
    )


def grouped(value: float) -> str:
    return f"{'−' if value < 0 else ''}{abs(value):.0f}%"


def priorities() -> list[PriorityView]:
    def row(measure: str, title: str, status: str, reason: str, scores: list[int | None]) -> PriorityView:
        says = [
            "2,188 a year",
            "about 71,000 harm days",
            "fell, as elsewhere",
            "12th of 32: the middle",
            "31% of comments",
        ]
        names = ("volume", "harm", "trend", "comparison", "concern")
        return PriorityView(
            measure,
            title,
            status,
            reason,
            {
                name: {"score": score, "says": text if score is not None else "no engagement yet"}
                for name, score, text in zip(names, scores, says, strict=True)
            },
        )

    return [
        row(
            "violence-with-injury",
            "Violence with injury",
            "proposed",
            "The most harm, and it did not fall as far as elsewhere.",
            [3, 3, 2, 1, None],
        ),
        row(
            "robbery-personal",
            "Personal robbery",
            "proposed",
            "Sixth highest of 32, and young people are most of those robbed.",
            [2, 2, 1, 3, None],
        ),
        row(
            "hate-crime",
            "Hate crime (racial and religious)",
            "suggested",
            "Reports rose; more reports can be good news, so the aim is confidence.",
            [1, 2, 3, 2, None],
        ),
        row(
            "theft-person",
            "Theft from the person",
            "dropped",
            "Fell by more than half; comes back when footfall does.",
            [3, 1, 0, 2, None],
        ),
    ]


def sample(*, status: str = "draft", synthetic: bool = True, many: int = 8, **changes: Any) -> Document:
    """A whole document; `many` is the number of chapters with findings."""
    parts = chapters(many)
    headlines = [item for chapter in parts for item in chapter.findings][:7]
    given: dict[str, Any] = {
        "title": "Strategic assessment 2020/21",
        "partnership": "Safer Larkmoor and Upper Fennel Partnership",
        "synthetic": synthetic,
        "area": "Larkmoor and Upper Fennel",
        "period": "1 April 2020 to 31 March 2021",
        "against": "1 April 2019 to 31 March 2020",
        "period_key": "2020-04..2021-03",
        "against_key": "2019-04..2020-03",
        "status": status,
        "version": "draft" if status == "draft" else "2",
        "data_cut": "22 November 2026",
        "engine_version": "0.1.0",
        "summary": headlines,
        "house_table": house_table(),
        "chapters": parts,
        "priorities": priorities(),
        "sources": Table(
            "Files this assessment was made from",
            [
                Column("source", "Source"),
                Column("files", "Files"),
                Column("rows", "Rows kept", "count"),
                Column("landed", "Landed"),
            ],
            [
                [
                    "Recorded crime by borough, published monthly by the police",
                    "recorded-crime-borough-historical.parquet",
                    1204331,
                    "22 November 2026",
                ],
                [
                    "Ambulance call-outs for assault",
                    "ambulance_2019.csv, ambulance_2020.csv, ambulance_2021.csv",
                    8113,
                    "20 November 2026",
                ],
                ['=HYPERLINK("http://example.org")', "-1+1.csv", 3, "1 April 2021"],
            ],
        ),
        "coverage": Table(
            "Months each source covers",
            [
                Column("source", "Source"),
                Column("first", "First month"),
                Column("last", "Last month"),
                Column("gaps", "Months missing", "count"),
                Column("blank", "Area blank", "percent"),
            ],
            [
                ["Recorded crime by borough", "April 2010", "March 2021", 0, 1.9],
                ["Ambulance call-outs for assault", "January 2019", "March 2021", 1, 3.04],
            ],
        ),
        "refusals": Table(
            "Rows refused",
            [
                Column("file", "File"),
                Column("line", "Line", "count"),
                Column("column", "Column"),
                Column("reason", "Why"),
            ],
            [["ambulance_2020.csv", 1044, "time", "“25:61” is not a time of day; the row was left out"]],
        ),
        "methods": [
            {
                "name": "Change between two periods",
                "says": "The ratio of two counts with an interval that allows for months varying more than chance dice.",
                "source": "Krishnamoorthy and Thomson (2004), eq. 3.5",
            },
            {
                "name": "Rank and what the data fit",
                "says": "Each place's rank is drawn again ten thousand times as its months ordinarily vary.",
                "source": "Goldstein and Spiegelhalter (1996)",
            },
        ],
        "not_seen": [
            "Harm that nobody reported: the survey of residents has not been run since 2018.",
            "Hospital admissions: the agreement to share them has lapsed; public health will renew it by June.",
        ],
    }
    return Document(**{**given, **changes})
