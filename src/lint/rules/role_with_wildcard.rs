//! Roles that allow everything.

use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::assignments::is_role;
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::ROLE_WITH_WILDCARD,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/role-based-access-control/best-practices#only-grant-the-access-users-need",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    if cx.images.is_empty() {
        return;
    }
    let roles = cx.program.iter().filter(|(_, resource)| !resource.existing && is_role(resource));
    for (_, role) in roles {
        let permissions = role.body.at("properties.permissions").and_then(Node::as_list);
        let lists =
            permissions.into_iter().flatten().filter_map(|p| p.get("actions").and_then(Node::as_list));
        for action in lists.flatten().filter(|action| known(action) == Some("*")) {
            let d = finding(&code::ROLE_WITH_WILDCARD, &action.origin, "the role allows everything")
                .here("whoever has it may do anything in its scope, to read secrets and to delete included")
                .help("name what the build needs: `aib build --emit roles` derives that from the image");
            sink.push(d);
        }
    }
}
