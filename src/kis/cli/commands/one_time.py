"""How somebody at the machine logs in with a one-time link."""

import json
import shlex


def login_command(url: str, token: str) -> str:
    """Return the line that logs in at ``url``, to be pasted into a shell."""
    body = json.dumps({"token": token})
    words = ["curl", "-sS", f"{url}/v1/auth/one-time", "-H", "Content-Type: application/json", "-d", body]
    return shlex.join(words)
