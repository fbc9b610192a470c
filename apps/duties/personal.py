"""The catalogue holds nothing about people."""

PERSONAL: dict = {}
REST = {
    "duties.activitykind": "id code name",
    "duties.campaign": "id code title text note clauses",
    "duties.catalogueversion": "id version code year title digest based_on state published_on",
    "duties.chapter": "id number name subtitle",
    "duties.clause": "id code line paraphrase anchor kind is_heading is_dated",
    "duties.duty":
        "id origin version code position chapter subject title text standard risks "
        "expected_effect example why evidence evidence_why cadence due runs_from runs_to "
        "review_mode minutes applies_to activity_kinds theme opened_by events_a_year parameters "
        "also_fulfils event_label days_after_event sources clauses",
    "duties.mechanism": "id code name text clauses",
    "duties.parameter": "id code name value unit start_value left_open basis lives_in position",
    "duties.selfcheckquestion": "id version number title text chapter clauses",
    "duties.source": "id code title short_title document articles",
}
