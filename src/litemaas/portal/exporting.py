"""Lists as files to keep."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from fastapi import Response

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as comma-separated values; what is not text or a number is written as JSON."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])
    return buffer.getvalue()


def attachment(name: str, content: str | Sequence[Mapping[str, Any]]) -> Response:
    """An answer that browsers save under `name`: text as CSV, rows as JSON."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    if isinstance(content, str):
        return Response(content, media_type="text/csv", headers=headers)
    return Response(msgspec.json.encode(content), media_type="application/json", headers=headers)


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe (OWASP, CSV injection)."""
    if isinstance(value, Mapping | list):
        value = msgspec.json.encode(value).decode()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
