from django.urls import path

from apps.checklists import desk
from apps.checklists.views import acts, files, lists, reports, tasks

app_name = "checklists"
urlpatterns = [
    path("lists/", lists.checklist_list, name="checklist_list"),
    path("lists/<int:pk>/", lists.checklist_detail, name="checklist_detail"),
    path("lists/<int:pk>/history/", lists.checklist_history, name="checklist_history"),
    path("items/<int:pk>/open/", acts.event_open, name="event_open"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/history/", tasks.task_history, name="task_history"),
    path("tasks/<int:pk>/report/", reports.report_submit, name="report_submit"),
    path("tasks/<int:pk>/draft/", reports.draft_save, name="draft_save"),
    path("tasks/<int:pk>/files/", files.draft_file_add, name="draft_file_add"),
    path("tasks/<int:pk>/files/<int:file_pk>/remove/", files.draft_file_remove,
         name="draft_file_remove"),
    path("tasks/<int:pk>/withdraw/", acts.report_withdraw, name="report_withdraw"),
    path("tasks/<int:pk>/send-back/", acts.report_send_back, name="report_send_back"),
    path("confirm/", acts.confirm, name="confirm"),
    path("review/", desk.review_queue, name="review_queue"),
    path("review/<int:pk>/", desk.review_detail, name="review_detail"),
    path("review/<int:pk>/accept/", desk.review_accept, name="review_accept"),
    path("review/<int:pk>/return/", desk.review_return, name="review_return"),
    path("draft-files/<int:pk>/", files.draft_file, name="draft_file"),
    path("draft-files/<int:pk>/preview/", files.draft_file_preview, name="draft_file_preview"),
    path("evidence/<int:pk>/", files.evidence, name="evidence"),
    path("evidence/<int:pk>/preview/", files.evidence_preview, name="evidence_preview"),
]
