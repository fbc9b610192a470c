"""Sentences of core's audit codes. `{by}` and `{target}` are always there."""

SENTENCES = {
    "core.refused": "{by}没有办成，页面答复：“{message}”",
    "core.file.damaged": "文件{target}与上传时的校验值不符，没有给出",
    "core.calendar.seed": "{by}装入{years}的工作日",
}
