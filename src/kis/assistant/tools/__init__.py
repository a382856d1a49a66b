"""Questions that are answered by working something out instead of reading the manual: the enclosure for a list of breakers, a price, an article of the knowledge base.

Fixed rules tell these questions from others (``listing.py``, ``intents.py``); no model is asked. Whatever is worked out or read is so with the caller's own
rights, and what they lack is said.
"""
