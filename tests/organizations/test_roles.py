"""The table of rights, compared whole: whoever changes a role changes it here, too."""

from apps.organizations.permissions import Permission
from apps.organizations.roles import ROLES, Lane, RoleCode, holding

# role / at the organisation alone / with everything below / in the portfolio
TABLE = """
committee_admin       / checklist.fill checklist.sign petition.decide report.fill report.review
    / account.edit calendar.edit catalogue.edit catalogue.view checklist.publish checklist.view
      organization.edit organization.view post.edit task.nudge task.send year.close
    /
committee_officer     / checklist.fill petition.decide report.fill report.review
    / catalogue.view checklist.view organization.view task.nudge task.send
    /
inspector             /
    / catalogue.view checklist.view organization.view
    /
party_group_secretary / checklist.approve checklist.fill checklist.sign petition.decide
      report.confirm report.fill report.review
    / catalogue.view checklist.view organization.view task.nudge
    /
party_group_clerk     / checklist.fill petition.decide report.fill report.review
    / catalogue.view checklist.view organization.view task.nudge
    /
member                / catalogue.view checklist.view organization.view report.confirm report.fill
    /
    / catalogue.view checklist.view organization.view
organ_secretary       / checklist.fill checklist.sign petition.decide report.fill report.review
    / account.edit catalogue.view checklist.view organization.view post.edit task.nudge
    /
organ_clerk           / checklist.fill petition.decide report.fill report.review
    / account.edit catalogue.view checklist.view organization.view post.edit task.nudge
    /
discipline_secretary  / checklist.fill checklist.sign report.fill
    / catalogue.view checklist.view organization.view
    /
branch_secretary      / checklist.fill checklist.sign report.fill
    / catalogue.view checklist.view organization.view
    /
branch_clerk          / checklist.fill report.fill
    / catalogue.view checklist.view organization.view
    /
system_admin          /
    / account.edit account.reset account.view
    /
auditor               /
    / audit.view
    /
"""


def row(code: str) -> str:
    role = ROLES[code]
    parts = (" ".join(sorted(granted)) for granted in (role.unit, role.subtree, role.portfolio))
    return f"{code} / {' / '.join(parts)}"


def test_the_table_of_rights_is_as_written_here():
    assert " ".join(map(row, RoleCode.values)).split() == TABLE.split()


def test_every_role_code_has_a_role_and_every_role_a_code():
    assert set(ROLES) == set(RoleCode.values)


def test_every_right_is_granted_by_some_role():
    granted = {right for role in ROLES.values()
               for right in role.unit | role.subtree | role.portfolio}
    assert granted == set(Permission)


def test_only_the_two_technical_roles_leave_the_business_lane():
    lanes = {code: role.lane for code, role in ROLES.items() if role.lane != Lane.BUSINESS}
    assert lanes == {"system_admin": Lane.SYSTEM, "auditor": Lane.AUDIT}


def test_technical_roles_touch_no_content():
    content = {Permission.CHECKLIST_VIEW, Permission.REPORT_FILL, Permission.REPORT_REVIEW,
               Permission.REPORT_CONFIRM, Permission.CHECKLIST_PUBLISH,
               Permission.CHECKLIST_FILL}
    for code in ("system_admin", "auditor"):
        assert not content & (ROLES[code].unit | ROLES[code].subtree | ROLES[code].portfolio)


def test_the_committees_roles_are_marked():
    assert {code for code, role in ROLES.items() if role.is_committee} == {
        "committee_admin", "committee_officer", "inspector"}


def test_no_role_fills_in_and_reviews_below_its_own_organisation():
    """Reviewing and typing hold at one place only, never by inheritance."""
    for role in ROLES.values():
        own = {Permission.REPORT_FILL, Permission.CHECKLIST_FILL, Permission.REPORT_REVIEW}
        assert not own & role.subtree


def test_who_holds_a_right_at_his_own_organisation():
    assert set(holding(Permission.REPORT_REVIEW)) == {
        "committee_admin", "committee_officer", "party_group_secretary", "party_group_clerk",
        "organ_secretary", "organ_clerk"}
