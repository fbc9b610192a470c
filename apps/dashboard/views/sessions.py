from django.contrib import messages
from django.shortcuts import redirect, render

from apps.core.access import LOGGED_IN, requires
from apps.core.dates import moment_label
from apps.core.errors import NotVisible
from apps.organizations import sessions as logins


@requires(LOGGED_IN)
def sessions(request):
    """Where the person is logged in; end one of them, or all but this."""
    mine = request.session.get(logins.ROW)
    if request.method == "POST":
        only = request.POST.get("only", "")
        count = logins.end(user=request.user, by=request.user, keep=mine,
                           only=int(only) if only.isdecimal() and len(only) < 19 else None)
        if only and not count:
            raise NotVisible("这一处已经退出了。")
        messages.success(request, f"退出了{count}处。" if count else "别处没有登录着。")
        return redirect("dashboard:sessions")
    rows = [session_row(each, mine) for each in logins.of(request.user)]
    return render(request, "dashboard/sessions.html", {
        "rows": rows, "others": sum(not row["is_this"] for row in rows)})


def session_row(session, mine: int | None) -> dict:
    """One place in words."""
    return {
        "pk": session.pk, "is_this": session.pk == mine,
        "device": logins.device(session.agent), "ip": session.ip,
        "since": f"{moment_label(session.started_at)}登录",
        "seen": f"{moment_label(session.last_seen_at)}用过",
    }
