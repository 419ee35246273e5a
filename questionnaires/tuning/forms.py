"""The thresholds of one rule as a form: shares in per cent, ranges as two fields."""

from django import forms

from questionnaires.rules.thresholds import PEER_PERCENTS, InvalidThresholds, kind_of, label_of, read_value

WIDTH = {"class": "width-8", "inputmode": "decimal"}


class ThresholdForm(forms.Form):
    """What a rule may go by at a question. ``values``: name -> stored value, once it is valid."""

    def __init__(self, *args, names, in_force, **kwargs):
        """names: thresholds of the rule; in_force: name -> value as it counts now."""
        super().__init__(*args, **kwargs)
        self.names = names
        for name in names:
            self._add(name, in_force[name])

    def _add(self, name, value):
        kind, label = kind_of(name), label_of(name)
        if kind == "range":
            for end, part in zip(("lowest", "highest"), value, strict=True):
                self.fields[f"{name}_{end}"] = _number(f"{label}: {end}", part)
        elif kind == "level":
            choices = [(str(percent), f"{percent}% at each end") for percent in PEER_PERCENTS]
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, initial=str(value))
        else:
            self.fields[name] = _number(label, value * 100 if kind == "share" else value)

    def clean(self):
        answers = super().clean()
        self.values = {}
        for name in self.names if not self.errors else ():
            try:
                self.values[name] = read_value(name, self._sent(name, answers))
            except InvalidThresholds as problem:
                self.add_error(f"{name}_lowest" if kind_of(name) == "range" else name, str(problem))
        return answers

    def _sent(self, name, answers):
        if kind_of(name) == "range":
            return answers[f"{name}_lowest"], answers[f"{name}_highest"]
        return answers[name] / 100 if kind_of(name) == "share" else answers[name]


def _number(label, value):
    errors = {
        "required": "Give a number.",
        "invalid": "That is not a number. Write it in figures, such as 25.",
    }
    shown = format(value.normalize(), "f") if hasattr(value, "normalize") else value
    return forms.DecimalField(
        label=label, initial=shown, widget=forms.TextInput(attrs=WIDTH), error_messages=errors
    )
