//! What only Azure writes into resources: documents that show what is there hold it.

use super::tree::Tree;
use crate::schema::{Place, UNMODELLED, places, resource_kind_by_arm};

/// What only the service writes, for every type.
const PROVISIONING: &str = "properties.provisioningState";
/// What only the service writes into identities.
const OF_IDENTITY: &[&str] = &["principalId", "clientId", "tenantId"];

/// Takes away what only the service writes into a resource of a type.
pub(super) fn take_away(tree: &mut Tree, ty: &str) {
    tree.remove(PROVISIONING);
    strip_identity(tree);
    for path in service_writes(ty) {
        tree.remove(&path);
    }
}

/// The paths of what only the service writes of a type.
fn service_writes(ty: &str) -> Vec<String> {
    let Some(kind) = resource_kind_by_arm(ty) else { return Vec::new() };
    let rows = UNMODELLED.iter().filter(|row| row.kind == kind.keyword && row.read_only);
    let places = places(kind).into_iter().filter(|place: &Place| place.prop.read_only);
    let out = rows.map(|row| row.arm.to_owned()).chain(places.map(|place| place.arm));
    out.filter(|path| !path.is_empty() && !path.contains('[')).collect()
}

/// Takes away what Azure tells about identities: their principals.
fn strip_identity(tree: &mut Tree) {
    let Tree::Object(members) = tree else { return };
    let Some((_, identity)) = members.iter_mut().find(|(key, _)| &**key == "identity") else { return };
    for key in OF_IDENTITY {
        identity.remove(key);
    }
    let Tree::Object(members) = identity else { return };
    let assigned = members.iter_mut().find(|(key, _)| &**key == "userAssignedIdentities");
    if let Some((_, Tree::Object(identities))) = assigned {
        for (_, one) in identities {
            OF_IDENTITY.iter().for_each(|key| one.remove(key));
        }
    }
}
