"""Every shape of a sheet as the entities that stand for it."""

from collections.abc import Iterator

from kis.estimator.documents.drawings import dxf_look as look
from kis.estimator.documents.drawings.dxf_dimensions import dimensions
from kis.estimator.documents.drawings.dxf_lines import outlined, points, polyline, whole_turn
from kis.estimator.documents.drawings.dxf_model import Model, Path
from kis.estimator.documents.drawings.dxf_words import words
from kis.estimator.documents.drawings.sheet import Circle, Dimension, Layer, Polyline, Rectangle, Shape, Text


def draw(model: Model, shape: Shape) -> None:
    """Add a shape to the model."""
    if shape.layer is Layer.CUT_OUT:
        model.entities.extend(_cut_out(model, shape))
    elif isinstance(shape, Dimension):
        model.entities.extend(dimensions(model, shape, look.layer_of(shape)))
    elif isinstance(shape, Text):
        model.entities.extend(words(model, shape, look.layer_of(shape)))
    else:
        model.entities.extend(outlined(model, shape, look.layer_of(shape)))


def _cut_out(model: Model, shape: Shape) -> Iterator[str]:
    """Yield a closed outline on the layer of the cut-outs, and everything else beside it: a laser cuts whatever it finds there."""
    layer = look.base_layer(Layer.CUT_OUT)
    if isinstance(shape, Rectangle):
        yield polyline(model, layer, Path(points(shape)), part=shape.part)
    elif isinstance(shape, Circle):
        yield polyline(model, layer, whole_turn(shape))
    elif isinstance(shape, Polyline) and shape.closed:
        yield polyline(model, layer, Path(shape.points))
    elif isinstance(shape, Text):
        yield from words(model, shape, look.CUT_OUT_NOTES)
    elif isinstance(shape, Dimension):
        yield from dimensions(model, shape, look.CUT_OUT_NOTES)
    else:
        yield from outlined(model, shape, look.CUT_OUT_NOTES)
