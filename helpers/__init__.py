"""Spot the Difference."""
__version__ = "0.1.0"
