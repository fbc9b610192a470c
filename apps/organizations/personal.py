"""Personal fields of organizations, and of the login's libraries."""

from apps.core.privacy import SENSITIVE, Personal

FOREVER = "不自动删除"
STAFF = "本人；系统管理员；管账号的工委管理员、机关党委"
IN_SCOPE = "职权范围内能看组织的人"
NOBODY = "没有人，只用来比对"

_NAME = Personal("认出办理人和任职人", "账号在册期间；办过的事上的姓名随事保留", IN_SCOPE)
_ACCOUNT = Personal("登录和账号管理", "账号在册期间，停用后不自动删除", STAFF)
_POST = Personal("谁在什么时候担任什么职务，据此定职权", FOREVER, IN_SCOPE)
_ASKED = Personal("答复更正申请", FOREVER, "本人；管账号的工委管理员、机关党委、系统管理员")
_LOGIN = Personal("看看还有哪里登录着，异常时退出", "退出后删除，最长{SESSION_HOURS}小时",
                  "本人；系统管理员只看处数")
_RESET = Personal("重置密码的链接由谁给的、什么时候用的", "过期（{RESET_HOURS}小时）后当夜删除",
                  "没有人")
_SECRET = Personal("密码和两步验证", "换掉或停用两步验证时删除", NOBODY, SENSITIVE, is_secret=True)
_USED = Personal("不重复用最近的密码", "只留最近{PASSWORD_HISTORY}个", NOBODY, SENSITIVE,
                 is_secret=True)
_TOKEN = Personal("核对重置链接", "过期（{RESET_HOURS}小时）后当夜删除", NOBODY, SENSITIVE,
                  is_secret=True)
_ROSTER = Personal("从表格装入单位、人员和任职",
                   "读到的内容几天后清空；谁装入过、建了哪些账号不自动删除",
                   "检查这份名册的人")
_NO_MAIL = Personal("库自带的表，本平台不收集电子邮件", "没有内容", "没有人")

PERSONAL = {
    "organizations.user": {
        "username": _ACCOUNT, "name": _NAME, "initials": _NAME,
        "work_phone": Personal("工作联系，选填", "本人可以随时改、清空", "职权范围内能看组织的人，"
                               "平时隐去中间几位，查看号码记入审计"),
        "is_active": _ACCOUNT, "created_at": _ACCOUNT, "last_login": _ACCOUNT,
        "must_change_password": _ACCOUNT, "password_changed_at": _ACCOUNT, "password": _SECRET,
    },
    "organizations.appointment": dict.fromkeys(
        ("user", "role", "organization", "starts_on", "ends_on", "acting_for", "drafter"), _POST),
    "organizations.portfolio": dict.fromkeys(("organization", "starts_on", "ends_on"), _POST),
    "organizations.appointmentproposal": dict.fromkeys(
        ("kind", "user", "role", "organization", "starts_on", "ends_on", "proposed_by",
         "proposed_at", "state"), _POST),
    "organizations.correction": dict.fromkeys(
        ("user", "request", "asked_at", "state", "answer", "answered_by", "answered_at"), _ASKED),
    "organizations.loginsession": dict.fromkeys(
        ("user", "ip", "agent", "started_at", "last_seen_at"), _LOGIN) | {"session_key": _SECRET},
    "organizations.passwordhash": {"user": _USED, "hash": _USED, "set_at": _USED},
    "organizations.passwordreset": dict.fromkeys(
        ("user", "made_by", "made_at", "expires_at", "used_at"), _RESET) | {"token_hash": _TOKEN},
    "organizations.roster": dict.fromkeys(
        ("name", "rows", "lines", "accounts", "checked_by", "checked_at", "applied_at",
         "fetched_at"), _ROSTER),
    "account.emailaddress": {"user": _NO_MAIL, "email": _NO_MAIL},
    "mfa.authenticator": dict.fromkeys(
        ("user", "type", "created_at", "last_used_at"), _ACCOUNT) | {"data": _SECRET},
}
OWNERS = {"organizations.portfolio": ("appointment__user",)}
NAMES = {
    "organizations.passwordhash.user": "本人", "organizations.passwordhash.hash": "密码的校验值",
    "organizations.passwordreset.user": "本人",
    "organizations.passwordreset.token_hash": "链接的校验值",
    "organizations.loginsession.session_key": "会话编号", "mfa.authenticator": "两步验证",
    "organizations.portfolio.appointment": "任职人",
    "mfa.authenticator.user": "本人", "mfa.authenticator.type": "种类",
    "mfa.authenticator.created_at": "开启时间", "mfa.authenticator.last_used_at": "最近使用",
    "mfa.authenticator.data": "密钥和备用码",
}
OTHERS = {
    "organizations.correction.answered_by": "user request",
    "organizations.passwordreset.made_by": "user",
    "organizations.roster.checked_by": "rows lines accounts",
}
REST = {
    "organizations.user": "id is_demo",
    "organizations.appointment": "id",
    "organizations.appointmentproposal": "id version appointment",
    "organizations.correction": "id version organization",
    "organizations.loginsession": "id",
    "organizations.organization":
        "id depth numchild path kind name short_name initials code leading_body is_window "
        "founded_on closed_on successor",
    "organizations.organizationname": "id organization name short_name starts_on ends_on",
    "organizations.partnership": "id branch unit starts_on ends_on",
    "organizations.passwordhash": "id",
    "organizations.passwordreset": "id",
    "organizations.portfolio": "id appointment",
    "organizations.roster": "id sha256 counts digest job",
    "account.emailaddress": "id verified primary",
    "account.emailconfirmation": "id email_address created sent key",
    "mfa.authenticator": "id",
}
