"""What a developer's checkout runs around KIS: the set-up of .venv and the checks of the documentation."""
