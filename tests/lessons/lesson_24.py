"""What learners of lesson 24 type and what the check must say; positions of its slider."""

# The seventh brand, right but for what stands in the braces.
SEVEN = """
mabrun = make_brand({number})
logos = {logos}
seventh = phishing.KnownBrand({name}, {domains}, logos)
seven_known = phishing.remember({brands}, {describe})
"""
RIGHT = {
    "number": "30013",
    "logos": "(draw_logo(mabrun), draw_logo(mabrun, dark=True))",
    "name": "mabrun.name",
    "domains": '("mabrun.example",)',
    "brands": "[*brands, seventh]",
    "describe": "tower.features",
}


def seven(**changes: str) -> str:
    return SEVEN.format(**RIGHT | changes)


WRONG = {
    "24.1": [
        ("leads_to_sumau = ['sumau.example' in a for a in seven_addresses]", "The second domain"),
        (
            "leads_to_sumau = [urlsplit(a).hostname.endswith('sumau.example') "
            "for a in seven_addresses]",
            "The second domain",
        ),
        (
            "leads_to_sumau = [phishing.is_on_list(a, ['sumau.example']) for a in seven_addresses]",
            "The second domain",
        ),
        (
            "leads_to_sumau = [not phishing.is_on_list(a, brands[0].domains) "
            "for a in seven_addresses]",
            "wrong way round",
        ),
        ("leads_to_sumau = [True, True, False, True, False, False, True]", "not a hyphen"),
        ("leads_to_sumau = [True, False, True, True, False, False, True]", "user name"),
        ("leads_to_sumau = [True, False, False, False, False, False, True]", "capitals"),
        ("leads_to_sumau = [True, False, False, True, True, False, True]", "question mark"),
        ("leads_to_sumau = [True, False, False, True, False, True, True]", "from the right"),
        ("leads_to_sumau = [True, False, False, True, False, False, False]", "place on the page"),
        ("leads_to_sumau = [1, 0, 0, 1, 0, 0, 1]", "Give True or False"),
        ("leads_to_sumau = [1, 4, 7]", "There are 3 and should be 7"),
        ("leads_to_sumau = 3", "one number"),
    ],
    "24.2": [
        ("caught_in_the_dark = len(dark_pages)", "all the dark pages"),
        (
            "caught_in_the_dark = sum(phishing.judge_page(p.read(), p.address, known).flagged "
            "for p in dark_pages)",
            "with both logos",
        ),
        ("caught_in_the_dark = 0.5", "The number is too"),
        ("caught_in_the_dark = -1", "too small"),
        ("caught_in_the_dark = [True] * 12", "One number is expected"),
        ("caught_in_the_dark = known", "expected is a value of type int"),
    ],
    "24.3": [
        (seven(brands="[seventh]"), "SUMAU is no longer protected"),
        (seven(brands="brands"), "None of its brands is called"),
        (seven(brands="[*brands[1:], seventh]"), "no longer protected"),
        (seven(domains='("https://mabrun.example",)'), "a tuple of one host"),
        (seven(domains='"mabrun.example"'), "a tuple of one host"),
        (seven(logos="(draw_logo(mabrun),)"), "should have two logos"),
        (seven(logos="brands[0].logos"), "is not flagged. Are these its logos?"),
        (seven(number="30014", name="make_brand(30013).name"), "Are these its logos?"),
        (seven() + "seven_known = [*brands, seventh]", "Hand them to phishing.remember"),
        (seven() + "seven_known = seventh", "Hand them to phishing.remember"),
        ("seven_known = brands[0].name", "expected is what phishing.remember returns"),
    ],
}

SLIDERS = {
    "similarity_threshold": [
        (0.3, "from 0.30 up: 72 of 72 phishing pages are caught"),
        (0.6, "from 0.60 up: 72 of 72 phishing pages are caught"),
        (1.0, "0 of 60 harmless ones are flagged"),
    ]
}
