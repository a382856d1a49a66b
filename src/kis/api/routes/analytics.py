"""What is read, searched for and not found: figures, charts and tables."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/analytics", tags=["analytics"])
