"""Pictures: everything that a cell has is on it, nothing lies over anything, and words from files stay words."""

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from components.clouds.reach import REACHABILITIES
from stacks.addresses import stocks
from stacks.draw import addresses
from stacks.draw import cell as of_cell
from stacks.draw import fleet as of_fleet
from stacks.draw.drawing import Arrow, Box, Drawing, Frame
from stacks.draw.layout import Area, place
from stacks.draw.mermaid import mermaid
from stacks.draw.svg import svg
from stacks.fleet import Fleet
from stacks.load import load
from tools.fleet_copy import REPOSITORY, copy_fleet
from tools.networks import fleet as networks

SVG = "{http://www.w3.org/2000/svg}"
PEERS: Mapping[str, Mapping[str, Any]] = {
    "aws": {"network": "vpc-0123456789abcdef0", "route_tables": ["rtb-0123456789abcdef0"]},
    "gcp": {"network": "projects/acme-analytics-lab/global/networks/office"},
    "azure": {
        "network": "/subscriptions/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/resourceGroups/office/providers"
        "/Microsoft.Network/virtualNetworks/office"
    },
}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    root = copy_fleet(tmp_path_factory.mktemp("drawn"))
    networks.write(root, PEERS)
    networks.consume(root, "aws", "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0")
    found = load(root)
    assert found.errors == ()
    return found


def parsed(text: str) -> Xml.Element:
    return Xml.fromstring(text)  # noqa: S314 - our own output


def overlap(a: Area, b: Area) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def drawings(fleet: Fleet) -> list[Drawing]:
    cells = [of_cell.draw(fleet, cell) for cell in fleet.cells.values()]
    clusters = [of_cell.draw(fleet, fleet.cells[c.cell], c) for c in fleet.clusters.values()]
    return [*cells, *clusters, of_fleet.draw(fleet)]


def test_nothing_lies_over_anything_and_frames_hold_their_own(fleet: Fleet) -> None:
    for drawing in drawings(fleet):
        placed = place(drawing)
        assert len(placed.boxes) == len(drawing.boxes), "two boxes with one id"
        for (one, a), (other, b) in itertools.combinations(placed.boxes.items(), 2):
            assert not overlap(a, b), (drawing.title, one, other)
        for n, frame in enumerate(drawing.frames):
            for name, area in placed.boxes.items():
                inside = overlap(area, placed.frames[n])
                assert inside == (name in frame.boxes), (drawing.title, frame.title, name)
        for area in (*placed.boxes.values(), *placed.frames.values()):
            assert area.x >= 0
            assert area.y >= 0
            assert area.right <= placed.width
            assert area.bottom <= placed.height
        names = set(placed.boxes)
        assert all(arrow.start in names and arrow.end in names for arrow in drawing.arrows)


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
@pytest.mark.parametrize("reachability", REACHABILITIES)
def test_a_cell_shows_how_each_cluster_is_reached(fleet: Fleet, cloud: str, reachability: str) -> None:
    cell = fleet.cells[f"{cloud}-{reachability}"]
    drawing = of_cell.draw(fleet, cell)
    into = {arrow.end for arrow in drawing.arrows}
    for cluster in fleet.clusters.values():
        if cluster.cell == cell.name:
            assert f"cluster-{cluster.name}" in into
    joins = {"public": "public", "peering": "peering-company", "hub": "hub", "privatelink": "service"}
    if reachability in joins:
        entries = [arrow for arrow in drawing.arrows if arrow.start == joins[reachability]]
        assert entries, f"nothing is reached over {joins[reachability]}"
    text = svg(drawing)
    assert cell.spec.network.address_block in text
    assert parsed(text).tag == f"{SVG}svg"


def test_the_fleet_shows_what_joins_its_cells(fleet: Fleet) -> None:
    drawing = of_fleet.draw(fleet)
    assert {box.id for box in drawing.boxes} >= {f"cell-{name}" for name in fleet.cells}
    link = Arrow("cell-aws-private", "service-aws-privatelink", "link kafka", dashed=True)
    assert link in drawing.arrows


def test_words_from_files_are_no_markup() -> None:
    evil = '</text><script>alert(1)</script>"]:::x & #quot; \\ `'
    drawing = Drawing(
        title=evil,
        boxes=[Box("a", "client", evil, [evil]), Box("b", "cluster", evil, column=1)],
        frames=[Frame(evil, ["b"])],
        arrows=[Arrow("a", "b", evil)],
        notes=[evil],
    )
    root = parsed(svg(drawing))
    assert not list(root.iter(f"{SVG}script"))
    assert any(element.text == evil for element in root.iter(f"{SVG}title") if element.text) or evil in "".join(
        root.itertext()
    )
    for line in mermaid(drawing).splitlines():
        inside = line.partition('"')[2].rpartition('"')[0]
        plain = inside.replace("<b>", "").replace("</b>", "").replace("<br/>", "")
        assert not set('"<>[]{}|`') & set(plain), line


def test_the_picture_of_addresses_has_a_square_a_block_and_names_the_holders() -> None:
    fleet = load(REPOSITORY)
    assert fleet.settings is not None
    space = fleet.settings.address_space
    found = stocks(fleet)
    root = parsed(addresses.picture("acme", found, space.cell_prefix_length))
    titles = [element.text or "" for element in root.iter(f"{SVG}title")]
    assert len(titles) == sum(stock.blocks for stock in found)
    for cell in fleet.cells.values():
        assert any(f"{cell.spec.network.address_block} cell {cell.name}" in title for title in titles)


def test_a_huge_range_gets_larger_squares() -> None:
    fleet = load(REPOSITORY)
    assert fleet.settings is not None
    wide = fleet.settings.address_space.model_copy(update={"cell_prefix_length": 20})
    big = dataclasses.replace(fleet, settings=fleet.settings.model_copy(update={"address_space": wide}))
    root = parsed(addresses.picture("acme", stocks(big), 20))
    squares = len(list(root.iter(f"{SVG}title")))
    assert squares <= addresses.MOST * len(stocks(big))
    assert any("a square is a /" in (element.text or "") for element in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("name", ["fleet", "aws-euw1-prod", "azure-weu-staging", "addresses"])
def test_the_pictures_in_the_docs_are_of_the_example_fleet(name: str) -> None:
    fleet = load(REPOSITORY)
    assert fleet.settings is not None
    made = {
        "fleet": lambda: svg(of_fleet.draw(fleet)),
        "addresses": lambda: addresses.picture("acme", stocks(fleet), fleet.settings.address_space.cell_prefix_length),
    }.get(name, lambda: svg(of_cell.draw(fleet, fleet.cells[name])))()
    file = REPOSITORY / "docs" / "pictures" / f"{name}.svg"
    again = f"fleet graph {name} --file {file}"
    assert file.read_text("utf-8") == made, f"look at it, then: {again} (fleet addresses --picture for the addresses)"
