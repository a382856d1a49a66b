"""What each circuit draws and what reaches each main, worked out again from the request and the drawn labels.

Nothing of the phase solver's is used: a circuit's current comes from its rating or its given VA, its phases from the label
drawn on it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kis.estimator.physics import diversity
from kis.estimator.problem import Device, MainDevice, Network, PanelProblem
from kis.estimator.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class MainLoad:
    """The current of a main: its heaviest phase as the circuits make it, and as the heat calculation lets it be.

    ``scale`` is what all its circuits are held down by so that the main carries no more than ``limit_a``. A main without
    circuits stands alone and carries its limit.
    """

    index: int
    main: MainDevice
    circuits: int
    diversity_factor: Fraction
    heaviest_a: Fraction
    limit_a: Fraction
    scale: Fraction
    current_a: Fraction


def lines_of(label: str, network: Network) -> tuple[str, ...]:
    """Read a drawn label, ``RST`` or ``L1L2``, as phases of the network; a label that is none reads as no phase."""
    lines: list[str] = []
    rest = label
    while rest:
        name = next((phase for phase in network.phases if rest.startswith(phase)), None)
        if name is None:
            return ()
        lines.append(name)
        rest = rest.removeprefix(name)
    return tuple(lines)


def expected_lines(device: Device, network: Network) -> int:
    """Return how many phases a circuit must load: all from three poles up, two between lines, else one (and N)."""
    if len(network.phases) == 1:
        return 1
    if device.breaker.poles >= 3:
        return len(network.phases)
    return 2 if device.breaker.poles == 2 and device.circuit_voltage == network.line_voltage else 1


def current_a(device: Device, network: Network, factor: Fraction) -> Fraction:
    """Return the current on each phase of a circuit: of its given VA, else its rating times ``factor``.

    The given VA is the branch's total: a third of it on each of three phases, all of it between two lines or on one phase.
    A spare breaker and the breaker of an SPD carry nothing.
    """
    if device.given_va is not None:
        lines = expected_lines(device, network)
        volts = {1: network.phase_voltage, 2: network.line_voltage, 3: 3 * network.phase_voltage}[lines]
        return Fraction(device.given_va) / volts
    if device.is_spare or device.is_spd:
        return Fraction(0)
    return device.rating_a * factor


def load_va(device: Device, network: Network) -> Fraction:
    """Return the VA a circuit puts on each of its phases, its current at the phase voltage."""
    return current_a(device, network, Fraction(1)) * network.phase_voltage


def phase_sums(
    devices: Iterable[Device],
    lines: Mapping[str, tuple[str, ...]],
    network: Network,
    figure: Callable[[Device], Fraction],
) -> tuple[Fraction, ...]:
    """Return the sum of ``figure`` on each phase, in the network's order, by the drawn labels."""
    sums = dict.fromkeys(network.phases, Fraction(0))
    for device in devices:
        for line in lines.get(device.id, ()):
            sums[line] += figure(device)
    return tuple(sums.values())


def diversity_factor(circuits: int, rules: Rulebook) -> Fraction:
    """Return the rated diversity factor by the table the rulebook names (rule critic.diversity_table)."""
    boards_of_laymen = "61439-3" in rules.critic.diversity_table.value
    table = diversity.IEC_61439_3 if boards_of_laymen else diversity.IEC_61439_2
    return diversity.rated_diversity_factor(circuits, table)


def main_loads(
    problem: PanelProblem, lines: Mapping[str, tuple[str, ...]], rules: Rulebook
) -> tuple[MainLoad, ...]:
    """Return what each main carries in the heat calculation.

    The circuits draw their given VA, else AT × min(RDF, 0.8); all are scaled down alike where the main would carry more
    than 0.8 of its rating (IEC 61439-1, 10.10.4).
    """
    return tuple(_main_load(problem, index, lines, rules) for index in range(len(problem.mains)))


def _main_load(
    problem: PanelProblem, index: int, lines: Mapping[str, tuple[str, ...]], rules: Rulebook
) -> MainLoad:
    main, network, devices = problem.mains[index], problem.network, problem.devices_of(index)
    share = rules.critic.main_load_limit.value
    rdf = diversity_factor(len(devices), rules)
    heaviest = max(
        phase_sums(devices, lines, network, lambda device: current_a(device, network, min(rdf, share)))
    )
    limit = main.rating_a * share
    scale = limit / heaviest if heaviest > limit else Fraction(1)
    return MainLoad(
        index=index,
        main=main,
        circuits=len(devices),
        diversity_factor=rdf,
        heaviest_a=heaviest,
        limit_a=limit,
        scale=scale,
        current_a=heaviest * scale if devices else limit,
    )


def heating_currents(
    problem: PanelProblem, mains: tuple[MainLoad, ...], rules: Rulebook
) -> dict[str, Fraction]:
    """Return the current of every circuit and main in the heat calculation, by device id."""
    share = rules.critic.main_load_limit.value
    currents = {load.main.id: load.current_a for load in mains}
    for device in problem.devices:
        load = mains[device.main]
        factor = min(load.diversity_factor, share)
        currents[device.id] = current_a(device, problem.network, factor) * load.scale
    return currents
