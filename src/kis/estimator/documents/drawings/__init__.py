"""Drawings of a panel: one sheet of frozen primitives each, written as SVG and as DXF."""
