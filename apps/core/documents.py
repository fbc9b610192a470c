"""Word out: a table on A4 landscape with its head and lines to sign. Knows no domain word."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from apps.core.texts import plain

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WIDTH, HEIGHT, MARGIN = Mm(297), Mm(210), Mm(15)
# Fonts that every office machine here has; the reader's program replaces what it lacks.
BODY_FONT, HEAD_FONT = "宋体", "黑体"


def table(*, title: str, facts: Sequence[str], columns: Sequence[tuple[str, int]],
          rows: Iterable[Sequence[str]], signatures: Sequence[str] = ()) -> BytesIO:
    """A document of one table whose head is repeated on every page.

    `columns` are pairs of head and width in millimetres; a row of one cell is a heading over
    the whole width. `signatures` stand below the table, each with room to sign.
    """
    document = Document()
    document.core_properties.title = plain(title)
    _page(document)
    _paragraph(document, title, size=16, font=HEAD_FONT, is_centred=True)
    for fact in facts:
        _paragraph(document, fact, size=10)
    grid = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    grid.autofit = False
    for cell, (head, _width) in zip(grid.rows[0].cells, columns, strict=True):
        _fill(cell, head, font=HEAD_FONT)
    _mark(grid.rows[0], "w:tblHeader")
    for row in rows:
        _add(grid, row)
    for number, (_head, width) in enumerate(columns):
        grid.columns[number].width = Mm(width)
        for cell in grid.columns[number].cells:
            cell.width = Mm(width)
    for line in signatures:
        _paragraph(document, line, size=12, before=18)
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def _page(document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.left_margin = section.right_margin = section.top_margin = MARGIN
    section.bottom_margin = MARGIN
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("第", "PAGE"), ("页，共", "NUMPAGES"), ("页", "")):
        _font(footer.add_run(text), size=9)
        if field:
            _field(footer, field)


def _field(paragraph, code: str) -> None:
    """A number that the reader's program computes: page, pages."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    _font(run, size=9)
    field.append(run._r)
    paragraph._p.append(field)


def _add(grid, row: Sequence[str]) -> None:
    line = grid.add_row()
    _mark(line, "w:cantSplit")
    if len(row) == 1:
        _fill(line.cells[0].merge(line.cells[-1]), row[0], font=HEAD_FONT)
        return
    for cell, text in zip(line.cells, row, strict=True):
        _fill(cell, text)


def _fill(cell, text: str, *, font: str = BODY_FONT) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    _font(paragraph.add_run(plain(text)), size=9, font=font)


def _mark(row, name: str) -> None:
    """A property of a row that python-docx has no word for."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _paragraph(document, text: str, *, size: int, font: str = BODY_FONT, before: int = 0,
               is_centred: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(4)
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(paragraph.add_run(plain(text)), size=size, font=font)


def _font(run, *, size: int, font: str = BODY_FONT) -> None:
    run.font.size, run.font.bold = Pt(size), font == HEAD_FONT
    run.font.name = font
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
