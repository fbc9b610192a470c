from enum import StrEnum


class Permission(StrEnum):
    """Every right of the app, once. Roles hold sets of these; the database holds none."""

    ORGANIZATION_VIEW = "organization.view"
    # Found, rename, move, merge and close organisations.
    ORGANIZATION_EDIT = "organization.edit"
    # Give and end posts; which posts, at which organisation: appointing.py.
    POST_EDIT = "post.edit"
    CHECKLIST_VIEW = "checklist.view"
    CHECKLIST_PUBLISH = "checklist.publish"
    # The organisation's own list; a leader's list is his and his drafter's.
    CHECKLIST_FILL = "checklist.fill"
    # Adopt a list: sign it for a body, or approve the list of a member.
    CHECKLIST_SIGN = "checklist.sign"
    CHECKLIST_APPROVE = "checklist.approve"
    REPORT_FILL = "report.fill"
    REPORT_CONFIRM = "report.confirm"
    REPORT_REVIEW = "report.review"
    # Grant or refuse extension, excuse, appeal, "not applicable": at the organisation asked.
    PETITION_DECIDE = "petition.decide"
    TASK_SEND = "task.send"
    TASK_NUDGE = "task.nudge"
    CATALOGUE_VIEW = "catalogue.view"
    CATALOGUE_EDIT = "catalogue.edit"
    YEAR_CLOSE = "year.close"
    CALENDAR_EDIT = "calendar.edit"
    ACCOUNT_VIEW = "account.view"
    # Make an account, correct a name.
    ACCOUNT_EDIT = "account.edit"
    # Password links, blocking, ending sessions: of others, never of an auditor.
    ACCOUNT_RESET = "account.reset"
    AUDIT_VIEW = "audit.view"
