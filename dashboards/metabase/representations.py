"""Writes the dashboard in Metabase's representation format, which refers to everything by name.

Editions with serialization import that as it is. Here it is also what the vendor's validator checks.
"""

import base64
import hashlib
import os
import re

import yaml

import content

SCHEMA = "ttr"
CREATOR = "internal@metabase.com"


def entity_id(name):
    """21 characters that are the same at every run."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"ttr {name}".encode()).digest()).decode()[:21]


class Named:
    """What content.py needs to refer to something by name."""

    def __init__(self, database_name):
        self.database_name = database_name

    def database(self):
        return self.database_name

    def column(self, name):
        return [self.database_name, SCHEMA, *name.split(".")]

    def card(self, key):
        return entity_id(f"card {key}")


def slug(name):
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def write(directory, model, own_id, body):
    os.makedirs(directory, exist_ok=True)
    entity = {
        **body,
        "entity_id": own_id,
        "serdes/meta": [{"id": own_id, "label": slug(body["name"]), "model": model}],
    }
    with open(os.path.join(directory, slug(body["name"]) + ".yaml"), "w", encoding="utf-8") as file:
        yaml.safe_dump(entity, file, sort_keys=False, allow_unicode=True)


def placed_dashcard(dashboard_id, place, dashcard):
    own_id = entity_id(f"dashcard {place}")
    return {
        **dashcard,
        "entity_id": own_id,
        "serdes/meta": [{"id": dashboard_id, "model": "Dashboard"}, {"id": own_id, "model": "DashboardCard"}],
    }


def write_representations(definition, database_name, directory):
    references = Named(database_name)
    collection_id = entity_id("collection")
    dashboard_id = entity_id("dashboard")
    main = os.path.join(directory, "collections", "main")
    inside = os.path.join(main, slug(definition.collection))

    write(main, "Collection", collection_id, {"name": definition.collection})
    for card in definition.cards.values():
        body = content.card_body(definition, card, references)
        stage = body["dataset_query"]["stages"][0]
        stage["template-tags"] = list(stage["template-tags"].values())
        write(inside, "Card", references.card(card.key),
              {**body, "creator_id": CREATOR, "database_id": database_name, "collection_id": collection_id})
    write(inside, "Dashboard", dashboard_id, {
        "name": definition.name,
        "description": definition.description,
        "creator_id": CREATOR,
        "collection_id": collection_id,
        "width": "full",
        "parameters": content.parameters(definition, references),
        "dashcards": [placed_dashcard(dashboard_id, place, dashcard)
                      for place, dashcard in enumerate(content.dashcards(definition, references))],
    })
