//! Addresses of files in storage accounts.

use std::collections::HashMap;

use super::place::of_resource;
use super::scope::Scope;
use crate::arm::Expr;
use crate::check::{Node, NodeKind, Program, ResourceId};

/// What an address says about the right to read it.
pub(super) enum File {
    /// Nothing is needed, or nothing is known to be.
    Open,
    /// It lies in this container, or in this account if the container is known only to Azure.
    In(Scope),
    /// It may be private, but nothing says where the account is.
    Unknown(String),
}

/// The declared storage accounts by their names.
pub(super) fn accounts(program: &Program) -> HashMap<String, ResourceId> {
    let accounts = program.iter().filter(|(_, resource)| resource.kind.keyword() == "storage_account");
    accounts.filter_map(|(id, resource)| Some((resource.name.as_str()?.to_lowercase(), id))).collect()
}

/// Where a file is.
pub(super) fn file(program: &Program, accounts: &HashMap<String, ResourceId>, node: &Node) -> File {
    let text = pattern(node);
    let parts = text.as_deref().and_then(split);
    let account = match (&node.reference, &parts) {
        (Some(reference), _) => Some(reference.target),
        // A signature in the address is a right of its own.
        (None, Some(parts)) if parts.signed || !parts.host.contains(".blob.") => return File::Open,
        (None, Some(parts)) => accounts.get(&parts.account.to_lowercase()).copied(),
        (None, None) if text.is_none() && matches!(node.kind, NodeKind::Expr(_)) => {
            return File::Unknown("where it lies is known only when it is deployed".to_owned());
        }
        (None, None) => return File::Open,
    };
    let Some(account) = account else {
        let account = parts.map(|parts| parts.account).unwrap_or_default();
        return File::Unknown(match account.contains('{') {
            true => "the name of its storage account is known only to Azure".to_owned(),
            false => format!("no `storage_account` with the name `{account}` is declared"),
        });
    };
    let Some(scope) = of_resource(program, account) else {
        return File::Unknown("the place of its storage account is not known".to_owned());
    };
    let container = parts.and_then(|parts| parts.container).filter(|name| !name.contains('{'));
    let inner = container
        .and_then(|name| scope.below("blobServices/containers", [Expr::str("default"), Expr::str(name)]));
    File::In(inner.unwrap_or(scope))
}

/// The address as text, holes written `{n}`.
fn pattern(node: &Node) -> Option<String> {
    let mut expr = match &node.kind {
        NodeKind::Str(text) => return Some(text.to_string()),
        NodeKind::Expr(expr) => expr,
        _ => return None,
    };
    while let Expr::Shared { expr: inner, .. } = expr {
        expr = inner;
    }
    match expr {
        Expr::Str(text) => Some(text.to_string()),
        Expr::Call { name, args } if name.eq_ignore_ascii_case("format") => match args.first() {
            Some(Expr::Str(pattern)) => Some(pattern.to_string()),
            _ => None,
        },
        Expr::Call { name, args } if name.eq_ignore_ascii_case("concat") => {
            let parts = args.iter().map(|arg| match arg {
                Expr::Str(text) => text,
                _ => "{0}",
            });
            Some(parts.collect())
        }
        _ => None,
    }
}

/// The parts of an address that matter.
struct Parts<'a> {
    host: &'a str,
    account: &'a str,
    container: Option<&'a str>,
    signed: bool,
}

fn split(url: &str) -> Option<Parts<'_>> {
    let (_, rest) = url.split_once("://")?;
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut parts = address.split('/');
    let host = parts.next()?;
    Some(Parts {
        host,
        account: host.split('.').next().unwrap_or_default(),
        container: parts.next().filter(|name| !name.is_empty()),
        signed: query.split('&').any(|pair| pair.starts_with("sig=")),
    })
}
