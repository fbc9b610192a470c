"""Rosters as offices send them, and as nobody should: files made for tests."""

import csv
import zipfile
from io import BytesIO, StringIO

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.tables.limits import MIB
from apps.organizations.roster.columns import BY_KEY

HEADS = {key: [column.title for column in layout.columns] for key, layout in BY_KEY.items()}
# A branch, its secretary and his post, all of them new.
BRANCH = ("C1", "市档案馆第二党支部", "第二党支部", "党支部", "DAG", "", "否", "2026年11月1日")
PERSON = ("xinren", "辛仁")
POST = ("xinren", "辛仁", "支部书记", "C1", "", "2026年11月2日", "", "")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def upload(data: bytes, name: str = "名册.xlsx") -> SimpleUploadedFile:
    """A file as the browser sends it."""
    return SimpleUploadedFile(name, data)


def workbook(places=(), people=(), posts=(), *, touch=None) -> SimpleUploadedFile:
    """A roster in the columns of the template; `touch(book)` spoils it before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for key, rows in (("places", places), ("people", people), ("posts", posts)):
        if rows:
            sheet = book.create_sheet(BY_KEY[key].title)
            sheet.append(HEADS[key])
            for row in rows:
                sheet.append(list(row))
    if touch:
        touch(book)
    return upload(saved(book))


def saved(book) -> bytes:
    """The bytes of a workbook."""
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def text_table(rows, encoding: str, *, heads=("账号", "姓名"), mark: str = ",",
               name: str = "人员.csv") -> SimpleUploadedFile:
    """A CSV in some encoding."""
    text = StringIO()
    csv.writer(text, delimiter=mark).writerows([heads, *rows])
    return upload(text.getvalue().encode(encoding), name)


def raw(rows_xml: str, *, extra: str = "", styles: str = "", workbook_pr: str = "",
        sheet_name: str = "人员") -> SimpleUploadedFile:
    """A workbook whose one sheet is this XML, for what no program writes."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", (
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{workbook_pr}<sheets>'
            f'<sheet name="{sheet_name}" sheetId="1" r:id="rId1"/></sheets></workbook>'))
        archive.writestr("xl/_rels/workbook.xml.rels", (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="x" '
            'Target="worksheets/sheet1.xml"/></Relationships>'))
        if styles:
            archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
        archive.writestr("xl/worksheets/sheet1.xml", (
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows_xml}</sheetData>{extra}</worksheet>'))
    return upload(file.getvalue())


def cells(*values: str, number: int) -> str:
    """A row of inline texts."""
    return f'<row r="{number}">' + "".join(
        f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values) + "</row>"


def packed_bomb() -> SimpleUploadedFile:
    """Fact 6 of reliability.md: some megabytes that unpack to sixty, one minute in a library."""
    row = cells(*(f"v{number:04}" for number in range(40)), number=1).replace(' r="1"', "")
    return raw(row * (60 * MIB // len(row)))


def far_bomb() -> SimpleUploadedFile:
    """Fact 6: one value in the last cell that Excel has."""
    return raw('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def empty_rows(count: int) -> SimpleUploadedFile:
    """A small roster with formatted rows below it, down to the end of the sheet."""
    return raw(cells("账号", "姓名", number=1) + cells("xinren", "辛仁", number=2)
               + "".join(f'<row r="{number}"/>' for number in range(3, count + 3)))


def entities() -> SimpleUploadedFile:
    """Text that multiplies itself."""
    file = BytesIO(raw("").read())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", (
            '<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
            f'<sst xmlns="{MAIN}"><si><t>&b;</t></si></sst>'))
    return upload(file.getvalue())


def city_rows(count: int) -> tuple[list, list, list]:
    """A roster of `count` rows: branches below the archive, their people and secretaries."""
    places, people, posts = [], [], []
    for number in range(count // 3):
        places.append((f"N{number}", f"市档案馆第{number}号党支部", f"第{number}号支部", "党支部",
                       "DAG", "", "否", "2026年11月1日"))
        people.append((f"n{number}", f"人员{number}"))
        posts.append((f"n{number}", "", "支部书记", f"N{number}", "", "2026年11月2日", "", ""))
    people += [(f"m{number}", f"人员{number}") for number in range(count - 3 * len(places))]
    return places, people, posts
