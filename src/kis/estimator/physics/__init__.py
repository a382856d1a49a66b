"""The electrical physics of a panel: pure functions, published formulas and tables, nothing else.

unbalance             how evenly the phases are loaded, by four definitions
heat_rise             air temperature inside the box, after IEC TR 60890:2022
busbar                what a copper bar carries (DIN 43671), also in hot air, and what it weighs
insulation            clearance and creepage (IEC 61439-1 Tables 1 and 2, IEC 60664-1)
protective_conductor  size of the earth conductor by the phase conductor
diversity             rated diversity factor by the number of outgoing circuits

No catalogue, no rulebook and no I/O in here: the assumptions of a shop arrive as arguments.
"""

from kis.estimator.physics import busbar, diversity, heat_rise, insulation, protective_conductor, unbalance

__all__ = ["busbar", "diversity", "heat_rise", "insulation", "protective_conductor", "unbalance"]
