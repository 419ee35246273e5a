"""The few shapes that all charts are made of. One unit is one point; sizes of charts are in mm."""

from dataclasses import dataclass
from html import escape

MM = 72 / 25.4  # points in a millimetre


@dataclass(frozen=True)
class Style:
    """Colours (hex) and font of a chart; the defaults are those of the reports."""

    font: str = "Source Sans 3"
    ink: str = "#16252b"
    ink2: str = "#4b5c64"
    quiet: str = "#5b6c74"
    compare: str = "#8a96a0"
    hair: str = "#d3dadd"
    own: str = "#0d5560"
    accent: str = "#b4460f"
    paper: str = "#ffffff"
    ramp: tuple[str, ...] = ("#dcebe9", "#a9d0cd", "#6aaeb0", "#2f838b", "#0d4a55")
    ramp_under_white_text: str = "#2c7d85"  # stands in for the fourth class where text lies on it


REPORT = Style()


@dataclass(frozen=True)
class Chart:
    """A drawn chart: an SVG document, what it says in words, its size in mm."""

    svg: str
    alt: str
    width_mm: float
    height_mm: float


def number(value):
    """A coordinate with at most two decimals and no trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def attributes(pairs):
    """Attributes of an element; underscores in names become hyphens, None is left out."""
    shown = ((key.replace("_", "-"), value) for key, value in pairs.items() if value is not None)
    return "".join(
        f' {key}="{number(value) if isinstance(value, int | float) else escape(str(value))}"'
        for key, value in shown
    )


def element(name, **pairs):
    """An empty element."""
    return f"<{name}{attributes(pairs)}/>"


def rect(x, y, width, height, fill, **more):
    return element("rect", x=x, y=y, width=max(width, 0), height=height, fill=fill, **more)


def line(x1, y1, x2, y2, stroke, width=0.5, **more):
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, **more)


def circle(x, y, radius, fill, **more):
    return element("circle", cx=x, cy=y, r=radius, fill=fill, **more)


def polygon(points, fill, **more):
    return element("polygon", points=path_points(points), fill=fill, **more)


def path_points(points):
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def text(x, y, words, style, *, size=8.0, fill=None, bold=False, anchor="start"):
    """One line of text with its base line at ``y``; ``anchor`` is start, middle or end."""
    pairs = {
        "x": x,
        "y": y,
        "font_size": size,
        "fill": fill or style.ink,
        "font_weight": "600" if bold else None,
        "text_anchor": None if anchor == "start" else anchor,
    }
    return f"<text{attributes(pairs)}>{escape(words)}</text>"


def text_width(words, size, *, bold=False):
    """About how wide ``words`` will be, in points: the average letter of the font is half its size."""
    return len(words) * size * (0.53 if bold else 0.5)


def wrapped(words, size, width):
    """``words`` in lines of at most about ``width`` points; a single long word stays whole."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def label(x, y, words, style, *, width, size=8.0, bold=False, anchor="end"):
    """A row label centred on ``y``, on one line or, where it is too long for ``width``, on two or three."""
    lines = wrapped(words, size, width)
    first = y + size * 0.35 - (len(lines) - 1) * size * 0.53
    return "".join(
        text(x, first + index * size * 1.06, part, style, size=size, bold=bold, anchor=anchor)
        for index, part in enumerate(lines)
    )


def drawing(shapes, style, *, width_mm, height_mm, title, alt):
    """A Chart of the given shapes; title and description are written into the SVG as well."""
    width, height = number(width_mm * MM), number(height_mm * MM)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{number(width_mm)}mm" '
        f'height="{number(height_mm)}mm" viewBox="0 0 {width} {height}" font-family="{escape(style.font)}">'
        f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>{''.join(shapes)}</svg>"
    )
    return Chart(svg, alt, width_mm, height_mm)


def axis_top(highest, steps=3):
    """A round number at or above ``highest`` to end an axis that starts at zero, and its step."""
    if highest <= 0:
        return 1, 1
    magnitude = 10 ** (len(str(int(highest / steps))) - 1) if highest >= steps else 1
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10, 20) if m * magnitude * steps >= highest)
    step = int(step) if step == int(step) else step
    count = -(-highest // step)
    return step * max(int(count), 1), step
