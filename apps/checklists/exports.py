"""A list on paper: the columns that units use, for print, Excel and Word.

Columns after the lists collected in domain/platforms.md, list (c).
"""

from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO

from django.db.models import Count

from apps.checklists import adoptions, list_items, pages
from apps.checklists.edit_page import Sheet, chip_label
from apps.checklists.models import Item, Occurrence
from apps.core import documents, spreadsheets
from apps.core.calendar import today
from apps.core.dates import full_label
from apps.duties.models import Duty
from apps.organizations.permissions import Permission

State = Occurrence.State
# Head, width in Excel (characters), width in Word (millimetres; 267 in all).
COLUMNS = (
    ("序号", 5, 10), ("责任内容", 15, 26), ("具体任务（工作要求）", 36, 56), ("依据", 16, 24),
    ("工作措施", 24, 40), ("责任人", 9, 18), ("周期", 8, 15), ("完成时限", 13, 20),
    ("佐证材料", 9, 16), ("上级事项", 14, 20), ("完成情况", 14, 22),
)
DONE = (State.ACCEPTED, State.EXCUSED)


def facts(sheet: Sheet, user, chosen: str) -> list[str]:
    """The head of every paper: bearer, year, edition, adoption, filter, day and reader."""
    checklist = sheet.checklist
    adopted = adoptions.facts(checklist) or "尚未审定"
    filtered = f"，只列“{chip_label(chosen)}”的" if chosen else ""
    lines = (
        (f"责任主体：{checklist.bearer_then}", f"年度：{checklist.year}年",
         f"责任目录：{checklist.version.code}版"),
        (f"审定：{adopted}",),
        (f"共{len(sheet.shown(chosen))}项{filtered}", full_label(today()),
         f"{user.name}从方阵导出"),
    )
    return ["　　".join(line) for line in lines]


def chapters(sheet: Sheet, user, chosen: str) -> list[dict]:
    """The rows by chapter, each a list of cells in the order of COLUMNS."""
    done, found = progress(sheet, user), []
    for number, item in sheet.shown(chosen):
        chapter = item.duty.chapter
        title = f"{pages.CHAPTER_NUMBERS[chapter.number]}、{chapter.name}　{chapter.subtitle}"
        if not found or found[-1]["title"] != title:
            found.append({"title": title, "rows": []})
        found[-1]["rows"].append(cells(number, item, done))
    return found


def cells(number: int, item: Item, done: dict) -> list[str]:
    """One item as a row of a paper."""
    duty = item.duty
    return [
        str(number), duty.title, duty.text, list_items.basis(duty), item.measures, item.owner,
        duty.get_cadence_display(), list_items.own_limit(item), duty.get_evidence_display(),
        item.upper.duty.title if item.upper_id else "", done[item.pk],
    ]


def progress(sheet: Sheet, user) -> dict[int, str]:
    """How far each item is this year, in words."""
    tasks = Occurrence.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    tasks = tasks.filter(item__checklist=sheet.checklist).values_list("item", "state")
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for item, state, count in tasks.annotate(count=Count("pk")).order_by("item"):
        counts[item][state] = count
    return {item.pk: said(item, counts[item.pk]) for item in sheet.items}


def said(item: Item, counts: dict[str, int]) -> str:
    """全年12次，办结10次，待审核1次; or why there is nothing to count."""
    if reason := list_items.out_of_force(item):
        return reason
    if item.fulfilled_by_id:
        return f"随“{item.fulfilled_by.duty.title}”一并履行"
    if item.duty.cadence == Duty.Cadence.STANDING:
        return "常态履行"
    total, is_event = sum(counts.values()), item.duty.cadence == Duty.Cadence.ON_EVENT
    if is_event and not total:
        return "今年还没有发生"
    done, sent = sum(counts.get(each, 0) for each in DONE), counts.get(State.SUBMITTED, 0)
    parts = (f"发生{total}次" if is_event else f"全年{total}次", f"办结{done}次" if done else "",
             f"待审核{sent}次" if sent else "")
    return "，".join(filter(None, parts))


def rows(sheet: Sheet, user, chosen: str) -> Iterator[list[str]]:
    """Headings of chapters and rows, as both kinds of file take them."""
    for chapter in chapters(sheet, user, chosen):
        yield [chapter["title"]]
        yield from chapter["rows"]


def excel(sheet: Sheet, user, chosen: str) -> BytesIO:
    """The list as an Excel file."""
    return spreadsheets.table(
        title=list_items.head(sheet.checklist), facts=facts(sheet, user, chosen),
        columns=[spreadsheets.Column(head, width) for head, width, _mm in COLUMNS],
        rows=([int(row[0]), *row[1:]] if len(row) > 1 else row
              for row in rows(sheet, user, chosen)))


def word(sheet: Sheet, user, chosen: str) -> BytesIO:
    """The list as a Word file, with lines to sign."""
    return documents.table(
        title=list_items.head(sheet.checklist), facts=facts(sheet, user, chosen),
        columns=[(head, mm) for head, _width, mm in COLUMNS],
        rows=rows(sheet, user, chosen), signatures=[signature(sheet.checklist)])


def signature(checklist) -> str:
    """Who signs the paper, with room for name and date."""
    blank = "＿" * 8
    who = "本人签字" if checklist.holder_id else f"{adoptions.body(checklist)}书记签字"
    return f"{who}：{blank}　　　　日期：{blank}"


def file_name(sheet: Sheet, extension: str) -> str:
    """What the file is called: bearer, year, day."""
    checklist = sheet.checklist
    return f"{checklist.bearer_then}{checklist.year}年责任清单{today():%Y%m%d}.{extension}"
