"""Section 1, what stands out: six key figures, the findings, the questions to ask."""

from reports.charts import Position, position_line
from reports.profiles.document import (
    Bullets,
    Cell,
    Column,
    Findings,
    Heading,
    Paragraph,
    Questions,
    Row,
    Section,
    SideNote,
    Table,
    TwoColumns,
)
from reports.profiles.figures import Lacking
from reports.profiles.findings import chance_of, questions_of, standing_out
from reports.profiles.sections.shared import (
    areas_compared,
    areas_in_words,
    census_day,
    missing_partners,
    shown,
    the_region,
    value_cell,
)
from reports.wording import counted, figure, listed, sentence, words_for

IN_WORDS = {"*": "held back", "N/A": "not asked", "NK": "not known", "NC": "not collected"}


def summary_section(figures):
    candidates = standing_out(figures)
    blocks = [key_figures_table(figures), findings_and_reading(figures, candidates)]
    if questions_of(candidates):
        blocks.append(Questions(questions_of(candidates)))
    return Section(
        key="summary",
        number="1",
        title="What stands out",
        answers=answers(figures, candidates),
        lead=lead(figures),
        blocks=tuple(blocks),
    )


def answers(figures, candidates):
    """What the contents say of this section."""
    count = f"{words_for(len(figures.key_figures))} key figures"
    if not candidates:
        return f"{count}, and why no finding is stated"
    return f"{count}, {counted(len(candidates), 'finding')}, questions to ask"


def lead(figures):
    """Services against the median of the region, and the key figures outside the limits of chance."""
    name = figures.authority.name
    if isinstance(figures.categories, Lacking):
        return f"{name} has signed off no services, so most of this profile has no figures."
    if figures.has_little_data:
        children = figures.authority.under_18s
        whose = f" for its {figure(children)} children" if children is not None else ""
        return (
            f"{name} mapped {counted(figures.service_count, 'service')}{whose}. Most of its figures are "
            "too small to compare, and some too small to show."
        )
    first = f"{name} mapped {counted(figures.service_count, 'service')}{against_median(figures)}."
    return f"{first} {so_far(figures) or outside(figures)}".strip()


def so_far(figures):
    """For a provisional profile: how many services the figures come from, where some have not answered."""
    workforce, activity = figures.workforce, figures.activity
    lacks = isinstance(workforce, Lacking) or isinstance(activity, Lacking)
    if not figures.status.is_provisional or lacks or workforce.answered == workforce.listed:
        return ""
    return (
        f"So far {figure(workforce.answered)} of {figure(workforce.listed)} services give figures on staff, "
        f"{figure(activity.answered)} of {figure(activity.holding)} on children."
    )


def against_median(figures):
    """Services for every 10,000 children beside the median of the region, or of England where there is none."""
    first = next((k for k in figures.key_figures if k.code == "P01"), None)
    if first is None or not first.figures.own.is_shown:
        return ""
    others = (
        (first.figures.region, the_region(figures.authority.region_name)),
        (first.figures.england, "England"),
    )
    value, area = next(((value, area) for value, area in others if value.is_shown), (None, ""))
    own = f", {shown(first.figures.own, first.form)} for every 10,000 children"
    return own if value is None else f"{own}; the median authority of {area} has {shown(value, first.form)}"


def outside(figures):
    """A sentence on the key figures that chance does not explain."""
    if not any(areas_compared(figures)):
        return "There is nothing to compare with yet: fewer than five authorities have signed off."
    if not any(key_figure.funnel for key_figure in figures.key_figures):
        return ""
    names = [k.name.lower() for k in figures.key_figures if stands_out(k)]
    if not names:
        return "None of its key figures differs from England by more than chance explains."
    verb = "differs" if len(names) == 1 else "differ"
    return f"{sentence(listed(names))} {verb} from England by more than chance explains."


def stands_out(key_figure):
    return (
        key_figure.funnel is not None and key_figure.people >= 10 and chance_of(key_figure.funnel) != "within"
    )


def key_figures_table(figures):
    authority = figures.authority
    last = "Why there is no comparison" if figures.has_little_data else "Lowest, middle half and highest"
    return Table(
        key="key-figures",
        title="Six key figures" if len(figures.key_figures) == 6 else "Key figures",
        basis=f"{census_day(figures)} · {compared_with(figures)}",
        columns=(
            Column("Key figure", 47),
            Column("Last year", 14),
            Column(authority.name, 27),
            Column(authority.region_name, 17, is_optional=True),
            Column("England", 15, is_optional=True),
            Column(last, 54, is_number=False, is_optional=True),
        ),
        rows=tuple(key_figure_row(figures, key_figure) for key_figure in figures.key_figures),
        note=""
        if figures.has_little_data or not has_lines(figures)
        else f"On each line: tick, median of England; circle, {authority.name}; diamond, {authority.name} "
        "where it stands out. Each line has its own scale.",
    )


def has_lines(figures):
    """Whether there are enough authorities to draw how a key figure lies among them."""
    return any(key_figure.spread for key_figure in figures.key_figures)


def compared_with(figures):
    has_region, has_england = areas_compared(figures)
    how = ""
    if has_england:
        line = figures.comparators[0]
        counts = f"{figure(line.region)} and {figure(line.england)}" if has_region else figure(line.england)
        how = f"median of the {counts} authorities signed off"
    return areas_in_words(figures, has_region, has_england, how)


def key_figure_row(figures, key_figure):
    compared, form = key_figure.figures, key_figure.form
    own = shown(compared.own, form)
    tone = "large-accent" if not figures.has_little_data and stands_out(key_figure) else "large"
    if not compared.own.is_shown:
        own, tone = IN_WORDS.get(own, own), "own"
    return Row(
        (
            Cell(key_figure.name, detail=f"{key_figure.unit} · {key_figure.code}"),
            value_cell(compared.last_year, form, "quiet"),
            Cell(own, flag=compared.own.flag, tone=tone),
            value_cell(compared.region, form),
            value_cell(compared.england, form),
            line_cell(figures, key_figure),
        )
    )


def line_cell(figures, key_figure):
    """The position line, or why there is none."""
    compared, spread, form = key_figure.figures, key_figure.spread, key_figure.form
    if not figures.has_little_data and not has_lines(figures):
        return Cell("N/A")
    if figures.has_little_data or spread is None or not (compared.own.is_shown and compared.england.is_shown):
        return Cell(key_figure.why_not or "no figure to place on a line", tone="quiet")
    ends = (spread.lowest, spread.lower_quartile, spread.upper_quartile, spread.highest)
    texts = tuple(shown(type(compared.own)(number), form) for number in ends)
    position = Position(
        float(compared.own.number),
        float(compared.england.number),
        *(float(number) for number in ends),
        shown=(shown(compared.own, form), shown(compared.england, form), *texts),
        stands_out=stands_out(key_figure),
    )
    chart = position_line(position, own_name=figures.authority.name, title=key_figure.name)
    return Cell("", chart=chart)


def findings_and_reading(figures, candidates):
    left = findings_blocks(figures, candidates)
    return TwoColumns(left=left, right=reading_notes(figures), is_boxed=True)


def findings_blocks(figures, candidates):
    if figures.has_little_data and not candidates:
        return no_finding_blocks(figures)
    if not candidates:
        return (
            Heading("Nothing stood out"),
            Paragraph(nothing_stood_out(figures)),
        )
    title = sentence(counted(len(candidates), "finding"))
    blocks = (Heading(title), Findings(tuple(candidate.finding for candidate in candidates)))
    return blocks if len(candidates) >= 3 else (*blocks, Paragraph("Nothing else stood out."))


def nothing_stood_out(figures):
    """Why there is no finding, of what could be compared."""
    said = []
    if any(key_figure.funnel for key_figure in figures.key_figures):
        said.append("No key figure lies outside the limits of chance.")
    if any(k.is_comparable and k.figures.last_year.is_shown for k in figures.key_figures):
        said.append("No key figure has changed by more than 5%.")
    return " ".join(said) or "There is nothing yet to compare the key figures with."


def no_finding_blocks(figures):
    blocks = (Heading("No finding can be stated"), Paragraph(why_no_finding(figures)))
    if figures.can_be_said:
        blocks += (Heading("What can be said"), Bullets(figures.can_be_said))
    return blocks


def why_no_finding(figures):
    if isinstance(figures.categories, Lacking):
        return "A finding needs figures that somebody has signed off. This return has none."
    return (
        "One child or one person more or less moves a rate of so few by several points. No rate is "
        "compared, and no change is named."
    )


def reading_notes(figures):
    if isinstance(figures.categories, Lacking):
        return (
            SideNote(
                "No return",
                (
                    "It does not mean that there are no services. In the tables of England this "
                    "authority is “no "
                    "return”, never zero.",
                ),
            ),
        )
    if figures.has_little_data:
        return (
            SideNote(
                "Small figures",
                (
                    "One to four people are shown as <5, and a second figure is held back where "
                    "the total would "
                    "reveal it.",
                    "Charts of fewer than five services or ten people are replaced by tables and words.",
                ),
            ),
        )
    notes = [
        SideNote(
            "How findings are chosen",
            (
                "A figure is named if it lies outside the 99.8% limits of chance, if it changed "
                "by more than 5% "
                "(a share by 2 points or more) between two comparable returns, or if an answer "
                "differs from that "
                "of two thirds of England. At most six, the strongest first.",
                "High and low are not good and bad. The figures say what was mapped, not why.",
            ),
        )
    ]
    if not_compared(figures):
        notes.append(SideNote("Not compared", (not_compared(figures),)))
    return tuple(notes)


def not_compared(figures):
    """Which key figures cannot be compared with last year, and which partners are missing."""
    parts = []
    breaks = [
        k.name.lower() for k in figures.key_figures if not k.is_comparable and k.figures.last_year.is_shown
    ]
    if breaks:
        which = "Key figures" if len(breaks) == len(figures.key_figures) else sentence(listed(breaks))
        parts.append(f"{which} with last year: a return is not complete, or the two count differently.")
    absent = len(missing_partners(figures))
    if absent:
        parts.append(
            f"{sentence(words_for(absent))} of the expected returns {'is' if absent == 1 else 'are'} missing."
        )
    return " ".join(parts)
