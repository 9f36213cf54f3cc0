//! The rules, one file each, and the list of all.

mod arm64_default_size;
mod arm64_managed_image;
mod assignment_without_type;
mod bad_destination;
mod bad_image_version;
mod bash_in_sh;
mod container_subnet;
mod credential_literal;
mod dead_trigger;
mod defaulted_definition;
mod definition_in_other_region;
mod definition_made_late;
mod definition_mismatch;
mod deprovision_script_lost;
mod disk_too_small;
mod distribute_on_failure;
mod duplicate_identifier;
mod duplicate_output;
mod duplicate_region;
mod duplicate_target;
mod elevated_without_system;
mod exit_codes_without_zero;
mod file_outside_tmp;
mod file_overwritten;
mod file_used_early;
mod firewalled_storage;
mod firewalled_vault;
mod fixed_template_name;
mod fixed_version_auto_run;
mod foreign_path;
mod generation_1_source;
mod hardened_source;
mod home_region_missing;
mod hyper_v_sysprep;
mod idle_checksum;
mod idle_deprovision_script;
mod idle_restart;
mod interactive_install;
mod late_function;
mod lost_temp_file;
mod managed_image_in_other_region;
mod missing_elevation;
mod missing_folder;
mod missing_operator_role;
mod missing_sudo;
mod moving_reference;
mod network_adapter_change;
mod no_boot_optimization;
mod no_build_network;
mod no_outbound;
mod no_regions;
mod no_restart_after_update;
mod no_target;
mod old_schema;
mod own_staging_group;
mod password_literal;
mod password_parameter;
mod pending_restart;
mod piped_script;
mod plain_http;
mod plan_mismatch;
mod proxy_network;
mod reboot_in_script;
mod remote_access_lost;
mod restart_outlasts_build;
mod restart_too_short;
mod role_assigned_late;
mod role_with_wildcard;
mod sas_token;
mod script_for_other_shell;
mod script_syntax;
mod security_mismatch;
mod security_needs_v2;
mod shared_definition;
mod shared_staging_group;
mod size_for_other_architecture;
mod size_without_generation_2;
mod source_not_replicated;
mod source_only_validation;
mod source_past_support;
mod specialized_definition;
mod step_after_generalize;
mod step_for_other_os;
mod steps_outlast_build;
mod storage_role_unknown;
mod subnet_in_other_region;
mod timeout_too_short;
mod too_many_replicas;
mod trusted_launch_lost;
mod two_subscriptions;
mod unchecked_download;
mod unchecked_file;
mod unknown_region;
mod unmet_requirement;
mod unpinned_download;
mod unsupported_location;
mod unsupported_security;
mod update_before_restart;
mod update_filter;
mod useless_update_filter;
mod variable_lost;
mod vhd_without_uri;
mod vm_left_running;
mod web_page_url;
mod windows_default_size;
mod windows_small_size;
mod windows_timeout;

use super::{Image, Rule};
use crate::check::{Node, Object};
use crate::schema::V2024_02;

/// All rules, in the order of their codes.
pub static ALL: &[&Rule] = &[
    &late_function::RULE,
    &step_for_other_os::RULE,
    &unmet_requirement::RULE,
    &file_used_early::RULE,
    &pending_restart::RULE,
    &step_after_generalize::RULE,
    &reboot_in_script::RULE,
    &deprovision_script_lost::RULE,
    &file_outside_tmp::RULE,
    &foreign_path::RULE,
    &bad_destination::RULE,
    &file_overwritten::RULE,
    &no_restart_after_update::RULE,
    &lost_temp_file::RULE,
    &script_syntax::RULE,
    &variable_lost::RULE,
    &bash_in_sh::RULE,
    &update_before_restart::RULE,
    &missing_folder::RULE,
    &idle_deprovision_script::RULE,
    &idle_restart::RULE,
    &unchecked_file::RULE,
    &interactive_install::RULE,
    &remote_access_lost::RULE,
    &network_adapter_change::RULE,
    &hyper_v_sysprep::RULE,
    &missing_sudo::RULE,
    &missing_elevation::RULE,
    &sas_token::RULE,
    &credential_literal::RULE,
    &password_literal::RULE,
    &password_parameter::RULE,
    &definition_mismatch::RULE,
    &security_mismatch::RULE,
    &unsupported_security::RULE,
    &security_needs_v2::RULE,
    &plan_mismatch::RULE,
    &specialized_definition::RULE,
    &duplicate_region::RULE,
    &home_region_missing::RULE,
    &too_many_replicas::RULE,
    &duplicate_target::RULE,
    &duplicate_output::RULE,
    &duplicate_identifier::RULE,
    &arm64_managed_image::RULE,
    &bad_image_version::RULE,
    &source_not_replicated::RULE,
    &dead_trigger::RULE,
    &no_target::RULE,
    &no_regions::RULE,
    &hardened_source::RULE,
    &source_past_support::RULE,
    &two_subscriptions::RULE,
    &fixed_version_auto_run::RULE,
    &vhd_without_uri::RULE,
    &generation_1_source::RULE,
    &trusted_launch_lost::RULE,
    &distribute_on_failure::RULE,
    &disk_too_small::RULE,
    &shared_definition::RULE,
    &managed_image_in_other_region::RULE,
    &plain_http::RULE,
    &unpinned_download::RULE,
    &moving_reference::RULE,
    &web_page_url::RULE,
    &storage_role_unknown::RULE,
    &piped_script::RULE,
    &unchecked_download::RULE,
    &timeout_too_short::RULE,
    &windows_timeout::RULE,
    &windows_default_size::RULE,
    &arm64_default_size::RULE,
    &unsupported_location::RULE,
    &container_subnet::RULE,
    &shared_staging_group::RULE,
    &unknown_region::RULE,
    &update_filter::RULE,
    &useless_update_filter::RULE,
    &exit_codes_without_zero::RULE,
    &idle_checksum::RULE,
    &elevated_without_system::RULE,
    &script_for_other_shell::RULE,
    &source_only_validation::RULE,
    &fixed_template_name::RULE,
    &role_assigned_late::RULE,
    &missing_operator_role::RULE,
    &assignment_without_type::RULE,
    &role_with_wildcard::RULE,
    &own_staging_group::RULE,
    &no_build_network::RULE,
    &proxy_network::RULE,
    &subnet_in_other_region::RULE,
    &no_outbound::RULE,
    &firewalled_storage::RULE,
    &firewalled_vault::RULE,
    &vm_left_running::RULE,
    &no_boot_optimization::RULE,
    &windows_small_size::RULE,
    &restart_too_short::RULE,
    &size_without_generation_2::RULE,
    &size_for_other_architecture::RULE,
    &restart_outlasts_build::RULE,
    &steps_outlast_build::RULE,
    &definition_in_other_region::RULE,
    &defaulted_definition::RULE,
    &definition_made_late::RULE,
    &old_schema::RULE,
];

/// The list of regions of a gallery target: the current one, or the deprecated one.
fn region_list(target: &Object) -> Option<&Node> {
    target.get("targetRegions").or_else(|| target.get("replicationRegions"))
}

/// Whether the version of an image may not have `containerInstanceSubnetId`.
fn lacks_container_subnet(image: &Image<'_>) -> bool {
    image.resource.version().is_none_or(|version| version < V2024_02)
}

/// The regions of a gallery target, as far as it names any.
fn regions(target: &Object) -> Vec<&Node> {
    let list = region_list(target).and_then(Node::as_list).unwrap_or_default();
    list.iter().map(|r| r.get("name").unwrap_or(r)).collect()
}
