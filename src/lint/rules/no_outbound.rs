//! Subnets that do not reach what a build fetches.

use crate::base::Span;
use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::context::fact;
use crate::lint::finding::finding;
use crate::lint::values::host;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta, shell};
use crate::script::{Command, Dialect, Word};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::NO_OUTBOUND,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-networking",
        on: true,
    },
    check,
};

/// Programs that install packages, when told to by one of these words.
static INSTALLERS: &[(Dialect, &[&str])] = &[
    (Dialect::Sh, &["apt", "apt-get", "dnf", "yum", "tdnf", "microdnf", "zypper", "snap", "pip", "pip3"]),
    (Dialect::PowerShell, &["choco", "winget", "install-module", "install-script"]),
];
static ORDERS: &[&str] =
    &["install", "update", "upgrade", "dist-upgrade", "full-upgrade", "makecache", "refresh"];
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
        let script = image.script(step.index)?;
        let command = script.commands().iter().find(|command| is_fetch(command))?;
        Some((cx.place(script, command.range).span, step.title()))
    })
}

fn is_fetch(command: &Command) -> bool {
    let dialect = command.dialect;
    let Some((program, args)) = command.program() else { return false };
    let among = |table: &[(Dialect, &[&str])]| {
        table.iter().any(|(of, names)| *of == dialect && names.contains(&&*program))
    };
    let orders = |word: &Word| ORDERS.contains(&word.text.to_lowercase().as_str());
    (among(INSTALLERS) && (program.starts_with("install-") || args.iter().any(orders)))
        || (shell::is_fetcher(command) && args.iter().any(|word| is_public(&word.text)))
}

/// Whether an address is surely not one of the machine itself, or of a network of one's own.
fn is_public(url: &str) -> bool {
    host(url).is_some_and(|(host, _)| {
        let is_name =
            host.contains('.') && host.chars().any(|c| c.is_ascii_alphabetic()) && !host.contains('$');
        let is_private = ["local", "internal", "lan", "corp", "localdomain"]
            .iter()
            .any(|end| host.rsplit('.').next() == Some(end));
        is_name && !is_private
    })
}
