"""How much of everything the knowledge base takes, for who wants to know before it is refused."""

from typing import Final

from kis.knowledge.attachments import MOST_ATTACHMENTS
from kis.knowledge.importing.uploads import MOST_BYTES
from kis.knowledge.runs.things import MOST_ROWS
from kis.knowledge.texts import LONGEST_BODY, LONGEST_TITLE, MOST_TAGS

LIMITS: Final[tuple[tuple[str, int, str], ...]] = (
    ("articleTitle", LONGEST_TITLE, "characters"),
    ("articleBody", LONGEST_BODY, "characters"),
    ("articleTags", MOST_TAGS, "tags"),
    ("articleAttachments", MOST_ATTACHMENTS, "files"),
    ("importRows", MOST_ROWS, "rows"),
    ("importUpload", MOST_BYTES, "bytes"),
)
"""Name, most, unit."""
