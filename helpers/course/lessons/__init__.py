"""A module for each lesson: its sliders, the checks of its exercises, its questions."""
