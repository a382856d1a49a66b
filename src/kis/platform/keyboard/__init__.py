"""How texts come out of a Korean keyboard: letters and syllables, the other layout, slips, and spaces forgotten or set too many.

All of it is pure and knows no word list: what is a word is the caller's affair.
"""
