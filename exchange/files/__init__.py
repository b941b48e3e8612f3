"""Faults of files, workbooks looked at before they are opened, reading apart, sheets and archives out. No database."""

from exchange.files.archives import Limits, inspect_workbook, refuse_locked
from exchange.files.faults import Fault, FileRefused
from exchange.files.packing import Member, zip_chunks
from exchange.files.places import FileUnreachable, read_file, write_whole
from exchange.files.processes import apart, stream_apart
from exchange.files.sheets import (
    CSV,
    XLSX,
    CsvWriter,
    Sheet,
    Value,
    cell_name,
    column_name,
    harmless,
    open_workbook,
    write_rows,
)

__all__ = [
    "CSV",
    "XLSX",
    "CsvWriter",
    "Fault",
    "FileRefused",
    "FileUnreachable",
    "Limits",
    "Member",
    "Sheet",
    "Value",
    "apart",
    "cell_name",
    "column_name",
    "harmless",
    "inspect_workbook",
    "open_workbook",
    "read_file",
    "refuse_locked",
    "stream_apart",
    "write_rows",
    "write_whole",
    "zip_chunks",
]
