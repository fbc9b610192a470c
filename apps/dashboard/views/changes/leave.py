"""A holder who is away names his deputy himself, from his own page."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render

from apps.core.access import LOGGED_IN, requires
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.dashboard.changes import frames, people
from apps.dashboard.changes.forms import LeaveForm
from apps.organizations import services
from apps.organizations.services import posts


@requires(LOGGED_IN)
def post_leave(request, pk: int):
    """Name a deputy for the days away; it ends by itself."""
    post = frames.own_post(request, pk)
    problem = posts.may_deputize(request.user, post)
    if problem or post.acting_for_id:
        raise NotAllowed(problem or "代行的职务不能再请人代行。", target=post)
    stand_ins = posts.stand_ins(post).order_by("name", "pk")
    last = today() + timedelta(days=settings.LEAVE_DAYS - 1)
    form = LeaveForm(request.POST or None, stand_ins=stand_ins, initial={"ends_on": last},
                     choices=people.labelled(request.user, stand_ins))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.deputize(appointment=post, by=request.user, **form.cleaned_data)
            messages.info(request, f"{day_label(made.starts_on)}至{day_label(made.ends_on)}由"
                                   f"{made.user.name}代行{post}。")
            return redirect("dashboard:me")
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    return render(request, "dashboard/changes/leave.html", {
        "post": str(post), "form": form,
        "back_url": frames.reverse_me()[0]})
