"""A list on paper: print, Excel, Word. Who reads a list may take it along."""

from django.http import FileResponse
from django.shortcuts import render
from django.urls import reverse

from apps.checklists import edit_page, exports, list_items
from apps.checklists.access import visible_list
from apps.checklists.edit_page import Sheet
from apps.core import documents, spreadsheets
from apps.core.access import requires
from apps.organizations.permissions import Permission

HEADERS = {"Cache-Control": "private, no-store"}


@requires(Permission.CHECKLIST_VIEW)
def checklist_print(request, pk: int):
    """The list as a page for A4, with filter, day and reader in its head."""
    sheet, chosen = Sheet.of(visible_list(request, pk)), chosen_of(request)
    return render(request, "checklists/checklist_print.html", {
        "title": list_items.head(sheet.checklist),
        "facts": exports.facts(sheet, request.user, chosen),
        "heads": [head for head, _width, _mm in exports.COLUMNS],
        "chapters": exports.chapters(sheet, request.user, chosen),
        "signature": exports.signature(sheet.checklist),
        "back_url": reverse("checklists:checklist_detail", args=[pk])})


@requires(Permission.CHECKLIST_VIEW)
def checklist_excel(request, pk: int):
    """The list as an Excel file."""
    sheet, chosen = Sheet.of(visible_list(request, pk)), chosen_of(request)
    return attachment(exports.excel(sheet, request.user, chosen),
                      exports.file_name(sheet, "xlsx"), spreadsheets.CONTENT_TYPE)


@requires(Permission.CHECKLIST_VIEW)
def checklist_word(request, pk: int):
    """The list as a Word file with lines to sign."""
    sheet, chosen = Sheet.of(visible_list(request, pk)), chosen_of(request)
    return attachment(exports.word(sheet, request.user, chosen),
                      exports.file_name(sheet, "docx"), documents.CONTENT_TYPE)


def chosen_of(request) -> str:
    """The filter that the page was left with."""
    return edit_page.known(request.GET.get("show", ""))


def attachment(file, name: str, content_type: str) -> FileResponse:
    """A file made for this answer, under its Chinese name (RFC 6266)."""
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type,
                        headers=HEADERS)
