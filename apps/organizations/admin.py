from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html

from apps.core.admin import HouseModelAdmin
from apps.organizations import desk, lockout, sessions
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
              "closed_on", "page")
    readonly_fields = ("page",)
    ordering = ("path",)

    @admin.display(description="清单和任职")
    def page(self, organization) -> str:
        """The page that says who bears which list and why; an upper app has it."""
        address = reverse("dashboard:organization", args=[organization.pk])
        return format_html('<a href="{}">谁承担、谁审核、谁任职</a>', address)

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


class StandingFilter(admin.SimpleListFilter):
    """Accounts that open, and those that somebody has shut."""

    title = "状态"
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return (("open", "可以登录"), ("shut", "停用着"))

    def queryset(self, request, queryset):
        """All when nothing, or nothing known, was chosen."""
        wanted = {"open": True, "shut": False}.get(self.value())
        return queryset if wanted is None else queryset.filter(is_active=wanted)


@admin.register(User)
class UserAdmin(HouseModelAdmin):
    """Accounts without content: for the 系统管理员."""

    view_permission = Permission.ACCOUNT_VIEW
    list_display = ("username", "name", "standing", "last_login", "logged_in", "hint")
    list_filter = (StandingFilter,)
    search_fields = ("username", "name", "initials")
    search_help_text = "账号、姓名或拼音首字母"
    fields = ("username", "name", "is_active", "last_login", "created_at", "is_demo")
    ordering = ("username",)

    def get_queryset(self, request):
        """With how many sessions of each are alive."""
        alive = sessions.alive().filter(user=OuterRef("pk")).order_by().values("user")
        counts = Subquery(alive.annotate(n=Count("pk")).values("n"))
        return super().get_queryset(request).annotate(session_count=Coalesce(counts, 0))

    def get_changelist_instance(self, request):
        """With the locks of the whole page in one question."""
        page = super().get_changelist_instance(request)
        page.result_list = list(page.result_list)
        locked = lockout.locked_among(user.username for user in page.result_list)
        for user in page.result_list:
            user.is_locked = user.username in locked
        return page

    @admin.display(description="状态")
    def standing(self, user) -> str:
        """Whether the account opens."""
        if not user.is_active:
            return "停用着"
        return "连错多次，锁着" if user.is_locked else "可以登录"

    @admin.display(description="登录着")
    def logged_in(self, user) -> str:
        """On how many machines."""
        return f"{user.session_count}处" if user.session_count else ""

    @admin.display(description="提示")
    def hint(self, user) -> str:
        """Accounts that nobody uses are looked at and blocked."""
        words = ["演示账号"] if user.is_demo else []
        if user.is_active and desk.is_unused(user):
            words.append(f"{desk.UNUSED_DAYS}天没有登录")
        return "，".join(words)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """With the state of the login, and the doors to change it."""
        found = self.get_object(request, object_id)
        state = {"state": desk.state(found, request.user)}
        return super().change_view(request, object_id, form_url,
                                   {**(extra_context or {}), **state})
