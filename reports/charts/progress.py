"""The progress bar of a part: not started, in progress, complete, signed off."""

from dataclasses import dataclass

from reports.charts.svg import MM, REPORT, drawing, rect

STATES = ("not started", "in progress", "complete", "signed off")


@dataclass(frozen=True)
class Progress:
    """Counts of responses by state."""

    not_started: int
    in_progress: int
    complete: int
    signed_off: int

    @property
    def counts(self):
        return (self.not_started, self.in_progress, self.complete, self.signed_off)


def progress_bar(progress, *, title, width_mm=30.0, height_mm=3.4, style=REPORT):
    """White, pale, dark, darkest from left to right, outlined; nothing owed leaves an empty outline."""
    width, height = width_mm * MM, height_mm * MM
    total = sum(progress.counts)
    fills = (style.paper, style.ramp[0], style.ramp[2], style.ramp[4])
    shapes, x = [], 0.4
    for count, fill in zip(progress.counts, fills, strict=True):
        if count:
            part = (width - 0.8) * count / total
            shapes.append(rect(x, 0.4, part, height - 0.8, fill, stroke=style.ink, stroke_width=0.5))
            x += part
    shapes.append(rect(0.4, 0.4, width - 0.8, height - 0.8, "none", stroke=style.ink, stroke_width=0.8))
    counts = ", ".join(f"{count} {state}" for count, state in zip(progress.counts, STATES, strict=True))
    return drawing(
        shapes,
        style,
        width_mm=width_mm,
        height_mm=height_mm,
        title=title,
        alt=f"Progress bar, {title}: of {total} owed {counts}.",
    )
