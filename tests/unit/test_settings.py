"""The configuration file: what is accepted, and that each mistake is told with its key, what was found and what is allowed."""

import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.demonstration import ASSOCIATIONS, as_configured
from config.files import NotText
from config.settings import ConfigurationError, Mistake, Problem, Settings, load
from simulation.processes import _toml

EXAMPLE = Path(__file__).parents[2] / "config/example.toml"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    copy = tmp_path / "consigne.toml"
    copy.write_text(EXAMPLE.read_text())
    return copy


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def problems(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as caught:
        load(file)
    assert caught.value.path == file
    return caught.value.problems


def properties(section: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = section["properties"]
    return found


def test_the_example_holds_every_key_and_no_other() -> None:
    schema = Settings.model_json_schema()
    values = tomllib.loads(EXAMPLE.read_text())
    sections = {name: schema["$defs"][name.capitalize()] for name in properties(schema)}
    assert {name: set(properties(section)) for name, section in sections.items()} == {name: set(keys) for name, keys in values.items()}


def test_the_example_shows_the_default_of_every_key_that_has_one() -> None:
    schema = Settings.model_json_schema()
    for name, keys in tomllib.loads(EXAMPLE.read_text()).items():
        for key, value in keys.items():
            assert value == properties(schema["$defs"][name.capitalize()])[key].get("default", value), f"{name}.{key}"


def test_every_key_of_the_example_has_a_comment_that_tells_its_default_and_bounds() -> None:
    schema = Settings.model_json_schema()
    section, before = "", ""
    for line in EXAMPLE.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif key := re.match(r"(\w+) = ", line):
            facts = properties(schema["$defs"][section.capitalize()])[key[1]]
            assert before.startswith("# "), key[1]
            assert "Must be given." in before or "Default" in before, key[1]
            assert ("Default" in before) == ("default" in facts), key[1]
            assert all(str(facts[bound]) in before for bound in ("minimum", "maximum") if bound in facts), key[1]
        before = line


def test_a_relative_path_starts_at_the_folder_of_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(file, '"/var/lib/consigne"', '"state"')
    change(file, '"/dev/consigne-intake"', '"run/intake"')
    monkeypatch.chdir(file.parent)
    settings = load(Path(file.name))
    assert settings.kiosk.state == file.parent / "state"
    assert settings.intake.port == file.parent / "run/intake"
    assert settings.camera.source == "/dev/consigne-camera"


def test_a_camera_may_be_an_address(file: Path) -> None:
    change(file, '"/dev/consigne-camera"', '"http://127.0.0.1:8081/chamber"')
    assert load(file).camera.source == "http://127.0.0.1:8081/chamber"


def test_a_camera_may_be_a_folder_beside_the_file(file: Path) -> None:
    change(file, '"/dev/consigne-camera"', '"pictures"')
    assert load(file).camera.source == str(file.parent / "pictures")


def test_hours_of_which_no_day_is_open_are_told(file: Path) -> None:
    file.write_text(file.read_text().replace('["00:00-24:00"]', "[]"))
    assert problems(file) == (Problem(Mistake.MISSING_KEY, "hours.monday", allowed="array"),)


def test_hours_are_read_by_day_and_minute(file: Path) -> None:
    change(file, 'tuesday = ["00:00-24:00"]', 'tuesday = ["08:30-12:30", "13:30-24:00"]')
    change(file, "closed_on = []", "closed_on = [2026-12-25]")
    hours = load(file).hours.opening
    assert (hours.spans[0], hours.spans[1], hours.closed_on) == (((0, 1440),), ((510, 750), (810, 1440)), frozenset({date(2026, 12, 25)}))


def test_sections_with_defaults_may_be_left_out(file: Path) -> None:
    text = file.read_text()
    file.write_text(text[: text.index("[recognition]")] + text[text.index("[reward]") :])
    assert load(file).limits.visit_bottles == 30


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert problems(tmp_path / "none.toml") == (Problem(Mistake.NO_FILE),)


def test_a_folder_or_a_pipe_instead_of_a_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(OSError, match="Is a directory"):
            load(path)


def test_what_is_not_toml_is_told_with_its_line(file: Path) -> None:
    file.write_text("[kiosk]\nid = \n")
    (problem,) = problems(file)
    assert (problem.mistake, problem.line) == (Mistake.NOT_TOML, 2)


def test_the_mark_that_some_editors_put_at_the_begin_is_no_mistake(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.read_bytes())
    assert load(file).kiosk.id == "mairie-11-hall"


def test_what_is_not_text_is_told(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(NotText):
        load(file)


@pytest.mark.parametrize(
    "address",
    [
        "http://a:99999",
        "http://a:b",
        "http://a b",
        "http://a/b c",
        "http://a..b",
        f"http://{'a' * 64}.example",
        "http://exa\u202emple",
        "http://",
    ],
)
def test_an_address_that_nobody_could_connect_to_is_told(file: Path, address: str) -> None:
    change(file, '"https://consigne.example"', f'"{address}"')
    assert problems(file) == (Problem(Mistake.WRONG_TYPE, "city.url", f'"{address}"', "address"),)


@pytest.mark.parametrize("address", ["http://[::1]:8460", "https://user:secret@\u00e9t\u00e9.example/a?b=c", "http://a_b:0"])
def test_an_address_may_have_a_port_a_password_or_letters_with_accents(file: Path, address: str) -> None:
    change(file, '"https://consigne.example"', f'"{address}"')
    assert load(file).city.url == address


@pytest.mark.parametrize("text", [f"a = {'[' * 3000}{']' * 3000}", f"[{'.'.join('a' * 3000)}]"], ids=["arrays", "sections"])
def test_what_is_nested_too_deeply_is_told(file: Path, text: str) -> None:
    file.write_text(text)
    # Python 3.13 reads names as deep as one likes, and then the section is one that nobody knows
    assert {problem.mistake for problem in problems(file)} & {Mistake.NOT_TOML, Mistake.UNKNOWN_KEY}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("visit_bottles = 30", "visit_botles = 30", Problem(Mistake.UNKNOWN_KEY, "limits.visit_botles", "30", "visit_bottles")),
        ("every_s = 60.0", "zzz = 1", Problem(Mistake.UNKNOWN_KEY, "city.zzz", "1", "url, proxy, ca_file, every_s, timeout_s")),
        (
            "[recognition]",
            "[recognitions]",
            Problem(
                Mistake.UNKNOWN_KEY,
                "recognitions",
                '{"policy": "every-vote", "policy_file": "", "catalogue": "", "glass_from_g": 120, "full_g": 500}',
                "recognition",
            ),
        ),
        ('id = "mairie-11-hall"\n', "", Problem(Mistake.MISSING_KEY, "kiosk.id", "", "name")),
        ('"mairie-11-hall"', '"Mairie 11"', Problem(Mistake.WRONG_FORM, "kiosk.id", '"Mairie 11"', "name")),
        ("visit_bottles = 30", 'visit_bottles = "30"', Problem(Mistake.WRONG_TYPE, "limits.visit_bottles", '"30"', "integer")),
        ("visit_bottles = 30", "visit_bottles = true", Problem(Mistake.WRONG_TYPE, "limits.visit_bottles", "true", "integer")),
        ("every_s = 60.0", "every_s = 1979-05-27", Problem(Mistake.WRONG_TYPE, "city.every_s", '"1979-05-27"', "number")),
        ("every_s = 60.0", "every_s = nan", Problem(Mistake.OUT_OF_RANGE, "city.every_s", "NaN", "0.1–3600")),
        ('"/dev/consigne-camera"', "0", Problem(Mistake.WRONG_TYPE, "camera.source", "0", "text")),
        ('"/dev/consigne-intake"', "3", Problem(Mistake.WRONG_TYPE, "intake.port", "3", "path")),
        ("exposure_auto = true", "exposure_auto = 1", Problem(Mistake.WRONG_TYPE, "camera.exposure_auto", "1", "boolean")),
        ("exposure_ms = 10.0", "exposure_ms = 0.0", Problem(Mistake.OUT_OF_RANGE, "camera.exposure_ms", "0.0", "0.1–1000")),
        ("focus = 0", "focus = -1", Problem(Mistake.OUT_OF_RANGE, "camera.focus", "-1", "0–65535")),
        ("volume_percent = 70", "volume_percent = 101", Problem(Mistake.OUT_OF_RANGE, "sound.volume_percent", "101", "0–100")),
        ("volume_percent = 70", "volume_percent = true", Problem(Mistake.WRONG_TYPE, "sound.volume_percent", "true", "integer")),
        ('device = "default"', 'device = ""', Problem(Mistake.WRONG_TYPE, "sound.device", '""', "text")),
        ('device = "default"', 'device = "a\\u0000b"', Problem(Mistake.WRONG_TYPE, "sound.device", r'"a\u0000b"', "text")),
        ('kind = "none"', 'kind = "laser"', Problem(Mistake.NOT_ONE_OF, "printer.kind", '"laser"', "none, usb, serial, network")),
        ('kind = "none"', 'kind = "usb"', Problem(Mistake.MISSING_KEY, "printer.device", "", "path")),
        ('kind = "none"', 'kind = "serial"', Problem(Mistake.MISSING_KEY, "printer.device", "", "path")),
        ('kind = "none"', 'kind = "network"', Problem(Mistake.MISSING_KEY, "printer.host", "", "host")),
        ('host = ""', 'host = "a b"', Problem(Mistake.WRONG_FORM, "printer.host", '"a b"', "host")),
        ("baud = 19200", "baud = 14400", Problem(Mistake.NOT_ONE_OF, "printer.baud", "14400", "9600, 19200, 38400, 57600, 115200")),
        ("port = 9100", "port = 0", Problem(Mistake.OUT_OF_RANGE, "printer.port", "0", "1–65535")),
        ("paper_mm = 80", "paper_mm = 76", Problem(Mistake.NOT_ONE_OF, "printer.paper_mm", "76", "58, 80")),
        ("visit_bottles = 30", "visit_bottles = 0", Problem(Mistake.OUT_OF_RANGE, "limits.visit_bottles", "0", "1–500")),
        ('monday = ["00:00-24:00"]', 'monday = ["8h30-17h"]', Problem(Mistake.WRONG_FORM, "hours.monday.0", '"8h30-17h"', "span")),
        (
            'monday = ["00:00-24:00"]',
            'monday = ["17:00-08:30"]',
            Problem(Mistake.WRONG_FORM, "hours.monday.0", '"17:00-08:30"', "span"),
        ),
        ('monday = ["00:00-24:00"]', "mondy = []", Problem(Mistake.UNKNOWN_KEY, "hours.mondy", "[]", "monday")),
        ('monday = ["00:00-24:00"]', 'monday = "08:30"', Problem(Mistake.WRONG_TYPE, "hours.monday", '"08:30"', "array")),
        ("day_cents = 20000", "day_cents = 9000000", Problem(Mistake.OUT_OF_RANGE, "limits.day_cents", "9000000", "20–1000000")),
        ("lower_edge_m = 0.92", "lower_edge_m = 92", Problem(Mistake.OUT_OF_RANGE, "screen.lower_edge_m", "92", "0–3")),
        ('opening = "right"', 'opening = "above"', Problem(Mistake.NOT_ONE_OF, "screen.opening", '"above"', "left, right, below")),
        (
            'policy = "every-vote"\n',
            'policy = "trust"\n',
            Problem(Mistake.NOT_ONE_OF, "recognition.policy", '"trust"', "every-vote, weight-and-code, barcode-only"),
        ),
        ('"https://consigne.example"', '"consigne"', Problem(Mistake.WRONG_TYPE, "city.url", '"consigne"', "address")),
        ('"https://consigne.example"', '"http://[::"', Problem(Mistake.WRONG_TYPE, "city.url", '"http://[::"', "address")),
        ("closed_on = []", 'closed_on = ["2026-12-25"]', Problem(Mistake.WRONG_TYPE, "hours.closed_on.0", '"2026-12-25"', "date")),
        ('"/dev/consigne-intake"', '""', Problem(Mistake.WRONG_TYPE, "intake.port", '""', "path")),
        ('"/dev/consigne-intake"', '"a\\u0000b"', Problem(Mistake.WRONG_TYPE, "intake.port", '"a\\u0000b"', "path")),
        ('"/var/lib/consigne"', '""', Problem(Mistake.WRONG_TYPE, "kiosk.state", '""', "path")),
        ('"/dev/consigne-camera"', '""', Problem(Mistake.WRONG_TYPE, "camera.source", '""', "path")),
        ('"/dev/consigne-camera"', '"a\\u0000b"', Problem(Mistake.WRONG_TYPE, "camera.source", '"a\\u0000b"', "path")),
        ('ca_file = ""', 'ca_file = "a\\u0000b"', Problem(Mistake.WRONG_TYPE, "city.ca_file", '"a\\u0000b"', "path")),
        ("/bon", "/bon#x", Problem(Mistake.WRONG_TYPE, "reward.voucher_page", '"https://consigne.example/bon#x"', "address")),
        ("glass_bin = 1", "glass_bin = 2", Problem(Mistake.SAME_BIN, "intake.plastic_bin", "2", "1")),
        ("glass_bin = 1\n", "glass_bin = 2\n# ", Problem(Mistake.SAME_BIN, "intake.plastic_bin", "2", "1")),
    ],
)
def test_a_mistake_is_told_with_its_key_what_was_found_and_what_is_allowed(file: Path, old: str, new: str, problem: Problem) -> None:
    change(file, old, new)
    assert problem in problems(file)


def one(name: str = '{ fr = "Association A" }', id_: str = "association-a", rest: str = "") -> str:
    return f'{{ id = "{id_}", name = {name}{rest} }}'


def test_associations_are_read_in_their_order_with_what_they_are_called_in_each_language(file: Path) -> None:
    others = one('{ fr = "Association A", en = "Charity A", ar = "جمعية أ" }', rest=', purpose = { fr = "Ce qu’elle fait." }')
    plain = one('{ fr = "Association B" }', "association-b")
    change(file, "associations = []", f"associations = [{others}, {plain}]")
    first, second = load(file).associations
    assert [first.name_in(language) for language in ("fr", "en", "ar")] == ["Association A", "Charity A", "جمعية أ"]
    assert [first.purpose_in(language) for language in ("fr", "ar")] == ["Ce qu’elle fait."] * 2
    assert (second.id, second.name_in("ar"), second.purpose_in("fr")) == ("association-b", "Association B", "")


def test_as_a_demonstration_is_configured_so_it_is_read(file: Path) -> None:
    change(file, "associations = []", f"associations = {_toml([as_configured(association) for association in ASSOCIATIONS])}")
    assert load(file).associations == ASSOCIATIONS


@pytest.mark.parametrize(
    ("associations", "problem"),
    [
        ([one()] * 2, Problem(Mistake.SAME_ID, "gift.associations.1.id", "association-a")),
        ([one(id_=f"association-{number}") for number in range(10)], Problem(Mistake.TOO_MANY, "gift.associations", "10", "9")),
        ([one('{ fr = "" }')], Problem(Mistake.WRONG_FORM, "gift.associations.0.name.fr", '""', "line")),
        ([one('{ fr = " A" }')], Problem(Mistake.WRONG_FORM, "gift.associations.0.name.fr", '" A"', "line")),
        ([one('{ fr = "A\\nB" }')], Problem(Mistake.WRONG_FORM, "gift.associations.0.name.fr", '"A\\nB"', "line")),
        ([one('{ fr = "A\\u202eB" }')], Problem(Mistake.WRONG_FORM, "gift.associations.0.name.fr", '"A\u202eB"', "line")),
        ([one('{ en = "A" }')], Problem(Mistake.MISSING_KEY, "gift.associations.0.name.fr", allowed="line")),
        ([one(f'{{ fr = "A", en = "{"a" * 33}" }}')], Problem(Mistake.TOO_LONG, "gift.associations.0.name.en", f'"{"a" * 33}"', "32")),
        (
            [one(rest=f', purpose = {{ ar = "{"a" * 61}" }}')],
            Problem(Mistake.TOO_LONG, "gift.associations.0.purpose.ar", f'"{"a" * 61}"', "60"),
        ),
        ([one(id_="Association A")], Problem(Mistake.WRONG_FORM, "gift.associations.0.id", '"Association A"', "name")),
        ([one('"Association A"')], Problem(Mistake.WRONG_TYPE, "gift.associations.0.name", '"Association A"', "table")),
        ([one(rest=', picture = "a.png"')], Problem(Mistake.UNKNOWN_KEY, "gift.associations.0.picture", '"a.png"', "id, name, purpose")),
        (['"Association A"'], Problem(Mistake.WRONG_TYPE, "gift.associations.0", '"Association A"', "table")),
    ],
)
def test_a_mistake_in_an_association_is_told_with_its_key(file: Path, associations: list[str], problem: Problem) -> None:
    change(file, "associations = []", f"associations = [{', '.join(associations)}]")
    assert problems(file) == (problem,)


def test_all_mistakes_are_told_at_once(file: Path) -> None:
    change(file, "visit_bottles = 30", "visit_bottles = 0")
    change(file, "cents = 20\n", "cents = 0\n")
    assert {problem.key for problem in problems(file)} == {"limits.visit_bottles", "reward.cents"}


def test_a_section_that_is_not_a_table_is_told(file: Path) -> None:
    file.write_text("kiosk = 3\n")
    assert Problem(Mistake.WRONG_TYPE, "kiosk", "3", "table") in problems(file)
