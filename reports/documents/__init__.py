"""Documents that are made by jobs: asked for, made by a worker, kept in the store, opened by their readers."""
