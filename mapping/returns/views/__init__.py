"""Pages of a return: overview, list of services, import."""
