"""The columns of the record store and the count store. One row is one record, or one number somebody else counted."""

from __future__ import annotations

import polars as pl

RECORD_SCHEMA: dict[str, pl.DataType] = {
    "record_key": pl.UInt64(),  # the source's own id, hashed; 0 where the source gives none
    "category": pl.String(),  # Wardlight category slug (incidents/taxonomy/categories.toml)
    "source_category": pl.String(),  # the words of the source
    "precision": pl.String(),  # minute | day | month
    "month": pl.UInt32(),  # 202207, in local time (Europe/London), always present
    "start": pl.Datetime("us", "UTC"),  # null when only the month is known
    "end": pl.Datetime("us", "UTC"),  # the later edge of a from-to window; equals start when exact
    "local_date": pl.Date(),  # local date of start; null for month precision
    "hour_of_week": pl.UInt8(),  # 0 = Monday 00:00-00:59 local; null unless precision is minute and start == end hour
    "x": pl.Float64(),  # British National Grid easting, metres; null when not placed
    "y": pl.Float64(),
    "place": pl.String(),  # location as the source words it
    "source_area": pl.String(),  # area code as the source gives it (LSOA code, ward…); null when blank
    "source_area_name": pl.String(),  # its name as given ("Islington 011F"); null when blank
    "reported_by": pl.String(),  # force or service that recorded it
    "outcome": pl.String(),  # last known outcome, the source's words
    "flags": pl.String(),  # "|knife|injury|" or null; test with a literal "|knife|"
    "victim_age": pl.Int16(),
    "victim_sex": pl.String(),  # female | male | other
    "victim_ethnicity": pl.String(),
    "suspect_ethnicity": pl.String(),
    "victim_key": pl.String(),  # pseudonym, never a name
    "premises_key": pl.String(),
    "line": pl.UInt32(),  # line in the file it came from
    "file": pl.UInt16(),  # index into Batch.files
}

COUNT_SCHEMA: dict[str, pl.DataType] = {
    "level": pl.String(),  # borough, ward, lsoa…
    "area_code": pl.String(),  # as given; null when the source has names only
    "area_name": pl.String(),
    "parent_name": pl.String(),  # the borough of a ward, where given
    "category": pl.String(),  # Wardlight category slug; null where the source's words are not mapped
    "source_category": pl.String(),
    "source_group": pl.String(),  # the source's major category
    "month": pl.UInt32(),  # the first month of the period
    "months": pl.UInt16(),  # how many months the period has: 1, or 3 for a quarter and 12 for a year
    "count": pl.Int64(),
    "line": pl.UInt32(),
    "file": pl.UInt16(),
}

OUTCOME_SCHEMA: dict[str, pl.DataType] = {
    "record_key": pl.UInt64(),  # of the record it belongs to
    "month": pl.UInt32(),  # when the outcome was decided
    "outcome": pl.String(),  # the source's words
    "x": pl.Float64(),
    "y": pl.Float64(),
    "place": pl.String(),
    "source_area": pl.String(),
    "source_area_name": pl.String(),
    "reported_by": pl.String(),
    "line": pl.UInt32(),
    "file": pl.UInt16(),
}

STOP_SCHEMA: dict[str, pl.DataType] = {
    "kind": pl.String(),  # Person search | Vehicle search | Person and Vehicle search
    "at": pl.Datetime("us", "UTC"),
    "month": pl.UInt32(),  # local
    "local_date": pl.Date(),
    "hour_of_week": pl.UInt8(),  # 0 = Monday 00:00-00:59 local
    "x": pl.Float64(),
    "y": pl.Float64(),
    "operation": pl.Boolean(),  # part of a policing operation
    "operation_name": pl.String(),
    "gender": pl.String(),
    "age_range": pl.String(),
    "self_defined_ethnicity": pl.String(),
    "officer_defined_ethnicity": pl.String(),
    "legislation": pl.String(),
    "object": pl.String(),
    "outcome": pl.String(),
    "outcome_linked": pl.Boolean(),  # the outcome was about what was looked for
    "more_than_outer_clothing": pl.Boolean(),
    "reported_by": pl.String(),  # the force, as the file's name words it: "metropolitan"
    "line": pl.UInt32(),
    "file": pl.UInt16(),
}

SCHEMAS = {"records": RECORD_SCHEMA, "counts": COUNT_SCHEMA, "outcomes": OUTCOME_SCHEMA, "stops": STOP_SCHEMA}
