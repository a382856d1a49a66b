"""How well products are predicted while their names are typed: a catalog, traces of key presses, and the figures over them."""
