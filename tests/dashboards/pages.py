"""Reading dashboard pages and files as a person does."""

import csv
import io
import re
from html.parser import HTMLParser

import python_calamine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from assessments.models import CycleUnit


def address(unit: CycleUnit, extension: str = "") -> str:
    if extension:
        return reverse("dashboards:export", args=(unit.cycle.code, unit.pk, extension))
    return reverse("dashboards:unit", args=(unit.cycle.code, unit.pk))


def page(client: Client, unit: CycleUnit, **choice: str) -> str:
    response = client.get(address(unit), choice)
    assert response.status_code == 200
    return response.content.decode()


class _Tables(HTMLParser):
    """Texts of the cells of every table."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.tables[-1][-1][-1] += data


def heatmap(html: str) -> dict[str, list[str]]:
    """Cells of the heatmap by line: submitted, total, pillars; without the letter of the band."""
    section = html[html.index('id="pilar-unit"') : html.index('id="sebaran"')]
    parser = _Tables()
    parser.feed(section)
    lines = [[" ".join(cell.split()) for cell in row] for row in parser.tables[0][1:]]
    return {name: [re.sub(r"(?<=\d) [A-D]$", "", cell) for cell in cells] for name, *cells in lines}


def csv_lines(response: HttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def xlsx_lines(response: HttpResponse) -> list[list[object]]:
    book = python_calamine.load_workbook(io.BytesIO(response.content))
    return book.get_sheet_by_index(0).to_python()
