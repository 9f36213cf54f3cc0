//! The namespace `azure`: what only Azure knows of a deployment.

use std::sync::Arc;

use super::errors;
use super::module::Checker;
use super::ty::Type;
use super::value::{Kind, Value};
use crate::arm;
use crate::base::Span;
use crate::syntax::ast::Ident;

/// A name of the `azure` namespace: what only Azure knows.
struct AzureRow {
    path: &'static str,
    function: &'static str,
    member: &'static str,
    ty: AzureType,
}

#[derive(Clone, Copy)]
enum AzureType {
    Text,
    Region,
    Tags,
}

/// The namespace (ARM template functions: deployment and resource; azure-basics section 5).
static AZURE: &[AzureRow] = &[
    AzureRow {
        path: "azure.resource_group.location",
        function: "resourceGroup",
        member: "location",
        ty: AzureType::Region,
    },
    AzureRow {
        path: "azure.resource_group.name",
        function: "resourceGroup",
        member: "name",
        ty: AzureType::Text,
    },
    AzureRow {
        path: "azure.resource_group.id",
        function: "resourceGroup",
        member: "id",
        ty: AzureType::Text,
    },
    AzureRow {
        path: "azure.resource_group.tags",
        function: "resourceGroup",
        member: "tags",
        ty: AzureType::Tags,
    },
    AzureRow { path: "azure.subscription.id", function: "subscription", member: "id", ty: AzureType::Text },
    AzureRow {
        path: "azure.subscription.subscription_id",
        function: "subscription",
        member: "subscriptionId",
        ty: AzureType::Text,
    },
    AzureRow {
        path: "azure.subscription.tenant_id",
        function: "subscription",
        member: "tenantId",
        ty: AzureType::Text,
    },
    AzureRow {
        path: "azure.subscription.display_name",
        function: "subscription",
        member: "displayName",
        ty: AzureType::Text,
    },
    AzureRow { path: "azure.deployment.name", function: "deployment", member: "name", ty: AzureType::Text },
];

/// The groups of the namespace, and the name of each row's group.
static AZURE_GROUPS: &[&str] = &["azure.resource_group", "azure.subscription", "azure.deployment"];

impl AzureRow {
    fn ty(&self) -> Type {
        match self.ty {
            AzureType::Text => Type::STRING,
            AzureType::Region => Type::Domain(super::ty::Domain::Region),
            AzureType::Tags => Type::Map(Arc::new(Type::STRING)),
        }
    }
}

/// The type of a member of what a function of ARM gives: `resourceGroup().name`.
pub(crate) fn type_of_member(function: &str, member: &str) -> Type {
    let row = AZURE.iter().find(|r| r.function.eq_ignore_ascii_case(function) && r.member == member);
    row.map_or(Type::Any, AzureRow::ty)
}

/// The path in the language of a member of what a function of ARM gives, and whether it is text: `resourceGroup().name`
/// is `azure.resource_group.name`.
pub fn azure_path(function: &str, member: &str) -> Option<(&'static str, bool)> {
    let row = AZURE
        .iter()
        .find(|row| row.function.eq_ignore_ascii_case(function) && row.member.eq_ignore_ascii_case(member))?;
    Some((row.path, !matches!(row.ty, AzureType::Tags)))
}

impl Checker<'_, '_> {
    pub(super) fn azure_member(&mut self, path: &str, name: &Ident, at: Span, span: Span) -> Value {
        let full = format!("{path}.{}", name.text);
        if let Some(group) = AZURE_GROUPS.iter().find(|g| **g == full) {
            return Value::new(Kind::Builtin(group), span);
        }
        let Some(row) = AZURE.iter().find(|r| r.path == full) else {
            let prefix = format!("{path}.");
            let all = AZURE.iter().map(|r| r.path).chain(AZURE_GROUPS.iter().copied());
            let known: Vec<Arc<str>> = all
                .filter_map(|p| p.strip_prefix(&prefix))
                .filter(|p| !p.contains('.'))
                .map(Arc::from)
                .collect();
            self.report(errors::no_such_member(&name.text, at, &format!("`{path}`"), &known));
            return Value::unknown(span);
        };
        let expr = arm::Expr::call(row.function, Vec::new()).member(row.member);
        let ty = row.ty();
        self.azure_value(expr, ty, &format!("`{}`", row.path), span)
    }
}
