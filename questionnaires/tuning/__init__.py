"""The national team's side of soft rules: how often they find something, and thresholds tried before they count.

What goes through all answers of a collection is a job (``actions``); its steps are ``counting``, ``trying``,
``applying`` and ``peers``. Docs: decisions/0010.
"""
