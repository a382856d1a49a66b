"""Issuing a quotation: its content, its documents, and the gates that judge the finished files."""
