"""Bodies in CBOR, for a tool that knows JSON Schema.

The description says how the two meet: a map with integer keys is an object whose keys are those integers in decimal, a
byte string is a string in hexadecimal. What a schema does not allow (other keys, other strings) goes out as text, so that
the server sees those mistakes as well.
"""

import io

import cbor2
import schemathesis


@schemathesis.serializer("application/cbor")
def to_cbor(_context, value):
    return cbor2.dumps(encoded(value), canonical=True)


@schemathesis.deserializer("application/cbor")
def from_cbor(_context, response):
    return decoded(cbor2.loads(response.content))


@schemathesis.deserializer("application/cbor-seq")
def from_cbor_sequence(_context, response):
    """The first object: the schema describes one."""
    return decoded(cbor2.CBORDecoder(io.BytesIO(response.content)).decode())


def encoded(value):
    match value:
        case dict():
            return {as_key(key): encoded(item) for key, item in value.items()}
        case list():
            return [encoded(item) for item in value]
        case str():
            return as_bytes(value)
        case _:
            return value


def as_key(key):
    return int(key) if key.isascii() and key.isdecimal() and str(int(key)) == key else key


def as_bytes(text):
    try:
        # Python also takes spaces and upper case, which the description does not.
        return bytes.fromhex(text) if bytes.fromhex(text).hex() == text else text
    except ValueError:
        return text


def decoded(value):
    match value:
        case dict():
            return {str(key): decoded(item) for key, item in value.items()}
        case list() | tuple():
            return [decoded(item) for item in value]
        case bytes():
            return value.hex()
        case _:
            return value
