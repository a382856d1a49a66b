"""Work on many articles: imports, exports and bulk operations, with a report for each row."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/knowledge", tags=["knowledge"])
