"""Pages of the national team about the checks of a collection: all of them, one, what holds everywhere, trials."""
