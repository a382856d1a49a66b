"""What keeps an installation in order: its state, its jobs, its features, its index."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/admin", tags=["administration"])
