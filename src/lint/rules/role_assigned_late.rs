//! Images that do not wait for the roles of their identity.

use crate::check::WrittenIn;
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::assignments::{Assignment, assignments};
use crate::lint::waits::waits_for;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::ROLE_ASSIGNED_LATE,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-troubleshoot",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    if cx.has_nested() {
        return;
    }
    let all = assignments(cx.program);
    for image in &cx.images {
        // What is assigned under a condition of its own is for something else.
        let is_own =
            |a: &&Assignment<'_>| a.is_for(image) && a.resource.condition == image.resource.condition;
        let own: Vec<_> = all.iter().filter(is_own).collect();
        let Some(late) = own.first() else { continue };
        // One that it waits for may be all that it needs.
        let before = waits_for(cx.program, image.id);
        if own.iter().any(|a| before.contains(&a.id)) {
            continue;
        }
        let name = &late.resource.declared;
        let d = Diagnostic::new(&code::ROLE_ASSIGNED_LATE, image.span(), "an image that does not wait for the role of its identity")
            .here("both are deployed at once")
            .also(late.resource.span, "the role assignment")
            .note("the service looks for the rights when the template is created: \"Not authorized to access the resource\"")
            .help(match cx.program.written_in {
                WrittenIn::Aib => format!("write `depends_on = [{name}]`"),
                WrittenIn::Json => "name the role assignment in `dependsOn` of the image template".to_owned(),
            });
        sink.push(d);
    }
}
