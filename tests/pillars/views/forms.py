"""What a browser would send from a page of a draft."""

from typing import Any


def filled(form: Any) -> dict[str, Any]:
    """The fields of a shown form and of its rows, as they stand on the page."""
    data = values(form)
    for rows in (getattr(form, "rows", None), getattr(form, "levels", None)):
        if rows is None:
            continue
        data |= values(rows.management_form)
        for row in rows.forms:
            data |= values(row)
    return data


def values(form: Any) -> dict[str, Any]:
    """Names and values; a box that is not ticked is not sent."""
    shown = {field.html_name: field.value() for field in form}
    return {name: value for name, value in shown.items() if value not in (None, False)}
