"""Articles out of files: Markdown folders, CSV, JSON, HTML, Word documents and PDF, as a run with an outcome for each row."""
