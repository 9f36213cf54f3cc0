//! Changes of the network adapter in the middle of a build.

use crate::diag::{Sink, code};
use crate::lint::calls::{Call, powershell};
use crate::lint::finding::finding;
use crate::lint::within::may_run_here;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::NETWORK_ADAPTER_CHANGE,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/windows/image-builder, which warns of Set-NetAdapterAdvancedProperty",
        on: true,
    },
    check,
};

/// Commands after which the adapter starts anew, or not at all.
static CHANGES: &[Call] = &[
    powershell(&["set-netadapteradvancedproperty", "reset-netadapteradvancedproperty"], &[])
        .without(&["-norestart", "-whatif"]),
    powershell(&["disable-netadapter", "restart-netadapter"], &[]).without(&["-whatif"]),
];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for (_, script) in image.scripts() {
            let changes = script.commands().iter().filter(|command| {
                CHANGES.iter().any(|call| call.is(command)) && may_run_here(script, command)
            });
            for command in changes {
                let name = command.words.first().map_or("", |w| w.text.as_str());
                let d = finding(
                    &code::NETWORK_ADAPTER_CHANGE,
                    &cx.place(script, command.range),
                    format!("`{name}` restarts the network adapter"),
                )
                .here("the connection to the build VM is lost here")
                .note("the service runs the steps through WinRM: without a network the step ends when the time of the build is over")
                .help("do it at the first start of a VM, or write `-NoRestart`, so that it holds from the next start on");
                sink.push(d);
            }
        }
    }
}
