//! What a resource has where nothing is said, as rows: a document that shows what is there holds these values, and one
//! that somebody wrote does not.

use self::ImpliedValue as Value;
use super::tree::Tree;

/// A value that means the same as none.
#[derive(Debug)]
pub struct Implied {
    /// The ARM type.
    pub ty: &'static str,
    /// Where it stands: members from the resource's root; `*` stands for each element of a list.
    pub at: &'static str,
    /// What stands there.
    pub value: ImpliedValue,
    /// Where it is said.
    pub source: &'static str,
}

/// A value of a row.
#[derive(Clone, Copy, Debug)]
pub enum ImpliedValue {
    /// A truth value.
    Bool(bool),
    /// A whole number, as it is written.
    Int(&'static str),
    /// A text.
    Text(&'static str),
    /// A list of this one number.
    One(&'static str),
    /// A list or object with nothing in it.
    Empty,
}

const IMAGE: &str = "Microsoft.VirtualMachineImages/imageTemplates";
/// The published description of the service: `specification/imagebuilder` of Azure/azure-rest-api-specs.
const SPEC: &str = "specification/imagebuilder";
/// The page of the template's members.
const PAGE: &str = "virtual-machines/linux/image-builder-json";

const fn spec(at: &'static str, value: Value) -> Implied {
    Implied { ty: IMAGE, at, value, source: SPEC }
}

const fn page(at: &'static str, value: Value) -> Implied {
    Implied { source: PAGE, ..spec(at, value) }
}

/// All rows; what is in an object stands before it.
pub static IMPLIED: &[Implied] = &[
    spec("properties.buildTimeoutInMinutes", Value::Int("0")),
    spec("properties.stagingResourceGroup", Value::Text("")),
    spec("properties.customize.*.sha256Checksum", Value::Text("")),
    spec("properties.customize.*.runElevated", Value::Bool(false)),
    spec("properties.customize.*.runAsSystem", Value::Bool(false)),
    spec("properties.customize.*.validExitCodes", Value::One("0")),
    spec("properties.customize.*.restartCommand", Value::Text(r#"shutdown /r /f /t 0 /c "packer restart""#)),
    spec("properties.customize.*.restartCheckCommand", Value::Text("")),
    spec("properties.customize.*.restartTimeout", Value::Text("5m")),
    spec("properties.customize.*.updateLimit", Value::Int("0")),
    spec("properties.validate.inVMValidations.*.sha256Checksum", Value::Text("")),
    spec("properties.validate.inVMValidations.*.runElevated", Value::Bool(false)),
    spec("properties.validate.inVMValidations.*.runAsSystem", Value::Bool(false)),
    spec("properties.validate.inVMValidations.*.validExitCodes", Value::One("0")),
    spec("properties.validate.continueDistributeOnFailure", Value::Bool(false)),
    spec("properties.validate.sourceValidationOnly", Value::Bool(false)),
    spec("properties.optimize.workload.sha256Checksum", Value::Text("")),
    page("properties.errorHandling.onCustomizerError", Value::Text("cleanup")),
    page("properties.errorHandling.onValidationError", Value::Text("cleanup")),
    page("properties.errorHandling", Value::Empty),
    spec("properties.vmProfile.vmSize", Value::Text("")),
    spec("properties.vmProfile.osDiskSizeGB", Value::Int("0")),
    spec("properties.vmProfile.userAssignedIdentities", Value::Empty),
    spec("properties.vmProfile.vnetConfig.proxyVmSize", Value::Text("")),
    spec("properties.vmProfile.vnetConfig", Value::Empty),
    spec("properties.vmProfile", Value::Empty),
    spec("properties.distribute.*.artifactTags", Value::Empty),
    spec("properties.distribute.*.excludeFromLatest", Value::Bool(false)),
    spec("properties.distribute.*.storageAccountType", Value::Text("Standard_LRS")),
    spec("properties.distribute.*.replicationMode", Value::Text("Full")),
    spec("properties.distribute.*.targetRegions.*.replicaCount", Value::Int("1")),
    spec("properties.distribute.*.targetRegions.*.storageAccountType", Value::Text("Standard_LRS")),
    spec("properties.distribute.*.versioning.major", Value::Int("-1")),
    spec("properties.distribute.*.uri", Value::Text("")),
];

/// Takes away what means the same as nothing in a resource of a type.
pub(super) fn take_away(tree: &mut Tree, ty: &str) {
    for row in IMPLIED.iter().filter(|row| row.ty.eq_ignore_ascii_case(ty)) {
        strip(tree, row.at, row.value);
    }
}

fn strip(tree: &mut Tree, at: &str, value: Value) {
    let (first, rest) = at.split_once('.').unwrap_or((at, ""));
    match tree {
        Tree::List(items) if first == "*" => items.iter_mut().for_each(|item| strip(item, rest, value)),
        Tree::Object(members) if rest.is_empty() => {
            members.retain(|(key, found)| !(&**key == first && value.is(found)));
        }
        Tree::Object(members) => {
            if let Some((_, inner)) = members.iter_mut().find(|(key, _)| &**key == first) {
                strip(inner, rest, value);
            }
        }
        _ => {}
    }
}

impl ImpliedValue {
    fn is(self, tree: &Tree) -> bool {
        let number = |tree: &Tree, wanted: &str| tree.key() == wanted;
        match (self, tree) {
            (Self::Bool(wanted), Tree::Bool(found)) => wanted == *found,
            (Self::Int(wanted), Tree::Number(_)) => number(tree, wanted),
            (Self::Text(wanted), Tree::Text(found)) => wanted == &**found,
            (Self::One(wanted), Tree::List(items)) => {
                matches!(items.as_slice(), [only @ Tree::Number(_)] if number(only, wanted))
            }
            (Self::Empty, found) => found.is_empty(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::IMPLIED;
    use crate::schema::{places, resource_kind_by_arm};

    #[test]
    fn rows_are_of_members_that_the_table_has() {
        for row in IMPLIED {
            let known = places(resource_kind_by_arm(row.ty).unwrap());
            let path = row.at.replace(".*", "[]");
            assert!(
                known.iter().any(|place| place.arm == path || place.arm.starts_with(&format!("{path}."))),
                "{path}"
            );
            assert!(!row.source.is_empty(), "{path}");
        }
    }
}
