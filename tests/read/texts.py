"""Hypothesis strategies for text that looks like a fleet file, from well-formed to hostile."""

from hypothesis import strategies as st

KEYS = st.sampled_from(
    [
        "a",
        "b",
        "name",
        "min.insync.replicas",
        "data-class",
        "on",
        "no",
        "y",
        "true",
        "1",
        "null",
        "x y",
        "'q'",
        '"k"',
        "<<",
    ]
)
_SCALARS = (
    r"""a § web shop § eu-west-1a § 10.20.0.0/16 § 1.34.2 § 4Gi § 7d § 100Mi § http://x.example:9/a?b=c"""
    r""" § a&b § x* § wow! § don't § say "hi" § a, b § p#1 § é § — § 日本 § 0 § 1 § -1 § 42"""
    r""" § 123456789012345678 § 1234567890123456789 § 0.5 § -0.5 § 3.10 § 00 § 010 § 0o17 § 0x1F § 0b1 § 1e3"""
    r""" § 1.5e3 § .5 § 5. § +5 § -0 § 1_000 § 1:30 § 1:2:3.5 § 2026-01-01 § 2026-01-01T00:00:00Z § .inf"""
    r""" § -.INF § .nan § true § false § True § yes § NO § on § off § y § n § null § ~ §  § Null § = § - § ?"""
    r""" § : § 'x' § "x" § '' § "" § 'it''s' § "a\nb" § "a\\" § "\u00e9" § 'NO' § "0777" § "x # y" § 'a: b'"""
    r""" § *x § &x 1 § !t 1 § !!str 1 § @x § `x § %x § | § > § |- § [ § ] § { § } § [] § {} § [a] § [a, b]"""
    r""" § [1, 0.5, true, 'x'] § [a,b] § [a,] § [ a ] § [NO] § [a b] § [10.0.0.0/8, x] § {a: 1}"""
    r""" § {a: 1, b: x} § { a: 'y' } § {a: 1, a: 2} § {a} § {a:1} § [a: 1] § [[a]] § [{a: 1}] § a: b § a:"""
    r""" § : a § - a § 1.2.3.4.5 § 1.2 § _ § _1 § /x § no way § true x § x:y § x: § e5 § 1h § 1e § 5x"""
    r""" § 0.1.2 § 1i § 12Gi § 999999999999999999999999999999 § <<"""
)
SCALARS = st.sampled_from(_SCALARS.split(" § "))
COMMENTS = st.sampled_from(["", "", "", " # note & more * !", "  # é", " #", "# glued", " ", "   ", " # tab\there"])
PREFIXES = st.sampled_from(
    ["", "", "  ", "    ", "      ", " ", "- ", "  - ", "    - ", "- - ", "-  ", "-", "\t", "  -\t"]
)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """One line: mostly an entry."""
    kind = draw(st.integers(0, 11))
    if kind == 0:
        return draw(st.sampled_from(["", "  ", "# x", "   # y", "---", "...", "%YAML 1.2", "...x", "--- a"]))
    prefix = draw(PREFIXES)
    if kind == 1:
        return prefix + draw(SCALARS) + draw(COMMENTS)
    if kind == 2:
        return prefix + draw(KEYS) + ":" + draw(COMMENTS)
    space = draw(st.sampled_from([" ", " ", " ", " ", "  ", ""]))
    return prefix + draw(KEYS) + ":" + space + draw(SCALARS) + draw(COMMENTS)


texts = st.lists(lines(), max_size=12).map(lambda found: "".join(f"{line}\n" for line in found))
"""Lines that look like YAML, in any order."""


_PLAIN_GOOD = (
    r"""a § web shop § 10.20.0.0/16 § 4Gi § don't § a, b § é § 0 § -1 § 42 § 0.5 § 3.10 § true § false § 'x'"""
    r""" § "NO" § "x # y" § [] § {} § [a, b] § [1, 0.5, true, 'x'] § {a: 1, b: x} § 1.34.2 § x:y § a&b"""
    r""" § https://x.example/a"""
)


def _indent(block: str) -> str:
    return "".join(f"  {line}\n" if line else "\n" for line in block.splitlines())


def _mapping(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=4, unique=True)

    @st.composite
    def build(draw: st.DrawFn) -> str:
        parts = []
        for name in draw(names):
            if draw(st.booleans()):
                value = draw(st.sampled_from(_PLAIN_GOOD.split(" § ")))
                parts.append(f"{name}: {value}{draw(st.sampled_from(['', '', ' # why', '  ']))}\n")
            else:
                child = draw(children)
                glued = draw(st.booleans()) and child.startswith("-")
                parts.append(f"{name}:\n{child if glued else _indent(child)}")
            parts.append(draw(st.sampled_from(["", "", "\n", "# between\n"])))
        return "".join(parts)

    return build()


def _list(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    @st.composite
    def build(draw: st.DrawFn) -> str:
        parts = []
        for _ in range(draw(st.integers(1, 3))):
            if draw(st.booleans()):
                parts.append(f"- {draw(st.sampled_from(_PLAIN_GOOD.split(' § ')))}\n")
            else:
                child = _indent(draw(children))
                parts.append(f"- {child[2:]}" if not child.lstrip(" ").startswith(("#", "\n")) else "- a\n")
        return "".join(parts)

    return build()


good = _mapping(
    st.recursive(_mapping(st.just("z: 1\n")), lambda inner: st.one_of(_mapping(inner), _list(inner)), max_leaves=6)
)
"""Well-formed mappings of the dialect."""
