//! Scripts that are meant to take the place of the service's last one, but lie where it does not look.

use crate::check::{
    DEPROVISION_SCRIPT, DEPROVISION_SCRIPT_LINUX as LINUX, DEPROVISION_SCRIPT_WINDOWS as WINDOWS, Phase,
    PlacedFile, StepView,
};
use crate::diag::{Sink, code};
use crate::lint::finding::{finding, rewrite};
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::Os;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::IDLE_DEPROVISION_SCRIPT,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#generalize",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for file in &image.walk.files {
            let Some(step) = image.walk.step(file.step) else { continue };
            let Some(right) = elsewhere(image.walk.os, file.path) else { continue };
            if step.phase != Phase::Customize || may_be_moved(image, file) {
                continue;
            }
            let title = format!("nothing runs `{}`", file.path);
            let d = finding(&code::IDLE_DEPROVISION_SCRIPT, &file.node.origin, title)
                .here(format!("the service runs `{right}`, written exactly so"))
                .note("the hidden last step generalises the machine with that script; without one there it takes its own")
                .help(cx.words("write that path as `destination`", "write that path as \"destination\""));
            sink.push(match right {
                LINUX => rewrite(d, &file.node.origin, right),
                _ => d,
            });
        }
    }
}

/// Where the script that a path is called after has to lie, if not there. A path that the system cannot have at all is
/// the matter of other rules.
fn elsewhere(os: Option<Os>, path: &str) -> Option<&'static str> {
    let name = path.rsplit(['/', '\\']).next()?.to_lowercase();
    let by_name = match name.as_str() {
        "deprovisioningscript.sh" => Os::Linux,
        "deprovisioningscript.ps1" => Os::Windows,
        _ => return None,
    };
    match os.unwrap_or(by_name) {
        Os::Linux => (path.starts_with("/tmp/") && path != LINUX).then_some(LINUX),
        Os::Windows => {
            let is_there = path.replace('/', "\\").eq_ignore_ascii_case(WINDOWS);
            (path.get(1..2) == Some(":") && !is_there).then_some(WINDOWS)
        }
    }
}

/// Whether a later step may put it in its place: one that names it, or of which not all is known.
fn may_be_moved(image: &Image<'_>, file: &PlacedFile<'_>) -> bool {
    // Only the letter case is another: a script from elsewhere that mends just that is none that anyone writes.
    let is_slip = file.path.eq_ignore_ascii_case(LINUX);
    let may =
        |step: &StepView<'_>| step.may_touch(DEPROVISION_SCRIPT) && !(is_slip && step.lines().is_empty());
    !image.knows_all_steps() || image.walk.after(file.step).any(may)
}
