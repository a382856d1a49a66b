"""The routes, one module for each area: parse, call one service, render."""
