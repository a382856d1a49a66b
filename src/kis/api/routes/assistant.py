"""The assistant over HTTP: predictions, questions with answers as they are made, pages with the passage marked."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/assistant", tags=["assistant"])
