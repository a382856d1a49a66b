"""Pricing: the bill of materials in the order of the Korean trade, each line with its reasons, and the totals (rules ``pricing.*``)."""
