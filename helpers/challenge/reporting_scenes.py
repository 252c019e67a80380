"""Pages and drawings of the reporting half; those of the other half have nothing of them.

Each function draws on an empty sheet. Positions and sizes are in px.
"""

import numpy as np

from helpers.challenge.sheets import Sheet, blend, text_width


def invoice(sheet: Sheet) -> None:
    """Draw an invoice: a company, a number, lines with prices, a total."""
    style = sheet.style
    accent = sheet.pick(*style.accents)
    body, size = sheet.pick(*style.body), sheet.pick(12, 13, 14, 15, 16)
    x, y, row = sheet.inset, sheet.inset, round(size * 2.1)
    sheet.cover(sheet.pick(*style.papers)[0])
    sheet.rectangle(x, y, 3 * size, 3 * size, accent, radius=sheet.pick(0, 4, size * 1.5))
    sheet.write(x + 4 * size, y + size, sheet.title(2), style.bold, round(size * 1.3), "#1a1a1a")
    street = f"{sheet.title(1)} Street {sheet.rng.integers(1, 200)}"
    sheet.write(x + 4 * size, y + 2.6 * size, street, body, size, "#666666")
    y += 6 * size
    number = f"Invoice {sheet.rng.integers(10000, 99999)}-{sheet.rng.integers(10, 99)}"
    sheet.write(x, y, number, style.bold, round(size * 1.5), accent)
    sheet.write(x, y + 2 * size, f"Date {sheet.date()} due {sheet.date()}", body, size, "#333333")
    y += 4 * size
    columns = [sheet.right - (sheet.right - x) * part for part in (0.4, 0.22, 0)]
    sheet.rectangle(x, y - row * 0.7, sheet.right - x, row, accent)
    sheet.write(x + 6, y, "Item", style.medium, size, "#ffffff")
    for place, head in zip(columns, ("Units", "Price", "Sum"), strict=True):
        sheet.write_left_of(place - 6, y, head, style.medium, size, "#ffffff")
    while y + 3.5 * row < sheet.bottom:
        y += row
        sheet.write(
            x + 6,
            y,
            sheet.title(int(sheet.rng.integers(1, 4))),
            body,
            size,
            "#222222",
            columns[0] - 3 * size,
        )
        cells = (str(sheet.rng.integers(1, 60)), sheet.amount(300), sheet.amount(9000))
        for place, cell in zip(columns, cells, strict=True):
            sheet.write_left_of(place - 6, y, cell, body, size, "#222222")
        sheet.rectangle(x, y + row * 0.3, sheet.right - x, 1, "#d5d5d5")
    total = f"Total {sheet.amount(99999)}"
    sheet.write_left_of(
        sheet.right - 6, y + 1.4 * row, total, style.bold, round(size * 1.3), accent
    )
    if sheet.right - x > 420:
        sheet.write(x, y + 1.4 * row, "Payable within 30 days.", body, size, "#666666")


def article(sheet: Sheet) -> None:
    """Draw a page of a newspaper: a masthead, columns, a picture in a frame."""
    style = sheet.style
    paper, ink = sheet.pick(*style.papers)
    sheet.cover(paper)
    x, y, size = sheet.inset, sheet.inset, sheet.pick(12, 13, 14)
    sheet.write_about(sheet.width // 2, y + 26, sheet.title(2), style.heading[0], 30, ink)
    sheet.rectangle(x, y + 38, sheet.right - x, 3, ink)
    sheet.write(x, y + 58, sheet.date(), style.body[0], 12, ink)
    sheet.write_left_of(sheet.right, y + 58, f"{sheet.amount(5)} each", style.body[0], 12, ink)
    sheet.rectangle(x, y + 66, sheet.right - x, 1, ink)
    top, columns = y + 92, int(np.clip((sheet.right - x) // 170, 2, 4))
    wide = (sheet.right - x - 20 * (columns - 1)) / columns
    pictured = int(sheet.rng.integers(columns))
    for column in range(columns):
        left, y = round(x + column * (wide + 20)), top
        if column == pictured:
            _plate(sheet, left, top - 10, round(wide), round(wide * 0.7))
            y += round(wide * 0.7) + size
        else:
            heading = sheet.title(2)
            sheet.write(left, y + 4, heading, style.bold, size + 3, ink, left + wide)
            y += 2 * size
        while y + 2 * size < sheet.bottom:
            lines = min(int(sheet.rng.integers(3, 9)), int((sheet.bottom - y) // (1.5 * size)))
            y = sheet.paragraph(left, y, left + wide, lines, style.body[0], size, ink) + 6


def _plate(sheet: Sheet, x, y, width, height) -> None:
    """Draw a small printed picture: a horizon, a disc, posts."""
    rng, (dark, light) = sheet.rng, sheet.pick(("#3b4654", "#c9d2da"), ("#584334", "#e3d4bd"))
    sheet.rectangle(x, y, width, height, light)
    line = height * rng.uniform(0.4, 0.7)
    sheet.rectangle(x, y + line, width, height - line, blend(dark, light, 0.5))
    sheet.disc(
        x + width * rng.uniform(0.3, 0.7), y + line * 0.5, line * 0.25, blend(dark, light, 0.8)
    )
    for place in rng.uniform(0.05, 0.9, 6):
        tall = height * rng.uniform(0.1, 0.4)
        sheet.rectangle(x + width * place, y + line - tall, width * 0.05, tall, dark)
    sheet.rectangle(x, y, width, height, None, dark)


def programme(sheet: Sheet) -> None:
    """Draw a timetable: times, what happens then, coloured tags, rules between."""
    style = sheet.style
    paper, ink = sheet.pick(*style.papers)
    sheet.cover(paper)
    x, y, size = sheet.inset, sheet.inset, sheet.pick(13, 14, 15, 16)
    accent = sheet.pick(*style.accents)
    sheet.rectangle(0, 0, sheet.width, y + 3 * size, accent)
    sheet.write(x, y + 2 * size, sheet.title(2), sheet.pick(*style.heading), 2 * size, "#ffffff")
    y += 4 * size
    while y + 3 * size < sheet.bottom:
        sheet.write(x, y + size, sheet.time(), style.bold, size, accent)
        left = x + 5 * size
        sheet.write(left, y + size, sheet.title(3), style.bold, size, ink, sheet.right - 90)
        sheet.write(left, y + 2.4 * size, sheet.sentence(9), style.body[0], size - 1, "#707070")
        tag, fill = sheet.title(1), sheet.pick(*style.accents)
        wide = text_width(tag, style.body[0], 12) + 16
        sheet.rectangle(sheet.right - wide, y, wide, 20, fill, radius=10)
        sheet.write(sheet.right - wide + 8, y + 14, tag, style.body[0], 12, "#ffffff")
        y += round(3.4 * size)
        sheet.rectangle(x, y - size // 2, sheet.right - x, 1, blend(paper, ink, 0.2))


def _browser(sheet: Sheet) -> tuple[int, tuple[str, ...]]:
    """Draw ground, a menu and a line for the address; return the y below and the theme."""
    style, theme = sheet.style, sheet.pick(*sheet.style.themes)
    ground, panel, ink, pale, accent = theme
    sheet.cover(ground)
    top = sheet.inset + 34
    sheet.rectangle(0, 0, sheet.width, top, panel)
    sheet.rectangle(0, top - 2, sheet.width, 2, accent)
    sheet.polygon(
        [(sheet.inset, top - 18), (sheet.inset + 9, top - 25), (sheet.inset + 9, top - 11)], ink
    )
    left = sheet.inset + 24
    sheet.rectangle(left, top - 30, (sheet.right - left) * 0.5, 24, ground, pale, 12)
    address = f"{sheet.title(1).lower()}.example/{sheet.title(1).lower()}"
    sheet.write(
        left + 12, top - 13, address, style.body[0], 13, ink, left + 0.45 * (sheet.right - left)
    )
    x = left + (sheet.right - left) * 0.5 + 16
    for _ in range(4):
        x = sheet.write(x, top - 13, sheet.title(1), style.medium, 13, ink) + 12
    return top, theme


def dashboard(sheet: Sheet) -> None:
    """Draw cards with figures, a bar chart, a line chart."""
    style = sheet.style
    top, (_, panel, ink, pale, accent) = _browser(sheet)
    x, y = sheet.inset, top + 14
    cards = max(2, (sheet.right - x) // 150)
    wide = (sheet.right - x - 12 * (cards - 1)) // cards
    for card in range(cards):
        left = x + card * (wide + 12)
        sheet.rectangle(left, y, wide, 66, panel, radius=8)
        sheet.write(left + 12, y + 22, sheet.title(1), style.body[0], 13, pale, left + wide)
        sheet.write(left + 12, y + 50, sheet.amount(), style.bold, 22, ink, left + wide)
    y += 80
    tall = (sheet.bottom - y - 12) // 2 if sheet.bottom - y > 240 else sheet.bottom - y
    for number, chart in enumerate((_bars, _curve)[: 2 if sheet.bottom - y > 240 else 1]):
        below = y + number * (tall + 12)
        sheet.rectangle(x, below, sheet.right - x, tall, panel, radius=8)
        sheet.write(x + 12, below + 20, sheet.title(3), style.medium, 14, ink)
        for line in range(4):
            at = below + 34 + (tall - 56) * line / 3
            sheet.rectangle(x + 44, round(at), sheet.right - x - 60, 1, pale)
            sheet.write_left_of(x + 38, at + 4, str(30 - 10 * line), style.body[0], 12, pale)
        chart(sheet, x + 52, below + 36, sheet.right - 20, below + tall - 22, accent, ink)


def _bars(sheet: Sheet, left, top, right, bottom, accent, ink) -> None:
    count = int(sheet.rng.integers(6, 14))
    step = (right - left) / count
    for number in range(count):
        high = (bottom - top) * sheet.rng.uniform(0.1, 1)
        fill = accent if sheet.rng.random() < 0.8 else ink
        sheet.rectangle(
            round(left + number * step),
            round(bottom - high),
            round(step * 0.6),
            round(high),
            fill,
            radius=sheet.pick(0, 2),
        )


def _curve(sheet: Sheet, left, top, right, bottom, accent, ink) -> None:
    for colour in (accent, ink)[: sheet.pick(1, 2)]:
        heights = np.clip(np.cumsum(sheet.rng.normal(0, 0.18, 14)) + sheet.rng.random(), 0, 1)
        points = [
            (left + (right - left) * n / 13, bottom - (bottom - top) * v)
            for n, v in enumerate(heights)
        ]
        sheet.line(points, colour, 2)
        for point in points:
            sheet.disc(*point, 3.5, colour)


def calendar(sheet: Sheet) -> None:
    """Draw the days of a month as a grid, with coloured entries."""
    style = sheet.style
    top, (_, panel, ink, pale, accent) = _browser(sheet)
    x, y = sheet.inset, top + 30
    sheet.write(x, y, sheet.title(1), style.heading[0], 22, ink)
    y += 14
    wide, rows = (sheet.right - x) / 7, 5
    tall = (sheet.bottom - y - 20) / rows
    first = int(sheet.rng.integers(7))
    for column, day in enumerate(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")):
        sheet.write(x + column * wide + 4, y + 14, day, style.medium, 12, pale)
    y += 20
    for cell in range(7 * rows):
        left, above = x + cell % 7 * wide, y + cell // 7 * tall
        sheet.rectangle(round(left), round(above), round(wide) - 2, round(tall) - 2, panel)
        if not first <= cell < first + 30:
            continue
        sheet.write(left + 5, above + 15, str(cell - first + 1), style.body[0], 12, ink)
        for number in range(int(sheet.rng.integers(0, 3))):
            start = round(above + 20 + 19 * number)
            if start + 18 > above + tall:
                break
            fill = sheet.pick(accent, *style.accents)
            sheet.rectangle(round(left) + 3, start, round(wide) - 8, 16, fill, radius=3)
            text = sheet.title(1)
            sheet.write(left + 6, start + 12, text, style.body[0], 12, "#ffffff", left + wide - 8)


def shop(sheet: Sheet) -> None:
    """Draw goods in a grid: a simple picture, a name, a price, a button."""
    style = sheet.style
    top, (ground, panel, ink, pale, accent) = _browser(sheet)
    x, y = sheet.inset, top + 14
    columns = max(2, (sheet.right - x) // 150)
    wide = (sheet.right - x - 12 * (columns - 1)) // columns
    tall = int(sheet.rng.integers(150, 190))
    while y + 100 < sheet.bottom:
        high = min(tall, sheet.bottom - y)
        for column in range(columns):
            left = x + column * (wide + 12)
            sheet.rectangle(left, y, wide, high, panel, radius=6)
            shelf = high - 78
            sheet.rectangle(left + 8, y + 8, wide - 16, shelf, ground, radius=4)
            middle, fill = left + wide / 2, sheet.pick(accent, *style.accents)
            radius = max(min(shelf, wide) * 0.3, 4)
            shape = sheet.pick("disc", "box", "cone")
            if shape == "disc":
                sheet.disc(middle, y + 8 + shelf / 2, radius, fill, ink)
            elif shape == "box":
                sheet.rectangle(middle - radius, y + 8 + shelf / 2 - radius * 0.7,
                                2 * radius, 1.4 * radius, fill, ink, 3)  # fmt: skip
            else:
                foot = y + 8 + shelf / 2 + radius
                corners = [
                    (middle - radius, foot),
                    (middle, foot - 2 * radius),
                    (middle + radius, foot),
                ]
                sheet.polygon(corners, fill, ink)
            sheet.write(
                left + 10, y + high - 50, sheet.title(2), style.medium, 14, ink, left + wide - 8
            )
            sheet.write(left + 10, y + high - 16, sheet.amount(200), style.bold, 15, accent)
            sheet.rectangle(left + wide - 52, y + high - 34, 42, 24, accent, radius=5)
            sheet.write_about(left + wide - 31, y + high - 17, "Add", style.body[0], 13, "#ffffff")
            stars = int(sheet.rng.integers(1, 6))
            for star in range(5):
                fill = accent if star < stars else pale
                sheet.disc(left + 14 + 11 * star, y + high - 38, 3.5, fill)
        y += tall + 12


# Drawings


def floor_plan(sheet: Sheet) -> None:
    """Draw line art: rooms with walls, doors, furniture and names."""
    style, rng = sheet.style, sheet.rng
    paper, ink = sheet.pick(*style.papers, ("#17344f", "#e6eef5"))
    sheet.cover(paper)
    rooms, line = [(24, 24, sheet.width - 48, sheet.height - 48)], sheet.pick(2, 3, 4)
    while len(rooms) < 40 and max(min(w, h) for _, _, w, h in rooms) > 130:
        x, y, wide, high = rooms.pop(int(np.argmax([min(w, h) for _, _, w, h in rooms])))
        part = rng.uniform(0.35, 0.65)
        if wide > high:
            rooms += [(x, y, wide * part, high), (x + wide * part, y, wide * (1 - part), high)]
        else:
            rooms += [(x, y, wide, high * part), (x, y + high * part, wide, high * (1 - part))]
    for x, y, wide, high in rooms:
        fill = blend(paper, sheet.pick(*style.accents), 0.15) if rng.random() < 0.3 else paper
        sheet.rectangle(x, y, wide, high, fill, ink, 0, line)
    for x, y, wide, high in rooms:
        door = x + wide * rng.uniform(0.2, 0.6)
        if y > 30:
            sheet.rectangle(door, y - 1, 26, line + 2, paper)
            sheet.line([(door, y), (door + 18, y + 18)], ink, 1)
        kind, left, top = rng.random(), x + wide * 0.6, y + high * 0.55
        if kind < 0.4:
            sheet.rectangle(left, top, wide * 0.25, high * 0.25, None, ink)
            sheet.line([(left, top), (left + wide * 0.25, top + high * 0.25)], ink, 1)
        elif kind < 0.7:
            sheet.disc(left, top, min(wide, high) * 0.15, None, ink)
        sheet.write(x + 10, y + 24, sheet.title(1), style.body[0], 14, ink, x + wide - 6)
        area = f"{wide * high / 900:.1f} m"
        sheet.write(x + 10, y + 40, area, style.body[0], 12, ink, x + wide - 6)


def scatter_plot(sheet: Sheet) -> None:
    """Draw a frame with ticks, discs of some groups, bars at the right."""
    style, rng = sheet.style, sheet.rng
    paper, ink = sheet.pick(*style.papers)
    sheet.cover(paper)
    left, top, bottom = sheet.inset + 34, sheet.inset + 30, sheet.bottom - 24
    right = sheet.inset + round((sheet.right - sheet.inset) * 0.7)
    sheet.write(sheet.inset, top - 12, sheet.title(3), style.heading[1], 17, ink)
    sheet.rectangle(left, top, right - left, bottom - top, None, ink)
    for step in range(1, 5):
        y, x = (round(a + (b - a) * step / 5) for a, b in ((bottom, top), (left, right)))
        sheet.line([(left - 5, y), (left, y)], ink, 1)
        sheet.line([(x, bottom), (x, bottom + 5)], ink, 1)
        sheet.write_left_of(left - 8, y + 4, f"{2.5 * step:.1f}", style.body[0], 12, ink)
        sheet.write_about(x, bottom + 18, str(20 * step), style.body[0], 12, ink)
    colours = [str(colour) for colour in rng.permutation(style.accents)[: rng.integers(2, 5)]]
    for colour in colours:
        middle = rng.uniform(0.2, 0.8, 2)
        for u, v in np.clip(rng.normal(middle, 0.1, (30, 2)), 0.03, 0.97):
            x, y = left + (right - left) * u, bottom - (bottom - top) * v
            sheet.disc(x, y, rng.uniform(2, 5), colour)
    step = (bottom - top) / len(colours)
    for number, colour in enumerate(colours):
        y, long = top + step * number, (sheet.right - right - 24) * rng.uniform(0.3, 1)
        sheet.rectangle(right + 20, round(y + 20), round(long), round(step) - 26, colour)
        sheet.write(right + 20, y + 14, sheet.title(1), style.body[0], 13, ink)


def icons(sheet: Sheet) -> None:
    """Draw a grid of small pictures in one colour, some of them outlined."""
    rng, step = sheet.rng, int(sheet.rng.integers(44, 80))
    paper, ink = sheet.pick(*sheet.style.papers)
    colour = sheet.pick(ink, *sheet.style.accents)
    sheet.cover(paper)
    for y in range(24, sheet.height - step // 2, step):
        for x in range(24, sheet.width - step // 2, step):
            fill, line = (colour, None) if rng.random() < 0.6 else (None, colour)
            _icon(sheet, x + step * 0.3, y + step * 0.3, step * 0.3, fill, line, paper)


def _icon(sheet: Sheet, x, y, r, fill, line, paper) -> None:
    kind, mark = int(sheet.rng.integers(6)), line or paper
    if kind == 0:  # a house
        sheet.polygon([(x - r, y), (x, y - r), (x + r, y)], fill, line, 2)
        sheet.rectangle(x - 0.7 * r, y, 1.4 * r, r, fill, line, 0, 2)
    elif kind == 1:  # a clock
        sheet.disc(x, y, r, fill, line, 2)
        sheet.line([(x, y - 0.6 * r), (x, y), (x + 0.5 * r, y)], mark, 2)
    elif kind == 2:  # a letter
        sheet.rectangle(x - r, y - 0.7 * r, 2 * r, 1.4 * r, fill, line, 2, 2)
        sheet.line([(x - r, y - 0.6 * r), (x, y + 0.1 * r), (x + r, y - 0.6 * r)], mark, 2)
    elif kind == 3:  # a person
        sheet.disc(x, y - 0.5 * r, 0.45 * r, fill, line, 2)
        sheet.rectangle(x - 0.8 * r, y + 0.1 * r, 1.6 * r, 0.8 * r, fill, line, 0.4 * r, 2)
    elif kind == 4:  # a magnifying glass
        sheet.disc(x - 0.2 * r, y - 0.2 * r, 0.6 * r, fill, line or fill, 2)
        sheet.line([(x + 0.2 * r, y + 0.2 * r), (x + r, y + r)], line or fill, 3)
    else:  # bars
        for number in range(3):
            high = r * sheet.rng.uniform(0.5, 2)
            sheet.rectangle(
                x + (0.75 * number - 1) * r, y + r - high, 0.5 * r, high, fill, line, 0, 2
            )


def still_life(sheet: Sheet) -> None:
    """Draw shaded balls and bottles on a table before a wall."""
    rng = sheet.rng
    wall, table = sheet.pick(("#5d6b78", "#8a6a4a"), ("#c9b8a6", "#6b4a3a"), ("#39424e", "#9c8f80"))
    line = sheet.height * rng.uniform(0.45, 0.65)
    for strip in range(0, sheet.height, 4):
        lit = blend(wall, "#ffffff", 0.25 * (1 - strip / line)) if strip < line else blend(
            table, "#000000", 0.4 * (strip - line) / (sheet.height - line)
        )  # fmt: skip
        sheet.rectangle(0, strip, sheet.width, 5, lit)
    for _ in range(int(rng.integers(4, 9))):
        x = rng.uniform(30, sheet.width - 30)
        y = rng.uniform(line + 10, sheet.height - 20)
        size, colour = rng.uniform(18, 60), sheet.pick(*sheet.style.accents)
        if rng.random() < 0.6:
            for ring in range(24):
                part = ring / 24
                fill = blend(blend(colour, "#000000", 0.4), blend(colour, "#ffffff", 0.5), part)
                away = 0.3 * size * part
                sheet.disc(x - away, y - size - away, size * (1 - part), fill)
        else:
            for ring in range(12):
                part = ring / 12
                fill = blend(blend(colour, "#000000", 0.5), colour, part)
                half = size * 0.4 * (1 - part)
                sheet.rectangle(x - half, y - 2 * size, 2 * half, 2 * size, fill, radius=half / 2)
                sheet.rectangle(x - half / 3, y - 2.8 * size, 2 * half / 3, size, fill)


def scales(sheet: Sheet) -> None:
    """Draw a pattern of rings that overlap like the scales of a fish."""
    rng, step = sheet.rng, int(sheet.rng.integers(30, 70))
    paper, _ = sheet.pick(*sheet.style.papers)
    one, other = (str(colour) for colour in rng.permutation(sheet.style.accents)[:2])
    sheet.cover(one)
    for row, y in enumerate(range(0, sheet.height + step, step // 2)):
        for x in range(-step, sheet.width + step, step):
            middle = x + (step // 2 if row % 2 else 0)
            inner = blend(other, paper, 0.6) if rng.random() < 0.1 else other
            for part, fill in ((0.5, paper), (0.44, one), (0.32, paper), (0.26, inner)):
                sheet.disc(middle, y, step * part, fill)


DOCUMENTS = (invoice, article, programme)
INTERFACES = (dashboard, calendar, shop)
DRAWINGS = (floor_plan, scatter_plot, icons, still_life, scales)
