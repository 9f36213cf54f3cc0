//! Subnets that do not reach what a build fetches.

use crate::base::Span;
use crate::check::{Dialect, Node};
use crate::diag::{Sink, code};
use crate::lint::context::fact;
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::NO_OUTBOUND,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-networking",
        on: true,
    },
    check,
};

/// Commands that fetch something from the internet, unless they are set up for a mirror.
static FETCHERS: &[(Dialect, &[&str])] = &[
    (Dialect::Sh, &["apt", "apt-get", "dnf", "yum", "tdnf", "zypper", "snap", "curl", "wget", "pip", "pip3"]),
    (
        Dialect::PowerShell,
        &[
            "invoke-webrequest",
            "iwr",
            "invoke-restmethod",
            "irm",
            "start-bitstransfer",
            "install-module",
            "choco",
            "winget",
        ],
    ),
];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        if let Some((id, fact)) = closed(cx, image, "vmProfile.vnetConfig.containerInstanceSubnetId") {
            let d = finding(
                &code::NO_OUTBOUND,
                &id.origin,
                "the build's container does not reach the internet",
            )
            .here("it needs ports 443 and 445 to reach the service, and 22 or 5986 to reach the build VM")
            .also(fact.origin.span, "there is no way out of this subnet")
            .help("give the subnet a NAT gateway or a firewall with a route to it");
            sink.push(d);
        }
        let Some((id, fact)) = closed(cx, image, "vmProfile.vnetConfig.subnetId") else { continue };
        let Some((at, title)) = fetches(cx, image) else { continue };
        let d = finding(&code::NO_OUTBOUND, &id.origin, "the build VM does not reach what it fetches")
            .here("the build VM's subnet")
            .also(fact.origin.span, "there is no way out of this subnet")
            .also(at, format!("{title} fetches something"))
            .help("give the subnet a NAT gateway or a firewall with a route to it; what the service itself fetches, `file` and `script`, needs none");
        sink.push(d);
    }
}

/// The subnet at a path, and where it says that it has no way out.
fn closed<'a>(cx: &Context<'a>, image: &Image<'a>, path: &str) -> Option<(&'a Node, &'a Node)> {
    let id = image.at(path)?;
    let subnet = cx.program.resource(id.reference.as_ref()?.target)?;
    let outbound = fact(subnet, "outbound")?;
    (outbound.as_bool() == Some(false)).then_some((id, outbound))
}

/// The first step that fetches something, and what to call it.
fn fetches(cx: &Context<'_>, image: &Image<'_>) -> Option<(Span, String)> {
    image.walk.steps.iter().find_map(|step| {
        if step.effect.updates {
            return Some((step.origin().span, step.title()));
        }
        let (_, programs) = FETCHERS.iter().find(|(dialect, _)| Some(*dialect) == step.effect.commands)?;
        let mut commands = image.commands(step).iter();
        let command = commands.find(|c| c.program().is_some_and(|(name, _)| programs.contains(&name)))?;
        Some((cx.origin(command.line).span, step.title()))
    })
}
