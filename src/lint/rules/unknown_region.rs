//! Regions that do not exist, and whose name is near to one that does.

use crate::base::nearest;
use crate::check::Node;
use crate::diag::{Sink, code};
use crate::lint::finding::{finding, rewrite};
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::{REGIONS, REGIONS_DATE, normalise_region, region};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::UNKNOWN_REGION,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/reliability/regions-list",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let deployed = cx.program.iter().filter(|(_, resource)| !resource.existing);
    deployed.filter_map(|(_, resource)| resource.body.get("location")).for_each(|node| look_at(node, sink));
    for image in &cx.images {
        image.targets("gallery").flat_map(super::regions).for_each(|node| look_at(node, sink));
    }
}

fn look_at(node: &Node, sink: &mut Sink) {
    // What is no name of a region at all is told by its type.
    let named = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
    let Some(name) = known(node).filter(named).filter(|name| region(name).is_none()) else { return };
    let Some(near) = meant(name) else { return };
    let d = finding(&code::UNKNOWN_REGION, &node.origin, format!("Azure has no region `{name}`"))
        .note(format!("as of {REGIONS_DATE}, from a table that ages"))
        .help(format!("did you mean `{near}`?"));
    sink.push(rewrite(d, &node.origin, near));
}

/// The region that a name was probably meant for. A name with another number at its end may be a new region's.
fn meant(name: &str) -> Option<&'static str> {
    let name = normalise_region(name);
    let stem = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let near = nearest(&name, REGIONS.iter().map(|row| row.name))?;
    // A name that breaks off is meant for the one that goes on.
    let mut whole = REGIONS.iter().map(|row| row.name).filter(|region| region.starts_with(&name));
    let near = match (whole.next(), whole.next()) {
        (Some(one), None) => one,
        _ => near,
    };
    Some(near).filter(|near| stem(near) != stem(&name))
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn slips_are_told_from_regions_that_may_be_new() {
        assert_eq!(meant("westeurop"), Some("westeurope"));
        assert_eq!(meant("North Europa"), Some("northeurope"));
        assert_eq!(meant("westeu"), Some("westeurope"));
        assert_eq!(meant("westu"), Some("westus"));
        assert_eq!(meant("westus4"), None);
        assert_eq!(meant("somewhere"), None);
        assert_eq!(meant("global"), None);
    }
}
