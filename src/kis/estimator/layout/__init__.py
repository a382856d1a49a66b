"""Where everything stands: arrangements of rows and columns, and the drawing made of rectangles.

Integer millimetres. Origin: lower left back corner of the box; x to the right, y up, z to the viewer.
"""
