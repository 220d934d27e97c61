"""Spreadsheets for tests: what stands in them below the heading."""

import io

import openpyxl


def rows(client, path):
    """The rows of the first sheet, without its heading."""
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    page = openpyxl.load_workbook(io.BytesIO(response.get_data())).worksheets[0]
    return [list(row) for row in page.values][1:]
