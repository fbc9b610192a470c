"""Roles as code: what each post may do, and how far down the tree.

The database stores only which person holds which role where and when (Appointment).
"""

from dataclasses import dataclass

from django.db import models

from apps.organizations.permissions import Permission as P

READ = frozenset({P.ORGANIZATION_VIEW, P.CHECKLIST_VIEW, P.CATALOGUE_VIEW})
FILL = frozenset({P.REPORT_FILL, P.CHECKLIST_FILL})
SIGN = frozenset({P.CHECKLIST_SIGN})
# What is decided at the organisation that a report or a petition is addressed to.
DECIDE = frozenset({P.REPORT_REVIEW, P.PETITION_DECIDE})
# What an officer does across the units in his view.
SEND = frozenset({P.TASK_SEND, P.TASK_NUDGE})
NUDGE = frozenset({P.TASK_NUDGE})
# Posts and the accounts for them; which posts is said in appointing.py.
STAFF = frozenset({P.POST_EDIT, P.ACCOUNT_EDIT})


class Lane(models.TextChoices):
    """Kinds of posts that one person never holds together."""

    BUSINESS = "business", "业务"
    SYSTEM = "system", "系统管理"
    AUDIT = "audit", "安全审计"


class RoleCode(models.TextChoices):
    """Values stored in Appointment.role."""

    COMMITTEE_ADMIN = "committee_admin", "工委管理员"
    COMMITTEE_OFFICER = "committee_officer", "工委经办人"
    INSPECTOR = "inspector", "督查员"
    PARTY_GROUP_SECRETARY = "party_group_secretary", "党组(党委)书记"
    PARTY_GROUP_CLERK = "party_group_clerk", "党组(党委)经办人"
    MEMBER = "member", "班子成员"
    ORGAN_SECRETARY = "organ_secretary", "机关党委书记"
    ORGAN_CLERK = "organ_clerk", "机关党委经办人"
    DISCIPLINE_SECRETARY = "discipline_secretary", "机关纪委书记"
    BRANCH_SECRETARY = "branch_secretary", "支部书记"
    BRANCH_CLERK = "branch_clerk", "支部经办人"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    AUDITOR = "auditor", "安全审计员"


@dataclass(frozen=True)
class Role:
    """What a post grants: at its organisation alone, on its whole subtree, and on
    the organisations of its portfolio."""

    unit: frozenset = frozenset()
    subtree: frozenset = frozenset()
    portfolio: frozenset = frozenset()
    lane: Lane = Lane.BUSINESS
    is_committee: bool = False


ROLES: dict[str, Role] = {
    RoleCode.COMMITTEE_ADMIN: Role(
        unit=DECIDE | FILL | SIGN,
        subtree=READ | SEND | STAFF | {
            P.CHECKLIST_PUBLISH, P.CATALOGUE_EDIT, P.YEAR_CLOSE, P.CALENDAR_EDIT,
            P.ORGANIZATION_EDIT},
        is_committee=True,
    ),
    RoleCode.COMMITTEE_OFFICER: Role(
        unit=DECIDE | FILL, subtree=READ | SEND, is_committee=True
    ),
    RoleCode.INSPECTOR: Role(subtree=READ, is_committee=True),
    RoleCode.PARTY_GROUP_SECRETARY: Role(
        unit=FILL | SIGN | DECIDE | {P.REPORT_CONFIRM, P.CHECKLIST_APPROVE},
        subtree=READ | NUDGE
    ),
    RoleCode.PARTY_GROUP_CLERK: Role(unit=FILL | DECIDE, subtree=READ | NUDGE),
    RoleCode.MEMBER: Role(
        unit=READ | {P.REPORT_FILL, P.REPORT_CONFIRM}, portfolio=READ
    ),
    RoleCode.ORGAN_SECRETARY: Role(unit=FILL | SIGN | DECIDE, subtree=READ | NUDGE | STAFF),
    RoleCode.ORGAN_CLERK: Role(unit=FILL | DECIDE, subtree=READ | NUDGE | STAFF),
    RoleCode.DISCIPLINE_SECRETARY: Role(unit=FILL | SIGN, subtree=READ),
    RoleCode.BRANCH_SECRETARY: Role(unit=FILL | SIGN, subtree=READ),
    RoleCode.BRANCH_CLERK: Role(unit=FILL, subtree=READ),
    RoleCode.SYSTEM_ADMIN: Role(
        subtree=frozenset({P.ACCOUNT_VIEW, P.ACCOUNT_EDIT, P.ACCOUNT_RESET}), lane=Lane.SYSTEM),
    RoleCode.AUDITOR: Role(subtree=frozenset({P.AUDIT_VIEW}), lane=Lane.AUDIT),
}


def holding(permission: str) -> list[str]:
    """Codes of the roles that grant `permission` at their own organisation."""
    return [code for code, role in ROLES.items() if permission in role.unit | role.subtree]
