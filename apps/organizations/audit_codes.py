"""Sentences of the audit codes of organizations."""

SENTENCES = {
    "organizations.user.login": "{by}登录",
    "organizations.user.logout": "{by}退出",
    "organizations.user.login_failed": "账号{username}登录没有通过",
    "organizations.user.login_locked": "账号{username}锁着，登录没有通过",
    "organizations.user.lock": "账号{username}连错多次，锁住",
    "organizations.user.address_lock": "地址{ip}一分钟里试得太多，暂时不让登录",
    "organizations.user.password_due": "{by}登录后要先换密码",
    "organizations.user.password_change": "{target}的密码已换",
    "organizations.user.password_give": "{by}给{target}设一次性密码，登录后要换",
    "organizations.user.reset_make": "{by}给{target}重置密码的链接，{hours}小时有效",
    "organizations.user.reset_use": "{by}用链接重置密码",
    "organizations.user.code_pass": "{by}用{kind}通过两步验证",
    "organizations.user.code_fail": "{by}的两步验证没有通过",
    "organizations.user.factor_enrol": "{by}开启验证器",
    "organizations.user.factor_end": "{by}关闭验证器",
    "organizations.user.factor_reset": "{by}取消{target}的两步验证，下次登录重新开启",
    "organizations.user.codes_renew": "{by}换一组备用码",
    "organizations.user.session_idle": "{by}很久没有动作，退出登录",
    "organizations.user.session_expire": "{by}登录时间满了，退出登录",
    "organizations.user.sessions_end": "{by}结束{target}的{count}处登录",
    "organizations.user.block": "{by}停用账号{target}",
    "organizations.user.admit": "{by}恢复账号{target}登录",
    "organizations.user.create": "{by}建立账号{target}",
    "organizations.user.correct": "{by}把姓名{old}改正为{target}",
    "organizations.user.phone_set": "{by}登记{target}的工作电话",
    "organizations.user.phone_view": "{by}查看{target}的工作电话",
    "organizations.user.data_export": "{by}导出{target}的个人信息（{form}）",
    "organizations.correction.ask": "{by}申请更正本人信息",
    "organizations.correction.settle": "{by}更正了{target}里说的信息",
    "organizations.correction.decline": "{by}答复{target}：不更正，{note}",
    "organizations.organization.create": "{by}设立{target}",
    "organizations.organization.import": (
        "{by}在{target}下装入组织{places}个、账号{people}个、任职{posts}项"
    ),
    "organizations.organization.roster": "{by}按名册更新{target}，共{count}处",
    "organizations.organization.export": (
        "{by}导出名册：组织{places}个、人员{people}个、任职{posts}项"
    ),
    "organizations.roster.check": (
        "{by}检查名册{target}：新增{new}行、变更{changed}行、拒绝{refused}行"
    ),
    "organizations.roster.apply": "{by}装入名册{target}：新增{new}行、变更{changed}行",
    "organizations.roster.fetch": "{by}领取名册{target}的{count}个一次性密码",
    "organizations.organization.rename": "{by}把{old}更名为{target}",
    "organizations.organization.set_facts": "{by}修改{target}的基本情况",
    "organizations.organization.move": "{by}把{target}由{old}移到{new}",
    "organizations.organization.close": "{by}撤销{target}{into}",
    "organizations.appointment.appoint": "{by}登记{person}任{target}",
    "organizations.appointment.end": "{by}登记{person}不再任{target}",
    "organizations.appointment.deputize": (
        "{by}登记{person}在{holder}离开期间代行{target}，至{until}"
    ),
    "organizations.appointment.name_drafter": "{by}登记{target}的填报由{person}代填",
    "organizations.appointmentproposal.propose": "{by}提出{target}，等另一位确认",
    "organizations.appointmentproposal.confirm": "{by}确认{target}",
    "organizations.appointmentproposal.refuse": "{by}不同意{target}：{note}",
    "organizations.appointmentproposal.withdraw": "{by}撤回提请：{target}",
    "organizations.portfolio.entrust": "{by}登记{target}的分管或联系",
}
