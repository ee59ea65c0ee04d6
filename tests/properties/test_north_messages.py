"""What gate and head-end tell each other: read back the same, and as the published schemas say."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sekisho.codec import north_form as form
from sekisho.codec.bounds_document import bounds_of, bounds_payload
from sekisho.codec.claims import claims_of, read_claims
from sekisho.codec.strict_json import Malformed
from sekisho.codec.trust_document import trust_of, trust_payload
from tests import orders
from tools.generated import north

MESSAGES: dict[str, Any] = {
    "session": (orders.sessions(), form.session_payload, form.read_session),
    "decision": (orders.decisions(), form.decision_payload, form.read_decision),
    "telemetry": (orders.telemetries(), form.telemetry_payload, form.read_telemetry),
    "state": (orders.states(), form.state_payload, form.read_state),
    "checkpoint": (orders.checkpoints(), form.checkpoint_payload, form.read_checkpoint),
    "ack": (orders.acks(), form.ack_payload, form.read_ack),
    "command": (orders.commands(), claims_of, read_claims),
}
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in north.SCHEMAS.items()}
FEWER = settings(max_examples=40)
EVERY_MESSAGE = pytest.mark.parametrize("name", MESSAGES)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


def accepted(name, data):
    with contextlib.suppress(Malformed):
        MESSAGES[name][2](data)
        return True
    return False


@EVERY_MESSAGE
@FEWER
@given(data=st.data())
def test_a_message_is_read_back_as_it_was_written(name, data):
    values, write, read = MESSAGES[name]
    message = data.draw(values)
    assert read(write(message)) == message


@EVERY_MESSAGE
@FEWER
@given(data=st.data())
def test_a_message_is_as_its_schema_says(name, data):
    values, write, _ = MESSAGES[name]
    VALIDATORS[name].validate(json.loads(write(data.draw(values))))


@EVERY_MESSAGE
@FEWER
@given(data=st.data())
def test_what_the_schema_refuses_is_refused(name, data):
    values, write, _ = MESSAGES[name]
    table = json.loads(write(data.draw(values)))
    key = data.draw(st.sampled_from(sorted(table)) | st.just("colour"))
    if data.draw(st.booleans()) and key in table:
        del table[key]
    else:
        table[key] = data.draw(_JSON)
    if not VALIDATORS[name].is_valid(table):
        assert not accepted(name, json.dumps(table).encode())


@EVERY_MESSAGE
@FEWER
@given(st.binary(max_size=80))
def test_bytes_are_a_message_or_malformed(name, data):
    accepted(name, data)


@FEWER
@given(orders.trusts())
def test_trust_is_as_its_schema_says(trust):
    table = json.loads(trust_payload(trust))
    VALIDATORS["trust"].validate(table)
    del table["all_keys"]
    assert not VALIDATORS["trust"].is_valid(table)


@FEWER
@given(orders.every_bounds())
def test_bounds_are_as_their_schema_says(bounds):
    VALIDATORS["bounds"].validate(json.loads(bounds_payload(bounds)))


@FEWER
@given(st.data())
def test_what_the_schema_of_bounds_or_trust_refuses_is_refused(data):
    name, strategy, write, read = data.draw(
        st.sampled_from(
            [
                ("bounds", orders.every_bounds(), bounds_payload, bounds_of),
                ("trust", orders.trusts(), trust_payload, trust_of),
            ]
        )
    )
    table = json.loads(write(data.draw(strategy)))
    table[data.draw(st.sampled_from(sorted(table)))] = data.draw(_JSON)
    faults: list[Any] = []
    read(table, faults)
    if not VALIDATORS[name].is_valid(table):
        assert faults
