"""KIS: from a customer's request for a distribution panel to a checked, priced quotation with evidence."""

__version__ = "0.1.0"
