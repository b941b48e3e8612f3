"""Tables leave by one door: what a spreadsheet would run is neutralised in `exchange.files.sheets` alone."""

import ast

from tests.architecture.source import dotted, modules, tree_of

DOOR = "exchange/files/sheets.py"
WRITERS = {"xlsxwriter", "openpyxl", "pyexcelerate", "odf", "tablib"}
KINDS = ("text/csv", "spreadsheetml", "ms-excel", "opendocument")


def test_no_module_writes_a_table_by_itself():
    """Remedy: `CsvWriter`, `Sheet` with `open_workbook`, or `write_rows` of `exchange.files`."""
    offenders = [
        f"{path}:{node.lineno}"
        for path in modules()
        if path.as_posix() != DOOR
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Call) and dotted(node.func) in ("csv.writer", "csv.DictWriter"))
        or (isinstance(node, ast.Import) and {n.name.split(".")[0] for n in node.names} & WRITERS)
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in WRITERS)
        or (isinstance(node, ast.ImportFrom) and node.module == "csv")
    ]
    assert offenders == [], "\n".join(offenders)


def test_no_module_names_the_type_of_a_table_itself():
    """Remedy: `CSV` or `XLSX` of `exchange.files`, for what its writers wrote."""
    offenders = [
        f"{path}:{node.lineno}: {node.value}"
        for path in modules()
        if path.as_posix() != DOOR
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(kind in node.value for kind in KINDS)
    ]
    assert offenders == [], "\n".join(offenders)
