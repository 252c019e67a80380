"""What lessons and app share: pictures that follow sliders, and figures with alt text."""
