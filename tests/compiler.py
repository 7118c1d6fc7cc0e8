"""
Whether the gateways of the API's tests and of the clients' compile operations.

`TABANE_COMPILED=false` has graphql-core run all of them, as it does for an operator: `TABANE_COMPILED=false make test
ARGS=tests/api`, and `make clients` alike. What these gateways are told else they are told by their tests alone.
"""

import os

from pydantic import TypeAdapter

COMPILED = TypeAdapter(bool).validate_python(os.environ.get("TABANE_COMPILED", "true"))
