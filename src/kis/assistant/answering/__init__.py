"""Answers to questions about a document: the manual's own sentences or a model's, each with the page it stands on."""
