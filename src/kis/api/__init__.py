"""The HTTP face: parse, call one service, render. No rule lives here and no SQL."""
