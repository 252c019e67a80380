"""What learners of lesson 21 type and what the check must say; positions of its slider."""

# A split that is right but for what stands in the braces.
SPLIT = """
def split(labels):
    families = np.unique(labels // {divisor})
    chosen = np.random.default_rng(1).permutation(families)[: len(families) // {part}]
    is_test = np.isin(labels // {divisor}, chosen)
    return {result}
"""
RIGHT = {
    "divisor": 2,
    "part": 4,
    "result": "np.flatnonzero(~is_test), np.flatnonzero(is_test)",
}


def a_split(**changes: object) -> str:
    return SPLIT.format(**RIGHT | changes)


def counts(result: str) -> str:
    return (
        "def count_pairs(brands, views):\n"
        "    n = brands * views\n"
        "    total, same = n * (n - 1) // 2, brands * views * (views - 1) // 2\n"
        "    hard = brands // 2 * views**2\n"
        f"    return {result}"
    )


WRONG = {
    "21.1": [
        ("share_right = 0.95", "when both kinds are as frequent"),
        ("share_right = same.mean()", "how many of all pairs are positive"),
        ("share_right = 1 - 570 / (570 + 3960)", "the share that is wrong"),
        ("share_right = 570 / 3960", "right ones divided by wrong ones"),
        ("share_right = 570 / (570 + 79200)", "only 5 of 100"),
        ("share_right = 12.58", "percent"),
        ("share_right = 600 / (600 + 3960)", "too large"),
        ("share_right = precision_score(same, says_same)", "too small"),
        ("share_right = (570, 3960)", "One number is expected"),
        ("share_right = '12.6 %'", "type str"),
    ],
    "21.2": [
        ("count_pairs = 600, 78400, 800", "expected is a function"),
        (
            "def count_pairs(brands, views):\n    print(600, 78400, 800)",
            "For 100 brands and 4 views it returns None",
        ),
        (
            "def count_pairs(brands, views):\n    return same.sum(), easy.sum(), hard.sum()",
            "For 2 brands and 3 views another number is expected for same and easy and hard",
        ),
        (counts("same, hard, total - same - hard"), "same, easy, hard"),
        (counts("2 * same, 2 * (total - same - hard), 2 * hard"), "each pair twice"),
        (counts("same + n, total - same - hard, hard"), "with itself"),
        (counts("2 * same, total - 2 * same - hard, hard"), "pairs of one brand twice"),
        (counts("same, total - same - 2 * hard, 2 * hard"), "from its sister"),
        (counts("same, total - same - brands // 2, brands // 2"), "one hard pair for each family"),
        (counts("same, total - same, hard"), "among the easy ones"),
        (counts("same, total, hard"), "expected for easy."),
        (counts("same, total - same"), "expected are three numbers"),
        (counts("same, easy, hard"), "expected are three numbers"),
        (
            "def count_pairs(pictures):\n    return 600, 78400, 800",
            "it stops with TypeError",
        ),
    ],
    "21.3": [
        ("split = train, test", "expected is a function"),
        (a_split(divisor=1), "families of 40 stand on both sides. A brand and its sister"),
        (a_split(part=10), "10% of the pictures go to the test"),
        (
            a_split(result="np.flatnonzero(is_test), np.flatnonzero(~is_test)"),
            "75% of the pictures go to the test. Let it be 20 to 30 %. Training comes first",
        ),
        (a_split(result="labels[~is_test], labels[is_test]"), "does not hold indices"),
        (a_split(result="np.flatnonzero(is_test)"), "expected are two arrays"),
        (a_split(result="np.arange(len(labels)), np.flatnonzero(is_test)"), "on both sides."),
        (a_split(result="np.flatnonzero(~is_test), 2 * families"), "One of its arrays"),
        (
            "def split(labels):\n"
            "    order = np.random.default_rng(1).permutation(len(labels))\n"
            "    return order[len(order) // 4 :], order[: len(order) // 4]",
            "brands of 80 stand on both sides",
        ),
        (
            "def split(labels):\n"
            "    order = np.arange(len(labels))\n"
            "    return order[len(order) // 4 :], order[: len(order) // 4]",
            "brands of 80 stand on both sides",
        ),
        (
            "def split(labels):\n"
            "    return np.flatnonzero(labels >= 20000), np.flatnonzero(labels < 20000)",
            "100% of the pictures go to the test",
        ),
        (
            "def split(labels):\n    return train, test",
            "whole numbers from 0 to 319 when 320 labels are given",
        ),
        ("def split(labels):\n    GroupShuffleSplit().split(labels)", "It returns None"),
        ("def split(labels):\n    return labels.groups()", "stops with AttributeError in line 2"),
    ],
}

SLIDERS = {
    "share_of_hard": [
        (0, "0 % of the other pairs are hard: AUC 0.96"),
        (50, "50 % of the other pairs are hard: AUC 0.91"),
        (100, "100 % of the other pairs are hard: AUC 0.86"),
    ]
}
