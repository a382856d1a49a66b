"""Which busbar each pole of a device goes to."""

from kis.estimator.problem import Network


def poles_from_top(
    poles: int, lines: tuple[str, ...], network: Network, *, shifted_up: bool
) -> tuple[str, ...]:
    """Return the bar each pole goes to, from the top: the circuit's lines and its N, in the order of the bars.

    The upper one of a 4P/4P pair stands N R S T, so that the pair reads N-R-S-T-N over five pitches.
    """
    if not lines:
        return ()
    if poles == 4 and shifted_up:
        return ("N", *lines)
    taken = {*lines, "N"} if len(lines) < poles and network.has_neutral else {*lines}
    return tuple(name for name in network.bars if name in taken)
