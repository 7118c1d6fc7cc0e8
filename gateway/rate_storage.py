"""Where rates are counted: in this process, or where several processes reach it."""

from urllib.parse import urlsplit

from limits.aio.storage import MovingWindowSupport, Storage
from limits.errors import ConfigurationError
from limits.storage import storage_from_string

from gateway.rate_windows import Windows

IN_MEMORY = "memory"


def storage(uri: str) -> Storage:
    """
    Open where rates are counted: `memory://`, or a store of the library's own that several processes share.

    Raises:
        ConfigurationError: nobody knows such a store, its client is not installed, or it has no moving windows.
    """
    if urlsplit(uri).scheme == IN_MEMORY:
        return Windows()
    found = storage_from_string(f"async+{uri}", wrap_exceptions=True)
    if not isinstance(found, Storage) or not isinstance(found, MovingWindowSupport):
        raise ConfigurationError("a store that has moving windows is needed")
    return found
