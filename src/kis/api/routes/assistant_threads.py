"""Conversations that are kept, and what their readers thought of the answers."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/assistant/threads", tags=["assistant"])
