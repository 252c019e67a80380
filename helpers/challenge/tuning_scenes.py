"""Pages and drawings of the tuning half; those of the other half have nothing in common with them.

Each function draws on an empty sheet. Positions and sizes are in px.
"""

import numpy as np

from helpers.challenge.sheets import Sheet, blend, text_width


def letter(sheet: Sheet) -> None:
    """Draw a letter: heading, date, paragraphs, a signature."""
    style = sheet.style
    paper, ink = sheet.pick(*style.papers)
    sheet.cover(paper)
    body, size = sheet.pick(*style.body), sheet.pick(12, 13, 14, 15, 16, 18)
    x, y = sheet.inset, sheet.inset + 2 * size
    sheet.write(x, y, sheet.title(2), sheet.pick(*style.heading), 2 * size, ink)
    if sheet.rng.random() < 0.5:
        sheet.rectangle(x, y + size, sheet.right - x, 2, sheet.pick(*style.accents, ink))
    y += 3 * size
    sheet.write_left_of(sheet.right, y, sheet.date(), body, size, ink)
    columns = 2 if sheet.right - x > 560 and sheet.rng.random() < 0.4 else 1
    wide = (sheet.right - x - 28 * (columns - 1)) // columns
    foot = sheet.bottom - (3 * size if columns == 1 else 0)
    top = y + 2 * size
    for column in range(columns):
        left, y = x + column * (wide + 28), top
        while y + 3 * size < foot:
            lines = min(int(sheet.rng.integers(2, 7)), int((foot - y) // (1.5 * size)))
            y = sheet.paragraph(left, y, left + wide, lines, body, size, ink) + size // 2
    if columns == 1:
        sheet.write(x, sheet.bottom - 4, sheet.name(), style.script, 2 * size, ink)


def form(sheet: Sheet) -> None:
    """Draw a form: labels, boxes, handwriting, ticks."""
    style = sheet.style
    size = sheet.pick(12, 13, 14, 16)
    x, y, tall = sheet.inset, sheet.inset, round(size * 2.4)
    sheet.cover(sheet.pick(*style.papers)[0])
    sheet.write(x, y + size, sheet.title(3), sheet.pick(*style.heading), 2 * size, "#222222")
    y += 3 * size
    ink, script = sheet.pick("#1f2f7a", "#222222"), sheet.pick(style.script, style.body[0])
    while y + tall + 2 * size < sheet.bottom:
        fields = int(sheet.rng.integers(1, 3 if sheet.right - x < 500 else 4))
        wide = (sheet.right - x - 16 * (fields - 1)) // fields
        if sheet.rng.random() < 0.3:
            for column in range(fields):
                left = x + column * (wide + 16)
                sheet.rectangle(left, y, size + 4, size + 4, "#ffffff", "#666666")
                if sheet.rng.random() < 0.5:
                    tick = [(left + 3, y + 9), (left + 7, y + 14), (left + 14, y + 2)]
                    sheet.line(tick, ink, 2)
                sheet.write(
                    left + 2 * size,
                    y + size + 1,
                    sheet.title(2),
                    style.body[0],
                    size,
                    "#333333",
                    left + wide,
                )
            y += 2 * size
        else:
            for column in range(fields):
                left = x + column * (wide + 16)
                sheet.write(left, y + size, sheet.title(1), style.medium, size, "#555555")
                sheet.rectangle(
                    left, y + 1.5 * size, wide, tall, "#ffffff", "#9aa5b1", sheet.pick(0, 4)
                )
                filling = sheet.pick(sheet.name(), sheet.amount(), sheet.date(), sheet.title(2))
                large = round(size * (1.6 if script == style.script else 1.15))
                sheet.write(
                    left + 8,
                    y + 1.5 * size + tall * 0.68,
                    filling,
                    script,
                    large,
                    ink,
                    left + wide - 4,
                )
            y += tall + 2.4 * size
        y = round(y)


def table(sheet: Sheet) -> None:
    """Draw a table: a grid of words and numbers."""
    style = sheet.style
    head, zebra = sheet.pick(*style.heads)
    size, body = sheet.pick(12, 13, 14, 15), sheet.pick(*style.body)
    x, y, row = sheet.inset, sheet.inset, round(size * sheet.rng.uniform(1.7, 2.4))
    sheet.cover("#ffffff")
    sheet.write(x, y + size, sheet.title(4), style.bold, round(1.4 * size), "#222222")
    y += 3 * size
    columns = max(3, (sheet.right - x) // int(sheet.rng.integers(80, 130)))
    wide = (sheet.right - x) / columns
    number = 0
    while y + row < sheet.bottom:
        fill = head if number == 0 else (zebra if number % 2 else "#ffffff")
        sheet.rectangle(x, y, sheet.right - x, row, fill)
        for column in range(columns):
            left, base = x + column * wide, y + row * 0.5 + size * 0.35
            if number == 0 or column == 0:
                colour = "#ffffff" if number == 0 else "#222222"
                sheet.write(left + 6, base, sheet.title(1), style.medium, size, colour, left + wide)
            else:
                cell = sheet.pick(
                    sheet.amount(),
                    str(sheet.rng.integers(0, 5000)),
                    f"{sheet.rng.uniform(0, 99):.1f}%",
                )
                sheet.write_left_of(left + wide - 6, base, cell, body, size, "#222222")
        if sheet.rng.random() < 0.8:
            sheet.rectangle(x, y + row, sheet.right - x, 1, "#c8ced4")
        y, number = y + row, number + 1


def window(sheet: Sheet) -> tuple[int, tuple[str, ...]]:
    """Draw ground and a title bar; return the y below the bar and the theme."""
    theme = sheet.pick(*sheet.style.themes)
    ground, panel, ink, _, accent = theme
    sheet.cover(ground)
    bar = sheet.inset + 30
    bar_fill, bar_ink = sheet.pick((panel, ink), (accent, "#ffffff"))
    sheet.rectangle(0, 0, sheet.width, bar, bar_fill)
    for number, fill in enumerate(sheet.pick(("#e0605a", "#e5b94e", "#61b866"), (ink, ink, ink))):
        sheet.disc(sheet.inset + 6 + 18 * number, bar - 16, 6, fill)
    sheet.write(sheet.inset + 64, bar - 10, sheet.title(2), sheet.style.medium, 16, bar_ink)
    return bar, theme


def inbox(sheet: Sheet) -> None:
    """Draw a list of messages with round marks, a side bar on wide pictures."""
    style = sheet.style
    top, (_, panel, ink, pale, accent) = window(sheet)
    x, tall = sheet.inset, sheet.pick(44, 52, 64)
    if sheet.right - x > 460:
        sheet.rectangle(0, top, x + 130, sheet.height, panel)
        for number in range(int((sheet.bottom - top - 20) // 34)):
            y = top + 20 + 34 * number
            if number == 1:
                sheet.rectangle(x - 8, y - 2, 130, 28, accent, radius=6)
            sheet.disc(x + 6, y + 12, 4, "#ffffff" if number == 1 else accent)
            colour = "#ffffff" if number == 1 else ink
            sheet.write(x + 20, y + 17, sheet.title(1), style.body[0], 14, colour)
        x += 150
    y = top + 14
    while y + tall < sheet.bottom:
        sheet.rectangle(x, y, sheet.right - x, tall - 6, panel, radius=sheet.pick(0, 6))
        mark = sheet.pick(accent, *style.accents[3:])
        sheet.disc(x + 22, y + tall / 2 - 3, 12, mark)
        name = sheet.name()
        sheet.write(x + 18, y + tall / 2 + 2, name[0], style.bold, 14, "#ffffff")
        sheet.write(x + 44, y + 17, name, style.bold, 14, ink)
        sheet.write(x + 44, y + 34, sheet.sentence(20), style.body[0], 13, pale, sheet.right - 80)
        sheet.write_left_of(sheet.right - 10, y + 17, sheet.time(), style.body[0], 12, pale)
        y += tall


def settings(sheet: Sheet) -> None:
    """Draw rows with switches, sliders, choices, and buttons below."""
    style = sheet.style
    top, (ground, panel, ink, pale, accent) = window(sheet)
    x, y = sheet.inset, top + 14
    sheet.rectangle(x, y, sheet.right - x, sheet.bottom - y - 50, panel, radius=8)
    y += 12
    while y + 44 < sheet.bottom - 50:
        sheet.write(
            x + 16,
            y + 20,
            sheet.title(int(sheet.rng.integers(1, 4))),
            style.medium,
            15,
            ink,
            sheet.right - 130,
        )
        sheet.write(x + 16, y + 36, sheet.sentence(9), style.body[0], 12, pale, sheet.right - 130)
        left, middle = sheet.right - 112, y + 20
        kind = sheet.pick("switch", "slider", "choice")
        if kind == "switch":
            on = sheet.rng.random() < 0.5
            sheet.rectangle(left + 54, middle - 10, 40, 20, accent if on else pale, radius=10)
            sheet.disc(left + (84 if on else 64), middle, 8, "#ffffff")
        elif kind == "slider":
            at = sheet.rng.uniform(8, 86)
            sheet.rectangle(left, middle - 2, 94, 4, pale, radius=2)
            sheet.rectangle(left, middle - 2, at, 4, accent, radius=2)
            sheet.disc(left + at, middle, 8, accent)
        else:
            sheet.rectangle(left, middle - 13, 96, 26, ground, pale, 4)
            sheet.write(left + 8, middle + 5, sheet.title(1), style.body[0], 13, ink, left + 80)
            sheet.line(
                [(left + 78, middle - 3), (left + 83, middle + 3), (left + 88, middle - 3)],
                ink,
                1.5,
            )
        y += 52
        sheet.rectangle(x + 16, y - 6, sheet.right - x - 32, 1, ground)
    for number, text in enumerate(("Save", "Cancel")):
        left = sheet.right - 96 * (number + 1)
        fill, colour = (accent, "#ffffff") if number == 0 else (panel, ink)
        sheet.rectangle(left, sheet.bottom - 36, 84, 30, fill, accent, 5)
        start = left + 42 - text_width(text, style.medium, 15) // 2
        sheet.write(start, sheet.bottom - 16, text, style.medium, 15, colour)


def editor(sheet: Sheet) -> None:
    """Draw a program's text with numbered lines, keywords coloured, tabs above."""
    style = sheet.style
    top, (_, panel, ink, pale, accent) = window(sheet)
    x, size = sheet.inset, sheet.pick(13, 14, 15)
    tab = 0
    for number in range(3):
        text = f"{sheet.title(1).lower()}.txt"
        wide = text_width(text, style.body[0], 13) + 28
        if tab + wide > sheet.right:
            break
        sheet.rectangle(x + tab, top + 6, wide - 4, 26, panel if number else accent, radius=4)
        colour = ink if number else "#ffffff"
        sheet.write(x + tab + 10, top + 23, text, style.body[0], 13, colour)
        tab += wide
    y, indent, number = top + 40, 0, 1
    sheet.rectangle(x, y, sheet.right - x, sheet.bottom - y, panel)
    while y + 2 * size < sheet.bottom:
        y += round(1.5 * size)
        sheet.write_left_of(x + 30, y, str(number), style.body[0], size, pale)
        number += 1
        if sheet.rng.random() < 0.12:
            continue
        left = x + 46 + 24 * indent
        if sheet.rng.random() < 0.2:
            sheet.write(left, y, "# " + sheet.sentence(6), style.body[0], size, pale)
            continue
        keyword = sheet.pick("let", "for", "if", "return", "with")
        left = sheet.write(left, y, keyword, style.bold, size, accent)
        text = f"{sheet.title(1).lower()} = {sheet.amount(99)} + {sheet.title(1).lower()}"
        sheet.write(left, y, text, style.body[0], size, ink)
        indent = int(np.clip(indent + sheet.pick(-1, 0, 0, 1), 0, 4))


# Drawings


def street_map(sheet: Sheet) -> None:
    """Draw blocks between streets, a river, a park, names and round marks."""
    style, rng = sheet.style, sheet.rng
    land, street, water, park = sheet.pick(
        ("#f2efe9", "#ffffff", "#aad3df", "#c8e6b8"), ("#2b3036", "#454c55", "#22384a", "#2c4434")
    )
    sheet.cover(land)
    steps = np.linspace(0, sheet.width, 9)
    river = sheet.height * (rng.uniform(0.3, 0.7) + 0.12 * np.sin(steps / 90 + rng.uniform(0, 6)))
    left, top = rng.uniform(0, 0.7) * sheet.width, rng.uniform(0, 0.7) * sheet.height
    sheet.polygon(_ring(sheet, left + 60, top + 50, 40, 90, 9), park)
    sheet.line(zip(steps, river, strict=True), water, rng.uniform(14, 30))
    tilt = rng.uniform(-0.25, 0.25)
    for across in np.arange(-sheet.height, sheet.height * 2, rng.uniform(46, 80)):
        wide = sheet.pick(3, 5, 9)
        ends = [(0, across), (sheet.width, across + tilt * sheet.width)]
        sheet.line(ends, blend(street, land, 0.3), wide + 2)
        sheet.line(ends, street, wide)
    for along in np.arange(-sheet.width, sheet.width * 2, rng.uniform(60, 110)):
        ends = [(along, 0), (along - tilt * sheet.height, sheet.height)]
        sheet.line(ends, street, sheet.pick(3, 5, 7))
    ink = "#333333" if land == "#f2efe9" else "#d8dde3"
    for row in range(40, sheet.height - 20, 70):  # names on a grid do not meet
        for column in range(80, sheet.width - 60, 150):
            x, y = (round(at + rng.uniform(-20, 20)) for at in (column, row))
            if rng.random() < 0.35:
                sheet.disc(x, y - 17, 5, sheet.pick(*style.accents), "#ffffff", 1)
            name = f"{sheet.title(1)} {sheet.pick('Road', 'Lane', 'Square')}"
            sheet.write_about(x, y, name, style.medium, sheet.pick(11, 12, 13), ink)


def _inside(sheet: Sheet, border: int) -> tuple[int, int]:
    """Draw a place at random that is so far from the borders."""
    x = sheet.rng.integers(border, max(sheet.width - border, border + 1))
    return int(x), int(sheet.rng.integers(border, max(sheet.height - border, border + 1)))


def _ring(sheet: Sheet, x, y, least, most, count) -> np.ndarray:
    """Draw the corners of an irregular polygon."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    radius = sheet.rng.uniform(least, most, count)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], 1)


def line_chart(sheet: Sheet) -> None:
    """Draw axes, a grid, two to four thin curves and their names."""
    style, rng = sheet.style, sheet.rng
    paper, ink = sheet.pick(*style.papers)
    sheet.cover(paper)
    left, right, top, bottom = sheet.inset + 40, sheet.right, sheet.inset + 34, sheet.bottom - 26
    sheet.write(left, top - 14, sheet.title(3), style.bold, 17, ink)
    grid = blend(paper, ink, 0.15)
    for step in range(6):
        y = round(bottom - (bottom - top) * step / 5)
        sheet.rectangle(left, y, right - left, 1, grid)
        sheet.write_left_of(left - 8, y + 4, f"{0.2 * step:.1f}", style.body[0], 12, ink)
        x = left + (right - left) * step / 5
        sheet.write_about(round(x), bottom + 18, str(2015 + 2 * step), style.body[0], 12, ink)
    colours = rng.permutation(style.accents)[: rng.integers(2, 5)]
    places = np.linspace(0, 1, 60)
    for number, colour in enumerate(map(str, colours)):
        high = rng.uniform(0.2, 0.8) + rng.uniform(0.05, 0.2) * np.sin(places * rng.uniform(3, 16))
        high = np.clip(high + np.cumsum(rng.normal(0, 0.01, 60)), 0, 1)
        sheet.line(
            zip(left + (right - left) * places, bottom - (bottom - top) * high, strict=True),
            colour,
            sheet.pick(1, 1.5, 2),
        )
        y = top + 16 + 20 * number
        sheet.line([(right - 110, y - 4), (right - 90, y - 4)], colour, 2)
        sheet.write(right - 84, y, sheet.title(1), style.body[0], 13, ink)
    sheet.line([(left, top), (left, bottom), (right, bottom)], ink, 1.5)


def circuit(sheet: Sheet) -> None:
    """Draw line art: a wiring plan of parts on a grid, and wires between them."""
    rng = sheet.rng
    paper, ink = sheet.pick(*sheet.style.papers, ("#0f3d2e", "#d9e8c8"))
    sheet.cover(paper)
    step, line = int(rng.integers(56, 90)), sheet.pick(1, 1.5, 2)
    columns, rows = (max((side - 40) // step, 2) for side in (sheet.width, sheet.height))
    for row in range(rows):
        for column in range(columns):
            x, y = 30 + step * column, 30 + step * row
            if column + 1 < columns and rng.random() < 0.75:
                sheet.line([(x, y), (x + step, y)], ink, line)
            if row + 1 < rows and rng.random() < 0.6:
                sheet.line([(x, y), (x, y + step)], ink, line)
    for row in range(rows):
        for column in range(columns):
            _part(sheet, 30 + step * column, 30 + step * row, paper, ink, line)


def _part(sheet: Sheet, x, y, paper, ink, line) -> None:
    """Draw a part of a circuit, or nothing."""
    kind = sheet.rng.random()
    if kind < 0.25:
        sheet.rectangle(x - 14, y - 7, 28, 14, paper, ink, 0, line)
        name = f"R{sheet.rng.integers(1, 99)}"
        sheet.write_about(x, y - 11, name, sheet.style.body[0], 12, ink)
    elif kind < 0.4:
        sheet.disc(x, y, 11, paper, ink, line)
        sheet.line([(x - 8, y + 8), (x + 8, y - 8)], ink, line)
    elif kind < 0.5:
        sheet.polygon([(x - 9, y - 9), (x - 9, y + 9), (x + 9, y)], paper, ink, 1)
    elif kind < 0.75:
        sheet.disc(x, y, 3, ink)


def landscape(sheet: Sheet) -> None:
    """Draw hills in haze under a sky from light to dark, a sun, trees."""
    rng = sheet.rng
    high, low, near = sheet.pick(
        ("#3f6fa8", "#f3d9b1", "#24402f"),
        ("#2b2350", "#e58f6a", "#1b1a2b"),
        ("#8fb7d9", "#eef4f2", "#4d6b3c"),
    )
    strips = max(sheet.height // 4, 1)
    for strip in range(strips):
        sheet.rectangle(0, 4 * strip, sheet.width, 5, blend(high, low, strip / strips))
    x, y = _inside(sheet, 70)
    sheet.disc(x, y * 0.5, rng.uniform(16, 44), blend(low, "#ffffff", 0.6))
    steps = np.linspace(0, sheet.width, 60)
    for layer in range(5):
        base = sheet.height * (0.45 + 0.12 * layer)
        wave = np.sin(steps / rng.uniform(50, 140) + rng.uniform(0, 6)) * rng.uniform(10, 40)
        wave += np.sin(steps / rng.uniform(12, 30)) * rng.uniform(1, 6)
        colour = blend(low, near, 0.25 + 0.18 * layer)
        ground = [*zip(steps, base + wave, strict=True)]
        sheet.polygon([*ground, (sheet.width, sheet.height), (0, sheet.height)], colour)
        for place in rng.choice(60, 4 + 4 * layer, replace=False) if layer > 1 else ():
            (x, y), tall = ground[place], rng.uniform(8, 10 + 10 * layer)
            crown = [(x - tall / 4, y + 3), (x, y - tall), (x + tall / 4, y + 3)]
            sheet.polygon(crown, blend(colour, "#000000", 0.3))


def tiles(sheet: Sheet) -> None:
    """Draw a pattern of triangles and squares, some of them another colour."""
    rng, step = sheet.rng, int(sheet.rng.integers(22, 60))
    colours = [str(colour) for colour in rng.permutation(sheet.style.accents)[:3]]
    paper = sheet.pick(*sheet.style.papers)[0]
    sheet.cover(paper)
    for y in range(0, sheet.height, step):
        for x in range(0, sheet.width, step):
            colour = colours[(x // step + 2 * (y // step)) % 3]
            if rng.random() < 0.08:
                colour = blend(colour, "#ffffff", 0.5)
            corners = [(x, y), (x + step, y), (x + step, y + step), (x, y + step)]
            if (x // step + y // step) % 2:
                del corners[sheet.pick(0, 2) if rng.random() < 0.1 else 1]
            sheet.polygon(corners, colour)
            if rng.random() < 0.3:
                sheet.disc(x + step / 2, y + step / 2, step / 6, paper)


DOCUMENTS = (letter, form, table)
INTERFACES = (inbox, settings, editor)
DRAWINGS = (street_map, line_chart, circuit, landscape, tiles)
