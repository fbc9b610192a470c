"""The one base of every admin page: inside the nets, without writing past the verbs."""

from django import forms
from django.contrib import admin

from apps.core.errors import NotAllowed, NotVisible


class HouseModelAdmin(admin.ModelAdmin):
    """Rows are those that the person reaches; rights are ours; nothing is deleted.

    `view_permission` opens the pages. `change_permission` opens the form, whose save
    calls `save_by`, a service verb with `by=`; `is_added_here` is False where the rows
    come from elsewhere and are only changed.
    """

    view_permission: str = ""
    change_permission: str = ""
    is_added_here: bool = True
    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = ""

    @property
    def media(self) -> forms.Media:
        """None of Django's scripts: there are no popups and no bulk actions to drive."""
        return forms.Media()

    def get_queryset(self, request):
        """Only what this person reaches."""
        rows = self.model._default_manager.visible_to(request.user, for_=self.view_permission)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def changelist_view(self, request, extra_context=None):
        """Headed by the plain name of what is listed."""
        title = self.model._meta.verbose_name_plural
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_object(self, request, object_id, from_field=None):
        """403 without the right; 404, and not Django's redirect, for what is out of reach."""
        if not self.has_view_permission(request):
            raise NotAllowed("这个页面不在您的职权里。")
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise NotVisible("没有找到，或者不在您的范围内。")
        return found

    def has_module_permission(self, request) -> bool:
        return request.user.holds(self.view_permission)

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.holds(self.view_permission)

    def has_change_permission(self, request, obj=None) -> bool:
        return bool(self.change_permission) and request.user.holds(self.change_permission)

    def has_add_permission(self, request) -> bool:
        return self.is_added_here and self.has_change_permission(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_urls(self):
        """Only the pages that we offer, each with its policy for the start-up check."""
        adds = self.change_permission and self.is_added_here
        offered = ("_changelist", "_change", *(("_add",) if adds else ()))
        urls = [url for url in super().get_urls() if (url.name or "").endswith(offered)]
        for url in urls:
            url.callback.policy = self.view_permission
        return urls

    def save_model(self, request, obj, form, change):
        """Reference data is saved by its verb."""
        self.save_by(request.user, obj, form.cleaned_data)

    def save_by(self, user, obj, values: dict) -> None:
        """The verb of this model; a page with `change_permission` must name one."""
        raise TypeError(f"{type(self).__name__} has a form but no verb to save it")

    def log_addition(self, request, obj, message):
        """Our own audit records it."""

    def log_change(self, request, obj, message):
        """Our own audit records it."""
