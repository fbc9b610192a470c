from django.contrib import admin

from apps.core.admin import HouseModelAdmin
from apps.duties.models import CatalogueVersion, Duty
from apps.organizations.permissions import Permission


class CatalogueAdmin(HouseModelAdmin):
    """The catalogue is everybody's who may read it at all."""

    view_permission = Permission.CATALOGUE_VIEW

    def get_queryset(self, request):
        """All rows: the catalogue has no scope."""
        rows = self.model.objects.all()
        return rows.order_by(*self.ordering)


@admin.register(CatalogueVersion)
class CatalogueVersionAdmin(CatalogueAdmin):
    """Versions, the newest first."""

    list_display = ("code", "title", "year", "state", "published_on")
    fields = ("code", "title", "year", "state", "published_on")
    ordering = ("-year", "-code")


@admin.register(Duty)
class DutyAdmin(CatalogueAdmin):
    """Duties with what they ask, why, and how much is enough."""

    list_display = ("code", "title", "subject", "cadence", "evidence", "review_mode", "chapter")
    list_filter = ("subject", "cadence", "chapter__number", "version")
    list_select_related = ("chapter",)
    search_fields = ("code", "title", "text")
    search_help_text = "代码、名称或内容"
    filter_horizontal = ("clauses",)
    fields = ("code", "title", "subject", "chapter", "text", "standard", "example", "why",
              "evidence", "evidence_why", "cadence", "review_mode", "minutes", "clauses")
    ordering = ("version", "subject", "position")
