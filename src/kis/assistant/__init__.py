"""The assistant: products are found while one types, manuals read just in time, questions answered with the page."""
