"""Who is asking: the tokens we believe, and in development the ones we sign."""

from collections.abc import Callable
from datetime import datetime

from joserfc.errors import JoseError

from gateway.settings import Settings
from gateway.tokens import keys
from gateway.tokens.issuer import KEY_FILE, DevelopmentIssuer, NotInProduction
from gateway.tokens.verifier import Claims, Delegate, InvalidToken, Reason, Verifier
from gateway.wrong_settings import PREFIX, WrongSettings, damaged, unwritable
from insurers.text import Text

__all__ = [
    "Claims",
    "Delegate",
    "DevelopmentIssuer",
    "InvalidToken",
    "NotInProduction",
    "Reason",
    "Verifier",
    "embedded",
    "trusted",
]


def trusted(settings: Settings, clock: Callable[[], datetime]) -> tuple[Verifier, DevelopmentIssuer | None]:
    """
    Answer who is believed: the issuer whose keys are set, or else one of our own, which stands beside.

    Raises:
        WrongSettings: the keys cannot be read, or the data folder cannot be written.
    """
    if settings.token_jwks is None:
        return embedded(settings, clock)
    try:
        known = keys.read(settings.token_jwks, clock)
    except (OSError, ValueError):
        unreadable = Text(
            f"{PREFIX}TOKEN_JWKS: JWKセットのファイルまたはURLを指定してください。",
            f"{PREFIX}TOKEN_JWKS: it must be the file or the address of a JWK set.",
        )
        raise WrongSettings([unreadable]) from None
    return Verifier(known, settings.issuer, settings.token_audience, clock), None


def embedded(settings: Settings, clock: Callable[[], datetime]) -> tuple[Verifier, DevelopmentIssuer]:
    """
    Answer the issuer whose key is in the data folder, and who believes it.

    Raises:
        NotInProduction: there is none in production.
        WrongSettings: its key cannot be read, or made.
    """
    try:
        issuer = DevelopmentIssuer(
            settings.data_folder, settings.issuer, settings.token_audience, clock, environment=settings.environment
        )
    except OSError:
        raise unwritable() from None
    except (ValueError, TypeError, KeyError, JoseError):
        raise damaged(KEY_FILE) from None
    return Verifier(keys.HeldKeys(issuer.keys), issuer.issuer, issuer.audience, clock), issuer
