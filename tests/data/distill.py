#!/usr/bin/env python3
"""Distils the types that Azure publishes to one line per property, for `tests/it/schema_contract.rs`.

    distill.py image-templates DIR > image-templates.types.json
    distill.py surroundings DIR    > surroundings.types.json

For image templates DIR holds `<api version>/types.json`, as in `Azure/bicep-types-az` under
`generated/imagebuilder/microsoft.virtualmachineimages/`; for what surrounds them, ARM schemas named
`<api version>.<provider>.json`, as in `Azure/azure-resource-manager-schemas`. Standard library only.
"""
import json
import pathlib
import sys

RESOURCES = {
    "Microsoft.VirtualMachineImages/imageTemplates": "image",
    "Microsoft.VirtualMachineImages/imageTemplates/triggers": "trigger",
}
# Flags of a property in the type files.
REQUIRED, READ_ONLY = 1, 2


def ref(node):
    return int(node["$ref"].rsplit("/", 1)[1])


class Distiller:
    def __init__(self, types):
        self.types = types
        self.rows = {}

    def type_of(self, node):
        return self.types[ref(node)]

    def walk_property(self, path, prop):
        row = {}
        flags = prop.get("flags", 0)
        if flags & REQUIRED:
            row["required"] = True
        if flags & READ_ONLY:
            row["read_only"] = True
        self.rows[path] = row
        self.walk_type(path, self.type_of(prop["type"]), row)

    def walk_type(self, path, node, row):
        kind = node["$type"]
        if kind == "StringType":
            row["type"] = "string"
            for source, target in (("minLength", "min_len"), ("maxLength", "max_len"), ("pattern", "pattern")):
                if source in node:
                    row[target] = node[source]
        elif kind == "IntegerType":
            row["type"] = "int"
            for source, target in (("minValue", "min"), ("maxValue", "max")):
                if source in node:
                    row[target] = node[source]
        elif kind == "BooleanType":
            row["type"] = "bool"
        elif kind == "AnyType":
            row["type"] = "any"
        elif kind == "StringLiteralType":
            row.update(type="enum", values=[node["value"]])
        elif kind == "UnionType":
            members = [self.type_of(e) for e in node["elements"]]
            row["type"] = "enum"
            row["values"] = [m["value"] for m in members if m["$type"] == "StringLiteralType"]
            if any(m["$type"] == "StringType" for m in members):
                row["open"] = True
        elif kind == "ArrayType":
            row["type"] = "array"
            element = {}
            self.walk_type(path + "[]", self.type_of(node["itemType"]), element)
            row["items"] = element
        elif kind == "ObjectType":
            row["type"] = "object"
            if "additionalProperties" in node:
                row["type"] = "map"
                element = {}
                self.walk_type(path + "{}", self.type_of(node["additionalProperties"]), element)
                row["items"] = element
            self.walk_members(path, node.get("properties", {}))
        elif kind == "DiscriminatedObjectType":
            row["type"] = "union"
            row["discriminator"] = node["discriminator"]
            row["values"] = sorted(node["elements"])
            for value, element in sorted(node["elements"].items()):
                prefix = f"{path}<{value}>"
                variant = self.type_of(element)
                self.walk_members(prefix, node.get("baseProperties", {}))
                members = dict(variant["properties"])
                members.pop(node["discriminator"], None)
                self.walk_members(prefix, members)
        else:
            raise SystemExit(f"{path}: unknown type {kind}")

    def walk_members(self, path, properties):
        for name, prop in sorted(properties.items()):
            self.walk_property(f"{path}.{name}" if path else name, prop)


def distil(folder):
    out = {}
    for file in sorted(pathlib.Path(folder).glob("*/types.json")):
        version = file.parent.name
        types = json.loads(file.read_text())
        resources = {}
        for node in types:
            if node["$type"] != "ResourceType":
                continue
            full, _, api = node["name"].partition("@")
            if full in RESOURCES and api == version:
                distiller = Distiller(types)
                body = distiller.type_of(node["body"])
                if body["$type"] == "ObjectType":
                    distiller.walk_members("", body["properties"])
                else:
                    distiller.walk_type("", body, {})
                resources[RESOURCES[full]] = dict(sorted(distiller.rows.items()))
        out[version] = resources
    return out


def render(data):
    """One property a line, so that a change of one property is a change of one line."""
    lines = ["{"]
    for i, (version, resources) in enumerate(data.items()):
        lines.append(f" {json.dumps(version)}: {{")
        for j, (resource, rows) in enumerate(resources.items()):
            lines.append(f"  {json.dumps(resource)}: {{")
            body = [f"   {json.dumps(path)}: {json.dumps(row)}" for path, row in rows.items()]
            lines.append(",\n".join(body))
            lines.append("  }" + ("," if j + 1 < len(resources) else ""))
        lines.append(" }" + ("," if i + 1 < len(data) else ""))
    lines.append("}")
    return "\n".join(lines) + "\n"


EXPRESSION = "common/definitions.json#/definitions/expression"
SURROUNDINGS = {
    "Microsoft.Compute.galleries": {"galleries": "gallery", "galleries_images": "definition"},
    "Microsoft.ManagedIdentity": {"userAssignedIdentities": "identity"},
}


class SchemaDistiller:
    """The same for the ARM schemas of the resources around an image."""

    def __init__(self, schema):
        self.definitions = schema.get("definitions", {})
        self.rows = {}

    def resolve(self, node):
        if "oneOf" in node:
            real = [n for n in node["oneOf"] if EXPRESSION not in n.get("$ref", "")]
            if len(real) != 1:
                raise SystemExit(f"a choice: {node}")
            return self.resolve(real[0])
        if node.get("$ref", "").startswith("#/definitions/"):
            return self.resolve(self.definitions[node["$ref"].rsplit("/", 1)[1]])
        return node

    def walk(self, path, node):
        required = node.get("required", [])
        for name, raw in sorted(node.get("properties", {}).items()):
            if not path and name in ("resources", "type"):
                continue
            here = f"{path}.{name}" if path else name
            self.rows[here] = self.describe(here, self.resolve(raw))
            if name in required:
                self.rows[here]["required"] = True

    def describe(self, path, member):
        row = {"type": member.get("type", "any")}
        if "enum" in member:
            row.update(type="enum", values=member["enum"])
        if row["type"] == "integer":
            row["type"] = "int"
        if row["type"] == "boolean":
            row["type"] = "bool"
        if row["type"] == "array":
            item = self.resolve(member["items"])
            row["items"] = self.describe(path + "[]", item)
        elif member.get("additionalProperties", False) is not False:
            row["type"] = "map"
        else:
            self.walk(path, member)
        return row


def distil_surroundings(folder):
    out = {}
    for name, resources in SURROUNDINGS.items():
        for file in sorted(pathlib.Path(folder).glob(f"*.{name}.json")):
            schema = json.loads(file.read_text())
            version = file.name.removesuffix(f".{name}.json")
            for definition, keyword in resources.items():
                distiller = SchemaDistiller(schema)
                distiller.walk("", schema["resourceDefinitions"][definition])
                out.setdefault(keyword, {})[version] = dict(sorted(distiller.rows.items()))
    return out


def main():
    if sys.argv[1] == "image-templates":
        data = distil(sys.argv[2])
    elif sys.argv[1] == "surroundings":
        data = distil_surroundings(sys.argv[2])
    else:
        raise SystemExit(__doc__)
    sys.stdout.write(render(data))


if __name__ == "__main__":
    main()
