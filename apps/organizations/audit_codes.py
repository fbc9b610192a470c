"""Sentences of the audit codes of organizations."""

SENTENCES = {
    "organizations.user.login": "{by}登录",
    "organizations.user.logout": "{by}退出",
    "organizations.user.login_failed": "账号{username}登录没有通过",
    "organizations.user.create": "{by}建立账号{target}",
    "organizations.organization.create": "{by}设立{target}",
    "organizations.appointment.appoint": "{by}登记{person}任{target}",
    "organizations.appointment.end": "{by}登记{person}不再任{target}",
    "organizations.portfolio.entrust": "{by}登记{target}的分管或联系",
}
