//! Sources of generation 2 on VMs that cannot boot them.

use std::sync::Arc;

use crate::check::Fact;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::VmSize;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SIZE_WITHOUT_GENERATION_2,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/generation-2#generation-2-vm-sizes",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| is_broken(image)) {
        let (Some(node), Some(generation)) = (image.at("vmProfile.vmSize"), &image.facts().generation) else {
            continue;
        };
        let Some(name) = known(node) else { continue };
        let title = format!("`{name}` cannot boot an image of generation 2");
        let d = finding(&code::SIZE_WITHOUT_GENERATION_2, &node.origin, title)
            .here("VMs of this size are of generation 1 only")
            .also(generation.span, "the source is of generation 2")
            .note("Azure refuses to make the build VM: the size \"cannot boot Hypervisor Generation '2'\"")
            .help("name a newer size, such as `Standard_D2s_v5`, or build from a source of generation 1");
        sink.push(d);
    }
}

/// Whether the build VM cannot boot the source for its generation alone.
pub(super) fn is_broken(image: &Image<'_>) -> bool {
    let facts = image.facts();
    let is = |fact: &Option<Fact<Arc<str>>>, word: &str| fact.as_ref().is_some_and(|f| &*f.value == word);
    let size = image.at("vmProfile.vmSize").and_then(known).and_then(VmSize::parse);
    // The other architecture is told by its own rule.
    size.is_some_and(|size| size.lacks_generation_2())
        && is(&facts.generation, "V2")
        && !is(&facts.architecture, "Arm64")
}
