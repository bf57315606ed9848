"""The tables of a record on disk, and the columns of each.

``publication`` (the sources) and ``publication_column`` (which column of a source holds which field) say where
everything stands. Of the status files: ``lea`` (the rows of each year), ``priorities_met`` (the letters) and
``published_method``; of them or of another file, ``published_status`` (what CDE concluded). Of the others:
``local_rating``, ``low_performance``, ``charter``, and in ``dashboard/`` a folder for each county with its LEAs and
their figures. With the row and the column of the field, every fact names the cell it was read from.
"""

from __future__ import annotations

from pyreport.evidence.model import CONCLUSIONS
from pyreport.evidence.status_layouts import methods

__all__ = ["ALL_COUNTIES", "COUNTY_TABLES", "READ_BY_COUNTY", "TABLES"]

TABLES: dict[str, tuple[str, ...]] = {
    "publication": (
        "publication",
        "kind",
        "dashboard_year",
        "title",
        "date",
        "file",
        "sheet",
        "sha256",
        "counties",
        "complete",
    ),
    "publication_column": ("publication", "field", "column"),
    "lea": ("dashboard_year", "cds", "name", "grades", "row"),
    "priorities_met": ("dashboard_year", "cds", "group", "letter"),
    "published_method": ("dashboard_year", "cds", *methods()),
    "published_status": ("dashboard_year", "cds", "publication", *CONCLUSIONS, "row"),
    "local_rating": ("cds", "publication", "priority", "rating", "row"),
    "low_performance": ("cds", "publication", "group", "indicators", "row"),
    "charter": ("cds", "publication", "name", "authorizer", "dass", "funding", "row"),
}
COUNTY_TABLES: dict[str, tuple[str, ...]] = {
    "lea": ("cds", "publication", "name", "charter", "dass", "row"),
    "figure": (
        "cds",
        "publication",
        "group",
        "row",
        "denominator",
        "size",
        "status_tenths",
        "change_tenths",
        "status_level",
        "change_level",
        "color",
        "small_population",
        "high_school_cut_points",
        "certified",
        "type",
    ),
}
ALL_COUNTIES = "all"
READ_BY_COUNTY = ("local_rating", "low_performance", "charter")
"""Tables whose rows are read when their county is asked for."""
