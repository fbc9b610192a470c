from collections.abc import Iterator
from itertools import groupby

from django.core.management.base import BaseCommand

from apps.core import privacy

HEAD = """# 个人信息

方阵只保存工作需要的：姓名、职务、工作电话（选填）和办过的事。不收集身份证号、住址、家庭情况、人脸和指纹，不建普通党员花名册。
数据都在部署单位的服务器上，页面不向外面请求任何东西。

本表由 `manage.py privacy_table` 从程序里的登记生成，测试保证每个字段都在登记里、本表与登记一致。
期限里的数字是出厂设定，本地改了设置的，以“我的信息”页面上写的为准。

- **一般、敏感**：鉴别信息（密码、链接、会话、两步验证的密钥）和可能有人像的照片按敏感信息对待。
- **查看**：每个人在“我的—我的信息”看到平台上关于本人的全部内容，可以导出为 Excel 或 JSON。
- **更正**：工作电话由本人改；姓名、任职等在同一页申请更正，由管账号的人答复。
- **删除**：没有自动删除的，写明“不自动删除”，因为它说明谁在什么时候办了什么。
- **工作电话**：平时显示 138****1234，查看号码、导出个人信息都记入审计。
"""
ROW = "| {label} | `{field}` | {grade} | {purpose} | {retention} | {seen} |"
TOP = "| 内容 | 字段 | 分类 | 用途 | 保存多久 | 谁能看到 |\n| --- | --- | --- | --- | --- | --- |"


class Command(BaseCommand):
    help = "Print docs/个人信息.md: every personal field, its class, purpose, retention, readers."

    def handle(self, *args, **options):
        """One table a model."""
        self.stdout.write("\n".join(lines()))


def lines() -> Iterator[str]:
    """The page line by line."""
    yield HEAD
    for model, rows in groupby(privacy.table(), key=lambda row: row[0]):
        yield f"## {model}\n\n{TOP}"
        for _model, name, label, each in rows:
            seen = each.seen_by + ("（不显示）" if each.is_secret else "")
            yield ROW.format(label=label, field=name, grade=each.grade, purpose=each.purpose,
                             retention=each.retention, seen=seen)
        yield ""
