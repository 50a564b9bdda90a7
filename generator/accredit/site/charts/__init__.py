"""Plots as inline SVG: values in, markup out. Colours come from classes, so both schemes of the theme work."""
