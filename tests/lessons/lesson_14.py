"""What learners of lesson 14 type and what the check must say; positions of its slider."""

# The right counts, of which a wrong answer changes one.
COUNTS = {"to 16 bits": 4 + 3 + 3, "box filters": 18 + 20, "the rest": 7 * 16 + 9 * 24 - 16}


def counts(**changes: str) -> str:
    """The snippet with other numbers; `to_16_bits` stands for "to 16 bits"."""
    changed = {key.replace("_", " "): value for key, value in changes.items()}
    items = ", ".join(f"{key!r}: {value}" for key, value in (COUNTS | changed).items())
    return f"sums_moved = {{{items}}}"


WRONG = {
    "14.1": [
        ("sums_moved = 360", "That is the sum"),
        ("sums_moved = sum(moved.values())", "type int; expected is a value of type dict"),
        ("sums_moved = moved", "The key 'to 16 bits' is missing"),
        ("sums_moved = [10, 38, 312]", "expected is a value of type dict"),
        (counts(division=24), "1 keys too many"),
        (counts(to_16_bits="3 + 3 + 2"), "has 2"),
        (counts(to_16_bits="2 + 2 + 1"), "a new array"),
        (counts(to_16_bits="4 + 3"), "cv2.absdiff moves bytes as well"),
        (counts(to_16_bits="4 + 3 + 4"), "reads one array"),
        (counts(to_16_bits="6 + 3 + 3"), "np.multiply reads pictures of 8 bits"),
        (counts(to_16_bits="'ten'"), "expected is a value of type int"),
        (counts(box_filters="4 * one"), "reads 1 or 2 bytes"),
        (counts(box_filters="5 * one"), "not five"),
        (counts(box_filters="4 * (1 + 8)"), "read a uint16"),
        (counts(box_filters="4 * (2 + 8)"), "read a uint8"),
        (counts(box_filters="4 * 8"), "not what they read"),
        (counts(the_rest="4 * (one + two) + 2 * two + 5 * two"), "on one array, not on two"),
        (counts(the_rest="4 * (one + two) + 2 * 8 + 5 * two"), "writes what it has read"),
        (counts(the_rest="4 * (one + two) + 5 * two"), "count as well"),
        (counts(the_rest="4 * two + 2 * one + 5 * two"), "one operation at a time"),
        (counts(the_rest="4 * (one + two) + 2 * one + 4 * two"), "has two operations"),
        (counts(the_rest="313"), "too large"),
    ],
    "14.2": [
        ("enough_rows = next(r for r in range(1, 999) if (r + 3) * 515 < 1.1 * r * 512)", "both"),
        ("enough_rows = next(r for r in range(1, 999) if r + 6 < 1.1 * r)", "columns have a halo"),
        (
            "enough_rows = next(r for r in range(1, 999) if 512 * r > 0.9 * (r + 6) * 518)",
            "a tenth of the tile",
        ),
        ("enough_rows = 68", "Just short"),
        ("enough_rows = 6 * 518 / (1.1 * 512 - 518)", "whole rows"),
        ("enough_rows = 80", "Fewer are enough"),
        ("enough_rows = 70", "too large"),
        ("enough_rows = 60", "too small"),
    ],
    "14.3": [
        ("float32_mean = 1", "Use np.cumsum"),
        ("float32_mean = np.mean(np.ones(20_000_000, np.float32))", "Use np.cumsum"),
        ("float32_mean = np.float32(2**24)", "Divide it"),
        ("float32_mean = 1 - 2**24 / 20_000_000", "share that is lost"),
        ("float32_mean = 0.84", "too large"),
        ("float32_mean = 2**23 / 20_000_000", "too small"),
        ("float32_mean = np.cumsum(np.ones(20_000_000, np.float32))", "One number is expected"),
    ],
}

SLIDERS = {
    "tile_size": [
        (16, "16 x 16 pixels: 47 of 7500 tiles, 1.2% of the picture"),
        (96, "96 x 96 pixels: 6 of 221 tiles, 3.3% of the picture"),
        (400, "400 x 400 pixels: 5 of 12 tiles, 42.6% of the picture"),
    ]
}
