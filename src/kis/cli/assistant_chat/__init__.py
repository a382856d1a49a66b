"""``kis assistant chat``: the assistant in a terminal, as a client of a running KIS.

``web`` logs in and talks with it over HTTP, ``line`` over the WebSocket; ``conversation`` holds what is known so far,
``rendering`` turns that into lines of the terminal's width, ``screen`` shows them and hears the keys, ``once`` asks a single question.
"""
