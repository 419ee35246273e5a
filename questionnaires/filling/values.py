"""One example value for one cell, by its type; rules that tie it to others are seen to afterwards."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from questionnaires.case import category_options
from questionnaires.cells import Special, cell_id
from questionnaires.filling.likely import likely_size_of
from questionnaires.rules import is_number
from questionnaires.wording import Dates

# Unit -> what it grows with, and the least and the most of it for each child, WTE, or at all.
AMOUNTS = {
    "children": ("children", 0.04, 0.4),
    "women": ("children", 0.04, 0.4),
    "mothers": ("children", 0.04, 0.4),
    "parents": ("children", 0.04, 0.4),
    "families": ("children", 0.04, 0.3),
    "births": ("children", 0.1, 0.5),
    "contacts": ("children", 0.3, 2),
    "visits": ("children", 0.3, 2),
    "sessions": ("children", 0.2, 1),
    "assessments": ("children", 0.05, 0.3),
    "reviews": ("children", 0.05, 0.3),
    "WTE": ("staff", 0.05, 0.3),
    "people": ("staff", 0.1, 0.6),
    "posts": ("staff", 0.05, 0.3),
    "staff": ("staff", 0.1, 0.6),
    "£": ("staff", 1500, 9000),
    "%": ("", 62, 96),
    "days": ("", 3, 30),
    "weeks": ("", 3, 14),
    "months": ("", 3, 14),
    "years": ("", 6, 16),
    "hours": ("", 4, 30),
    "minutes": ("", 20, 90),
    "beds": ("", 6, 14),
    "places": ("", 8, 40),
    "meetings": ("", 4, 10),
}
# The same for figures that other figures are made of, by measure.
MEASURES = {"caseload": ("children", 0.85, 1.15), "non_pay_budget": ("staff", 3000, 7000)}
WHOLE_COST = ("staff", 34_000, 41_000)  # pounds for each WTE, where one figure says what all of it costs
# Population of a category -> youngest and oldest age served.
AGES = {
    "births": (-1, 0),
    "under_5": (0, 4),
    "school_age": (5, 15),
    "young_people": (10, 18),
    "under_18": (0, 17),
}
NOT_KNOWN_SHARE = 0.1  # how large the row of those not known is, beside the others
FURTHER_DOWN = 0.25  # rows further down a table hold fewer children
OTHERWISE = ("children", 0.02, 0.2)
MUCH_THE_SAME = 3
MOVES = 0.06  # how far a figure moves from one year to the next
SMALL = 3
STAYS = 0.94  # how likely a choice stays
WEAK = ("other", "not known", "don't know")

# Words in a label -> what a text says there; the first that fits.
TEXTS = {
    "address": ("12 High Street", "3 Station Road", "48 Church Lane"),
    "postcode": ("M32 0TH",),
    "post": ("Service manager", "Team leader", "Head of service"),
    "completed by": ("Performance officer", "Information officer"),
    "checked": ("Service manager", "Performance officer", "Information officer"),
    "system": ("CareBase", "ChildView", "FamilyFile", "CaseNote"),
    "tool": ("Local assessment tool", "Strengths and difficulties questionnaire"),
    "measure": ("Goal-based outcomes", "Rating by parents"),
    "programme": ("Positive parenting course", "Stepping stones group"),
    "agency": ("Community partnership", "Local volunteer network"),
    "provider": ("Community partnership", "Local volunteer network"),
    "body": ("Ofsted", "Care Quality Commission"),
    "result": ("Good", "Satisfactory"),
    "reason": ("The work was reorganised in the spring.", "A contract came to its end."),
    "name": ("Riverside", "Northgate", "Meadow House", "The Beeches"),
    "title": ("Service manager", "Team leader"),
    "barrier": ("Case systems of the partners are not linked.",),
    "plan": ("Extend the service to two more neighbourhoods by next autumn.",),
}
SENTENCES = (
    "Agreed with the partners and reviewed every year.",
    "Arranged locally with schools, health services and social care.",
    "Families asked for it, and the Board agreed to it in the summer.",
)


class Values:
    """Draws values for a draft (a Case that is being filled) by its lot."""

    def __init__(self, draft, rng, around):
        self.draft, self.rng, self.around = draft, rng, around
        self.context = draft.context
        self.dates = self.context.dates or Dates.of(self.context.year)
        self.home = self._home()

    def _home(self):
        """The area that the organisation belongs to, as far as anything tells."""
        own = str(self.context.entry.get("organisation") or "")
        return (*self.around.areas, *([own] if own.startswith("E") else []), "E08000009")[0]

    def value(self, cell):
        """A value for a cell, near last year's if there was one; None where nothing can be named."""
        kind = cell.field.type
        if cell.field.kind.is_numeric and kind != "year":
            return self.number(cell)
        before = self.draft.last(cell.id)
        if before is not None and not isinstance(before, Special) and self.rng.random() < STAYS:
            kept = self._still_offered(before, cell.field)
            if kept:
                return kept
        return getattr(self, f"_{kind}", self._text)(cell)

    def _still_offered(self, before, field):
        """Last year's choice, or what is left of it; texts and keys of registers stay as they are."""
        if field.kind.widget not in ("radios", "checkboxes"):
            return before if field.type != "date" else None
        offered = set(self._options(field))
        if isinstance(before, tuple):
            return tuple(key for key in before if key in offered)
        return before if before in offered else None

    # figures

    def number(self, cell):
        """A figure of a likely size, within what the field takes."""
        field, before = cell.field, self.draft.last(cell.id)
        if is_number(before):
            return self._moved(field, before)
        size = self._likely(cell)
        if size is not None:
            return self.fitted(field, size)
        if field.usual:
            low, high = (float(limit) for limit in field.usual)
            return self.fitted(field, low + (high - low) * self.rng.uniform(0.1, 0.6))
        if field.measure in ("youngest_age", "oldest_age") and self.context.category:
            return AGES[self.context.category.population][field.measure == "oldest_age"]
        return self.fitted(field, self._amount(cell))

    def _likely(self, cell):
        """A size that is known to be likely; None where none is, or what it is a share of is not answered."""
        likely = likely_size_of(cell)
        if likely is None:
            return None
        whole = self._whole(cell, likely.of)
        return float(whole) * self.rng.uniform(likely.least, likely.most) if is_number(whole) else None

    def _whole(self, cell, of):
        """What a likely size is that many times of."""
        own = {"": 1, "caseload": self.around.children, "staff": Decimal(str(self.around.staff))}
        if of in own:
            return own[of]
        beside = cell_id(cell.question.key, cell.row, of)
        return self.draft.value(of if of in self.draft.questionnaire.questions else beside)

    def _moved(self, field, before):
        """Last year's figure moved a little; a small one by one child now and then."""
        now = self.fitted(field, float(before) * self.rng.uniform(1 - MOVES, 1 + MOVES))
        if now == before and before >= SMALL:
            return self.fitted(field, now + self.rng.choice([-1, 0, 1]) * field.kind.step)
        return now

    def _amount(self, cell):
        """A likely size for a figure that nothing is known about."""
        field, row = cell.field, cell.question.row(cell.row)
        grows_with, least, most = self._grows_with(cell)
        size = {"children": self.around.children, "staff": self.around.staff}.get(grows_with, 1)
        amount = size * self.rng.uniform(least, most)
        if row and "not_known" in row.tags:
            amount *= NOT_KNOWN_SHARE
        elif row and grows_with == "children":
            amount /= 1 + cell.question.rows.index(row) * FURTHER_DOWN
        if field.maximum is not None and amount > field.maximum:
            return float(field.maximum) * self.rng.uniform(0.2, 0.8)
        return amount

    def _grows_with(self, cell):
        field = cell.field
        if field.measure in MEASURES:
            return MEASURES[field.measure]
        if field.type == "money" and not cell.column:
            return WHOLE_COST
        return AMOUNTS.get("%" if field.type == "pct" else field.unit, OTHERWISE)

    def fitted(self, field, number):
        """A number as the field keeps it: rounded, not below its least, not above its most."""
        kind = field.kind
        low = kind.minimum if field.minimum is None else field.minimum
        high = kind.maximum if field.maximum is None else field.maximum
        rounded = Decimal(str(number)).quantize(kind.step, ROUND_HALF_UP)
        if low is not None:
            rounded = max(rounded, Decimal(low))
        if high is not None:
            rounded = min(rounded, Decimal(high))
        return kind.from_json(kind.to_json(int(rounded) if kind.step == 1 else rounded))

    def _year(self, cell):
        return int(self.context.year[:4]) - self.rng.choice([0, 0, 1])

    # choices

    def _options(self, field):
        own = {option.key: option.label for option in field.options}
        return category_options(self.context.category) | own if field.options_from else own

    def _one(self, cell):
        """One of the options, those named first the likelier."""
        options = {
            key: label for key, label in self._options(cell.field).items() if not self._is_used(cell, key)
        }
        weights = [
            0.05 if label.lower().startswith(WEAK) else 1 / (place + 1)
            for place, label in enumerate(options.values())
        ]
        return self.rng.choices(list(options), weights)[0] if options else None

    def _is_used(self, cell, key):
        """Whether another column of the row, with much the same options, says it already: from a step to itself."""
        own = {option.key for option in cell.field.options}
        return any(
            len(own.intersection(option.key for option in column.options)) >= MUCH_THE_SAME
            and self.draft.value(cell_id(cell.question.key, cell.row, column.key)) == key
            for column in cell.question.columns
            if column.key != cell.column
        )

    def _yn(self, cell):
        return "yes" if self.rng.random() < 0.75 else "no"

    def _yni(self, cell):
        return self.rng.choice(["yes", "yes", "in_development", "no"])

    def _many(self, cell):
        """A few of the options; now and then the one that excludes the others."""
        exclusive = [option.key for option in cell.field.options if option.exclusive]
        others = {key: label for key, label in self._options(cell.field).items() if key not in exclusive}
        plain = [key for key, label in others.items() if not label.lower().startswith(WEAK)] or list(others)
        if exclusive and self.rng.random() < 0.1:
            return (self.rng.choice(exclusive),)
        chosen = set(self.rng.sample(plain, min(len(plain), self.rng.randint(1, 3))))
        return tuple(key for key in plain if key in chosen) or None

    # what registers hold

    def _area(self, cell):
        return (self.home,) if cell.field.multiple else self.home

    def _org(self, cell):
        entry = self.context.entry
        own = (entry.get("provider"), entry.get("organisation"), self.home)
        known = self.around.organisations or tuple(key for key in own if key)
        other = self.rng.choice(known[1:] or known)
        if cell.field.multiple:
            return (other,)
        return known[0] if self.context.category else other  # what is asked of an organisation names others

    def _service(self, cell):
        return self.rng.choice(self.around.services) if self.around.services else None

    # words and times

    def _text(self, cell):
        label = f"{cell.field.label} {cell.question.name}".lower()
        for word, texts in TEXTS.items():
            if word in label:
                return self.rng.choice(texts)
        return self.rng.choice(SENTENCES)

    def _long(self, cell):
        return self.rng.choice(SENTENCES)

    def _email(self, cell):
        return "team@council.example"

    def _url(self, cell):
        return "https://www.council.example/children"

    def _phone(self, cell):
        return f"01632 960{self.rng.randint(0, 999):03}"

    def _postcode(self, cell):
        near = [code for code, areas in (self.context.outcodes or {}).items() if self.home in areas]
        known = near or list(self.context.outcodes or {}) or ["M32"]
        return f"{self.rng.choice(known)} {self.rng.randint(1, 9)}ZZ"

    def _date(self, cell):
        if cell.field.future:
            return self.dates.census.replace(
                year=self.dates.census.year + self.rng.randint(1, 3), month=3, day=31
            )
        latest = min(self.dates.census, self.context.today or self.dates.census)
        return latest - timedelta(days=self.rng.randint(20, 500))

    def _time(self, cell):
        return self.rng.choice(["16:30", "17:00"]) if cell.column in ("to", "until") else "09:00"
