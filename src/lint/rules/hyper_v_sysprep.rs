//! Hyper-V in an image that is generalised as if it were not there.

use crate::check::{DEPROVISION_SCRIPT, DEPROVISION_SCRIPT_WINDOWS, Phase, StepView};
use crate::diag::{Sink, code};
use crate::lint::calls::{Call, powershell};
use crate::lint::finding::finding;
use crate::lint::within::may_run_here;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::HYPER_V_SYSPREP,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#generalize, which tells what to run instead",
        on: true,
    },
    check,
};

/// Commands that install the role itself; not its tools.
static INSTALLS: &[Call] = &[
    powershell(&["install-windowsfeature", "add-windowsfeature"], &[&["hyper-v", "microsoft-hyper-v"]])
        .without(&["-whatif"]),
    powershell(
        &["enable-windowsoptionalfeature"],
        &[&["microsoft-hyper-v", "microsoft-hyper-v-all", "microsoft-hyper-v-hypervisor"]],
    ),
    powershell(
        &["dism"],
        &[
            &["/online"],
            &["/enable-feature"],
            &["/featurename:microsoft-hyper-v", "/featurename:microsoft-hyper-v-all"],
        ],
    ),
];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        if !image.knows_all_steps() || image.walk.steps.iter().any(|step| may_write(image, step)) {
            continue;
        }
        for (step, script) in image.scripts().filter(|(step, _)| step.phase == Phase::Customize) {
            let installs = script.commands().iter().filter(|command| {
                INSTALLS.iter().any(|call| call.is(command)) && may_run_here(script, command)
            });
            for command in installs {
                let d = finding(
                    &code::HYPER_V_SYSPREP,
                    &cx.place(script, command.range),
                    format!("{} installs Hyper-V, and the image is generalised without `/mode:vm`", step.title()),
                )
                .here("the role is installed here")
                .note("the hidden last step runs `Sysprep.exe /oobe /generalize /quiet /quit`; with Hyper-V that takes very long or fails, unless it is told that it runs in a VM")
                .help(format!("write `{DEPROVISION_SCRIPT_WINDOWS}` in a step: the service's own script, with `/mode:vm` behind `/quit`"));
                sink.push(d);
            }
        }
    }
}

/// Whether a step may write the script: it names it, or nobody knows what it does.
fn may_write(image: &Image<'_>, step: &StepView<'_>) -> bool {
    if step.effect.places_file {
        return step.destination().is_none_or(|(path, _)| path.contains(DEPROVISION_SCRIPT));
    }
    match (step.effect.commands, image.script(step.index)) {
        (Some(_), Some(script)) => {
            script.mentions(DEPROVISION_SCRIPT) || script.text.contains(crate::script::HOLE)
        }
        (Some(_), None) => true,
        (None, _) => false,
    }
}
