"""Answering: the sentences that answer a question, each with the passage it stands on."""
