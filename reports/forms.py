"""Which part of a table somebody wants to see."""

from django import forms

ENGLAND, AUTHORITIES = "england", "authority"
NOTHING = "nothing"


class TableForm(forms.Form):
    """Areas, collections, set of authorities and row of a table; choices come with the table."""

    areas = forms.ChoiceField(label="Areas")
    year = forms.ChoiceField(label="Collection")
    compare = forms.ChoiceField(label="Compare with")
    returns = forms.ChoiceField(label="Authorities")
    item = forms.ChoiceField()

    def __init__(self, data, *, table, collections, regions, items):
        """collections: those that may be read, in order. regions: rows of the register."""
        years = [collection.name for collection in reversed(collections)]
        given = {name: data[name] for name in data if name in self.base_fields}
        super().__init__(self.defaults(years, items) | given)
        self.fields["item"].label = table.row_name
        self.fields["areas"].choices = [
            (ENGLAND, "England"),
            ("region", "Regions"),
            ("sha", "Strategic health authorities"),
            ("la_type", "Types of authority"),
            *((f"in-{region.slug}", f"Authorities in {region.name}") for region in regions),
            (AUTHORITIES, "All authorities"),
        ]
        self.fields["year"].choices = [(year, year) for year in years]
        self.fields["compare"].choices = [(NOTHING, "Nothing"), *((year, year) for year in years)]
        self.fields["returns"].choices = [("common", "The same in both years"), ("all", "All that answered")]
        self.fields["item"].choices = [(item.key, item.label) for item in items]
        if not table.is_about_answers:
            del self.fields["returns"]

    @staticmethod
    def defaults(years, items):
        earlier = years[1] if len(years) > 1 else NOTHING
        return {
            "areas": ENGLAND,
            "year": years[0],
            "compare": earlier,
            "returns": "common",
            "item": items[0].key,
        }

    def clean(self):
        """A collection is compared with an earlier one only."""
        chosen = super().clean()
        if chosen.get("compare", NOTHING) >= chosen.get("year", ""):
            chosen["compare"] = NOTHING
        return chosen

    @property
    def region_slug(self):
        areas = self.cleaned_data["areas"]
        return areas.removeprefix("in-") if areas.startswith("in-") else ""

    @property
    def level(self):
        areas = self.cleaned_data["areas"]
        return AUTHORITIES if self.region_slug else areas
