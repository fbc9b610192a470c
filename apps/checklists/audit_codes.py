"""Sentences of the audit codes of checklists."""

SENTENCES = {
    "checklists.checklist.publish": (
        "{by}按责任目录{version}向{target}下发{year}年清单："
        "清单{lists}份、事项{items}项、任务{tasks}次"
    ),
    "checklists.occurrence.submit": "{by}提交了{target}第{number}稿",
    "checklists.occurrence.withdraw": "{by}撤回了{target}",
    "checklists.occurrence.confirm": "{by}确认了{target}",
    "checklists.occurrence.send_back": "{by}把{target}退回填报人：“{note}”",
    "checklists.occurrence.accept": "{by}审核通过了{target}第{number}稿",
    "checklists.occurrence.return": "{by}退回了{target}第{number}稿：“{note}”",
    "checklists.occurrence.open_event": "{by}登记了{target}",
    "checklists.occurrence.move": "{by}把{target}的最迟日期由{old}改为{new}，因为{reason}",
    "checklists.occurrence.release": "{target}不再等本人确认：本人已不任这个职务",
    "checklists.occurrence.reroute": "{by}把{target}转给{place}审核",
}
