//! Templates in regions without the service.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::{REGIONS_DATE, Service, region};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::UNSUPPORTED_LOCATION,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/image-builder-overview#regions",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(location) = image.resource.body.get("location") else { continue };
        let Some(row) = known(location).and_then(region) else { continue };
        let d = match row.image_builder {
            Service::Yes => continue,
            Service::No => {
                let title = format!("Image Builder does not run in {}", row.display);
                let near = row.pair.and_then(region).filter(|r| r.image_builder == Service::Yes);
                let help = match near {
                    Some(pair) => {
                        format!("build in `{}`, its pair, and distribute to `{}`", pair.name, row.name)
                    }
                    None => {
                        format!("build in a region that has the service, and distribute to `{}`", row.name)
                    }
                };
                finding(&code::UNSUPPORTED_LOCATION, &location.origin, title).help(help)
            }
            Service::Preview => {
                let title = format!("Image Builder is a preview in {}", row.display);
                finding(&code::UNSUPPORTED_LOCATION, &location.origin, title)
                    .help("register the preview feature of this cloud in the subscription first")
            }
        };
        sink.push(
            d.here("the template and its build VM")
                .note(format!("as of {REGIONS_DATE}, from a table that ages")),
        );
    }
}
