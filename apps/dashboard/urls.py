from django.urls import path

from apps.dashboard.views import jobs, me, todo

app_name = "dashboard"
urlpatterns = [
    path("", todo.todo, name="todo"),
    path("me/", me.me, name="me"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
]
