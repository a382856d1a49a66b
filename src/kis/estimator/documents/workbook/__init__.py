"""The priced quotation as a workbook with live formulas."""
