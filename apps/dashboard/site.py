"""The committee's admin site: our nets, our bar, the review desk among its pages."""

from functools import update_wrapper

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import path

from apps.checklists import desk
from apps.checklists.views import petitions
from apps.core.admin import HouseModelAdmin
from apps.core.errors import NotAllowed
from apps.dashboard import catalogue_urls, change_urls, roster_urls, sending_urls, year_urls
from apps.dashboard.views import audit, cockpit, publish
from apps.organizations import desk as accounts

# allauth has these, and the house has its own notion of rights for the rest.
DROPPED = {"logout", "password_change", "password_change_done", "view_on_site", "autocomplete"}
# Addresses by subject, each of our own.
GROUPS = (catalogue_urls, change_urls, year_urls, sending_urls, roster_urls)


class CommitteeSite(admin.AdminSite):
    """Whoever holds a committee or a technical post comes in; nobody else does."""

    site_header = site_title = "方阵"
    index_title = "总览"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """Take only HouseModelAdmin: pages of third-party apps drop out."""
        if admin_class is not None and issubclass(admin_class, HouseModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view, cacheable=False):
        """A person without a committee post gets 403, not Django's own login form."""

        def inner(request, *args, **kwargs):
            if not self.has_permission(request):
                raise NotAllowed("这里是工委的后台，您的职务用前台。")
            return view(request, *args, **kwargs)

        return update_wrapper(inner, view)

    def has_permission(self, request) -> bool:
        """Holds a committee or technical post today."""
        return request.user.is_active and request.user.is_staff

    @login_not_required
    def login(self, request, extra_context=None):
        """There is one door: /accounts/login/. A password posted here is not looked at."""
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next", "/admin/"))

    def index(self, request, extra_context=None):
        """The first page: what waits, and what this person may open."""
        cards = {"cards": cockpit.cards(request.user)}
        return super().index(request, {**cards, **(extra_context or {})})

    def get_urls(self):
        """Django's pages that we keep, then our own under the same bar."""
        kept = [url for url in super().get_urls() if getattr(url, "name", None) not in DROPPED]
        base = {"base": desk.ADMIN}
        own = [
            path("review/", desk.review_queue, base, name="review_queue"),
            path("review/<int:pk>/", desk.review_detail, base, name="review_detail"),
            path("review/<int:pk>/accept/", desk.review_accept, base, name="review_accept"),
            path("review/<int:pk>/return/", desk.review_return, base, name="review_return"),
            path("petitions/", petitions.petition_list, base, name="petition_list"),
            path("petitions/<int:pk>/", petitions.petition_detail, base, name="petition_detail"),
            path("organizations/user/<int:pk>/reset/", accounts.account_reset,
                 name="account_reset"),
            *(path(f"organizations/user/<int:pk>/{verb}/", accounts.account_act, {"verb": verb},
                   name=f"account_{verb}") for verb in accounts.ACTS),
            path("publish/", publish.publish_year, name="publish_year"),
            path("audit/", audit.audit, name="audit"),
            path("audit/export/", audit.audit_export, name="audit_export"),
            path("audit/verify/", audit.audit_verify, name="audit_verify"),
            *(url for group in GROUPS for url in group.paths()),
        ]
        for url in own:
            url.callback = self.admin_view(url.callback)
        return own + kept
