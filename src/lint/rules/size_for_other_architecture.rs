//! Build VMs whose processors are not the source's.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::VmSize;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SIZE_FOR_OTHER_ARCHITECTURE,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let (Some(node), Some(source)) = (image.at("vmProfile.vmSize"), &image.facts().architecture) else {
            continue;
        };
        let Some(name) = known(node) else { continue };
        let Some(size) = VmSize::parse(name).and_then(|size| size.architecture()) else { continue };
        if size == &*source.value {
            continue;
        }
        let title = format!("`{name}` has {size} processors, and the source is {}", source.value);
        let d = finding(&code::SIZE_FOR_OTHER_ARCHITECTURE, &node.origin, title)
            .here(match size {
                "Arm64" => "the `p` among the features of a size stands for Arm64",
                _ => "without a `p` among its features the size is x64",
            })
            .also(source.span, format!("the source is {}", source.value))
            .note(
                "Azure refuses to make the build VM: \"this VM size only supports a CPU Architecture of …\"",
            )
            .help(match size {
                "Arm64" => "name an x64 size, such as `Standard_D2s_v5`, or build from an Arm64 source",
                _ => "name an Arm64 size, such as `Standard_D2ps_v5`, or build from an x64 source",
            });
        sink.push(d);
    }
}
