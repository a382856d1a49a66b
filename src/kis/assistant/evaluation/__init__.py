"""Evaluation: how well products are predicted and pages found, measured on sets of questions and key presses."""
