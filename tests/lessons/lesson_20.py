"""What learners of lesson 20 type and what the check must say; positions of its slider."""


def name_or_none(body: str) -> str:
    return (
        "def name_or_none(query, gallery, names, smallest):\n"
        "    cosines = gallery @ query\n"
        f"    {body}"
    )


WRONG = {
    "20.1": [
        ("by_cosine = ['c', 'b', 'd', 'a']", "the order of the distances"),
        ("by_cosine = ['a', 'b', 'c', 'd']", "These are the products"),
        ("by_cosine = ['d', 'b', 'c', 'a']", "turned round"),
        ("by_cosine = ['a', 'd', 'c', 'b']", "d points away"),
        ("by_cosine = ['c', 'a', 'b', 'd']", "points exactly where the query points"),
        ("by_cosine = ['a', 'c', 'b']", "each of a, b, c, d once"),
        ("by_cosine = 'acbd'", "in quotes"),
        ("by_cosine = [1, 3, 2, 4]", "in quotes"),
        ("by_cosine = 1", "expected is a list of four names"),
    ],
    "20.2": [
        (
            "score_of_one = KNeighborsClassifier(1, metric='cosine').fit(gallery, names)"
            ".score(queries, truth)",
            "with four pictures of each brand",
        ),
        (
            "score_of_one = KNeighborsClassifier(1, metric='cosine').fit(gallery[:60], names[:60])"
            ".score(queries, truth)",
            "only 15 brands",
        ),
        (
            "score_of_one = KNeighborsClassifier(1, metric='cosine').fit(gallery[::4], names[::4])"
            ".score(gallery, names)",
            "about the gallery itself",
        ),
        (
            "one = KNeighborsClassifier(1, metric='cosine').fit(gallery[::4], names[::4])\n"
            "score_of_one = np.sum(one.predict(queries) == truth)",
            "Divide by the number of queries",
        ),
        (
            "one = KNeighborsClassifier(1, metric='cosine').fit(gallery[::4], names[::4])\n"
            "score_of_one = 100 * one.score(queries, truth)",
            "percent",
        ),
        (
            "one = KNeighborsClassifier(1, metric='cosine').fit(gallery[::4], names[::4])\n"
            "score_of_one = np.mean(one.predict(queries) != truth)",
            "the share that is wrong",
        ),
        (
            "score_of_one = KNeighborsClassifier(1, metric='cosine').fit(gallery[::4], names[::4])",
            "type KNeighborsClassifier",
        ),
        ("score_of_one = 0.25", "too small"),
    ],
    "20.3": [
        ("name_or_none = named[0]", "expected is a function"),
        (name_or_none("return names[np.argmax(cosines)]"), "Nothing is near enough there"),
        (
            name_or_none("return np.argmax(cosines) if cosines.max() >= smallest else None"),
            "returns the row of the nearest",
        ),
        (
            name_or_none("return names[np.argmin(cosines)] if cosines.max() >= smallest else None"),
            "returns the farthest",
        ),
        (
            name_or_none("return cosines.max() if cosines.max() >= smallest else None"),
            "returns the cosine",
        ),
        (
            name_or_none("return names[np.argmax(cosines)] if cosines.max() > smallest else None"),
            "only for what is below",
        ),
        (name_or_none("return names[cosines >= smallest]"), "expected is one name"),
        (
            name_or_none("if cosines.max() >= smallest: print(names[np.argmax(cosines)])"),
            "Does it end with return",
        ),
        (
            name_or_none("return names[np.argmax(cosines)] if cosines.max() <= smallest else None"),
            "It returns None where",
        ),
        (
            "def name_or_none(query, gallery, names, smallest):\n"
            "    apart = np.linalg.norm(gallery - query, axis=1)\n"
            "    return names[np.argmin(apart)] if apart.min() <= smallest else None",
            "It returns None where",
        ),
        (
            name_or_none("return names[cosines.argmax(axis=1)]"),
            "stops with",
        ),
        (
            "def name_or_none(query):\n    return named[0]",
            "stops with TypeError",
        ),
    ],
}

SLIDERS = {
    "turned_query": [
        ((0, 0.0), "turned by 0 degrees: 3 of the nearest 5 are right, cosine 0.97"),
        ((-90, 0.0), "turned by -90 degrees: 0 of the nearest 5 are right"),
        ((90, 0.0), "turned by 90 degrees: "),
        ((0, 5.0), "turned by 0 degrees: 3 of the nearest 5 are right"),
    ]
}
