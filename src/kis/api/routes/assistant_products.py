"""Products and the catalogs they come from."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/assistant", tags=["assistant"])
