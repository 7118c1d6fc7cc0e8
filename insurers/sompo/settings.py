"""What the operator may decide about this insurer."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic_settings import BaseSettings, SettingsConfigDict

from insurers.base_url import read_base_url


class Settings(BaseSettings):
    """
    Read from `TABANE_SOMPO_*` when a connection is opened without an address.

    Attributes:
        base_url: Where Sompo answers, such as a sandbox. There is no default: no address is published.
    """

    model_config = SettingsConfigDict(env_prefix="TABANE_SOMPO_", env_file=".env", extra="ignore", frozen=True)

    base_url: Annotated[str, AfterValidator(read_base_url)]
