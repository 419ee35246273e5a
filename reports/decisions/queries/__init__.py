"""Reads of the pages about checking, submitting and deciding."""
