"""Reads shaped for one page each."""
