"""The search: find, suggest, similar, explain, and what was opened of it."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/search", tags=["search"])
