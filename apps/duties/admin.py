from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse

from apps.core.admin import HouseModelAdmin
from apps.duties.forms import ParameterForm
from apps.duties.models import (
    ActivityKind,
    Campaign,
    CatalogueVersion,
    Duty,
    Mechanism,
    Parameter,
    SelfCheckQuestion,
)
from apps.duties.predicates import PREDICATES
from apps.duties.services import parameters
from apps.organizations.permissions import Permission

# Fields of a duty that only one on event has.
ON_EVENT = ("event_label", "days_after_event", "opened_by", "events_a_year")
NOTHING = "—"


class CatalogueAdmin(HouseModelAdmin):
    """The catalogue is everybody's who may read it at all."""

    view_permission = Permission.CATALOGUE_VIEW

    def get_queryset(self, request):
        """All rows: the catalogue has no scope."""
        rows = self.model.objects.all()
        return rows.order_by(*self.ordering)


class VersionFilter(admin.RelatedFieldListFilter):
    """Every duty listed here stands in an edition: there is no empty choice."""

    include_empty_choice = False


@admin.register(CatalogueVersion)
class CatalogueVersionAdmin(CatalogueAdmin):
    """Versions, the newest first."""

    list_display = ("code", "title", "year", "state", "published_on")
    fields = ("code", "title", "year", "state", "published_on")
    ordering = ("-year", "-code")


@admin.register(Duty)
class DutyAdmin(CatalogueAdmin):
    """Duties with what they ask, why, how much is enough, and what answers them."""

    list_display = ("code", "title", "subject", "cadence", "evidence", "review_mode", "chapter")
    list_filter = ("subject", "cadence", "chapter__number", ("version", VersionFilter))
    list_select_related = ("chapter",)
    search_fields = ("code", "title", "text")
    search_help_text = "代码、名称或内容"
    filter_horizontal = ("clauses",)
    fields = ("code", "title", "subject", "chapter", "text", "standard", "risks",
              "expected_effect", "example", "why", "evidence", "evidence_why", "cadence",
              *ON_EVENT, "review_mode", "minutes", "needed_facts", "answered_by",
              "answered_together", "done_along", "site_values", "clauses")
    readonly_fields = ("needed_facts", "answered_by", "answered_together", "done_along",
                       "site_values")
    ordering = ("version", "subject", "position")

    def get_fields(self, request, obj=None):
        """What belongs to events only is shown only there."""
        has_events = obj is None or obj.cadence == Duty.Cadence.ON_EVENT
        return [name for name in self.fields if has_events or name not in ON_EVENT]

    @admin.display(description="适用条件")
    def needed_facts(self, duty) -> str:
        """In words; a duty without conditions is everybody's."""
        return "、".join(PREDICATES[name] for name in duty.applies_to) or "都适用"

    @admin.display(description="可由哪类活动履行")
    def answered_by(self, duty) -> str:
        """Names of the kinds; the code where an older version never named it."""
        names = dict(ActivityKind.objects.filter(code__in=duty.activity_kinds)
                     .values_list("code", "name"))
        return "、".join(names.get(code, code) for code in duty.activity_kinds) or NOTHING

    @admin.display(description="同一次活动还能履行")
    def answered_together(self, duty) -> str:
        """Other duties of its rhythm and theme that one activity of a shared kind answers."""
        if not duty.theme:
            return NOTHING
        same = Duty.objects.in_version(duty.version_id).filter(
            theme=duty.theme, cadence=duty.cadence).exclude(pk=duty.pk)
        kinds = set(duty.activity_kinds)
        return "、".join(str(each) for each in same.in_order()
                        if kinds & set(each.activity_kinds)) or NOTHING

    @admin.display(description="一并履行")
    def done_along(self, duty) -> str:
        """The duties without tasks of their own, as 随「…」 names them."""
        carried = Duty.objects.in_version(duty.version_id).filter(code__in=duty.also_fulfils)
        return "、".join(map(str, carried.in_order())) or NOTHING

    @admin.display(description="用到的本市设定")
    def site_values(self, duty) -> str:
        """Each with what the site has set."""
        rows = Parameter.objects.filter(code__in=duty.parameters)
        return "；".join(f"{row.name}：{row.shown()}" for row in rows) or NOTHING


@admin.register(SelfCheckQuestion)
class SelfCheckQuestionAdmin(CatalogueAdmin):
    """Questions of the yearly self-check, by version."""

    list_display = ("number", "title", "chapter", "version")
    list_display_links = ("title",)
    list_filter = ("version",)
    list_select_related = ("chapter", "version")
    filter_horizontal = ("clauses",)
    fields = ("version", "number", "title", "text", "chapter", "clauses")
    ordering = ("-version", "number")


@admin.register(Campaign)
class CampaignAdmin(CatalogueAdmin):
    """Past campaigns: kept, given to nobody."""

    list_display = ("code", "title", "text")
    search_fields = ("code", "title", "text")
    search_help_text = "代码、名称或内容"
    filter_horizontal = ("clauses",)
    fields = ("code", "title", "text", "note", "clauses")
    ordering = ("code",)


@admin.register(Mechanism)
class MechanismAdmin(CatalogueAdmin):
    """What the app itself does, and for which clauses."""

    list_display = ("code", "name", "text")
    search_fields = ("code", "name", "text")
    search_help_text = "代码、名称或内容"
    filter_horizontal = ("clauses",)
    fields = ("code", "name", "text", "clauses")
    ordering = ("code",)


@admin.register(Parameter)
class ParameterAdmin(CatalogueAdmin):
    """Values that the sources leave open; one that lives in a duty is only shown here."""

    change_permission = Permission.CATALOGUE_EDIT
    is_added_here = False
    form = ParameterForm
    list_display = ("name", "current", "left_open")
    search_fields = ("name", "code", "value")
    search_help_text = "名称或设定"
    fields = ("name", "value", "unit", "start_value", "left_open", "basis")
    readonly_fields = ("name", "where", "unit", "start_value", "left_open", "basis")
    ordering = ("position",)

    @admin.display(description="本市设定")
    def current(self, parameter) -> str:
        """The value with its unit, or where it is changed."""
        return parameter.shown()

    @admin.display(description="本市设定")
    def where(self, parameter) -> str:
        """How to change one that is not changed here."""
        return f"{parameter.shown()}。要改，请起草新版责任目录，在那一项职责里改。"

    def get_fields(self, request, obj=None):
        """Without a field where the value is not kept here."""
        if obj is not None and obj.lives_in:
            return ("name", "where", "left_open", "basis")
        return self.fields

    def has_change_permission(self, request, obj=None) -> bool:
        """Not for one that lives in a duty: it is changed in a draft of the catalogue."""
        is_kept_here = obj is None or not obj.lives_in
        return is_kept_here and super().has_change_permission(request, obj)

    def render_change_form(self, request, context, *args, **kwargs):
        """One button: save and back to the table."""
        context |= {"show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_by(self, user, obj, values):
        """Through the verb."""
        parameters.set_parameter(parameter=obj, value=values["value"], by=user)

    def response_change(self, request, obj):
        """Back to the table, with the value in one sentence."""
        self.message_user(request, f"{obj.name}：{obj.shown()}。")
        return HttpResponseRedirect(reverse("admin:duties_parameter_changelist"))
