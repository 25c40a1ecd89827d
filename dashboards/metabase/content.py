"""Makes what Metabase stores of each card and of the dashboard. Knows no HTTP.

Databases, columns and cards are referred to through the functions of a "references" object: the API takes Metabase's numbers for
them, the representation format names.
"""

import json
import uuid

from definition import TAG, WORD

# Where a card keeps the key that it has in dashboard.yaml, so that it is found again under whatever name.
CARD_KEY = "ttr.card"

NAMESPACE = uuid.UUID("6f0e3c1e-7a4b-5d0b-9a55-1f2d4c7b8e90")


def template_tag(definition, card, key, references):
    filter_ = definition.filters[key]
    tag = {
        "id": str(uuid.uuid5(NAMESPACE, f"{card.key}.{key}")),
        "name": key,
        "display-name": filter_.name,
        "type": filter_.tag_type,
    }
    if filter_.tag_type == "dimension":
        tag["dimension"] = ["field", {}, references.column(card.columns[key])]
        tag["widget-type"] = filter_.type
    return tag


def visualization_settings(definition, card):
    """The card's own settings; and the formats of the columns that its SQL names, which Metabase keeps by result column."""
    settings = {CARD_KEY: card.key, **card.settings}
    formats = {column: definition.format_of(column) for column in WORD.findall(TAG.sub("", card.sql))}
    columns = {json.dumps(["name", column], separators=(",", ":")): format_ for column, format_ in formats.items() if format_}
    if columns:
        settings["column_settings"] = {**columns, **card.settings.get("column_settings", {})}
    return settings


def card_body(definition, card, references):
    return {
        "name": card.name,
        "description": card.description,
        "type": "question",
        "display": card.display,
        "dataset_query": {
            "lib/type": "mbql/query",
            "database": references.database(),
            "stages": [{
                "lib/type": "mbql.stage/native",
                "native": card.sql,
                "template-tags": {key: template_tag(definition, card, key, references) for key in card.columns},
            }],
        },
        "visualization_settings": visualization_settings(definition, card),
    }


def parameter(filter_, references):
    body = {
        "id": filter_.key,
        "name": filter_.name,
        "slug": filter_.key,
        "type": filter_.type,
        "sectionId": filter_.type.split("/")[0],
    }
    if filter_.values:
        list_key, column = filter_.values.split(".")
        body["isMultiSelect"] = False  # the functions take one value
        body["values_query_type"] = "list"
        body["values_source_type"] = "card"
        body["values_source_config"] = {
            "card_id": references.card(list_key),
            "value_field": ["field", column, {"base-type": "type/Text"}],
        }
    return body


def parameters(definition, references):
    return [parameter(filter_, references) for filter_ in definition.filters.values()]


def placed(place):
    column, row, width, height = place
    return {"col": column, "row": row, "size_x": width, "size_y": height}


def dashcard(definition, card, references):
    mappings = []
    for key in card.columns:
        target = "dimension" if definition.filters[key].tag_type == "dimension" else "variable"
        mappings.append({"parameter_id": key, "card_id": references.card(card.key), "target": [target, ["template-tag", key]]})
    return {"card_id": references.card(card.key), **placed(card.place), "parameter_mappings": mappings, "visualization_settings": {}}


def heading_dashcard(heading):
    return {
        "card_id": None,
        **placed(heading.place),
        "parameter_mappings": [],
        "visualization_settings": {
            "text": heading.text,
            "virtual_card": {"name": None, "display": "heading", "visualization_settings": {}, "dataset_query": {}, "archived": False},
        },
    }


def dashcards(definition, references):
    return ([heading_dashcard(heading) for heading in definition.headings] +
            [dashcard(definition, card, references) for card in definition.cards.values() if card.place])


def covers(stored, wanted):
    """Whether what Metabase stored says all that is wanted. It adds keys of its own, and options to its clauses."""
    if not stored and not wanted and stored != 0 and wanted != 0:
        return True  # null, an empty object and an empty list are the same to it
    if isinstance(wanted, dict):
        return isinstance(stored, dict) and all(covers(stored.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(stored, list):
            return False
        if wanted and isinstance(wanted[0], str) and len(stored) == len(wanted) + 1 and isinstance(stored[-1], (dict, type(None))):
            stored = stored[:-1]
        return len(stored) == len(wanted) and all(covers(one, other) for one, other in zip(stored, wanted))
    return stored == wanted
