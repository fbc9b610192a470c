"""Sentences of the audit codes of duties."""

SENTENCES = {
    "duties.clauses.load": "{by}装入条文：新增{created}条，修改{changed}条",
    "duties.catalogue.load": (
        "{by}装入责任目录{target}：新增{created}项，修改{changed}项，去掉{removed}项"
    ),
    "duties.catalogueversion.publish": "{by}发布责任目录{target}",
}
