from django.contrib import admin
from django.utils.html import format_html

from apps.core.admin import HouseModelAdmin
from apps.organizations.models import Appointment, Organization, User
from apps.organizations.permissions import Permission


@admin.register(Organization)
class OrganizationAdmin(HouseModelAdmin):
    """Organisations within the person's reach, in order of the tree."""

    view_permission = Permission.ORGANIZATION_VIEW
    list_display = ("indented", "kind", "code", "leading_body", "window")
    list_filter = ("kind", "is_window")
    search_fields = ("name", "short_name", "initials", "code")
    search_help_text = "全称、简称、拼音首字母或编号"
    fields = ("name", "short_name", "kind", "code", "leading_body", "is_window", "founded_on",
              "closed_on")
    ordering = ("path",)

    @admin.display(description="组织", ordering="path")
    def indented(self, organization) -> str:
        """The name, set in by its depth."""
        return format_html('<span class="fz-in-{}">{}</span>', organization.depth,
                           organization.name)

    @admin.display(description="窗口单位")
    def window(self, organization) -> str:
        """A word, because a red cross would look like something wrong."""
        return "窗口" if organization.is_window else ""


@admin.register(Appointment)
class AppointmentAdmin(HouseModelAdmin):
    """Who holds which post, from when to when."""

    view_permission = Permission.ORGANIZATION_VIEW
    list_display = ("user", "role", "organization", "starts_on", "ends_on", "drafter")
    list_filter = ("role",)
    list_select_related = ("user", "organization", "drafter")
    search_fields = ("user__name", "user__initials", "organization__name",
                     "organization__initials")
    search_help_text = "姓名、组织或拼音首字母"
    fields = ("user", "role", "organization", "starts_on", "ends_on", "acting_for", "drafter")
    ordering = ("organization__path", "role", "pk")


@admin.register(User)
class UserAdmin(HouseModelAdmin):
    """Accounts without content: for the 系统管理员."""

    view_permission = Permission.ACCOUNT_VIEW
    list_display = ("username", "name", "is_active", "last_login", "is_demo")
    list_filter = ("is_active",)
    search_fields = ("username", "name", "initials")
    search_help_text = "账号、姓名或拼音首字母"
    fields = ("username", "name", "is_active", "last_login", "created_at", "is_demo")
    ordering = ("username",)
