"""What learners of lesson 23 type and what the check must say; positions of its slider."""

CONTRASTIVE = """
def contrastive_loss(distance, same, margin):
    missing = np.maximum(margin - distance, 0)
    return {result}
"""
SUPERVISED = """
def loss_of_one(cosines, same, temperature):
    logits = cosines / temperature
    shares = np.exp(logits) / np.exp(logits).sum()
    return {result}
"""


def contrastive(result: str) -> str:
    return CONTRASTIVE.format(result=result)


def supervised(result: str) -> str:
    return SUPERVISED.format(result=result)


OF_SAME, OF_OTHER = "np.mean(distance[same] ** 2)", "np.mean(missing[~same] ** 2)"
WRONG = {
    "23.1": [
        ("let_go = [0.5, 1, 1.5]", "These are the margins"),
        ("let_go = [0.5, 0, -0.5]", "Its square is 2 - 2 cos"),
        ("let_go = [0.75, 0, -1.25]", "halve it"),
        ("let_go = [0.75, 0.5, 0.25]", "Square the margin"),
        ("let_go = np.cos([0.5, 1, 1.5])", "an angle"),
        ("let_go = [-0.125, 0.5, 0.875]", "order is swapped"),
        ("let_go = [-0.875, -0.5, 0.125]", "sign"),
        ("let_go = [0.875, 0.5, 0.125]", "1 of 3 values are other ones"),
        ("let_go = 0.875", "one number"),
        ("let_go = [0.875, 0.5]", "There are 2 and should be 3"),
        ("let_go = '0.875, 0.5, -0.125'", "type str"),
    ],
    "23.2": [
        (contrastive(f"{OF_SAME} + np.mean((margin - distance[~same]) ** 2)"), "beyond the margin"),
        (contrastive("np.mean(np.where(same, distance, missing) ** 2)"), "count by their number"),
        (contrastive("np.sum(np.where(same, distance, missing) ** 2)"), "Take means"),
        (contrastive("distance[same].mean() + missing[~same].mean()"), "squares are missing"),
        (contrastive(f"{OF_SAME} + missing[~same].mean()"), "Square what a pair of two brands"),
        (contrastive(f"distance[same].mean() + {OF_OTHER}"), "Square the distance"),
        (
            contrastive("np.mean(distance[~same] ** 2) + np.mean(missing[same] ** 2)"),
            "The kinds are swapped",
        ),
        (
            contrastive(f"{OF_SAME} + np.maximum(margin**2 - distance[~same] ** 2, 0).mean()"),
            "You square first",
        ),
        (contrastive(f"({OF_SAME} + {OF_OTHER}) / 2"), "Add them"),
        (contrastive(OF_SAME), "Pairs of two brands are missing"),
        (contrastive(OF_OTHER), "Pairs of one brand are missing"),
        (
            contrastive(f"{OF_SAME} + np.mean(np.maximum(1 - distance[~same], 0) ** 2)"),
            "whatever is given",
        ),
        (contrastive("np.where(same, distance, missing) ** 2"), "a number for each pair"),
        (contrastive(f"{OF_SAME} - {OF_OTHER}"), "For 60 pairs and a margin of 1.0"),
        (contrastive("None"), "It is None"),
        ("def contrastive_loss(distance, same):\n    return 0", "It stops with TypeError"),
        ("contrastive_loss = 0.36", "expected is a function"),
    ],
    "23.3": [
        (
            "def loss_of_one(cosines, same, temperature):\n"
            "    return -np.log(np.exp(cosines) / np.exp(cosines).sum())[same].mean()",
            "divided by the temperature",
        ),
        (
            "def loss_of_one(cosines, same, temperature):\n"
            "    powers = np.exp(cosines * temperature)\n"
            "    return -np.log(powers / powers.sum())[same].mean()",
            "You multiply",
        ),
        (supervised("np.log(shares[same]).mean()"), "The sign"),
        (supervised("-np.log(shares[same]).sum()"), "Take the mean"),
        (supervised("-np.log(shares).mean()"), "Only those of its brand"),
        (supervised("-np.log(shares[same].mean())"), "logarithm of the mean"),
        (supervised("-np.log(shares[same].sum())"), "logarithm of the sum"),
        (
            supervised("-(logits[same] - np.log(np.exp(logits[~same]).sum())).mean()"),
            "those of its own brand among them",
        ),
        (supervised("-shares[same].mean()"), "The logarithm is missing"),
        (supervised("shares[same].mean()"), "The logarithm is missing"),
        (supervised("-np.log(shares[same])"), "several numbers"),
        (supervised("0.5"), "For a temperature of 0.1"),
        ("def loss_of_one(cosines):\n    return 0", "It stops with TypeError"),
        ("loss_of_one = 2.0", "expected is a function"),
    ],
}

SLIDERS = {
    "margin": [
        ((0.1, 60), "margin 0.1, step 60: the nearest of two classes are 0.1"),
        ((1.0, 0), "margin 1.0, step 0: the nearest of two classes are 0.00 apart"),
        ((1.0, 60), "are 0.96 apart, the farthest of one 0.00, loss 0.00"),
        ((2.0, 60), "are 1.00 apart, the farthest of one 0.00, loss 0.43"),
    ]
}
