"""Imports and bulk operations: many rows, worked through by a job that may die and go on."""
