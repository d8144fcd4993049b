"""The loop of a verifier: a request a line on stdin, an answer a line on stdout."""

import json
import sys

RP_ID = "example.com"
ORIGIN = "https://example.com"
USER = {"id": b"ann", "name": "ann", "display_name": "Ann"}


def serve(verifier):
    for line in sys.stdin:
        request = json.loads(line)
        method = getattr(verifier, request.pop("do"))
        try:
            answer = method(**request)
        # Whatever a verifier throws is its verdict.
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
