#!/usr/bin/env python3
"""Makes the schemas in tests/data/schemas/ from published ones: the same rules without prose, one line each.

usage: schemas.py image-templates DIR | deployment-template FILE DEFINITIONS

image-templates: DIR holds VERSION.imageTemplates.strict.schema.json, derived from Azure/bicep-types-az.
deployment-template: Microsoft's deploymentTemplate.json, and the common definitions it refers to. What a resource's own
schema says is left out (those are thousands of files); what every resource has in common stays.
"""
import json
import pathlib
import sys

OUT = pathlib.Path(__file__).parent / "schemas"
PROSE = {"description", "title", "$comment"}


def bare(schema, named=False):
    """The schema without prose; `named` says that the keys are names of members and not keywords."""
    if isinstance(schema, dict):
        inner = ("properties", "definitions", "patternProperties")
        return {k: bare(v, not named and k in inner) for k, v in schema.items() if named or k not in PROSE and not k.startswith("x-")}
    return [bare(x) for x in schema] if isinstance(schema, list) else schema


def write(name, schema):
    (OUT / name).write_text(json.dumps(schema, separators=(",", ":")) + "\n")


def deployment_template(schema, definitions):
    own = bare(schema)
    own.pop("id")
    own["definitions"]["expression"] = bare(definitions["definitions"]["expression"])
    own["definitions"]["resource"] = own["definitions"]["resourceBase"]
    text = json.dumps(own)
    return json.loads(text.replace("https://schema.management.azure.com/schemas/common/definitions.json#/definitions/", "#/definitions/"))


match sys.argv[1:]:
    case ["image-templates", folder]:
        for file in sorted(pathlib.Path(folder).glob("*.strict.schema.json")):
            write(file.name.replace(".strict.schema", ""), bare(json.loads(file.read_text())))
    case ["deployment-template", file, definitions]:
        write("deploymentTemplate.json", deployment_template(*(json.loads(pathlib.Path(f).read_text()) for f in (file, definitions))))
    case _:
        sys.exit(__doc__)
