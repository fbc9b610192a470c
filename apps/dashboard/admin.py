"""Admin pages of core's models: core itself knows no permission."""

from django.contrib import admin

from apps.core import audit
from apps.core.admin import HouseModelAdmin
from apps.core.models import AuditEvent
from apps.organizations.permissions import Permission


@admin.register(AuditEvent)
class AuditEventAdmin(HouseModelAdmin):
    """The audit, for the 安全审计员: sentences first, fields behind them."""

    view_permission = Permission.AUDIT_VIEW
    list_display = ("number", "at", "actor_name", "sentence", "outcome", "ip")
    list_filter = ("outcome",)
    search_fields = ("actor_name", "target_label", "code", "request_id")
    search_help_text = "办理人、对象、代码或请求编号"
    date_hierarchy = "at"
    fields = ("number", "at", "actor_name", "sentence", "code", "target_label", "outcome", "ip",
              "request_id", "hash")
    ordering = ("-number",)

    @admin.display(description="做了什么")
    def sentence(self, event) -> str:
        """The event in plain words."""
        return audit.sentence(event)
