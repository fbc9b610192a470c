"""Sentences of core's audit codes. `{by}` and `{target}` are always there."""

SENTENCES = {
    "core.refused": "{by}的操作没有执行：{message}",
    "core.calendar.seed": "{by}装入{years}的工作日",
    "core.calendar.day": "{by}把{day}定为{kind}",
}
