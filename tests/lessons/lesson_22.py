"""What learners of lesson 22 type and what the check must say; positions of its slider."""

# A loss that is right but for what stands in the braces.
LOSS = """
def batch_loss(cosines, same):
    p = 1 / (1 + np.exp(-10 * (cosines - 0.5)))
    return {result}
"""


def loss(result: str) -> str:
    return LOSS.format(result=result)


WRONG = {
    "22.1": [
        ("unshared_weights = siamese.count_params()", "whose towers share"),
        ("unshared_weights = tower.count_params()", "That is one tower"),
        ("unshared_weights = 2 * tower.count_params()", "Factor and offset are missing"),
        ("unshared_weights = 2 * siamese.count_params()", "Factor and offset come once"),
        ("unshared_weights = [2 * tower.count_params() + 2]", "Take it out"),
        ("unshared_weights = tower", "expected is a value of type int"),
        ("unshared_weights = 128", "too small"),
    ],
    "22.2": [
        (loss("-np.log(np.where(same, p, 1 - p)).mean()"), "the mean of each kind by itself"),
        (loss("-np.log(np.where(same, p, 1 - p)).sum()"), "Take means"),
        (loss("(-np.log(p[same]).mean() - np.log(1 - p[~same]).mean()) / 2"), "Add them"),
        (loss("np.log(p[same]).mean() + np.log(1 - p[~same]).mean()"), "The sign"),
        (loss("-np.log(1 - p[same]).mean() - np.log(p[~same]).mean()"), "what the other should"),
        (loss("-np.log(p[same]).mean()"), "Pairs of two brands are missing"),
        (loss("-np.log(1 - p[~same]).mean()"), "Pairs of one brand are missing"),
        (loss("-np.log2(p[same]).mean() - np.log2(1 - p[~same]).mean()"), "base 2"),
        (loss("-np.log10(p[same]).mean() - np.log10(1 - p[~same]).mean()"), "base 10"),
        (loss("-np.log(np.where(same, p, 1 - p))"), "a number for each pair"),
        (loss("-np.log(p[same]).mean() - np.log(1 - p[same]).mean()"), "The number is too"),
        (loss("None"), "It is None"),
        ("def batch_loss(cosines):\n    return 0", "It stops with TypeError"),
        ("batch_loss = 1.5", "expected is a function"),
    ],
    "22.3": [
        (
            "strict_threshold = np.quantile(shipped[validation_pairs.same], 0.01)",
            "refuses 1 % of the pairs of one brand",
        ),
        (
            "strict_threshold = np.quantile(shipped[validation_pairs.kind == 'easy'], 0.99)",
            "easy pairs alone",
        ),
        (
            "strict_threshold = np.quantile(shipped[validation_pairs.kind == 'hard'], 0.99)",
            "hard pairs alone",
        ),
        ("strict_threshold = np.quantile(shipped, 0.99)", "You look at all pairs"),
        (
            "strict_threshold = np.quantile(shipped[~validation_pairs.same], 0.01)",
            "That is the other end",
        ),
        (
            "strict_threshold = metrics.equal_error_rate(shipped, validation_pairs.same)[1]",
            "too many",
        ),
        ("strict_threshold = 0.99", "a smaller one would do"),
        ("strict_threshold = shipped", "One number is expected"),
        ("strict_threshold = '0.8'", "type str"),
    ],
}

SLIDERS = {
    "acceptance": [
        (0.0, "accepted from 0.00 up: "),
        (0.5, "accepted from 0.50 up: "),
        (0.9, "accepted from 0.90 up: "),
    ]
}
