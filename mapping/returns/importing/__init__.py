"""Reading a list of services out of a file: pure, saves nothing. ``plan.plan_import`` is the way in."""
