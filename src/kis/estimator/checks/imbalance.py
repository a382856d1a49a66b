"""How evenly the circuits of each main load its phases, from the drawn labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kis.estimator.checks.figures import rounded, settled
from kis.estimator.checks.loads import load_va, phase_sums
from kis.estimator.physics import unbalance
from kis.estimator.problem import Network, PanelProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class MainUnbalance:
    """Phase loads and counts of one main's circuits with the four figures; ``figures`` is None where there is nothing to balance.

    Circuits that load every phase are left out of the counts. ``neutral_a`` supposes one power factor for all loads.
    """

    main: int
    loads_va: tuple[Fraction, ...]
    counts: tuple[int, ...]
    figures: unbalance.Unbalance | None
    neutral_a: Decimal | None


def unbalances(problem: PanelProblem, lines: Mapping[str, tuple[str, ...]]) -> tuple[MainUnbalance, ...]:
    """Return the unbalance of every main."""
    return tuple(_of_main(problem, index, lines) for index in range(len(problem.mains)))


def _of_main(problem: PanelProblem, main: int, lines: Mapping[str, tuple[str, ...]]) -> MainUnbalance:
    network, devices = problem.network, problem.devices_of(main)
    loads = phase_sums(devices, lines, network, lambda device: load_va(device, network))
    uneven = [device for device in devices if len(lines.get(device.id, ())) < len(network.phases)]
    counts = tuple(int(count) for count in phase_sums(uneven, lines, network, lambda _: Fraction(1)))
    applicable = network.can_unbalance and any(loads)
    return MainUnbalance(
        main=main,
        loads_va=loads,
        counts=counts,
        figures=unbalance.all_figures(loads, counts) if applicable else None,
        neutral_a=_neutral_a(loads, network) if applicable and network.has_neutral else None,
    )


def _neutral_a(loads: tuple[Fraction, ...], network: Network) -> Decimal:
    """Return the neutral current: the vector sum of three phases, the plain difference of the two halves of 1φ3W."""
    currents = [load / network.phase_voltage for load in loads]
    if len(currents) == 2:
        return rounded(abs(currents[0] - currents[1]), unbalance.NEUTRAL_CURRENT_DIGITS)
    return settled(unbalance.neutral_current_a(*currents), unbalance.NEUTRAL_CURRENT_DIGITS)
