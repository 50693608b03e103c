"""One TOML file, typed and checked at start: the values, and the ``ConfigurationError`` that names all that is wrong in it.

Every key stands with a comment in ``config/example.toml``. Nothing here reads the environment, and there is no second source of settings.
"""

import difflib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from config.files import read_text
from config.hours import OpeningHours, Span
from config.state import Files
from config.told import WrongUse
from config.vocabulary import Association, OpeningSide


def _named(value: object) -> object:
    """A name that is empty would be the folder of the configuration file, and no file has one with a NUL in it."""
    if value == "" or (isinstance(value, str) and "\0" in value):
        raise PydanticCustomError("no_name", "names no file")
    return value


def _beside_the_file(path: Path, info: ValidationInfo) -> Path:
    """A relative path starts at the folder of the configuration file, wherever the command was started."""
    file: Path | None = info.context["file"] if info.context else None
    return (Path.cwd() if file is None else file.parent) / path


def _web_address(value: str) -> str:
    if not _is_web_address(value):
        raise PydanticCustomError("web_address", "not an http or https address without a fragment")
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        # either raises what it raises when somebody connects: a port beyond 65535, a part of the name that is empty or has 64 letters
        _ = parts.port, host.encode("idna")
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and not parts.fragment and value.isprintable() and " " not in value


def _camera_source(value: str, info: ValidationInfo) -> str:
    return _web_address(value) if "://" in value else _file(value, info)


def _file(value: str, info: ValidationInfo) -> str:
    return str(_beside_the_file(Path(str(_named(value))), info))


def _file_or_none(value: str, info: ValidationInfo) -> str:
    return _file(value, info) if value else ""


def _address_or_none(value: str) -> str:
    return _web_address(value) if value else ""


FilePath = Annotated[Path, Field(strict=False), BeforeValidator(_named), AfterValidator(_beside_the_file)]
WebAddress = Annotated[str, AfterValidator(_web_address), WithJsonSchema({"type": "string", "format": "uri"})]


class Section(BaseModel):
    """Strict: TOML has types, so ``"30"`` for 30 is a mistake, and so is a key that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Kiosk(Section):
    """Who this kiosk is, where it keeps its files, how many months of its log, and where its metrics are written, if anywhere."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,39}$"), Field(json_schema_extra={"format": "name"})]
    state: FilePath
    log_months: Annotated[int, Field(ge=1, le=120)] = 24
    metrics: str = ""


class Upkeep(Section):
    """When staff are reminded to clean the machine: after so many bottles or days."""

    clean_bottles: Annotated[int, Field(ge=10, le=1_000_000)] = 2_000
    clean_days: Annotated[int, Field(ge=1, le=366)] = 7


class Intake(Section):
    """The intake controller's serial port, and which of its bins takes what."""

    port: FilePath
    glass_bin: Annotated[int, Field(ge=1, le=2)] = 1
    plastic_bin: Annotated[int, Field(ge=1, le=2)] = 2
    full_percent: Annotated[int, Field(ge=50, le=100)] = 95

    @model_validator(mode="after")
    def _one_bin_each(self) -> Self:
        if self.glass_bin == self.plastic_bin:
            raise PydanticCustomError("same_bin", "glass and plastic share bin {bin}", {"bin": self.glass_bin})
        return self


class Camera(Section):
    """Where the pictures of the chamber come from: a V4L2 device such as /dev/video0, the address of an MJPEG stream, a picture, a folder.

    The rest is asked of a device; a value counts only while its automatic is off. Pixels, milliseconds; focus has no unit. ``picture_mm``: how wide the picture is at the height at which bottles lie, as this
    model of intake is built; 0 where nobody knows. What a technician has measured at the machine counts before it.
    """

    source: Annotated[str, AfterValidator(_camera_source)]
    width: Annotated[int, Field(ge=320, le=4096)] = 1280
    height: Annotated[int, Field(ge=240, le=3072)] = 720
    exposure_auto: bool = True
    exposure_ms: Annotated[float, Field(ge=0.1, le=1000)] = 10.0
    focus_auto: bool = True
    focus: Annotated[int, Field(ge=0, le=65535)] = 0
    picture_mm: Annotated[float, Field(ge=0, le=2000)] = 0.0


class Recognition(Section):
    """The policy a verdict rests on, by name, or a city's own in a file; weights in grams are those of "weight-and-code". ``catalogue``: the list of products, if it lies elsewhere than in the kiosk's state folder."""

    policy: Literal["every-vote", "weight-and-code", "barcode-only"] = "every-vote"
    policy_file: Annotated[str, AfterValidator(_file_or_none)] = ""
    catalogue: Annotated[str, AfterValidator(_file_or_none)] = ""
    glass_from_g: Annotated[int, Field(ge=20, le=2000)] = 120
    full_g: Annotated[int, Field(ge=100, le=5000)] = 500


class Screen(Section):
    """The panel that visitors touch: its diagonal in inches, how high above the floor its picture begins, in metres, and where the opening for bottles is."""

    diagonal_in: Annotated[float, Field(ge=1, le=100)] = 15.6
    lower_edge_m: Annotated[float, Field(ge=0, le=3)] = 0.92
    opening: OpeningSide = "right"


def _device(value: object) -> object:
    if value == "" or (isinstance(value, str) and not value.isprintable()):
        raise PydanticCustomError("no_device", "names no device")
    return value


class Sound(Section):
    """How loud the four short sounds are, 0 for none, and ALSA's name of the loudspeaker."""

    volume_percent: Annotated[int, Field(ge=0, le=100)] = 70
    device: Annotated[str, BeforeValidator(_device)] = "default"


SPAN = r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
ALL_DAY = ("00:00-24:00",)


def _span(text: str) -> str:
    if text[:5] >= text[6:]:
        raise PydanticCustomError("span_backwards", "ends before it begins")
    return text


SpanText = Annotated[str, StringConstraints(pattern=SPAN), AfterValidator(_span), Field(json_schema_extra={"format": "span"})]
Spans = Annotated[tuple[SpanText, ...], Field(strict=False)]


class Hours(Section):
    """When visitors may hand in, by day of the week and in Paris; a day without hours is closed."""

    monday: Spans = ALL_DAY
    tuesday: Spans = ALL_DAY
    wednesday: Spans = ALL_DAY
    thursday: Spans = ALL_DAY
    friday: Spans = ALL_DAY
    saturday: Spans = ALL_DAY
    sunday: Spans = ALL_DAY
    closed_on: Annotated[tuple[date, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _open_at_some_time(self) -> Self:
        if not any(self._week):
            raise PydanticCustomError("never_open", "no day has hours")
        return self

    @property
    def opening(self) -> OpeningHours:
        spans = {weekday: tuple(_minutes(text) for text in day) for weekday, day in enumerate(self._week)}
        return OpeningHours(spans, frozenset(self.closed_on))

    @property
    def _week(self) -> tuple[tuple[str, ...], ...]:
        return (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)


def _minutes(text: str) -> Span:
    begin, end = (60 * int(time[:2]) + int(time[3:]) for time in text.split("-"))
    return begin, end


class Limits(Section):
    """Money that may leave, by hand at the desk too, and whether bottles are taken without money once the day's is used up."""

    visit_bottles: Annotated[int, Field(ge=1, le=500)] = 30
    day_cents: Annotated[int, Field(ge=20, le=1_000_000)] = 20_000
    grant_day_cents: Annotated[int, Field(ge=0, le=1_000_000)] = 2_000
    grant_agent_cents: Annotated[int, Field(ge=0, le=1_000_000)] = 600
    grant_alone_cents: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    without_money: bool = False


class Reward(Section):
    """What a bottle is worth, and the voucher: the page its QR opens, the days it is valid, and whose desk pays it."""

    cents: Annotated[int, Field(ge=1, le=100)] = 20
    voucher_page: WebAddress
    voucher_days: Annotated[int, Field(ge=30, le=3650)] = 1095
    payer: Literal["kiosk", "city"] = "kiosk"


NAME_LETTERS = 32
"""No name has more. Whether one fits beside the others is measured on the panel (``kiosk/screens/visitor/names.py``)."""
PURPOSE_LETTERS = 60

# neither control nor format characters, which could turn the line around them, nor a blank at either end
_LINE = r"[^\s\p{C}]([^\p{C}\p{Zl}\p{Zp}]*[^\s\p{C}])?"
_AS_LINE = Field(json_schema_extra={"format": "line"})
Name = Annotated[str, StringConstraints(pattern=f"^{_LINE}$", max_length=NAME_LETTERS), _AS_LINE]
NameIfAny = Annotated[str, StringConstraints(pattern=f"^({_LINE})?$", max_length=NAME_LETTERS), _AS_LINE]
PurposeIfAny = Annotated[str, StringConstraints(pattern=f"^({_LINE})?$", max_length=PURPOSE_LETTERS), _AS_LINE]


Kind = Literal["none", "usb", "serial", "network"]
Rate = Literal[9600, 19200, 38400, 57600, 115200]


class Printer(Section):
    """The ticket printer, if there is one: ESC/POS by the kernel's usblp, on a serial port, or over the network; its paper's width in millimetres.

    ``where``: a line on the place and the hours at which vouchers are paid, in French, as it stands on the ticket.
    """

    kind: Kind = "none"
    device: Annotated[str, AfterValidator(_file_or_none)] = ""
    baud: Rate = 19200
    host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]*$", max_length=253), Field(json_schema_extra={"format": "host"})] = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 9100
    paper_mm: Literal[58, 80] = 80
    where: PurposeIfAny = ""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.kind in {"usb", "serial"} and not self.device:
            raise PydanticCustomError("no_way", "{key}", {"key": "device", "form": "path"})
        if self.kind == "network" and not self.host:
            raise PydanticCustomError("no_way", "{key}", {"key": "host", "form": "host"})
        return self


class Names(Section):
    """In French, and where it is another there, in English and Arabic."""

    fr: Name
    en: NameIfAny = ""
    ar: NameIfAny = ""


class Purposes(Section):
    """A line in French, English and Arabic."""

    fr: PurposeIfAny = ""
    en: PurposeIfAny = ""
    ar: PurposeIfAny = ""


class Recipient(Section):
    """One association: the id that the ledger names for ever, its name, and what it does."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,39}$"), Field(json_schema_extra={"format": "name"})]
    name: Names
    purpose: Purposes = Purposes()

    @property
    def association(self) -> Association:
        names = {language: name for language, name in self.name if name and language != "fr"}
        purposes = {language: line for language, line in self.purpose if line}
        return Association(self.id, self.name.fr, tuple(names.items()), tuple(purposes.items()))


class Gift(Section):
    """Whom visitors may give their sum to. Without an association nothing can be given."""

    associations: Annotated[tuple[Recipient, ...], Field(strict=False, max_length=9)] = ()

    @model_validator(mode="after")
    def _one_id_each(self) -> Self:
        ids = [one.id for one in self.associations]
        twice = next((place for place, one in enumerate(ids) if one in ids[:place]), None)
        if twice is not None:
            raise PydanticCustomError("same_id", "{id} stands twice", {"id": ids[twice], "place": twice})
        return self


class Bins(Section):
    """By how much a carrier's slip may be off what the bin ought to weigh: grams a bottle by material, and in all."""

    glass_tolerance_g: Annotated[int, Field(ge=0, le=500)] = 10
    plastic_tolerance_g: Annotated[int, Field(ge=0, le=500)] = 3
    slip_tolerance_g: Annotated[int, Field(ge=0, le=20_000)] = 500


class City(Section):
    """Where the ledger's rows go, through which proxy, whom to trust on the way; how often, and how long an answer may take."""

    url: WebAddress
    proxy: Annotated[str, AfterValidator(_address_or_none)] = ""
    ca_file: Annotated[str, AfterValidator(_file_or_none)] = ""
    every_s: Annotated[float, Field(ge=0.1, le=3600)] = 60.0
    timeout_s: Annotated[float, Field(ge=0.5, le=60)] = 10.0


class Backup(Section):
    """Where copies of the books go, a second medium if there is one, and how many of the newest stay on each."""

    folder: FilePath = Path("/var/backups/consigne")
    second_medium: Annotated[str, AfterValidator(_file_or_none)] = ""
    keep: Annotated[int, Field(ge=1, le=400)] = 14

    @property
    def second(self) -> Path | None:
        return Path(self.second_medium) if self.second_medium else None


class Settings(Section):
    """The whole file. A section whose keys all have a default may be left out."""

    kiosk: Kiosk
    intake: Intake
    camera: Camera
    screen: Screen = Screen()
    sound: Sound = Sound()
    printer: Printer = Printer()
    recognition: Recognition = Recognition()
    hours: Hours = Hours()
    limits: Limits = Limits()
    reward: Reward
    gift: Gift = Gift()
    bins: Bins = Bins()
    upkeep: Upkeep = Upkeep()
    city: City
    backup: Backup = Backup()

    _path: Path | None = PrivateAttr(default=None)

    def model_post_init(self, context: Any) -> None:
        self._path = context["file"] if context else None

    @property
    def path(self) -> Path | None:
        """The file that they were read from; None where nobody read one."""
        return self._path

    @property
    def associations(self) -> tuple[Association, ...]:
        return tuple(recipient.association for recipient in self.gift.associations)

    @property
    def files(self) -> Files:
        return Files(self.kiosk.state)

    @property
    def catalogue(self) -> Path:
        """The list of products, which may not be there."""
        return Path(self.recognition.catalogue) if self.recognition.catalogue else self.files.catalogue


class Mistake(StrEnum):
    """What can be wrong; the second column says what ``allowed`` then holds.

    ============  ===============================================================
    no_file       nothing
    not_toml      nothing; ``found`` is what the parser said, ``line`` where
    unknown_key   the nearest known key, or all keys of that section
    missing_key   as for the mistake the value would make
    wrong_type    integer | number | boolean | text | path | address | date | name | span | line | host | table | array
    out_of_range  the bounds, as ``1–500``
    not_one_of    the choices, separated by commas
    wrong_form    name | span | line | host
    too_long      how many letters there may be; ``found`` is the text
    too_many      how many there may be; ``found`` is how many there are
    same_bin      the other bin
    same_id       nothing; ``found`` is the id
    ============  ===============================================================
    """

    NO_FILE = "no_file"
    NOT_TOML = "not_toml"
    UNKNOWN_KEY = "unknown_key"
    MISSING_KEY = "missing_key"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    NOT_ONE_OF = "not_one_of"
    WRONG_FORM = "wrong_form"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    SAME_BIN = "same_bin"
    SAME_ID = "same_id"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the file. ``key`` is dotted, as in ``limits.visit_bottles``; ``found`` is the value as TOML would write it."""

    mistake: Mistake
    key: str = ""
    found: str = ""
    allowed: str = ""
    line: int | None = None


class ConfigurationError(WrongUse):
    """The file cannot be used. All its problems at once, so that they can be mended at once."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{path}: {', '.join(f'{p.mistake} {p.key} {p.found}'.strip() for p in problems)}")
        self.path = path
        self.problems = problems


def load(path: Path) -> Settings:
    """The settings of a file. Raises ConfigurationError, NotText, and OSError for one that is there and cannot be read."""
    try:
        return _read(path)
    except RecursionError as error:
        # the parser, and what writes a value for people, go as deep as the file does
        raise ConfigurationError(path, (Problem(Mistake.NOT_TOML, found="nested too deeply"),)) from error


def _read(path: Path) -> Settings:
    try:
        values = tomllib.loads(read_text(path))
    except FileNotFoundError as error:
        raise ConfigurationError(path, (Problem(Mistake.NO_FILE),)) from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        problem = Problem(Mistake.NOT_TOML, found=str(error), line=int(at[1]) if at else None)
        raise ConfigurationError(path, (problem,)) from error
    try:
        return Settings.model_validate(values, context={"file": path.absolute()})
    except ValidationError as error:
        raise ConfigurationError(path, tuple(_problem(details) for details in error.errors())) from error


def _problem(details: ErrorDetails) -> Problem:
    location = [str(part) for part in details["loc"]]
    key, found, allowed = ".".join(location), as_toml(details["input"]), _allowed(_schema(location))
    match details["type"]:
        case "extra_forbidden":
            known = list(_schema(location[:-1])["properties"])
            near = difflib.get_close_matches(location[-1], known, n=1)
            return Problem(Mistake.UNKNOWN_KEY, key, found, ", ".join(near or known))
        case "missing":
            return Problem(Mistake.MISSING_KEY, key, allowed=allowed)
        case "greater_than_equal" | "less_than_equal":
            return Problem(Mistake.OUT_OF_RANGE, key, found, allowed)
        case "literal_error":
            return Problem(Mistake.NOT_ONE_OF, key, found, allowed)
        case "string_pattern_mismatch":
            return Problem(Mistake.WRONG_FORM, key, found, allowed)
        case "string_too_long":
            return Problem(Mistake.TOO_LONG, key, found, str(details["ctx"]["max_length"]))
        case "too_long":
            return Problem(Mistake.TOO_MANY, key, str(len(details["input"])), str(details["ctx"]["max_length"]))
        case "same_id":
            return Problem(Mistake.SAME_ID, f"{key}.associations.{details['ctx']['place']}.id", details["ctx"]["id"])
        case "same_bin":
            shared: int = details["ctx"]["bin"]
            return Problem(Mistake.SAME_BIN, f"{key}.plastic_bin", str(shared), str(3 - shared))
        case "never_open":
            return Problem(Mistake.MISSING_KEY, f"{key}.monday", allowed="array")
        case "span_backwards":
            return Problem(Mistake.WRONG_FORM, key, found, allowed)
        case "no_way":
            return Problem(Mistake.MISSING_KEY, f"{key}.{details['ctx']['key']}", allowed=details["ctx"]["form"])
        case "web_address":
            return Problem(Mistake.WRONG_TYPE, key, found, "address")
        case "no_name":
            return Problem(Mistake.WRONG_TYPE, key, found, "path")
        case _:
            return Problem(Mistake.WRONG_TYPE, key, found, _type(_schema(location)))


@cache
def _whole_schema() -> dict[str, Any]:
    return Settings.model_json_schema()


def _schema(location: Sequence[str]) -> dict[str, Any]:
    """What the model says of the value at this place; empty for a place that it does not know."""
    whole = _whole_schema()
    here = whole
    for part in location:
        here = here.get("items", {}) if part.isdecimal() else here.get("properties", {}).get(part, {})
        if "$ref" in here:
            here = whole["$defs"][here["$ref"].rpartition("/")[2]]
    return here


def _allowed(schema: Mapping[str, Any]) -> str:
    if "minimum" in schema:
        return f"{schema['minimum']}–{schema['maximum']}"
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    return _type(schema)


def _type(schema: Mapping[str, Any]) -> str:
    match schema.get("format"), schema.get("type"):
        case "uri", _:
            return "address"
        case "path" | "date" | "name" | "span" | "line" | "host" as form, _:
            return str(form)
        case _, "object":
            return "table"
        case _, "string":
            return "text"
        case _, kind:
            return str(kind)


def allowed_at(key: str) -> str:
    """What may stand at a dotted key, as ``Problem.allowed`` says it."""
    return _allowed(_schema(key.split(".")))


def as_toml(value: object) -> str:
    """A value as TOML would write it, near enough to be read."""
    return json.dumps(value, ensure_ascii=False, default=str)
