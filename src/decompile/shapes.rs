//! Files that are no template: what they are by what they hold, and what to do with them.

use super::errors;
use super::is_body;
use crate::base::{FileId, Span};
use crate::diag::Diagnostic;
use crate::json::{self, Data, Object, Value};
use crate::schema::{CUSTOMIZER, DISTRIBUTOR, Union};

/// A kind of file.
struct Shape {
    /// Whether a document is one.
    holds: fn(&Value) -> bool,
    /// What it is, as the title of the finding.
    is: &'static str,
    /// What to do.
    help: &'static str,
}

/// The kinds that are told apart; the first that a document is counts.
static SHAPES: &[Shape] = &[
    Shape {
        holds: is_parameter_file,
        is: "this is a parameters file, which aib reads as it is",
        help: "decompile the template, then give this file to `aib build --params`",
    },
    Shape {
        holds: |root| of_schema(root, "createuidefinition"),
        is: "this is a form of the Azure portal, which holds no resource",
        help: "decompile the template that it belongs to",
    },
    Shape {
        holds: |root| of_schema(root, "json-schema.org"),
        is: "this is a JSON schema, which holds no resource",
        help: "give it a deployment template, or the body of an image template",
    },
    Shape {
        holds: |root| any(root, &["swagger", "openapi"]),
        is: "this describes an API, and holds no resource",
        help: "give it a deployment template, or the body of an image template",
    },
    Shape {
        holds: is_trigger,
        is: "this is the body of a trigger, which aib knows within an image only",
        help: "decompile the image template, and write `trigger source {}` in the image's block",
    },
    Shape {
        holds: is_role,
        is: "this is a role definition, which has no counterpart in the source",
        help: "leave it out: aib derives the roles that an image needs, and `aib build --emit roles` writes them",
    },
    Shape {
        holds: |root| of_variants(root, &CUSTOMIZER),
        is: "these are customizers without the image that they belong to",
        help: "put them into `properties.customize` of an image template, and decompile that",
    },
    Shape {
        holds: |root| of_variants(root, &DISTRIBUTOR),
        is: "these are targets without the image that they belong to",
        help: "put them into `properties.distribute` of an image template, and decompile that",
    },
    Shape {
        holds: |root| all(root, &["identifier", "osType"]),
        is: "these are properties of an image definition, without the definition",
        help: "write `definition NAME { … }` in the block of a gallery, or put them into a template",
    },
    Shape {
        holds: |root| all(root, &["parameters", "responses"]),
        is: "this is an example of a REST API, and not of one that makes an image template",
        help: "give it an example that creates or shows image templates",
    },
    Shape {
        holds: |root| all(root, &["if", "then"]) || any(root, &["policyRule", "policyType"]),
        is: "this is a policy of Azure, which holds no resource",
        help: "rules over images are written as `policy` in aib",
    },
    Shape {
        holds: |root| any(root, &["builders", "provisioners"]),
        is: "this is a template of Packer, which aib does not read",
        help: "write its provisioners as steps in `customize`",
    },
    Shape {
        holds: |root| {
            any(root, &["dependencies", "devDependencies"]) || all(root, &["name", "version", "scripts"])
        },
        is: "this is a package.json, which holds no resource",
        help: "give it a deployment template, or the body of an image template",
    },
    Shape {
        holds: |root| any(root, &["moduleAliases", "analyzers"]),
        is: "these are settings of Bicep, which hold no resource",
        help: "compile the Bicep file with `az bicep build`, and decompile what comes out",
    },
    Shape {
        holds: |root| root.get("resources").is_some(),
        is: "this has `resources`, but neither `$schema` nor `contentVersion`, so it is no deployment template",
        help: "add them: `\"contentVersion\": \"1.0.0.0\"` is enough for aib",
    },
    Shape {
        holds: |root| {
            matches!(&root.data, Data::List(items) if items.is_empty())
                || root.as_object().is_some_and(|object| object.members.is_empty())
        },
        is: "there is nothing in this file",
        help: "give it a deployment template, or the body of an image template",
    },
];

/// Why there is nothing to be written for a document.
pub(super) fn no_template(file: FileId, root: &Value) -> Diagnostic {
    let span: Span = root.range.in_file(file);
    if let Some(shape) = SHAPES.iter().find(|shape| (shape.holds)(root)) {
        return errors::no_template(span, shape.is, shape.help);
    }
    // Any other resource says itself what it is.
    let ty = root.get("type").and_then(Value::as_text).filter(|ty| ty.contains('.') && ty.contains('/'));
    match ty {
        Some(ty) => errors::other_resource(span, ty),
        None => errors::nothing_here(span),
    }
}

/// The bodies of image templates in a document that is no template, and where they stand in it, if something is around them.
pub(super) fn bodies(root: &Value) -> Option<(Vec<&Value>, Option<&'static str>)> {
    let found = json::bodies(root, is_body)?;
    let around = match found.first().and_then(|(pointer, _)| pointer.split('/').nth(1)) {
        Some("value") => Some("`value`"),
        Some("parameters") => Some("the request's body"),
        Some("responses") => Some("the answer's body"),
        _ => None,
    };
    Some((found.into_iter().map(|(_, body)| body).collect(), around))
}

/// Whether a value holds the values of a template's parameters.
fn is_parameter_file(value: &Value) -> bool {
    let values = value.get("parameters").and_then(Value::as_object);
    let given = |value: &Value| value.get("value").is_some() || value.get("reference").is_some();
    of_schema(value, "deploymentparameters.json")
        || values.is_some_and(|o| !o.members.is_empty() && o.members.iter().all(|m| given(&m.value)))
}

fn is_trigger(value: &Value) -> bool {
    let ty = value.get("type").and_then(Value::as_text).unwrap_or_default().to_ascii_lowercase();
    let kind = value.get("properties").and_then(|properties| properties.get("kind")).and_then(Value::as_text);
    ty.ends_with("imagetemplates/triggers") || (ty.is_empty() && kind == Some("SourceImage"))
}

/// A role as `az role definition create` takes it, as Azure shows it, or its permissions alone.
fn is_role(value: &Value) -> bool {
    let member =
        |value: &Value, name: &str| Some(value.as_object()?.member_ignoring_case(name)?.value.clone());
    let right = |item: &Value| item.as_text().is_some_and(|text| text == "*" || text.contains('/'));
    let rights =
        |list: Value| list.as_list().is_some_and(|items| !items.is_empty() && items.iter().all(right));
    let role = |value: &Value| {
        let permissions =
            member(value, "permissions").is_some() && member(value, "assignableScopes").is_some();
        permissions || member(value, "actions").is_some_and(rights)
    };
    let ty = value.get("type").and_then(Value::as_text).unwrap_or_default();
    role(value) || (!ty.contains('/') && value.get("properties").is_some_and(role))
}

/// Whether a value is an object of one of the kinds of a union, or a list of such.
fn of_variants(value: &Value, union: &'static Union) -> bool {
    let one = |value: &Value| {
        let tag = value.get(union.discriminator).and_then(Value::as_text);
        tag.is_some_and(|tag| union.variants.iter().any(|variant| variant.arm.eq_ignore_ascii_case(tag)))
    };
    match value.as_list() {
        Some(items) => !items.is_empty() && items.iter().all(one),
        None => one(value),
    }
}

fn of_schema(value: &Value, part: &str) -> bool {
    let schema = value.get("$schema").and_then(Value::as_text).unwrap_or_default();
    schema.to_ascii_lowercase().contains(part)
}

fn any(value: &Value, names: &[&str]) -> bool {
    value.as_object().is_some_and(|object: &Object| names.iter().any(|name| object.get(name).is_some()))
}

fn all(value: &Value, names: &[&str]) -> bool {
    value.as_object().is_some_and(|object: &Object| names.iter().all(|name| object.get(name).is_some()))
}
