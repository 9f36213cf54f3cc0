//! Which rights follow from what.

use super::{Permission, roles};
use crate::plan::fixture::Fixture;

/// The rights of a program, one a line: who, what, where, why.
fn told(f: &Fixture) -> String {
    let roles = roles(&f.program);
    let grants = roles.grants.iter().map(|grant| {
        let what = match &grant.permission {
            Permission::BuiltIn(role) => role.name.to_owned(),
            Permission::Custom(actions) => format!("{} actions", actions.len()),
        };
        let why: Vec<_> = grant.reasons.iter().map(|reason| &*reason.text).collect();
        format!(
            "{}: {what} on {} | {}\n",
            grant.principal.label(),
            crate::arm::print(&grant.scope.id(), &|_| None),
            why.join("; ")
        )
    });
    let unknown = roles.undetermined.iter().map(|u| format!("? {}: {}\n", u.feature.what, u.why));
    grants.chain(unknown).collect()
}

fn with(properties: &str, extra: &str) -> Fixture {
    let mut f = Fixture::default();
    f.param("name", "string", "");
    f.resource("identity", "id", r#"{"$existing": true}"#);
    f.resource("identity", "vm", r#"{}"#);
    f.resource("vault", "kv", r#"{"$existing": true, "$group": "rg-kv"}"#);
    f.resource("storage_account", "store", r#"{"$name": "[parameters('name')]", "$existing": true}"#);
    f.resource("storage_account", "plain", r#"{"$existing": true}"#);
    f.resource("gallery", "g", "{}");
    f.resource("definition", "d", r#"{"$parent": "@g"}"#);
    f.resource(
        "gallery",
        "far",
        r#"{"$existing": true, "$group": "[parameters('name')]", "$subscription": "s"}"#,
    );
    f.resource(
        "definition",
        "e",
        r#"{"$existing": true, "$group": "[parameters('name')]", "$subscription": "s", "$parent": "@far"}"#,
    );
    let json = format!(
        r#"{{"identity": {{"userAssignedIdentities": {{"@id": {{}}}}}}, {extra} "properties": {properties}}}"#
    );
    f.resource("image", "web", &json);
    f
}

#[test]
fn a_marketplace_image_to_a_vhd_needs_nothing() {
    let f = with(r#"{"source": {"type": "PlatformImage"}, "distribute": [{"type": "VHD"}]}"#, "");
    assert_eq!(told(&f), "");
}

#[test]
fn a_source_in_the_targets_group_needs_no_right_of_its_own() {
    let f = with(
        r#"{"source": {"imageVersionId": "[concat(resourceId('Microsoft.Compute/galleries/images', 'g', 'd'), '/versions/latest')]"},
            "distribute": [{"galleryImageId": "@d"}, {"imageId": "[resourceId('Microsoft.Compute/images', 'i')]"}]}"#,
        "",
    );
    insta::assert_snapshot!(told(&f), @"id: 7 actions on resourceGroup().id | image `web`: gallery image as target `g.d`; image `web`: managed image as target `i`; image `web`: gallery image as source `g/d`");
}

#[test]
fn scopes_are_as_narrow_as_what_is_named() {
    let f = with(
        r#"{"source": {"imageVersionId": "@e"},
            "vmProfile": {"vnetConfig": {"subnetId": "/subscriptions/s/resourceGroups/R/providers/Microsoft.Network/virtualNetworks/v/subnets/b",
              "containerInstanceSubnetId": "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/V/subnets/c"}},
            "distribute": [{"imageId": "[parameters('name')]"}, {"uri": "https://plain.blob.core.windows.net/vhds/x.vhd"}]}"#,
        "",
    );
    insta::assert_snapshot!(told(&f), @r"
    id: 3 actions on resourceId('s', parameters('name'), 'Microsoft.Compute/galleries', 'far') | image `web`: gallery image as source `far.e`
    id: 2 actions on resourceId('s', 'R', 'Microsoft.Network/virtualNetworks', 'v') | image `web`: build subnet `v/b`; image `web`: container subnet `V/c`
    id: 3 actions on format('/subscriptions/{0}/resourceGroups/{1}', split(parameters('name'), '/')[2], split(parameters('name'), '/')[4]) | image `web`: managed image as target `parameters('name')`
    id: Storage Blob Data Contributor on resourceId('Microsoft.Storage/storageAccounts/blobServices/containers', 'plain', 'default', 'vhds') | image `web`: VHD written to an own container `plain/vhds`
    ");
}

#[test]
fn files_need_a_reader_where_their_account_is_known() {
    let f = with(
        r#"{"customize": [
            {"scriptUri": "@store=https://x.blob.core.windows.net/scripts/a.sh"},
            {"scriptUri": "[format('https://{0}.blob.core.windows.net/b/c', parameters('name'))]"},
            {"sourceUri": "https://PLAIN.blob.core.windows.net/$root"},
            {"scriptUri": "https://other.blob.core.windows.net/c/x?sv=1&sig=abc"},
            {"scriptUri": "https://other.blob.core.windows.net/c/x"},
            {"scriptUri": "https://example.com/x"}]}"#,
        "",
    );
    insta::assert_snapshot!(told(&f), @r"
    id: Storage Blob Data Reader on resourceId('Microsoft.Storage/storageAccounts/blobServices/containers', parameters('name'), 'default', 'scripts') | image `web`: file in storage `parameters('name')/scripts`
    id: Storage Blob Data Reader on resourceId('Microsoft.Storage/storageAccounts/blobServices/containers', 'plain', 'default', '$root') | image `web`: file in storage `plain/$root`
    ? file in storage: the name of its storage account is known only to Azure
    ? file in storage: no `storage_account` with the name `other` is declared
    ");
}

#[test]
fn a_windows_build_in_an_own_group_needs_the_service_too() {
    let f = with(
        r#"{"stagingResourceGroup": "[format('{0}/resourceGroups/rg-staging', subscription().id)]",
            "vmProfile": {"vnetConfig": {"subnetId": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 's')]"}}}"#,
        r#""$staging": true, "$windows": true,"#,
    );
    insta::assert_snapshot!(told(&f), @r"
    id: 2 actions on resourceId('Microsoft.Network/virtualNetworks', 'v') | image `web`: build subnet `v/s`
    id: Contributor on format('/subscriptions/{0}/resourceGroups/rg-staging', subscription().subscriptionId) | image `web`: existing staging group `rg-staging`
    Azure Virtual Machine Image Builder: Contributor on format('/subscriptions/{0}/resourceGroups/rg-staging', subscription().subscriptionId) | image `web`: proxy VM of a Windows build in an existing staging group `rg-staging`
    ");
}

#[test]
fn secrets_are_read_by_the_first_identity_of_the_build_vm() {
    let f = with(
        r#"{"customize": [{"secrets": {"A": "@kv=token", "B": "@kv=token"}}],
            "vmProfile": {"userAssignedIdentities": ["@vm", "@id"]}}"#,
        "",
    );
    insta::assert_snapshot!(told(&f), @r"
    id: Managed Identity Operator on resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'vm') | image `web`: identity of the build VM `vm`
    id: Managed Identity Operator on resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id') | image `web`: identity of the build VM `id`
    vm: Key Vault Secrets User on resourceId('rg-kv', 'Microsoft.KeyVault/vaults/secrets', 'kv', 'token') | image `web`: secret of a step `kv/token`; image `web`: secret of a step `kv/token`
    ");
    let none = with(r#"{"customize": [{"secrets": {"A": "@kv=token"}}]}"#, "");
    assert_eq!(told(&none), "? secret of a step: the build VM has no identity to fetch it with\n");
}
