"""The documents of a quotation: drawings, workbook, a company's own template, PDF, and the rules that read the finished files.

Each is reached in its own package, so that a command loads only what it writes.
"""
