"""The 외형도: a box from all its sides, as a shop makes it and a customer approves it."""
