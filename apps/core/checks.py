"""System checks that name a bad setting instead of letting it fail later."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Error, Tags, register

POSITIVE = (
    "SOON_WORKING_DAYS",
    "CORRECTION_WORKING_DAYS",
    "LOGIN_TRIES",
    "LOGIN_LOCK_MINUTES",
    "LOGIN_ADDRESS_TRIES",
    "IDLE_MINUTES",
    "IDLE_MINUTES_STAFF",
    "SESSION_HOURS",
    "PASSWORD_LENGTH",
    "PASSWORD_LENGTH_STAFF",
    "PASSWORD_DAYS",
    "PASSWORD_HISTORY",
    "RESET_HOURS",
    "UPLOAD_FILE_MB",
    "UPLOAD_REPORT_MB",
    "LOAD_BRANCH_OCCURRENCES",
    "LOAD_BRANCH_ENTRIES",
    "LOAD_UNIT_OCCURRENCES",
    "LOAD_UNIT_ENTRIES",
)


# Figures of retention and the fewest days below which people would lose what they need.
FLOORS = {"DRAFT_KEEP_DAYS": 30, "TASK_KEEP_DAYS": 7}


@register()
def nothing_is_forgotten_too_early(app_configs=None, **kwargs) -> list[Error]:
    """Stop the start when something would be deleted before its time."""
    return [Error(f"{name} must be at least {floor}.", id="fangzhen.E014",
                  hint=f"Set the environment variable {name} to {floor} or more.")
            for name, floor in FLOORS.items() if getattr(settings, name) < floor]


@register()
def settings_are_usable(app_configs=None, **kwargs) -> list[Error]:
    """Figures are positive, the time zone is ours, secrets are long enough."""
    problems = [
        Error(f"{name} must be a positive whole number.", id="fangzhen.E010",
              hint=f"Set the environment variable {name}, or leave it out.")
        for name in POSITIVE
        if getattr(settings, name) < 1
    ]
    if ZoneInfo(settings.TIME_ZONE).key != "Asia/Shanghai":
        problems.append(Error("TIME_ZONE must be Asia/Shanghai.", id="fangzhen.E011"))
    for name in ("SECRET_KEY", "AUDIT_KEY"):
        if len(getattr(settings, name)) < 32:
            problems.append(Error(f"{name} must have at least 32 characters.", id="fangzhen.E012",
                                  hint="Leave it out: one is made and kept in DATA_DIR."))
    return problems


@register(Tags.database, deploy=True)
def no_demo_users_on_a_real_site(app_configs=None, databases=None, **kwargs) -> list[Error]:
    """A demo account on a site that is not a demo fails the deployment check."""
    if settings.DEMO or not databases:
        return []
    if not get_user_model().objects.filter(is_demo=True).exists():
        return []
    return [Error("Demo accounts exist, but DEMO is off.", id="fangzhen.E013",
                  hint="Install into an empty database; demo data is never turned into real data.")]
