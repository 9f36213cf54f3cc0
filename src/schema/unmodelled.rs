//! What the target has and the table leaves out, each with the reason.

/// A member of the target that is left out on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unmodelled {
    /// The keyword of the kind.
    pub kind: &'static str,
    /// The dotted ARM path, from the resource's root. What lies below it is left out too.
    pub arm: &'static str,
    /// Whether only the service writes it: then nobody may.
    pub read_only: bool,
    /// Why it is left out.
    pub why: &'static str,
}

const fn read_only(kind: &'static str, arm: &'static str, why: &'static str) -> Unmodelled {
    Unmodelled { kind, arm, read_only: true, why }
}

const fn left_out(kind: &'static str, arm: &'static str, why: &'static str) -> Unmodelled {
    Unmodelled { kind, arm, read_only: false, why }
}

/// All of them.
pub static UNMODELLED: &[Unmodelled] = &[
    read_only("image", "id", "Azure makes the id from the name"),
    left_out("image", "type", "follows from the kind"),
    read_only("image", "systemData", "Azure keeps who made and changed the resource"),
    read_only("image", "properties.provisioningState", "the service tells whether the template is ready"),
    read_only("image", "properties.provisioningError", "the service tells why the template is not ready"),
    read_only("image", "properties.lastRunStatus", "the service tells how the last build went"),
    read_only(
        "image",
        "properties.exactStagingResourceGroup",
        "the service tells which staging group it took",
    ),
    read_only("trigger", "id", "Azure makes the id from the name"),
    left_out("trigger", "type", "follows from the kind"),
    read_only("trigger", "systemData", "Azure keeps who made and changed the resource"),
    read_only("trigger", "properties.provisioningState", "the service tells whether the trigger is ready"),
    read_only("trigger", "properties.status", "the service tells when the trigger last went off"),
    left_out("trigger", "location", "prose shows it, the API has no such member"),
    left_out("gallery", "type", "follows from the kind"),
    left_out("gallery", "identity", "belongs to encryption with keys of your own, which builds do not touch"),
    read_only("gallery", "properties.identifier", "Azure makes the gallery's unique name"),
    left_out("definition", "type", "follows from the kind"),
    left_out(
        "definition",
        "properties.features",
        "the rows `security`, `hibernate`, `accelerated_networking` and `disk_controllers` are its elements; others go through `raw`",
    ),
    left_out("identity", "type", "follows from the kind"),
    left_out("identity", "properties", "isolation between regions, which builds do not need"),
];

/// Why the table leaves a member out, given the kind's keyword and the ARM path from the resource's root.
pub fn unmodelled(kind: &str, arm: &str) -> Option<&'static Unmodelled> {
    UNMODELLED.iter().find(|u| {
        u.kind == kind
            && arm.strip_prefix(u.arm).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}
