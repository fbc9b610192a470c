"""How the values of a duty read to people: labels, due rules, lists of codes."""

from apps.core.dates import full_label
from apps.duties.catalogue_entries import DutyEntry
from apps.duties.models import Duty
from apps.duties.predicates import PREDICATES

NOTHING = "（空）"
SHIFTS = {"earlier": "遇休息日提前", "later": "遇休息日顺延"}
# Fields whose values are codes, with the words for them.
CHOICES = {
    name: dict(Duty._meta.get_field(name).choices)
    for name in ("subject", "cadence", "evidence", "review_mode", "opened_by")
}
CHOICES["applies_to"] = PREDICATES


def label(name: str) -> str:
    """What a field of a duty is called."""
    return str(Duty._meta.get_field(name).verbose_name)


def shown(name: str, value, names: dict[str, dict[str, str]] | None = None) -> str:
    """The value of a field in plain words; `names` of codes that are rows, by field."""
    known = CHOICES.get(name, {}) | (names or {}).get(name, {})
    if value in (None, "", [], {}):
        return NOTHING
    if name == "due":
        return due_label(value)
    if name in ("runs_from", "runs_to"):
        return full_label(value)
    if name == "chapter":
        return known.get(str(value), f"第{value}章")
    if isinstance(value, list):
        return "、".join(known.get(each, each) for each in value)
    return known.get(value, str(value))


def due_label(rule: dict) -> str:
    """A due rule in words: 期末前5天，遇休息日提前."""
    if not rule:
        return ""
    shift = SHIFTS[rule["shift"]]
    if "month" in rule:
        return f"{rule['month']}月{rule['day']}日，{shift}"
    days = rule["days"]
    if rule["anchor"] == "period_start":
        return f"每期第{days + 1}天，{shift}"
    if days == 0:
        return f"每期最后一天，{shift}"
    return f"每期{'结束后' if days > 0 else '结束前'}{abs(days)}天，{shift}"


def rhythm_label(duty: Duty | DutyEntry) -> str:
    """How often and until when: 每季度 · 每期最后一天，遇休息日提前."""
    cadence = CHOICES["cadence"][duty.cadence]
    if duty.cadence == Duty.Cadence.ON_EVENT:
        return f"{cadence} · 发生后{duty.days_after_event}个工作日内"
    return f"{cadence} · {due_label(duty.due)}" if duty.due else cadence
