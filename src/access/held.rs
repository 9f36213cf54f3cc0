//! Roles that people have, in the forms in which they keep them.

use crate::json::{Data, Object, Value};

/// A role as someone has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HeldRole {
    /// Its display name.
    pub name: String,
    /// What it allows: one or more sets.
    pub permissions: Vec<HeldPermission>,
    /// Where it may be assigned.
    pub scopes: Vec<String>,
}

/// A set of rights: what stands in `not_actions` is taken out of `actions`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HeldPermission {
    /// `actions`
    pub actions: Vec<String>,
    /// `notActions`
    pub not_actions: Vec<String>,
    /// `dataActions`
    pub data_actions: Vec<String>,
    /// `notDataActions`
    pub not_data_actions: Vec<String>,
}

/// The roles of a document: the form of `az role definition create` or `New-AzRoleDefinition`, what `az role definition
/// list` prints, or a template with role definitions.
///
/// # Errors
/// Says what it is not, if it holds none, or what can't be read of one.
pub fn held_roles(root: &Value) -> Result<Vec<HeldRole>, String> {
    let mut out = Vec::new();
    collect(root, &mut out)?;
    if out.is_empty() {
        return Err("it holds no role definition: an object with `Actions`, or with `permissions`".to_owned());
    }
    Ok(out)
}

const DEFINITIONS: &str = "Microsoft.Authorization/roleDefinitions";

fn collect(value: &Value, out: &mut Vec<HeldRole>) -> Result<(), String> {
    match &value.data {
        Data::List(items) => items.iter().try_for_each(|item| collect(item, out)),
        Data::Object(object) => of_object(object, out),
        _ => Ok(()),
    }
}

fn of_object(object: &Object, out: &mut Vec<HeldRole>) -> Result<(), String> {
    let get = |key| object.member_ignoring_case(key).map(|member| &member.value);
    let ty = get("type").and_then(text);
    let is_definition =
        ty.is_none_or(|ty| ty.to_lowercase().contains(&DEFINITIONS.to_lowercase()) || !ty.contains('/'));
    let name = || get("roleName").or(get("name")).and_then(text).unwrap_or_default().to_owned();
    if is_definition
        && let Some(Data::Object(properties)) = get("properties").map(|value| &value.data)
        && properties.member_ignoring_case("permissions").is_some()
    {
        return of_object(properties, out);
    }
    if let Some(sets) = get("permissions") {
        let Data::List(sets) = &sets.data else { return Err("`permissions` is no list".to_owned()) };
        let permissions = sets.iter().map(|set| match &set.data {
            Data::Object(set) => permission(set),
            _ => Err("an element of `permissions` is no object".to_owned()),
        });
        let permissions = permissions.collect::<Result<_, _>>()?;
        out.push(HeldRole { name: name(), permissions, scopes: texts(object, "assignableScopes")? });
        return Ok(());
    }
    if get("actions").is_some() || get("dataActions").is_some() {
        let permissions = vec![permission(object)?];
        out.push(HeldRole { name: name(), permissions, scopes: texts(object, "assignableScopes")? });
        return Ok(());
    }
    // A template: its resources, under symbolic names too, and those of the deployments in it.
    if let Some(resources) = get("resources") {
        match &resources.data {
            Data::Object(named) => named.members.iter().try_for_each(|member| collect(&member.value, out))?,
            _ => collect(resources, out)?,
        }
    }
    if let Some(Data::Object(properties)) = get("properties").map(|value| &value.data)
        && let Some(template) = properties.member_ignoring_case("template")
    {
        collect(&template.value, out)?;
    }
    Ok(())
}

fn permission(object: &Object) -> Result<HeldPermission, String> {
    Ok(HeldPermission {
        actions: texts(object, "actions")?,
        not_actions: texts(object, "notActions")?,
        data_actions: texts(object, "dataActions")?,
        not_data_actions: texts(object, "notDataActions")?,
    })
}

/// A list of texts; nothing where there is none.
fn texts(object: &Object, key: &str) -> Result<Vec<String>, String> {
    let Some(member) = object.member_ignoring_case(key) else { return Ok(Vec::new()) };
    let is_expression = |text: &str| text.starts_with('[') && !text.starts_with("[[");
    match &member.value.data {
        Data::Null => Ok(Vec::new()),
        Data::List(items) => {
            let all = items.iter().map(|item| match text(item) {
                Some(text) if is_expression(text) && key != "assignableScopes" => {
                    Err(format!("`{key}` holds the expression `{text}`, which only Azure knows"))
                }
                Some(text) => Ok(text.trim().to_owned()),
                None => Err(format!("an element of `{key}` is no text")),
            });
            all.collect()
        }
        Data::Text(text) if is_expression(text) => {
            Err(format!("`{key}` is the expression `{text}`, which only Azure knows"))
        }
        _ => Err(format!("`{key}` is no list")),
    }
}

fn text(value: &Value) -> Option<&str> {
    match &value.data {
        Data::Text(text) => Some(text),
        _ => None,
    }
}
