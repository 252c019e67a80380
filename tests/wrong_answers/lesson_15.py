"""What learners of lesson 15 type, and what the check must say about it."""

WRONG = {
    "15.1": [
        ("laid_pipeline = my_pipeline", "Do you warp"),
        (
            """def laid_pipeline(first, second):
    alignment = helpers.find_alignment(helpers.to_gray(first), helpers.to_gray(second))
    return my_pipeline(first, helpers.warp(second, alignment) if alignment else second)""",
            "that the tone names",
        ),
        (
            """def laid_pipeline(first, second):
    alignment = helpers.find_alignment(helpers.to_gray(first), helpers.to_gray(second))
    return my_pipeline(first, helpers.warp(second, alignment))""",
            "Line 3, in laid_pipeline",
        ),
        ("laid_pipeline = my_pipeline(*challenge.pair(0))", "without ()"),
        ("def laid_pipeline(first, second):\n    my_pipeline(first, second)", "'NoneType'"),
    ],
    "15.2": [
        ("tolerant_pipeline = my_pipeline", "wrong size"),
        ("tolerant_pipeline = lambda first, second: []", "nothing at all"),
        (
            "tolerant_pipeline = lambda a, b: helpers.compare(a, b).boxes",
            "Write the steps yourself",
        ),
        (
            "tolerant_pipeline = lambda a, b: helpers.compare(a, b).boxes + 4 * [(0, 0, 9, 9)]",
            "with this nuisance",
        ),
    ],
    "15.3": [
        ("final = robust.scores.f1", "what `score` of a challenge returns"),
        ("final = challenge.score(my_pipeline)", "practice seed"),
        ("final = Challenge(31, pairs=7).score(my_pipeline)", "It has 7 pairs"),
        ("final = Challenge(31, pairs=2).score('classic')", "a method of the course"),
        ("final = Challenge(31).score(my_pipeline)", "used up"),
    ],
}
