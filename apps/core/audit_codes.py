"""Sentences of core's audit codes. `{by}` and `{target}` are always there."""

SENTENCES = {
    "core.refused": "{by}的操作没有执行：{message}",
    "core.file.damaged": "文件{target}与上传时的校验值不符，没有给出",
    "core.calendar.seed": "{by}装入{years}的工作日",
}
