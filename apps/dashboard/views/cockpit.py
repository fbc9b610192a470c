"""The cards of the admin's first page."""

from django.urls import reverse

from apps.checklists import todo
from apps.core.calendar import today
from apps.duties.models import CatalogueVersion
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission


def cards(user) -> list[dict]:
    """One card for each thing that this person may do here."""
    makers = ((Permission.REPORT_REVIEW, review_card), (Permission.ORGANIZATION_VIEW, unit_card),
              (Permission.CHECKLIST_PUBLISH, publish_card))
    return [make(user) for permission, make in makers if user.holds(permission)]


def review_card(user) -> dict:
    """How many reports wait for this person's organisation."""
    count = todo.to_review(user).count()
    return {"title": "审核", "text": f"{count}份填报等审核。" if count else "没有等审核的填报。",
            "url": reverse("admin:review_queue"), "label": "去审核"}


def unit_card(user) -> dict:
    """How many units are in view."""
    units = Organization.objects.visible_to(user, for_=Permission.ORGANIZATION_VIEW).units()
    return {"title": "单位", "text": f"{units.active().count()}个单位。",
            "url": reverse("admin:organizations_organization_changelist"), "label": "看单位"}


def publish_card(user) -> dict:
    """Which version of the catalogue would be published, and for which year."""
    newest = CatalogueVersion.objects.order_by("-year", "-code").first()
    text = f"{newest.title}，{today().year}年度。" if newest else "还没有装入责任目录。"
    return {"title": "下发清单", "text": text, "url": reverse("admin:publish_year"),
            "label": "去下发"}
