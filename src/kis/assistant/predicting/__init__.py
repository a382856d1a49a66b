"""Predicting: which products are meant by what is being typed."""
