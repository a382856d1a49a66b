"""What administrators of the search decide: what stands first for a query, and which words mean the same."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/search", tags=["search"])
