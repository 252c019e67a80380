"""PDF files written object by object, also such as no program writes."""

import random

SIZE = 300, 400  # points
WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "it", "is", "an", "or", "and", "the", "of"]


def pdf(
    *pages: bytes, size: tuple[float, float] = SIZE, kids: int | None = None, trailer: bytes = b""
) -> bytes:
    """Write a PDF of pages, each given by what draws it.

    Parameters
    ----------
    *pages : bytes
        Operators, as "1 0 0 rg 10 10 50 20 re f"; F1 is a font.
    size : tuple of float, optional
        Points.
    kids : int, optional
        How often the file shows the first page, in place of all pages once.
    trailer : bytes, optional
        More of the trailer.
    """
    numbers = range(4, 4 + 2 * len(pages), 2)
    shown = list(numbers) if kids is None else [4] * kids
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % number for number in shown), len(shown)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, drawing in zip(numbers, pages, strict=True):
        box = b"%g %g" % size
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (box, number + 1)
        )
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(drawing), drawing))
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size_of = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R %s >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size_of, table, size_of, trailer, len(data))
    )


def text(seed: int, more: bytes = b"") -> bytes:
    """Draw a page of words, the same for the same seed."""
    chance = random.Random(seed)
    lines = [" ".join(chance.choices(WORDS, k=chance.randint(4, 9))) for _ in range(24)]
    shown = b" ".join(b"(%s) Tj T*" % line.encode() for line in lines)
    return b"BT /F1 9 Tf 14 TL 30 370 Td %s ET %s" % (shown, more)


LOCKED = pdf(
    text(1),
    trailer=b"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>"
    % (b"11" * 32, b"22" * 32),
)
