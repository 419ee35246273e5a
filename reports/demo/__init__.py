"""The invented data of the demonstration: people, returns of three years, answers, and what is going on now.

Everything is drawn with a seed, so the same seed gives the same data. Decisions go through the real actions.
"""
