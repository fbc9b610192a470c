"""The cards of the admin's first page."""

from django.urls import reverse

from apps.checklists import todo
from apps.checklists.models import AdHocTask, Checklist, ListYear
from apps.checklists.services.years import closes_on
from apps.checklists.unreported import pressing, pressing_label
from apps.core.calendar import has_year, today
from apps.core.dates import day_label
from apps.dashboard.views.todo import corrections
from apps.duties.models import CatalogueVersion
from apps.organizations import vacancies
from apps.organizations.models import AppointmentProposal, Organization, User
from apps.organizations.permissions import Permission


def cards(user) -> list[dict]:
    """One card for each thing that this person may do here."""
    makers = ((Permission.REPORT_REVIEW, review_card), (Permission.PETITION_DECIDE, petition_card),
              (Permission.CHECKLIST_VIEW, unreported_card), (Permission.TASK_SEND, ad_hoc_card),
              (Permission.ORGANIZATION_VIEW, unit_card), (Permission.POST_EDIT, post_card),
              (Permission.POST_EDIT, proposal_card), (Permission.ACCOUNT_EDIT, roster_card),
              (Permission.CHECKLIST_PUBLISH, publish_card), (Permission.YEAR_CLOSE, year_card),
              (Permission.CALENDAR_EDIT, calendar_card), (Permission.ACCOUNT_VIEW, account_card))
    made = [make(user) for permission, make in makers if user.holds(permission)]
    return [card for card in (*made, correction_card(user)) if card]


def review_card(user) -> dict:
    """How many reports wait for this person's organisation."""
    count = todo.to_review(user).count()
    return {"title": "审核", "text": f"{count}份填报等审核。" if count else "没有等审核的填报。",
            "url": reverse("admin:review_queue"), "label": "去审核"}


def petition_card(user) -> dict:
    """How many petitions wait for this person's answer."""
    count = todo.to_decide(user).count()
    return {"title": "申请", "text": f"{count}件申请等答复。" if count else "没有等答复的申请。",
            "url": reverse("admin:petition_list"), "label": "看申请"}


def unreported_card(user) -> dict:
    """How much is late or about to be, of what is not yet reported."""
    label = pressing_label(*pressing(user))
    return {"title": "未报", "text": f"{label}。" if label else "没有逾期和临期的。",
            "url": reverse("admin:outstanding"), "label": "看没有报的"}


def ad_hoc_card(user) -> dict:
    """How many ad-hoc tasks were sent this year."""
    sent = AdHocTask.objects.visible_to(user, for_=Permission.TASK_SEND)
    count = sent.filter(year=today().year).count()
    text = f"今年下发过{count}项。" if count else "今年还没有下发过。"
    return {"title": "临时任务", "text": text,
            "url": reverse("admin:ad_hoc_list"), "label": "看临时任务"}


def unit_card(user) -> dict:
    """How many units are in view."""
    units = Organization.objects.visible_to(user, for_=Permission.ORGANIZATION_VIEW).units()
    return {"title": "单位", "text": f"{units.active().count()}个单位。",
            "url": reverse("dashboard:directory"), "label": "看单位"}


def post_card(user) -> dict:
    """How many secretaries are missing."""
    count = len(vacancies.to_fill(user))
    text = f"{count}个书记职务空缺。" if count else "书记都有人任。"
    return {"title": "任职和变动", "text": text,
            "url": reverse("admin:vacancy_list"), "label": "去办理"}


def proposal_card(user) -> dict:
    """How many committee and technical posts wait for a second administrator."""
    rows = AppointmentProposal.objects.visible_to(user, for_=Permission.POST_EDIT)
    count = rows.waiting().count()
    return {"title": "任免提请", "text": f"{count}件等确认。" if count else "没有等确认的任免。",
            "url": reverse("admin:proposal_list"), "label": "看提请"}


def roster_card(user) -> dict:
    """Where organisations, people and posts come in and go out by Excel."""
    return {"title": "名册", "text": "用Excel登记组织、人员和任职。",
            "url": reverse("admin:roster"), "label": "看名册"}


def account_card(user) -> dict:
    """How many accounts there are; a new one without a post."""
    count = User.objects.visible_to(user, for_=Permission.ACCOUNT_VIEW).count()
    return {"title": "账号", "text": f"{count}个账号。", "url": reverse("admin:account_add"),
            "label": "新建账号"}


def correction_card(user) -> dict | None:
    """Requests of people to put right what is kept about them; none while none waits."""
    found = corrections(user)
    return found and {"title": "更正申请", "text": f"{found['count']}件等答复。",
                      "url": found["url"], "label": "看更正申请"}


def publish_card(user) -> dict:
    """Which version of the catalogue would be published, and for which year."""
    newest = CatalogueVersion.objects.order_by("-year", "-code").first()
    text = f"{newest.title}，{today().year}年度。" if newest else "还没有装入责任目录。"
    return {"title": "下发清单", "text": text, "url": reverse("admin:publish_year"),
            "label": "去下发"}


def year_card(user) -> dict:
    """Which year can still be filed late, and until when."""
    last = today().year - 1
    is_open = ListYear.objects.is_open(last) and Checklist.objects.visible_to(
        user, for_=Permission.CHECKLIST_VIEW).filter(year=last).exists()
    text = (f"{last}年度还没有封账。" if is_open else
            f"{today().year}年度进行中，补报到{day_label(closes_on(today().year))}。")
    return {"title": "清单年度", "text": text, "url": reverse("admin:year_list"),
            "label": "看各年度"}


def calendar_card(user) -> dict:
    """Whether the working days of this year and the next are entered."""
    this_year = today().year
    open_years = [f"{year}年" for year in (this_year, this_year + 1) if not has_year(year)]
    text = (f"{'、'.join(open_years)}的放假安排还没有录完，日期是暂定的。" if open_years
            else f"{this_year}年、{this_year + 1}年都录完了。")
    return {"title": "工作日", "text": text, "label": "看工作日",
            "url": reverse("admin:calendar")}
