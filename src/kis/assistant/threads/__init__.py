"""Conversations that are kept, with their citations and what their readers thought of them."""

from kis.assistant.threads.errors import AnswerNotKept, ThreadFull, ThreadNotFound, ThreadTooLarge
from kis.assistant.threads.retention import thread_chores
from kis.assistant.threads.service import Threads
from kis.assistant.threads.things import Conversation, Judgement, KeptMessage, Role, Thread

__all__ = [
    "AnswerNotKept",
    "Conversation",
    "Judgement",
    "KeptMessage",
    "Role",
    "Thread",
    "ThreadFull",
    "ThreadNotFound",
    "ThreadTooLarge",
    "Threads",
    "thread_chores",
]
