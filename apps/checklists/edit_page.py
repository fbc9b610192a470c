"""The page on which a list is tailored: steps, chips, rows with their fields, what comes next."""

from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from apps.checklists import adoptions, list_items, pages, uppers
from apps.checklists.list_forms import BulkForm, RowForm, fingerprint, plain
from apps.checklists.models import Adoption, Item, Occurrence
from apps.checklists.services import petition_rules, tailoring
from apps.core.badges import Badge
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.duties.models import Duty
from apps.organizations.models import Appointment
from apps.organizations.permissions import Permission

State = Occurrence.State
NO_OWNER = Badge("is-soon", "m-soon", "缺责任人")
NOT_CARRIED = Badge("is-soon", "m-soon", "无人承接")
ALL = ""
# key, label, shown even when empty
CHIPS = ((ALL, "全部", True), ("unfilled", "未填好", True), ("no_owner", "缺责任人", True),
         ("not_carried", "无人承接", False), ("not_applicable", "不适用", False),
         ("changed", "与去年不同", False))
# Step of the adoption -> URL name, and what its button says.
ACTS = {
    "deliberate": ("checklists:checklist_deliberate", "提交{body}审议"),
    "sign": ("checklists:checklist_sign", "签认这份清单"),
    "sign_own": ("checklists:checklist_sign", "签认这份清单"),
    "sign_as_member": ("checklists:checklist_sign", "签认，报书记审定"),
    "approve": ("checklists:checklist_approve", "审定这份清单"),
}


@dataclass
class Sheet:
    """A list with everything that its pages and papers say about its items."""

    checklist: object
    items: list[Item]
    below: list = field(default_factory=list)
    carriers: dict = field(default_factory=dict)

    @classmethod
    def of(cls, checklist) -> "Sheet":
        """What stands on the list, without what was withdrawn from it."""
        items = [item for item in list_items.of(checklist) if not item.archived_on]
        below = uppers.lists_below(checklist)
        carriers = uppers.carriers(checklist, below) if below else {}
        return cls(checklist, items, below, carriers)

    def is_uncarried(self, item: Item) -> bool:
        """Nobody below carries it and nobody here is named: somebody must be."""
        is_sent = item.duty.origin == Duty.Origin.AD_HOC  # done where it was sent
        return bool(self.below and item.is_in_force and not is_sent
                    and not self.carriers.get(item.pk)
                    and not item.owner and not item.fulfilled_by_id and not item.asked_kind)

    def groups(self, item: Item) -> set[str]:
        """Keys of the chips under which an item stands."""
        unfilled = list_items.is_unfilled(item)
        found = {
            ALL: True, "unfilled": unfilled, "no_owner": unfilled and not item.owner,
            "not_carried": self.is_uncarried(item),
            "not_applicable": bool(item.not_applicable_since or item.asked_kind),
            "changed": self.has_last_year and list_items.differs(item),
        }
        return {key for key, holds in found.items() if holds}

    @property
    def has_last_year(self) -> bool:
        """Whether anything was taken over from the year before."""
        return any(item.carried_from_id for item in self.items)

    def shown(self, chosen: str) -> list[tuple[int, Item]]:
        """The items under a chip, each with its number on the whole list."""
        return [(number, item) for number, item in enumerate(self.items, start=1)
                if chosen in self.groups(item)]

    def count(self, key: str) -> int:
        """How many items stand under a chip."""
        return sum(key in self.groups(item) for item in self.items)

    def carried_label(self, item: Item) -> str:
        """How many of the lists below carry it: 3 / 4份."""
        return f"{len(self.carriers.get(item.pk, ()))} / {len(self.below)}份"


def known(chosen: str) -> str:
    """A chip by its key; all of them for any other text."""
    return chosen if chosen in {key for key, _label, _always in CHIPS} else ALL


def chip_label(chosen: str) -> str:
    """The filter in words, for the head of a paper."""
    return next(label for key, label, _always in CHIPS if key == chosen)


def page(sheet: Sheet, user, *, chosen: str, forms: dict[int, RowForm] | None = None,
         bulk: BulkForm | None = None, ticked: frozenset = frozenset(), problem: str = "") -> dict:
    """Everything that the page shows; `forms` hold what was typed and not taken."""
    checklist, hindrance = sheet.checklist, tailoring.hindrance(sheet.checklist, user)
    forms = forms or {item.pk: RowForm(item=item) for item in sheet.items}
    dates = next_dates(sheet, user)
    rows = [row(sheet, number, item, forms.get(item.pk) if hindrance is None else None)
            | {"is_picked": item.pk in ticked,
               "next": f"下次{day_label(dates[item.pk])}" if item.pk in dates else ""}
            for number, item in sheet.shown(chosen)]
    unfilled, uncarried = sheet.count("unfilled"), sheet.count("not_carried")
    return {
        "title": list_items.head(checklist), "checklist": checklist, "bearer": checklist.bearer,
        "lead": f"{day_label(checklist.published_on)}下发，{len(sheet.items)}项。"
                f"{adoptions.facts(checklist)}",
        "list_url": reverse("checklists:checklist_detail", args=[checklist.pk]),
        "stages": stages(sheet), "chips": chips(sheet, chosen), "chapters": chapters(rows),
        "bulk": bulk or BulkForm(prefix="bulk"), "owners": owners(checklist, user),
        "is_open": hindrance is None, "problem": problem or (hindrance.message if hindrance
                                                             else ""),
        "has_below": bool(sheet.below), "has_above": uppers.list_above(checklist) is not None,
        "links": links(checklist, chosen),
        "foot": foot(checklist, user, unfilled, uncarried),
    }


def stages(sheet: Sheet) -> list[dict]:
    """The steps bar: what is past, what is current, what lies ahead."""
    state = adoptions.of(sheet.checklist).state
    wanted = sum(1 for item in sheet.items if item.is_in_force)
    filled = f"{wanted - sheet.count('unfilled')} / {wanted}项已填好"
    found, is_current = [], False
    for stage in adoptions.stages(sheet.checklist, filled=filled):
        is_past = state not in stage.until
        is_next = not is_past and not is_current
        is_current = is_current or is_next
        mark = ("m-done", "is-done") if is_past else ("m-draft" if is_next else "m-open", "is-off")
        found.append({"name": stage.name, "say": stage.say, "is_past": is_past,
                      "is_current": is_next, "mark": mark[0], "cls": mark[1]})
    return found


def chips(sheet: Sheet, chosen: str) -> list[dict]:
    """Filters with their counts; those that find nothing stay away unless they always stand."""
    url = reverse("checklists:checklist_edit", args=[sheet.checklist.pk])
    found = [{"label": label, "count": sheet.count(key), "is_current": key == chosen,
              "url": f"{url}?show={key}" if key else url, "always": always}
             for key, label, always in CHIPS]
    return [each for each in found if each["always"] or each["count"] or each["is_current"]]


def next_dates(sheet: Sheet, user) -> dict[int, date]:
    """The date of the next open task of each item, by the item's id."""
    tasks = Occurrence.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW).filter(
        item__checklist=sheet.checklist, state=State.OPEN, due_on__gte=today())
    return dict(tasks.order_by("-due_on").values_list("item", "due_on"))


def row(sheet: Sheet, number: int, item: Item, form: RowForm | None = None) -> dict:
    """One item as a row: cells as text, and its fields where it can be changed."""
    duty = item.duty
    is_own = duty.origin == Duty.Origin.OWN
    can_edit = form is not None and item.is_in_force
    shown = plain(**{name: getattr(item, name) for name in list_items.FIELDS})
    return {
        "pk": item.pk, "number": number, "title": duty.title, "chapter": duty.chapter,
        "basis": list_items.basis(duty), "own": list_items.OWN if is_own else None,
        "note": list_items.carried_label(item),
        "upper": f"上级：{item.upper.duty.title}" if item.upper_id else "",
        "along": f"随「{item.fulfilled_by.duty.title}」一并履行" if item.fulfilled_by_id else "",
        "cadence": duty.get_cadence_display(), "limit": list_items.limit(duty),
        "early": f"提前{item.days_earlier}天" if item.days_earlier else "",
        "has_days": duty.cadence in tailoring.DATED, "measures": item.measures,
        "owner": item.owner, "carried": carried(sheet, item), "state": list_items.state(item),
        "lacks_owner": NO_OWNER if list_items.is_unfilled(item) and not item.owner else None,
        "form": form if can_edit else None, "seen": fingerprint(shown),
        "links": row_links(item, is_own=is_own) if can_edit else [],
    }


def row_links(item: Item, *, is_own: bool) -> list[dict]:
    """What can be done about one item on a page of its own."""
    if is_own:
        return [{"label": "改写", "url": reverse("checklists:own_item_change", args=[item.pk])},
                {"label": "撤下…", "url": reverse("checklists:own_item_withdraw", args=[item.pk])}]
    if item.asked_kind or petition_rules.why_applicable(item):
        return []
    url = reverse("checklists:item_petition_ask", args=[item.pk])
    return [{"label": "标为不适用…", "url": f"{url}?from=edit"}]


def carried(sheet: Sheet, item: Item) -> dict:
    """Who carries it further down: a count, a flag, or that it is done here."""
    if not item.is_in_force or item.fulfilled_by_id:
        return {"word": "—", "badge": None}
    if sheet.carriers.get(item.pk):
        return {"word": sheet.carried_label(item), "badge": None}
    return {"word": "" if sheet.is_uncarried(item) else "本级办理",
            "badge": NOT_CARRIED if sheet.is_uncarried(item) else None}


def chapters(rows: list[dict]) -> list[dict]:
    """Rows by chapter, each chapter with how far it is."""
    found: dict[int, dict] = {}
    for each in rows:
        chapter = each["chapter"]
        group = found.setdefault(chapter.number, {
            "label": f"{pages.CHAPTER_NUMBERS[chapter.number]}、{chapter.name}",
            "subtitle": chapter.subtitle, "rows": []})
        group["rows"].append(each)
    return list(found.values())


def owners(checklist, user) -> list[str]:
    """Names to choose an owner from: who holds a post at the organisation."""
    posts = Appointment.objects.visible_to(user, for_=Permission.ORGANIZATION_VIEW).on(today())
    names = posts.filter(organization=checklist.organization).order_by("pk")
    return list(dict.fromkeys(names.values_list("user__name", flat=True)))


def links(checklist, chosen: str) -> dict[str, str]:
    """Addresses of what stands beside the table; papers keep the filter."""
    names = {"own": "own_item_add", "coverage": "checklist_coverage", "uppers": "checklist_uppers",
             "reopen": "checklist_reopen"}
    papers = {"excel": "checklist_excel", "word": "checklist_word", "print": "checklist_print"}
    query = f"?show={chosen}" if chosen else ""
    found = {key: reverse(f"checklists:{name}", args=[checklist.pk])
             for key, name in (names | papers).items()}
    return found | {key: found[key] + query for key in papers}


def foot(checklist, user, unfilled: int, uncarried: int) -> dict:
    """What is lacking, and the act that comes next for this person."""
    steps = adoptions.steps(checklist, user)
    step = next((name for name in steps if name in ACTS), None)
    if adoptions.of(checklist).state != Adoption.State.TAILORING:
        unfilled = uncarried = 0  # nothing can be filled in before it is opened again
    lacks = "，".join(filter(None, (f"还有{unfilled}项未填好" if unfilled else "",
                                   f"{uncarried}项无人承接" if uncarried else "")))
    found = {"lacks": lacks, "hint": "无人承接不影响提交，写明由谁办理就行。" if uncarried else "",
             "act": None, "can_reopen": "reopen" in steps, "waits": ""}
    if step:
        name, label = ACTS[step]
        is_closed = step == "deliberate" and unfilled > 0
        label = label.format(body=adoptions.body(checklist))
        found["act"] = {"url": reverse(name, args=[checklist.pk]), "is_closed": is_closed,
                        "label": f"{label}（还差{unfilled}项）" if is_closed else label}
    elif adoptions.of(checklist).state != Adoption.State.ADOPTED:
        found["waits"] = waits(checklist)
    return found


def waits(checklist) -> str:
    """Whose turn it is, for somebody who can only fill in."""
    word = adoptions.waits_for(checklist)
    if checklist.holder_id and word == "待签认":
        return f"填好后由{checklist.holder.name}本人签认"
    return f"{word}：{adoptions.signers(checklist)}"
