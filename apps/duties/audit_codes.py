"""Sentences of the audit codes of duties."""

SENTENCES = {
    "duties.clauses.load": "{by}装入条文：新增{created}条，修改{changed}条",
    "duties.catalogue.load": (
        "{by}装入责任目录{target}：新增{created}项，修改{changed}项，去掉{removed}项"
    ),
    "duties.beside.load": (
        "{by}装入活动类型、往年专项、机制和本市设定：新增{created}项，修改{changed}项，去掉{removed}项"
    ),
    "duties.parameter.set": "{by}把本市设定“{target}”从“{old}”改为“{new}”",
    "duties.catalogueversion.publish": "{by}发布责任目录{target}",
    "duties.catalogueversion.begin": "{by}在责任目录{based_on}的基础上起草{target}",
    "duties.catalogueversion.discard": "{by}作废责任目录草稿{target}",
    "duties.duty.add": "{by}在责任目录草稿{version}里新增“{target}”",
    "duties.duty.change": "{by}在责任目录草稿{version}里修改“{target}”：{fields}",
    "duties.duty.drop": "{by}从责任目录草稿{version}里去掉“{target}”",
}
