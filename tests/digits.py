"""Twenty digits as strokes, two of each, for the tests and the moving picture.

A stroke is given by points on the way of a pen, in hundredths of the pad, and runs
through them as a smooth curve; "/" lifts the pen, "!" before a point is a corner.
"""

import numpy as np

WAYS = {
    "0": "52,20 34,30 30,55 38,78 55,80 68,64 68,38 58,22 50,20",
    "0 narrow": "58,14 44,22 36,46 40,70 52,76 62,58 66,34 60,16 54,15",
    "1": "50,18 50,50 49,82",
    "1 with a nose": "38,36 !56,16 !52,84",
    "2": "32,34 40,22 56,20 64,32 56,50 40,66 !30,78 !70,77",
    "2 with a loop": "34,30 46,18 62,26 60,44 44,64 32,76 30,70 38,68 54,76 70,76",
    "3": "34,24 50,18 63,28 58,42 !46,48 60,52 68,66 56,80 38,80 30,72",
    "3 flat": "32,20 !64,20 !46,44 62,50 68,64 58,80 42,82 32,74",
    "4": "42,18 !30,56 !72,54 / 58,34 56,60 54,86",
    "4 closed": "60,84 !60,18 !28,60 !74,60",
    "5": "66,20 !40,20 !36,48 52,44 66,54 66,70 52,82 34,76",
    "5 in two": "40,22 !37,46 54,44 65,58 58,76 42,80 32,72 / 40,22 52,22 68,20",
    "6": "60,16 44,30 34,54 36,74 50,82 64,72 62,56 50,52 38,62",
    "6 open": "56,14 42,34 36,58 42,78 58,80 66,68 58,56 44,60",
    "7": "30,22 !68,20 58,46 46,82",
    "7 with a bar": "30,24 !66,22 56,48 44,84 / 38,52 50,51 66,50",
    "8": "62,28 50,18 38,26 42,40 58,54 64,70 50,82 36,70 44,54 60,40 63,28",
    "8 of two rings": "50,18 38,28 50,46 62,30 50,18 / 50,46 34,64 50,82 66,64 50,46",
    "9": "64,30 52,20 38,28 38,44 52,50 62,40 65,28 64,56 58,84",
    "9 straight": "62,24 48,18 36,30 42,46 56,46 !64,26 !62,84",
}


def strokes(way):
    """Return a digit's strokes, [[x, y], ...] from 0 to 1, as the pad keeps them."""
    return [_smooth(stroke.split()) for stroke in WAYS[way].split("/")]


def _smooth(points, between=8):
    """Return a curve through points; one that is marked "!" ends a curve."""
    corners = [k for k, point in enumerate(points) if point.startswith("!")]
    places = np.array([np.float64(p.lstrip("!").split(",")) / 100 for p in points])
    curve = [places[:1]]
    for start, end in zip([0, *corners], [*corners, len(points) - 1], strict=True):
        way = places[start : end + 1]
        for k in range(len(way) - 1):
            a, b, c, d = way[[max(k - 1, 0), k, k + 1, min(k + 2, len(way) - 1)]]
            t = np.linspace(0, 1, between + 1)[1:, None]
            # Catmull and Rom's curve from b to c, with the neighbours a and d.
            bent = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
            curve.append(b + ((c - a) * t + bent) / 2)
    return np.concatenate(curve).clip(0, 1).round(4).tolist()
