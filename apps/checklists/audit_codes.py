"""Sentences of the audit codes of checklists."""

SENTENCES = {
    "checklists.checklist.publish": (
        "{by}按责任目录{version}向{target}下发{year}年清单："
        "清单{lists}份、事项{items}项、任务{tasks}次"
    ),
    "checklists.checklist.apply": (
        "{by}按责任目录{version}调整{target}{year}年清单：新增{added}项、修改{changed}项、"
        "撤下{withdrawn}项、恢复{returned}项；任务新增{tasks}次、改期{moved}次、免报{excused}次、"
        "恢复{resumed}次"
    ),
    "checklists.report.import": (
        "{by}装入{target}{year}年已有的记录：填报{reports}份、审核{reviews}次"
    ),
    "checklists.adoption.import": "{by}装入{target}{year}年清单的审定：已备案{adopted}份",
    "checklists.occurrence.submit": "{by}提交了{target}第{number}稿",
    "checklists.occurrence.withdraw": "{by}撤回了{target}",
    "checklists.occurrence.confirm": "{by}确认了{target}",
    "checklists.occurrence.send_back": "{by}把{target}退回填报人：“{note}”",
    "checklists.occurrence.accept": "{by}审核通过了{target}第{number}稿",
    "checklists.occurrence.return": "{by}退回了{target}第{number}稿：“{note}”",
    "checklists.occurrence.open_event": "{by}登记了{target}",
    "checklists.occurrence.move": "{by}把{target}的最迟日期由{old}改为{new}，因为{reason}",
    "checklists.occurrence.release": "{target}不再等本人确认：本人已不任这个职务",
    "checklists.item.withdraw": "{by}撤下{target}：{reason}",
    "checklists.item.ask_again": "{by}恢复{target}：{reason}",
    "checklists.occurrence.excuse": "{target}免报：{note}",
    "checklists.occurrence.resume": "{target}恢复为要报：{note}",
    "checklists.listyear.close": "{by}把{target}封账：还有{undone}项没有报",
    "checklists.listyear.reopen": "{by}重新打开{target}：“{note}”",
    "checklists.adhoctask.send": (
        "{by}下发临时任务《{target}》（{number}）：{units}个单位，{tasks}项"
    ),
    "checklists.adhoctask.deliver": "{by}向{target}下发临时任务《{title}》：{tasks}项",
    "checklists.adhoctask.withdraw": "{by}撤回临时任务《{target}》：“{note}”",
    "checklists.occurrence.nudge": "{by}催办了{target}{said}",
    "checklists.nudge.run": "{by}催办{count}项，另有{already}项当天已经催办过",
    "checklists.occurrence.reroute": "{by}把{target}转给{place}审核",
    "checklists.petition.ask": "{by}提出“{target}”：{note}",
    "checklists.petition.grant": "{by}{verb}了“{target}”{said}",
    "checklists.petition.refuse": "{by}{verb}“{target}”：“{note}”",
    "checklists.petition.withdraw": "{by}撤回了“{target}”",
    "checklists.petition.revoke": "{by}收回了“{target}”，改为适用：“{note}”",
    "checklists.petition.lapse": "“{target}”不用再答复：{note}",
    "checklists.petition.reroute": "{by}把“{target}”转给{place}答复",
    "checklists.item.set_aside": "{target}列为不适用，{tasks}次任务免报",
    "checklists.item.stand_alone": "{target}不再随别的事项一并履行，新增任务{tasks}次",
    "checklists.item.bring_back": "{target}改为适用，恢复任务{tasks}次",
    "checklists.adoption.deliberate": (
        "{by}登记了{target}的审议：{held_on}，会议纪要编号“{minutes_number}”"
    ),
    "checklists.adoption.sign": "{by}签认了{target}",
    "checklists.adoption.sign_own": "{by}签认了{target}",
    "checklists.adoption.sign_as_member": "{by}签认了{target}",
    "checklists.adoption.approve": "{by}审定了{target}",
    "checklists.adoption.reopen": "{by}重新调整{target}：“{note}”",
    "checklists.item.tailor": "{by}调整了{target}：{changes}",
    "checklists.item.add_own": "{by}添加了自定事项{target}（{cadence}），任务{tasks}次",
    "checklists.item.change_own": "{by}改写了自定事项{target}，原为{old}",
    "checklists.item.withdraw_own": "{by}撤下了自定事项{target}：“{reason}”",
    "checklists.item.link_upper": "{by}把{target}关联到上级事项：{upper}",
}
