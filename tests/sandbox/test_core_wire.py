"""Properties survive the way through the wire: unknown values, secrets, numbers, absent values."""

from typing import Any

from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from sandbox import wire
from sandbox.contract import UNKNOWN

keys = st.text(min_size=1, max_size=8).filter(lambda text: text != wire.SIGNATURE)
leaves = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer()),
    st.text().filter(lambda text: text != wire.UNKNOWN_ON_WIRE),
    st.just(UNKNOWN),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=20,
)


@given(st.dictionaries(keys, values, max_size=5))
def test_written_and_read_again_nothing_is_lost(properties: dict[str, Any]) -> None:
    assert wire.read(wire.write(properties)).values == properties


@given(st.dictionaries(keys, values, min_size=1, max_size=5), st.data())
def test_a_secret_is_marked_and_unwrapped(properties: dict[str, Any], data: st.DataObject) -> None:
    secret = (data.draw(st.sampled_from(sorted(properties))),)
    struct = wire.write(properties, [secret])
    assert struct.fields[secret[0]].struct_value.fields[wire.SIGNATURE].string_value == wire.SECRET
    assert wire.read(struct) == wire.Plain(properties, frozenset([secret]))


def _marked(signature: str, **fields: Any) -> struct_pb2.Value:
    struct = wire.write({wire.SIGNATURE: signature, **fields})
    return struct_pb2.Value(struct_value=struct)


def test_output_values_are_unwrapped_with_their_secrecy() -> None:
    struct = struct_pb2.Struct(
        fields={
            "known": _marked(wire.OUTPUT, value="a", secret=True),
            "unknown": _marked(wire.OUTPUT, dependencies=["urn"]),
        }
    )
    plain = wire.read(struct)
    assert plain.values == {"known": "a", "unknown": UNKNOWN}
    assert plain.secrets == {("known",)}


def test_a_secret_inside_a_list_hides_the_whole_list() -> None:
    inner = wire.write({"password": "p"}, [("password",)])
    listed = struct_pb2.ListValue(values=[struct_pb2.Value(struct_value=inner)])
    struct = struct_pb2.Struct(fields={"users": struct_pb2.Value(list_value=listed)})
    plain = wire.read(struct)
    assert plain.secrets == {("users",)}
    again = wire.write(plain.values, plain.secrets)
    assert again.fields["users"].struct_value.fields[wire.SIGNATURE].string_value == wire.SECRET
    assert wire.secret_texts(plain.values, plain.secrets) == {"p"}


def test_null_is_absent() -> None:
    struct = struct_pb2.Struct(fields={"gone": struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)})
    assert wire.read(struct).values == {}


def test_digests_do_not_depend_on_the_order_of_keys() -> None:
    one, two = wire.write({"a": 1, "b": {"c": 2, "d": 3}}), wire.write({"b": {"d": 3, "c": 2}, "a": 1})
    assert wire.digest(one) == wire.digest(two)
    assert wire.digest(one) != wire.digest(wire.write({"a": 1, "b": {"c": 2, "d": 4}}))
