//! PowerShell steps that run elevated, but not as the system.

use crate::check::WrittenIn;
use crate::diag::{Applicability, Diagnostic, Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::V2020_02;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::ELEVATED_WITHOUT_SYSTEM,
        confidence: Confidence::Likely,
        evidence: "https://github.com/Azure/azvmimagebuilder/issues/53",
        on: true,
    },
    check,
};

/// Publishers of client Windows: Microsoft's own images, and those with Visual Studio for Dev Box.
static CLIENTS: &[&str] = &["MicrosoftWindowsDesktop", "MicrosoftVisualStudio"];
/// Words of the SKUs for several users.
static SEVERAL_USERS: &[&str] = &["avd", "evd"];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| is_client(image)) {
        // Older versions have no `runAsSystem`.
        let can_mend = image.resource.version().is_none_or(|version| version >= V2020_02);
        for step in image.walk.steps.iter().filter(|s| image.can_run(s)) {
            let Some(elevated) = step.object.member("runElevated") else { continue };
            let system = step.object.get("runAsSystem");
            // What is known only to Azure may be true.
            if elevated.value.as_bool() != Some(true) || system.is_some_and(|s| s.as_bool() != Some(false)) {
                continue;
            }
            let title = format!("{} runs elevated, but not as the system", step.title());
            let d = finding(&code::ELEVATED_WITHOUT_SYSTEM, &elevated.key_origin, title)
                .here("builds have been seen to hang in such a step until their time is up")
                .help(cx.words(
                    "write `as_system = true` beside it, or remove `elevated`",
                    "write `\"runAsSystem\": true` beside it, or remove `runElevated`",
                ));
            sink.push(match system {
                Some(off) => d.also(off.origin.span, "switched off here"),
                None if can_mend && elevated.key_origin.via.is_none() => beside(cx, d),
                None => d,
            });
        }
    }
}

/// Whether it is built from a Windows for one user at a time. Steps have been seen to hang on those, and not on servers
/// and on the Windows for several users.
fn is_client(image: &Image<'_>) -> bool {
    let part = |name: &str| image.at("source")?.get(name).and_then(known);
    let (Some(publisher), Some(sku)) = (part("publisher"), part("sku")) else { return false };
    let sku = sku.to_lowercase();
    CLIENTS.iter().any(|p| p.eq_ignore_ascii_case(publisher))
        && SEVERAL_USERS.iter().all(|word| !sku.contains(word))
}

/// Offers the missing property, in front of the one that needs it.
fn beside(cx: &Context<'_>, d: Diagnostic) -> Diagnostic {
    let (added, text) = match cx.program.written_in {
        WrittenIn::Aib => ("as_system = true", "as_system = true, elevated"),
        WrittenIn::Json => ("\"runAsSystem\": true", "\"runAsSystem\": true, \"runElevated\""),
    };
    let at = d.span();
    d.fix(format!("write `{added}`"), at, text, Applicability::Unsafe)
}
