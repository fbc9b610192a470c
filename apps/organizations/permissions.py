from enum import StrEnum


class Permission(StrEnum):
    """Every right of the app, once. Roles hold sets of these; the database holds none."""

    ORGANIZATION_VIEW = "organization.view"
    CHECKLIST_VIEW = "checklist.view"
    CHECKLIST_PUBLISH = "checklist.publish"
    # The organisation's own list; a leader's list is his and his drafter's.
    CHECKLIST_FILL = "checklist.fill"
    REPORT_FILL = "report.fill"
    REPORT_CONFIRM = "report.confirm"
    REPORT_REVIEW = "report.review"
    CATALOGUE_VIEW = "catalogue.view"
    ACCOUNT_VIEW = "account.view"
    AUDIT_VIEW = "audit.view"
