"""No models: Django tells only apps that have this module that migrations have run (see ``grants.py``)."""
