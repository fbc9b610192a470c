"""Invented names for the people of the demo: the same seed gives the same names."""

from collections.abc import Iterator
from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
FIRST = "建国志永文春晓海俊立学明玉秀雪思家景宏振少光正世云德兴培庆福新亚红丽淑慧佳雅静素"
SECOND = "平华军强伟东林峰波斌辉涛民生成祥荣安康宁清源良刚毅杰鹏飞宇航超敏芳燕萍琴霞娟莉洁颖婷梅兰"
SINGLE = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂峰帆旭晨锐冰岩琳倩颖璐宁瑞凯博"
# As in any city, some names have another shape.
OTHERS = (
    "欧阳文博", "司马青云", "诸葛海平", "上官雅琴", "古丽娜尔·艾山", "买买提江·吐尔逊", "扎西次仁",
    "巴图孟克", "金顺姬", "阿依古丽·热合曼",
)


def names(random: Random, taken: set[str]) -> Iterator[str]:
    """Names that nobody in `taken` has, each once, without an end."""
    used, others = set(taken), list(OTHERS)
    while True:
        name = _name(random, others)
        if name not in used:
            used.add(name)
            yield name


def _name(random: Random, others: list[str]) -> str:
    chance = random.random()
    if chance < 0.01 and others:
        return others.pop()
    # Common surnames stand first and come more often.
    surname = SURNAMES[int(len(SURNAMES) * random.random() ** 1.6)]
    if chance < 0.25:
        return surname + random.choice(SINGLE)
    return surname + random.choice(FIRST) + random.choice(SECOND)
