from django.urls import path

from apps.dashboard import change_urls
from apps.dashboard.views import (
    corrections,
    directory,
    jobs,
    me,
    my_data,
    organizations,
    people,
    sessions,
    todo,
)

app_name = "dashboard"
urlpatterns = [
    path("", todo.todo, name="todo"),
    path("me/", me.me, name="me"),
    path("me/sessions/", sessions.sessions, name="sessions"),
    path("me/data/", my_data.my_data, name="my_data"),
    path("me/data/phone/", my_data.my_data_phone, name="my_data_phone"),
    path("me/data/correction/", my_data.my_data_correct, name="my_data_correct"),
    path("me/data/excel/", my_data.my_data_excel, name="my_data_excel"),
    path("me/data/json/", my_data.my_data_json, name="my_data_json"),
    path("corrections/", corrections.correction_list, name="correction_list"),
    path("corrections/<int:pk>/", corrections.correction_detail, name="correction_detail"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/phone/", people.person_phone, name="person_phone"),
    path("organizations/", directory.directory, name="directory"),
    path("organizations/tree/", directory.directory_tree, name="directory_tree"),
    path("organizations/<int:pk>/", organizations.organization, name="organization"),
    *change_urls.front,
    path("jobs/<int:pk>/", jobs.job, name="job"),
]
