"""Score boxes against the true ones: pair sets, precision and recall, contact sheets."""
