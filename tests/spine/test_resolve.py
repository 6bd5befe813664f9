"""The one merge of the repository, and the way back from a value to its file."""

from hypothesis import given
from hypothesis import strategies as st

from stacks.read import Document, read_text
from stacks.resolve import Layer, resolve


def document(file: str, text: str) -> Document:
    got = read_text(file, text.encode())
    assert isinstance(got, Document), got
    return got


DEFAULTS = document("fleet/services/kafka.yaml", "defaults:\n  size: {name: small}\n  config:\n    a: 1\n    b: 2\n")
PROFILE = document(
    "fleet/profiles/p.yaml", "values:\n  production: true\n  services:\n    kafka:\n      controllers: 5\n"
)
FILE = document("fleet/clusters/t/c.yaml", "services:\n  kafka:\n    config:\n      b: 3\n    zones: [x]\n")


def layers() -> list[Layer]:
    return [
        Layer(DEFAULTS, DEFAULTS.data["defaults"], "kafka defaults", ("services", "kafka"), ("defaults",)),
        Layer(PROFILE, PROFILE.data["values"], "profile p", source=("values",)),
        Layer(FILE, FILE.data, "file"),
    ]


def test_mappings_merge_and_everything_else_replaces() -> None:
    assert resolve(layers()).data == {
        "production": True,
        "services": {
            "kafka": {"size": {"name": "small"}, "config": {"a": 1, "b": 3}, "controllers": 5, "zones": ["x"]}
        },
    }


def test_a_variant_is_replaced_whole() -> None:
    over = document("fleet/clusters/t/c.yaml", "services:\n  kafka:\n    size: {throughput: {produce: 1}}\n")
    stack = [layers()[0], Layer(over, over.data, "file")]
    at = ("services", "kafka", "size")
    assert resolve(stack, {at}).data["services"]["kafka"]["size"] == {"throughput": {"produce": 1}}
    assert resolve(stack).data["services"]["kafka"]["size"] == {"name": "small", "throughput": {"produce": 1}}


def test_a_value_knows_the_file_that_supplied_it() -> None:
    resolved = resolve(layers())
    kafka = ("services", "kafka")
    assert resolved.position((*kafka, "config", "a")) == ("fleet/services/kafka.yaml", 4, 8)
    assert resolved.position((*kafka, "config", "b")) == ("fleet/clusters/t/c.yaml", 4, 10)
    assert resolved.position((*kafka, "controllers"), key=True) == ("fleet/profiles/p.yaml", 5, 7)
    assert resolved.position(("production",)) == ("fleet/profiles/p.yaml", 2, 15)


def test_a_missing_key_is_told_where_a_person_would_add_it() -> None:
    resolved = resolve(layers())
    assert resolved.position(("services", "kafka", "config", "c"), key=True)[0] == "fleet/clusters/t/c.yaml"
    assert resolved.file == "fleet/clusters/t/c.yaml"


json = st.recursive(
    st.integers() | st.booleans() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(st.sampled_from("abc"), json, min_size=1, max_size=3)


@given(mappings, mappings)
def test_every_value_of_the_file_stands_and_nothing_is_invented(low: dict, high: dict) -> None:  # type: ignore[type-arg]
    blank = Document("f", "", {})
    data = resolve([Layer(blank, low, "low"), Layer(blank, high, "high")]).data

    def stands(part: object, whole: object) -> bool:
        if isinstance(part, dict) and isinstance(whole, dict):
            return all(k in whole and stands(v, whole[k]) for k, v in part.items())
        return part == whole

    assert stands(high, data)
    assert set(data) == set(low) | set(high)
    assert resolve([Layer(blank, data, "low"), Layer(blank, data, "high")]).data == data


def test_resolving_changes_no_layer() -> None:
    stack = layers()
    before = [repr(layer.values) for layer in stack]
    resolve(stack)
    assert [repr(layer.values) for layer in stack] == before
