"""A drawing as SVG: one file, no script, no font to load, readable on white and on paper.

Owns      colours, lines and text.
Refuses   text as markup: every word from a file is escaped by the XML writer.
"""

from xml.etree import ElementTree as Xml

from stacks.draw.drawing import Arrow, Drawing, Kind
from stacks.draw.layout import LINE, PAD, Area, place, short

COLOURS: dict[Kind, tuple[str, str]] = {
    "client": ("#f3f4f6", "#6b7280"),
    "join": ("#fef3c7", "#b45309"),
    "hub": ("#fde68a", "#92400e"),
    "entry": ("#dbeafe", "#1d4ed8"),
    "cluster": ("#dcfce7", "#15803d"),
    "cell": ("#dcfce7", "#15803d"),
    "subnet": ("#ffffff", "#9ca3af"),
    "dns": ("#ede9fe", "#6d28d9"),
}
"""Fill and border, by what a box stands for."""

_FONT = "font-family:ui-sans-serif,system-ui,Helvetica,Arial,sans-serif;font-size:12px;fill:#111827"


def element(parent: Xml.Element, name: str, text: str = "", **attributes: object) -> Xml.Element:
    """A child of `parent`; `_` in attribute names stands for `-`."""
    found = Xml.SubElement(parent, name, {key.replace("_", "-"): _number(value) for key, value in attributes.items()})
    if text:
        found.text = text
    return found


def _number(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def canvas(width: float, height: float, title: str) -> Xml.Element:
    """An empty picture with a white ground and a title."""
    root = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width:.0f} {height:.0f}",
            "width": f"{width:.0f}",
            "height": f"{height:.0f}",
            "style": _FONT,
            "role": "img",
            "aria-label": title,
        },
    )
    element(root, "rect", width="100%", height="100%", fill="#ffffff")
    element(root, "text", title, x=22, y=28, style="font-size:18px;font-weight:600")
    return root


def text_of(root: Xml.Element) -> str:
    """The picture as a file's text."""
    Xml.indent(root, " ")
    return Xml.tostring(root, encoding="unicode") + "\n"


def svg(drawing: Drawing) -> str:
    """The picture as SVG text."""
    placed = place(drawing)
    root = canvas(placed.width, placed.height, drawing.title)
    marks = element(root, "defs")
    tip = element(marks, "marker", id="tip", viewBox="0 0 8 8", refX=7, refY=4, markerWidth=7, markerHeight=7)
    tip.set("orient", "auto-start-reverse")
    element(tip, "path", d="M0 0 L8 4 L0 8 z", fill="#374151")
    for n, frame in enumerate(drawing.frames):
        area = placed.frames[n]
        outline = element(root, "rect", x=area.x, y=area.y, width=area.width, height=area.height, rx=8)
        outline.set("style", "fill:#f9fafb;stroke:#374151;stroke-width:1.5")
        element(root, "text", frame.title, x=area.x + PAD, y=area.y + LINE, style="font-weight:600")
    labels = [_arrow(root, arrow, placed.boxes[arrow.start], placed.boxes[arrow.end]) for arrow in drawing.arrows]
    for box in drawing.boxes:
        area, (fill, line) = placed.boxes[box.id], COLOURS[box.kind]
        group = element(root, "g")
        element(group, "rect", x=area.x, y=area.y, width=area.width, height=area.height, rx=5, fill=fill, stroke=line)
        element(group, "title", "\n".join((box.title, *box.lines)))
        y = area.y + PAD + LINE * 0.75
        element(group, "text", short(box.title), x=area.x + PAD, y=y, style="font-weight:600")
        for n, text in enumerate(box.lines, start=1):
            element(group, "text", short(text), x=area.x + PAD, y=y + n * LINE)
    _labels(root, drawing, labels)
    for n, note in enumerate(drawing.notes):
        y = placed.height - LINE * (len(drawing.notes) - n) + LINE * 0.4
        element(root, "text", note, x=22, y=y, fill="#4b5563")
    return text_of(root)


def _arrow(root: Xml.Element, arrow: Arrow, start: Area, end: Area) -> tuple[float, float]:
    """Draw it, and return where its label stands. Forwards it leaves at the right, backwards at the left."""
    forwards = start.x <= end.x
    x1, x2 = (start.right, end.x) if forwards else (start.x, end.right)
    y1, y2 = start.middle, end.middle
    bend = (x2 - x1) / 2
    path = f"M{x1:.0f} {y1:.0f} C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    line = element(root, "path", d=path, fill="none", stroke="#374151", stroke_width=1.3, marker_end="url(#tip)")
    if arrow.dashed:
        line.set("stroke-dasharray", "5 4")
    return (x1 + x2) / 2, (y1 + y2) / 2


def _labels(root: Xml.Element, drawing: Drawing, places: list[tuple[float, float]]) -> None:
    """Labels last, with a halo, and moved down where two would lie on each other."""
    taken: list[tuple[float, float]] = []
    for arrow, (x, y) in zip(drawing.arrows, places, strict=True):
        if not arrow.label:
            continue
        free = next(
            down
            for down in (y + n * LINE for n in range(len(taken) + 1))
            if not any(abs(x - other) < 150 and abs(down - height) < LINE for other, height in taken)
        )
        taken.append((x, free))
        style = "font-size:11px;paint-order:stroke;stroke:#ffffff;stroke-width:4px"
        element(root, "text", short(arrow.label), x=x, y=free - 4, text_anchor="middle", style=style)
