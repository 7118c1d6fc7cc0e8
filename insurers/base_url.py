"""Where a server is: an address of HTTP that others begin with."""

from urllib.parse import urlsplit


def read_base_url(given: str) -> str:
    """
    Raises:
        ValueError: it is none, or has more behind its path.
    """
    parts = urlsplit(given)
    # A port that is none is found when it is asked for, and a name that is none when it is encoded.
    _ = parts.port, (parts.hostname or "").encode("idna")
    is_there = parts.scheme in ("http", "https") and parts.hostname and not any(map(str.isspace, given))
    if not is_there or parts.query or parts.fragment:
        raise ValueError("not the address of a server")
    return given.rstrip("/")
