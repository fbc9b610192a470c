"""What an officer asks, with good answers: for tests of 临时任务 and of what follows."""

from datetime import date

from apps.checklists.models import Occurrence
from apps.checklists.services import ad_hoc
from apps.checklists.services.asks import Ask, Opening
from apps.duties.models import Chapter, Duty

MONDAY = date(2026, 11, 30)


def ask(**values) -> Ask:
    """A count of window staff, asked of the party groups, except for what is given."""
    good = {
        "title": "窗口服务情况统计", "basis": "市直工委〔2026〕12号", "subject": "party_group",
        "chapter": Chapter.objects.get(number=4), "text": "报窗口数和党员示范岗数。",
        "evidence": "words", "evidence_why": "两个数写清就够，不要材料。", "minutes": 10,
        "due_on": MONDAY}
    return Ask(**good | values)


def opening(**values) -> Opening:
    """A new paper to be studied, except for what is given."""
    good = {"title": "学习市委全会精神", "basis": "市委〔2026〕9号",
            "happened_on": date(2026, 11, 20), "duty": Duty.objects.get(code="DZ-04")}
    return Opening(**good | values)


def send(city, *keys: str, by="gongwei", what=None):
    """Send `what` (the count) to these units."""
    return ad_hoc.send(ask=what or ask(), units=[city.place(key).pk for key in keys],
                       by=city.user(by))


def opened(task) -> list[Occurrence]:
    """The tasks that it has opened, in tree order."""
    return list(Occurrence.unscoped.for_page().filter(opened_by=task.key)
                .order_by("organization__path", "pk"))


def places(task) -> list[str]:
    """Whose lists got it, by code."""
    return [row.organization.code for row in opened(task)]
