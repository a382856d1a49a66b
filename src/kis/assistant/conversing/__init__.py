"""Conversing: the protocol of the assistant and the life of a connection, whatever carries it."""
