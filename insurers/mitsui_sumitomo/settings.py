"""Where Mitsui Sumitomo is found."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic_settings import BaseSettings, SettingsConfigDict

from insurers.base_url import read_base_url


class Settings(BaseSettings):
    """Read from `TABANE_MITSUI_SUMITOMO_*`. `base_url` is the origin of both services, as `https://host`."""

    model_config = SettingsConfigDict(
        env_prefix="TABANE_MITSUI_SUMITOMO_", env_file=".env", extra="ignore", frozen=True
    )

    base_url: Annotated[str, AfterValidator(read_base_url)]
