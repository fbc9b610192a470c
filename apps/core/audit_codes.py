"""Sentences of core's audit codes. `{by}` and `{target}` are always there."""

SENTENCES = {
    "core.refused": "{by}没有办成，页面答复：“{message}”",
    "core.file.damaged": "文件{target}与上传时的校验值不符，没有给出",
    "core.auditevent.verify": "{by}开始校验审计链",
    "core.auditevent.export": "{by}导出审计记录{count}条，条件：{chosen}",
    "core.calendar.seed": "{by}装入{years}的工作日",
    "core.calendar.set": "{by}把{day}由{old}改为{new}",
    "core.calendar.clear": "{by}把{day}由{old}改回{new}",
    "core.calendar.settle": "{by}录完{target}的工作日：放假和调休共{days}天",
    "core.calendar.unsettle": "{by}把{target}的工作日改回没有录完",
}
