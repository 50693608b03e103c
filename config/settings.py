"""One TOML file, typed and checked at start. A wrong value names the file, the key, what was found and what is allowed."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Kiosk(Section):
    """Who this kiosk is and where it keeps its files."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,39}$")]
    state: Path


class Intake(Section):
    port: Path
    glass_bin: Annotated[int, Field(ge=1, le=2)] = 1
    plastic_bin: Annotated[int, Field(ge=1, le=2)] = 2


class Camera(Section):
    source: str
    """A V4L2 device such as /dev/video0, or the URL of an MJPEG stream."""
    width: Annotated[int, Field(ge=320, le=4096)] = 1280
    height: Annotated[int, Field(ge=240, le=3072)] = 720


class Recognition(Section):
    policy: Literal["weight-and-code", "barcode-only"] = "weight-and-code"
    glass_from_g: Annotated[int, Field(ge=20, le=2000)] = 120
    full_g: Annotated[int, Field(ge=100, le=5000)] = 500


class Limits(Section):
    """Money that may leave: DESIGN section 6."""

    visit_bottles: Annotated[int, Field(ge=1, le=500)] = 30
    day_cents: Annotated[int, Field(ge=20, le=1_000_000)] = 20_000


class Reward(Section):
    cents: Annotated[int, Field(ge=1, le=100)] = 20
    voucher_page: HttpUrl
    voucher_days: Annotated[int, Field(ge=30, le=3650)] = 1095


class City(Section):
    url: HttpUrl
    every_s: Annotated[float, Field(ge=0.1, le=3600)] = 60.0
    timeout_s: Annotated[float, Field(ge=0.5, le=60)] = 10.0


class Settings(Section):
    kiosk: Kiosk
    intake: Intake
    camera: Camera
    recognition: Recognition = Recognition()
    limits: Limits = Limits()
    reward: Reward
    city: City


def load(path: Path) -> Settings:
    """The settings of a file."""
    with path.open("rb") as file:
        return Settings.model_validate(tomllib.load(file))
