"""The items of one list, and the words with which tables, papers and pages say them."""

from apps.checklists import adoptions
from apps.checklists.models import Item, with_item_doors
from apps.core.badges import Badge
from apps.core.dates import day_label
from apps.duties.models import Duty

Cadence, Origin = Duty.Cadence, Duty.Origin
PERIOD = {Cadence.MONTHLY: "月", Cadence.QUARTERLY: "季", Cadence.HALF_YEARLY: "半年",
          Cadence.YEARLY: "年", Cadence.ONCE: "年"}
BASIS = {Origin.OWN: "本单位自定", Origin.AD_HOC: "临时任务"}
OWN = Badge("is-open", "m-info", "自定")
FIELDS = ("measures", "owner", "days_earlier")


def of(checklist) -> list[Item]:
    """All items of a list in its order, withdrawn ones too, each with what rows show.

    Downwards from a list that was found visible; of the list above only the title is read.
    """
    rows = with_item_doors(checklist.items.select_related(
        "duty__chapter", "fulfilled_by__duty", "upper__duty", "upper__checklist__organization",
        "carried_from__duty", "checklist__organization", "checklist__holder"))
    return list(rows.prefetch_related("duty__sources").order_by(
        "duty__chapter__number", "duty__position", "pk"))


def limit(duty: Duty) -> str:
    """Until when the catalogue wants it: 6月30日, 季末前5天, 发生后10个工作日."""
    if duty.cadence == Cadence.ON_EVENT:
        return f"发生后{duty.days_after_event}个工作日"
    if duty.cadence == Cadence.STANDING or not duty.due:
        return "全年"
    if "month" in duty.due:
        return f"{duty.due['month']}月{duty.due['day']}日"
    period, days = PERIOD[Cadence(duty.cadence)], duty.due["days"]
    if duty.due["anchor"] == "period_start":
        return f"每{period}第{days + 1}天"
    if days == 0:
        return f"{period}末"
    return f"{period}末{'后' if days > 0 else '前'}{abs(days)}天"


def own_limit(item: Item) -> str:
    """The same with what the list itself has set."""
    early = f"，提前{item.days_earlier}天" if item.days_earlier else ""
    return f"{limit(item.duty)}{early}"


def basis(duty: Duty) -> str:
    """What the item rests on: the sources by their short titles."""
    titles = "、".join(source.short_title for source in duty.sources.all())
    return BASIS.get(Origin(duty.origin)) or titles


def is_unfilled(item: Item) -> bool:
    """Still lacks measures or owner; the rule is `adoptions.unfilled`."""
    return bool(item.is_in_force and not item.fulfilled_by_id and not item.asked_kind
                and item.duty.origin != Origin.AD_HOC and not (item.measures and item.owner))


def carried_label(item: Item) -> str:
    """That what the unit has set here comes from the year before; empty where it set nothing."""
    has_own = item.duty.origin == Origin.OWN or item.upper_id or any(
        getattr(item, name) for name in FIELDS)
    return "沿用去年" if item.carried_from_id and has_own else ""


def differs(item: Item) -> bool:
    """New against the year before, or set or worded otherwise than then."""
    was = item.carried_from
    if was is None:
        return True
    return (any(getattr(item, name) != getattr(was, name) for name in FIELDS)
            or (item.duty.text, item.duty.cadence, item.duty.due)
            != (was.duty.text, was.duty.cadence, was.duty.due))


def state(item: Item) -> Badge:
    """Where an item stands while the list is tailored."""
    if item.archived_on:
        return Badge("is-off", "m-off", "已撤下")
    if item.not_applicable_since:
        return Badge("is-off", "m-off", "不适用")
    if item.asked_kind:
        return Badge("is-open", "m-wait", "不适用待批")
    if item.fulfilled_by_id:
        return Badge("is-done", "m-done", "一并履行")
    if is_unfilled(item):
        return Badge("is-off", "m-draft", "未填好")
    return Badge("is-done", "m-done", "已填好")


def out_of_force(item: Item) -> str:
    """Why an item is no longer asked of the list; empty while it is."""
    if item.archived_on:
        reason = f"：{item.archive_reason}" if item.archive_reason else ""
        return f"{day_label(item.archived_on)}撤下{reason}"
    if item.not_applicable_since:
        return f"{day_label(item.not_applicable_since)}起不适用"
    return ""


def head(checklist) -> str:
    """Title of a list on its pages and papers."""
    if checklist.holder_id:
        return f"{checklist.year}年度责任清单（{checklist.get_subject_display()}）"
    return f"{checklist.year}年度责任清单（{adoptions.body(checklist)}）"
