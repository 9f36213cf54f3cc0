//! Staging groups that are the group of the template itself.

use crate::arm::Expr;
use crate::check::NodeKind;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::OWN_STAGING_GROUP,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#properties-stagingresourcegroup",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(group) = image.at("stagingResourceGroup") else { continue };
        let NodeKind::Expr(expr) = &group.kind else { continue };
        if !is_own_group(expr) {
            continue;
        }
        let d = finding(&code::OWN_STAGING_GROUP, &group.origin, "the staging group is the template's own group")
            .here("the group that this is deployed into")
            .note("a staging group must be empty when the template is created: the service alone fills it, and clears it")
            .help(cx.words(
                "name another group, or leave `staging_group` out: the service then makes one",
                "name another group, or leave `stagingResourceGroup` out: the service then makes one",
            ));
        sink.push(d);
    }
}

/// Whether an expression is the id, or the name, of the group that is deployed into.
fn is_own_group(expr: &Expr) -> bool {
    match expr {
        Expr::Shared { expr, .. } => is_own_group(expr),
        Expr::Call { name, args } => {
            let is = |word: &str| name.eq_ignore_ascii_case(word);
            let last_is_own = args.last().is_some_and(|last| is_own(last, "name"));
            // What comes before the name has to end where the name begins.
            let before = match args.as_slice() {
                [Expr::Str(pattern), ..] if is("format") => pattern.rsplit_once('{').map(|(text, _)| text),
                [.., Expr::Str(text), _] if is("concat") => Some(&**text),
                _ => None,
            };
            let joined = before.is_some_and(|text| text.to_lowercase().ends_with("/resourcegroups/"));
            last_is_own && (joined || is("subscriptionResourceId") || is("resourceId"))
        }
        other => is_own(other, "id") || is_own(other, "name"),
    }
}

/// `resourceGroup().id`, `resourceGroup().name`
fn is_own(expr: &Expr, wanted: &str) -> bool {
    match expr {
        Expr::Member { base, name, .. } if name.eq_ignore_ascii_case(wanted) => {
            matches!(&**base, Expr::Call { name, args } if args.is_empty() && name.eq_ignore_ascii_case("resourceGroup"))
        }
        _ => false,
    }
}
