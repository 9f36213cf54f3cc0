//! Secrets behind a firewall that the build VM does not get through.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::context::fact;
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::Role;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::FIREWALLED_VAULT,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/key-vault/general/network-security",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    // A firewall lists networks, and that of the service's own making is another one in each build.
    for image in cx.images.iter().filter(|image| image.lacks("vmProfile.vnetConfig")) {
        for step in &image.walk.steps {
            let secrets = step.object.hidden(Role::Secrets).and_then(Node::as_object);
            for secret in secrets.iter().flat_map(|secrets| &secrets.members) {
                let node = &secret.value;
                let named = || node.get("secret").and_then(|name| name.reference.as_ref());
                let Some(reference) = node.reference.as_ref().or_else(named) else { continue };
                let Some(vault) = cx.program.resource(reference.target) else { continue };
                let Some(wall) = fact(vault, "firewalled").filter(|wall| wall.as_bool() == Some(true)) else {
                    continue;
                };
                let title = format!("the build VM does not get through the firewall of `{}`", vault.declared);
                let d = finding(&code::FIREWALLED_VAULT, &node.origin, title)
                    .here(format!("fetched by {}, on the build VM", step.title()))
                    .also(wall.origin.span, "the firewall")
                    .help("write `build.subnet`, and let the firewall admit that subnet");
                sink.push(d);
            }
        }
    }
}
