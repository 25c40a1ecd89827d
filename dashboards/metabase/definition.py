"""Reads dashboard.yaml and checks it before anything is sent to Metabase.

What Metabase would store without a word and then show as an empty card is an error here: a filter that a card's SQL does not
use, a card that leaves the grid or covers another one, a misspelled key.
"""

import fnmatch
import re
from dataclasses import dataclass, field

import yaml

GRID_COLUMNS = 24
HEADING_ROWS = 1

TAG = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
WORD = re.compile(r"[a-z_][a-z0-9_]*")
COLUMN = re.compile(r"\w+[.]\w+")

DISPLAYS = {"table", "bar", "line", "area", "row", "pie", "scalar", "smartscalar", "combo", "gauge", "progress", "object"}
FILTER_TYPES = {"date/all-options": "dimension", "string/=": "text"}


class DefinitionError(Exception):
    """The file cannot be what its author meant; the message says where and why."""


@dataclass
class Filter:
    key: str
    name: str
    type: str
    column: str = None    # view.column whose values the period is compared with
    with_sql: str = None  # put before the SQL of the cards
    values: str = None    # list.column that the filter offers

    @property
    def tag_type(self):
        return FILTER_TYPES[self.type]


@dataclass
class Card:
    key: str
    name: str
    sql: str
    display: str = "table"
    description: str = None
    place: tuple = None  # column, row, width, height; None for a list, which is not shown
    columns: dict = field(default_factory=dict)  # of each filter that it obeys: the column, None for a plain value
    settings: dict = field(default_factory=dict)


@dataclass
class Heading:
    text: str
    place: tuple


@dataclass
class Definition:
    collection: str
    name: str
    description: str
    filters: dict
    formats: dict
    cards: dict     # lists first, as the filters need them
    headings: list

    def format_of(self, column):
        for pattern, settings in self.formats.items():
            if fnmatch.fnmatchcase(column, pattern):
                return settings
        return None

    def columns_needed(self):
        """Every view.column that Metabase must know by its number."""
        return {column for card in self.cards.values() for column in card.columns.values() if column}


KINDS = {str: "text", list: "a list", dict: "keys and values"}


def take(mapping, where, required, optional=None):
    """The mapping without what is left empty, if it has the keys that it may have, and each the kind of value that it takes."""
    if not isinstance(mapping, dict):
        raise DefinitionError(f"{where}: expected keys and values")
    given = {key: value for key, value in mapping.items() if value is not None}
    kinds = {**required, **(optional or {})}
    for key in required:
        if given.get(key) in (None, ""):
            raise DefinitionError(f"{where}: \"{key}\" is missing")
    for key in mapping:
        if key not in kinds:
            raise DefinitionError(f"{where}: unknown key \"{key}\"")
    for key, value in given.items():
        if not isinstance(value, kinds[key]):
            raise DefinitionError(f"{where}: \"{key}\" takes {KINDS[kinds[key]]}, not {value!r}")
    return given


def take_column(name, where):
    """The name, if it is that of a column of a view."""
    if not (isinstance(name, str) and COLUMN.fullmatch(name)):
        raise DefinitionError(f"{where}: a column is named as view.column, not {name!r}")
    return name


def read_filter(key, given):
    where = f"filter {key}"
    given = take(given, where, {"name": str, "type": str}, {"column": str, "with": str, "values": str})
    result = Filter(key, given["name"], given["type"], given.get("column"), given.get("with"), given.get("values"))
    if result.type not in FILTER_TYPES:
        raise DefinitionError(f"{where}: unknown type \"{result.type}\", expected one of {', '.join(FILTER_TYPES)}")
    if (result.tag_type == "dimension") != (result.column is not None):
        raise DefinitionError(f"{where}: a filter of type {result.type} needs " +
                              ("a column" if result.column is None else "no column"))
    for name in (result.column, result.values):
        if name is not None:
            take_column(name, where)
    return result


def read_place(given, where, first_row):
    if not (len(given) == 4 and all(type(number) is int for number in given)):
        raise DefinitionError(f"{where}: \"at\" takes four whole numbers: column, row, width and height")
    column, row, width, height = given
    if column < 0 or row < 0 or width < 1 or height < 1 or column + width > GRID_COLUMNS:
        raise DefinitionError(f"{where}: {given} leaves the grid of {GRID_COLUMNS} columns")
    return (column, first_row + row, width, height)


def read_card(key, given, filters, first_row):
    where = f"card {key}"
    given = take(given, where, {"name": str, "at": list, "display": str, "sql": str},
                 {"description": str, "filters": list, "columns": dict, "settings": dict})
    if given["display"] not in DISPLAYS:
        raise DefinitionError(f"{where}: unknown display \"{given['display']}\"")
    own_columns = {name: take_column(column, where) for name, column in given.get("columns", {}).items()}
    columns, sql = {}, given["sql"].strip()
    for name in own_columns:
        if name not in given.get("filters", []):
            raise DefinitionError(f"{where}: it has a column for the filter \"{name}\", which it does not name")
    for name in given.get("filters", []):
        if not isinstance(name, str) or name not in filters:
            raise DefinitionError(f"{where}: unknown filter \"{name}\"")
        columns[name] = own_columns.get(name, filters[name].column)
        if filters[name].with_sql and name not in own_columns:
            sql = filters[name].with_sql.strip() + "\n" + sql
    check_tags(where, sql, columns)
    return Card(key, given["name"], sql, given["display"], given.get("description"),
                read_place(given["at"], where, first_row), columns, given.get("settings", {}))


def check_tags(where, sql, columns):
    used = set(TAG.findall(sql))
    for name in used - set(columns):
        raise DefinitionError(f"{where}: its SQL has {{{{{name}}}}}, but it does not name that filter")
    for name in set(columns) - used:
        raise DefinitionError(f"{where}: it names the filter \"{name}\", but its SQL has no {{{{{name}}}}}")


def check_values(filter_, lists):
    if filter_.values:
        key, column = filter_.values.split(".")
        if key not in lists:
            raise DefinitionError(f"filter {filter_.key}: there is no list \"{key}\"")
        if column not in WORD.findall(lists[key].sql):
            raise DefinitionError(f"filter {filter_.key}: the list \"{key}\" has no column \"{column}\"")


def check_overlaps(shown):
    taken = {}
    for label, (column, row, width, height) in shown:
        for cell in ((x, y) for x in range(column, column + width) for y in range(row, row + height)):
            if cell in taken:
                raise DefinitionError(f"{label} covers {taken[cell]}")
            taken[cell] = label


def read_sections(sections, filters, cards):
    """Adds the cards of all sections to cards, and returns the headings; each section stands below the one before."""
    headings, first_row = [], 0
    for section in sections:
        section = take(section, "a section", {"heading": str, "cards": dict})
        headings.append(Heading(section["heading"], (0, first_row, GRID_COLUMNS, HEADING_ROWS)))
        first_row += HEADING_ROWS
        last_row = first_row
        for key, given in section["cards"].items():
            if key in cards:
                raise DefinitionError(f"card {key}: there is another one of that key")
            cards[key] = read_card(key, given, filters, first_row)
            last_row = max(last_row, cards[key].place[1] + cards[key].place[3])
        first_row = last_row
    check_overlaps([(f"card {card.key}", card.place) for card in cards.values() if card.place])
    return headings


def read_definition(path):
    with open(path, encoding="utf-8") as file:
        try:
            given = yaml.safe_load(file)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise DefinitionError(f"not YAML: {error}") from error
    given = take(given, "the file", {"collection": str, "name": str, "sections": list},
                 {"description": str, "filters": dict, "formats": dict, "lists": dict})
    filters = {key: read_filter(key, value) for key, value in given.get("filters", {}).items()}
    cards = {}
    for key, value in given.get("lists", {}).items():
        value = take(value, f"list {key}", {"name": str, "sql": str}, {"description": str})
        cards[key] = Card(key, value["name"], value["sql"].strip(), description=value.get("description"))
    for one in filters.values():
        check_values(one, cards)
    formats = take(given.get("formats", {}), "formats", {}, dict.fromkeys(given.get("formats", {}), dict))
    headings = read_sections(given["sections"], filters, cards)
    return Definition(given["collection"], given["name"], given.get("description"), filters, formats, cards, headings)
