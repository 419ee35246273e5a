"""The one way in which an action about people says no."""


class Refused(Exception):
    """What somebody asked for cannot be; the message says why and what to do, for the person who asked."""
