"""Personal fields of core, and of the libraries that no other app brings along."""

from apps.core.privacy import SENSITIVE, Personal

FOREVER = "不自动删除"
AUDIT = "不自动删除（网络日志依法至少六个月，归档后由部署单位处理）"
AUDITOR = "安全审计员；事项的页面上，看得到这一项的人"
TASK = "已经做完的，{TASK_KEEP_DAYS}天后删除"

_DONE = Personal("查清谁在什么时候办了什么", AUDIT, AUDITOR)
_DRAFT = Personal("接着填没有填完的内容", "{DRAFT_KEEP_DAYS}天没有动过就删除；提交后删除",
                  "只有本人")
_FILE = Personal("说明材料由谁在什么时候上传", FOREVER, "看得到所在填报的人")
_JOB = Personal("看后台事项办到哪里", FOREVER, "开始这项事的人")
_SESSION = Personal("保持登录", "退出或到期后删除，最长{SESSION_HOURS}小时", "没有人", SENSITIVE,
                    is_secret=True)

PERSONAL = {
    "core.auditevent": dict.fromkeys(
        ("at", "actor_id", "actor_name", "code", "target_label", "details", "outcome", "ip"),
        _DONE),
    "core.draft": dict.fromkeys(("user", "data", "saved_at"), _DRAFT),
    "core.draftfile": {"file": _DRAFT},
    "core.storedfile": dict.fromkeys(("name", "uploaded_by", "created_at"), _FILE),
    "core.job": dict.fromkeys(("title", "message", "created_by", "created_at"), _JOB),
    "sessions.session": {"session_key": _SESSION, "session_data": _SESSION},
    "admin.logentry": {"user": Personal("库自带的表，本平台不写入", "没有内容", "没有人")},
    "django_tasks_database.dbtaskresult": {
        "args_kwargs": Personal("后台事项的参数，含开始人的内部编号", TASK, "没有人",
                                is_secret=True)},
}
OWNERS = {"core.auditevent": ("actor_id",), "core.draftfile": ("draft__user",)}
NAMES = {
    "core.auditevent.actor_id": "办理人", "core.auditevent.details": "细节",
    "core.draft.user": "写的人", "core.draft.data": "写的内容", "core.draft.saved_at": "保存时间",
    "core.draftfile.draft": "写的人", "core.draftfile.file": "文件",
    "core.job.created_by": "开始人", "django_tasks_database.dbtaskresult": "后台任务",
    "django_tasks_database.dbtaskresult.args_kwargs": "参数",
}
REST = {
    "core.auditevent": "id number target_type target_id parent_type parent_id path request_id "
                       "previous_hash hash",
    "core.calendaryear": "id year",
    "core.draft": "id target_type target_id submit_key",
    "core.draftfile": "id draft",
    "core.job": "id kind state done total moved_at finished_at",
    "core.storedfile": "id sha256 size content_type preview_path",
    "core.workingday": "id day is_working name",
    "admin.logentry": "id action_time content_type object_id object_repr action_flag "
                      "change_message",
    "auth.group": "id name permissions",
    "auth.permission": "id name content_type codename",
    "contenttypes.contenttype": "id app_label model",
    "sessions.session": "expire_date",
    "django_tasks_database.dbtaskresult":
        "id status enqueued_at started_at finished_at priority task_path worker_ids queue_name "
        "backend_name run_after return_value exception_class_path traceback",
}
