//! Restarts and a boot optimisation that together may take longer than the whole build.

use crate::base::Span;
use crate::check::{Node, go_duration};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::Os;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::STEPS_OUTLAST_BUILD,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/vm-boot-optimization#how-much-time-does-it-take-for-generating-an-optimized-image (2023-06-07)",
        on: true,
    },
    check,
};

/// What the service takes where no limit is stated, or 0.
const DEFAULT_MINUTES: u64 = 240;
/// How long half of the boot optimisations took that Microsoft has watched: of 30 GB of Linux, and of 127 GB of Windows.
const OPTIMISATION: &[(Os, u64)] = &[(Os::Linux, 20), (Os::Windows, 34)];
/// How many parts of a sum a finding shows.
const MAX_PARTS: usize = 6;

/// A part of the sum.
struct Part {
    minutes: u64,
    what: String,
    span: Span,
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let stated = image.at("buildTimeoutInMinutes").filter(|node| node.as_int() != Some(0));
        // One that only Azure knows can't be compared; what is too short anyway is told by other rules.
        let limit = match stated.map(Node::as_int) {
            None => DEFAULT_MINUTES,
            Some(Some(..=5) | None) => continue,
            Some(Some(..60)) if image.is(Os::Windows).is_some() => continue,
            Some(Some(minutes)) => minutes.unsigned_abs(),
        };
        let mut parts = restarts(image);
        if parts.iter().any(|part| part.minutes >= limit) {
            continue;
        }
        parts.extend(optimisation(image));
        let sum: u64 = parts.iter().map(|part| part.minutes).sum();
        if sum < limit {
            continue;
        }
        let origin = stated.map_or_else(|| image.span().into(), |node| node.origin.clone());
        let title = format!("what the image states may take {sum} minutes, the build has {limit}");
        let mut d = finding(&code::STEPS_OUTLAST_BUILD, &origin, title)
            .here("everything has to end in this time: other steps, generalisation and replication, too")
            .help(cx.words("write a longer `timeout`", "write a larger \"buildTimeoutInMinutes\""));
        if stated.is_none() {
            d = d.note("without a limit of its own the build has four hours");
        }
        for part in parts.iter().take(MAX_PARTS) {
            d = d.also(part.span, format!("{} minutes: {}", part.minutes, part.what));
        }
        sink.push(d);
    }
}

/// How long restarts may take that say so, in whole minutes.
fn restarts(image: &Image<'_>) -> Vec<Part> {
    let steps = image.walk.steps.iter().filter(|step| step.effect.restarts);
    let stated = steps.filter_map(|step| {
        let timeout = step.object.get("restartTimeout")?;
        let minutes = known(timeout).and_then(go_duration)?.as_secs() / 60;
        let what = format!("{} may wait so long", step.title());
        Some(Part { minutes, what, span: timeout.origin.span })
    });
    stated.filter(|part| part.minutes > 0).collect()
}

/// How long the boot optimisation takes, where it is asked for.
fn optimisation(image: &Image<'_>) -> Option<Part> {
    let state = image.at("optimize.vmBoot.state").filter(|state| known(state) == Some("Enabled"))?;
    let os = image.walk.os.unwrap_or(Os::Linux);
    let (_, minutes) = OPTIMISATION.iter().find(|(of, _)| *of == os)?;
    let what = "what a boot optimisation takes by experience, at least".into();
    Some(Part { minutes: *minutes, what, span: state.origin.span })
}
