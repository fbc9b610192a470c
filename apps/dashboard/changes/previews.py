"""What will follow from a change, preformatted for the page that asks once more."""

from apps.checklists.services.aftermath import Closing, HandOver
from apps.core.dates import day_label

SHOWN = 8


def of_hand_over(found: HandOver, to) -> list[dict]:
    """Sections of what goes to the successor."""
    lists = [f"{each.bearer}{each.year}年清单" for each in found.lists]
    tasks = [f"{task}，{day_label(task.deadline_on)}前报" for task in found.tasks]
    if found.is_personal:
        goes = (f"到期在先的由原任补报；以后的在{to.name}自己的清单里，措施照抄过去")
    else:
        goes = f"都由{to.name}接着报"
    return [each for each in (
        section("没有报的", len(found.tasks), tasks, goes),
        section("写了一半的草稿", found.drafts, [], "连同附件转过去；他自己已经在写的不动"),
        section("清单", len(lists), lists, "新任自己另有一份" if found.is_personal else "接着用"),
        section("分管和联系", len(found.portfolios),
                [each.organization.name for each in found.portfolios], "一并转过去"),
        section("代填", len(found.leaders), [str(each.user) for each in found.leaders],
                "以后由新任代填"),
        section("代行", len(found.deputies), [each.user.name for each in found.deputies],
                "到移交前一天停止"),
    ) if each["count"]]


def of_closing(found: Closing) -> list[dict]:
    """Sections of what ends and of what goes on elsewhere."""
    home = found.home.name if found.home else ""
    return [each for each in (
        section("划过去的支部", len(found.branches), [each.name for each in found.branches],
                f"连同清单和任务划到{home}，照常报"),
        section("撤销的组织", len(found.places), [each.name for each in found.places],
                "历史照样可以查看"),
        section("终止的任职", len(found.posts),
                [f"{each.user.name}，{each}" for each in found.posts], "到前一天为止"),
        section("终止的清单", found.lists, [], "不再产生任务"),
        section("以后到期的任务", found.excused, [], "记为本期免报"),
        section("以前到期、没有报的", found.owed, [], "原样保留"),
        section("等审核的填报", found.waiting, [], "照常审核"),
    ) if each["count"]]


def section(title: str, count: int, rows: list[str], what: str) -> dict:
    """One kind of thing: how many, what becomes of them, the first by name."""
    more = len(rows) - SHOWN
    return {"title": title, "count": count, "what": what,
            "rows": rows[:SHOWN] + ([f"还有{more}项"] if more > 0 else [])}


def fingerprint(*parts) -> str:
    """What must still be so when it is done."""
    return ":".join(str(part) for part in parts)
