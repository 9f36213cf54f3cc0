//! Files behind a firewall that the service does not get through.

use crate::check::{Node, Resource};
use crate::diag::{Sink, code};
use crate::lint::context::fact;
use crate::lint::finding::finding;
use crate::lint::values::{host, known};
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::FIREWALLED_STORAGE,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-networking",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let lacks = |member: &str| image.lacks(&format!("vmProfile.vnetConfig.{member}"));
        if !lacks("subnetId") && !lacks("containerInstanceSubnetId") {
            continue;
        }
        for (url, _) in image.addresses() {
            let Some((account, wall)) = account(cx, url).and_then(|a| Some((a, firewall(a)?))) else {
                continue;
            };
            let title = format!("the service does not get through the firewall of `{}`", account.declared);
            let d = finding(&code::FIREWALLED_STORAGE, &url.origin, title)
                .here("fetched when the template is created")
                .also(wall.origin.span, "the firewall")
                .note("it gets through only from a subnet of yours: \"PublicAccessNotPermitted\"")
                .help(cx.words(
                    "write `build.subnet` and `build.container_subnet`, and let the firewall admit the container's subnet",
                    "write \"subnetId\" and \"containerInstanceSubnetId\", and let the firewall admit the container's subnet",
                ));
            sink.push(d);
        }
    }
}

/// The storage account of the program that an address is of.
fn account<'a>(cx: &Context<'a>, url: &Node) -> Option<&'a Resource> {
    let is_account = |r: &&Resource| r.kind.keyword() == "storage_account";
    if let Some(reference) = &url.reference {
        return cx.program.resource(reference.target).filter(is_account);
    }
    let (host, _) = host(known(url)?)?;
    let (name, service) = host.split_once('.')?;
    let named = |r: &Resource| r.name.as_str().is_some_and(|own| own.eq_ignore_ascii_case(name));
    let mut accounts = cx.program.iter().map(|(_, r)| r).filter(is_account);
    accounts.find(|r| service.starts_with("blob.") && named(r))
}

/// Where an account says that it has a firewall, if it does.
fn firewall(account: &Resource) -> Option<&Node> {
    let stated = fact(account, "firewalled").filter(|f| f.as_bool() == Some(true));
    stated.or_else(|| {
        account.body.at("properties.networkAcls.defaultAction").filter(|a| known(a) == Some("Deny"))
    })
}
