"""Changes of rules of the modules that no case can tell from the rule as it is, each with the proof."""

_GUARD = (
    "The condition keeps the rule from concluding anything where nobody asked: what it would conclude more is about a "
    "county office or an LEA that no amount of a case rests on."
)
_KIND = "What is counted or left open of an LEA asks for its kind again, and an authorizer stands for charters alone."
_FAR = "Beyond the bound the other rule concludes the same; the bound keeps products within the numbers of the rules."
_NOTHING = "Nothing times any share is nothing: no report stands in any of the three places."

EQUIVALENT_MONEY: dict[str, str] = {
    **{
        f"funding.{rule}: without {condition}": _GUARD
        for rule, condition in (
            ("attendance", "under_office(LEA, Office)"),
            ("authorizer-on-record", "under_office(LEA, Office)"),
            ("average", "funds_considered(Office, FiscalYear)"),
            ("charter-ruled-out.this-year", "under_office(LEA, Office)"),
            ("charter-ruled-out.year-before", "under_office(LEA, Office)"),
            ("determined.calpads", "under_office(LEA, Office)"),
            ("determined.criteria", "under_office(LEA, Office)"),
            ("determined.second-year", "under_office(LEA, Office)"),
            ("goes-to.lead.charters", "funds_considered(Office, FiscalYear)"),
            ("jurisdiction.charter", "funds_looked_at(Office, FiscalYear)"),
            ("jurisdiction.charter-elsewhere", "funds_looked_at(Office, FiscalYear)"),
            ("lead-on-record", "funds_considered(Office, FiscalYear)"),
            ("lead-stated", "funds_considered(Office, FiscalYear)"),
            ("new.amount-stated", "funds_considered(Office, FiscalYear)"),
            ("new.before.computed", "compared_with(Later, FiscalYear)"),
            ("new.before.stated", "funds_looked_at(Office, Later)"),
            ("new.before.stated", "compared_with(Later, FiscalYear)"),
            ("new.difference", "compared_with(FiscalYear, Earlier)"),
            ("new.second-amount", "funds_looked_at(Office, FiscalYear)"),
            ("new.total.held", "compared_with(FiscalYear, Earlier)"),
            ("numbers-stated", "funds_looked_at(Office, FiscalYear)"),
            ("own-lead.stated", "funds_considered(Office, FiscalYear)"),
            ("place-stated", "county_code(LEA, Own)"),
            ("number.stated", "band_of(Kind, Band)"),
            ("report-amount.charters", "line_of(charter, Line)"),
        )
    },
    **{
        f"funding.{rule}: without kind(LEA, charter)": _KIND
        for rule in (
            "charter",
            "charter.county-board",
            "charter-ruled-out.this-year",
            "charter-ruled-out.year-before",
            "jurisdiction.charter",
        )
    },
    **{
        "funding.average.charters.before: "
        f"Share {other} for 6 in averaged({year},charter,{missing},none,none,none,6)": _NOTHING
        for year in (2019, 2020, 2021, 2022)
        for missing in ("carried_forward", "counted_as_nothing", "passed_over")
        for other in (5, 7)
    },
    **{
        f"funding.{rule}: {change}": "Charter schools count alike under every reading."
        for rule in ("designee", "designee.open", "which-lead")
        for change in ("without usual_reading(Reading)", "usual_reading(Reading) negated")
    },
    "funding.determined.calpads: without ground(Method, calpads)": (
        "A district identified on the other ground counts under every reading anyway."
    ),
    "funding.open.identification-calpads: without ground(Method, calpads)": (
        "A method on the other ground leaves the amount open under every reading anyway."
    ),
    "funding.goes-to.lead.charters: without lead_agency(FiscalYear, Office, County, Lead, LeadCounty)": (
        "Where no lead is on record the amount goes to a lead that is not on record anyway."
    ),
    "funding.size.between: > flipped to >= in Hundredths > Most": (
        "At the upper end of a band a district is in that band anyway."
    ),
    **{
        f"funding.new.stability.near: {change}": _FAR
        for change in (
            "without Difference > 0",
            "> flipped to >= in Difference > 0",
            "without Difference < 6 * Rate",
            "< flipped to <= in Difference < 6 * Rate",
            "7 for 6 in condition 4",
            "-1 for 0 in condition 3",
            "1 for 0 in condition 3",
        )
    },
}
_ALL_DUE = "Sections 1, 2 and 4 are due of all alike, so what one of them needs is needed in each."
_NO_DATE = "No date of the calendar lies between the two numbers."

_OF_A_REPORT = "What rests on the conclusion asks for the report by itself."

EQUIVALENT_ADVANCE: dict[str, str] = {
    **{
        f"advance.{rule}: without twenty_day_report(LEA, FiscalYear)": _OF_A_REPORT
        for rule in ("cap-known", "certification-received", "complete", "eligible.expanding")
    },
    **{
        f"advance.item.contact: Section 2 for 1 in item_needed(1,{status},{item})": _ALL_DUE
        for status in ("new", "expanding")
        for item in ("contact_name", "telephone", "fax", "email")
    },
    **{
        f"advance.item.{rule}: Section 1 for 2 in item_needed(2,{status},{item})": _ALL_DUE
        for rule, status, item in (
            ("enrollment", "new", "enrollment"),
            ("grade-spans", "new", "grade_span"),
            ("instruction", "new", "instruction_began"),
            ("new-grades", "expanding", "new_grade"),
        )
    },
    "advance.received-by: Due 20131032 for 20131031 in certification_due(2014,20131031)": _NO_DATE,
    "advance.instruction-by: Due 20130931 for 20130930 in instruction_due(2014,20130930)": _NO_DATE,
    "advance.cap.above: > flipped to >= in Hundredths > Cap": "At the cap both rules give the same attendance.",
    "advance.due: without instructions_on_hand(FiscalYear)": (
        "A year whose instructions are not on hand has no deadline for the certification either."
    ),
    **{
        f"advance.income.{change}": ("From each row to the next the guidelines rise by as much as beyond the last.")
        for change in (
            "disadvantaged.larger: without Persons > Last",
            "disadvantaged.larger: > flipped to >= in Persons > Last",
            "more: Persons 7 for 8 in income_increment(8,7437)",
        )
    },
}
