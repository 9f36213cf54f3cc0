//! What `std/marketplace` knows of platform images, for readers of templates that name them by their parts.

use std::sync::LazyLock;

use crate::resolve::std_module;
use crate::schema::Os;

/// A platform image of the standard library.
#[derive(Clone, Copy, Debug)]
pub struct MarketplaceImage {
    /// Its name there: `ubuntu_24_04`.
    pub name: &'static str,
    /// The publisher.
    pub publisher: &'static str,
    /// The offer.
    pub offer: &'static str,
    /// The SKU.
    pub sku: &'static str,
    /// The operating system.
    pub os: Option<Os>,
    /// `v1`, `v2`
    pub generation: Option<&'static str>,
    /// `x64`, `arm64`
    pub architecture: Option<&'static str>,
    /// The security type, where it is evidenced: `trusted_launch_supported`.
    pub security: Option<&'static str>,
    /// Publisher, product and name of its plan.
    pub plan: Option<[&'static str; 3]>,
}

/// All of them, in the order of the module. Its declarations begin lines, which a test holds.
static IMAGES: LazyLock<Vec<MarketplaceImage>> = LazyLock::new(|| {
    let text = std_module("std/marketplace").map_or("", |m| m.text);
    text.split("\nlet ").skip(1).filter_map(declaration).collect()
});

/// All platform images of the standard library, in its order.
pub fn marketplace_images() -> &'static [MarketplaceImage] {
    &IMAGES
}

/// The image with these parts; Azure compares them without letter case.
pub fn marketplace_image(publisher: &str, offer: &str, sku: &str) -> Option<&'static MarketplaceImage> {
    IMAGES.iter().find(|i| {
        i.publisher.eq_ignore_ascii_case(publisher)
            && i.offer.eq_ignore_ascii_case(offer)
            && i.sku.eq_ignore_ascii_case(sku)
    })
}

/// `NAME = platform_image(publisher = "…", …)`, and the documentation of the declaration after it.
fn declaration(text: &'static str) -> Option<MarketplaceImage> {
    let (name, call) = text.split_once(" = platform_image(")?;
    let call = call.split("\n///").next()?;
    // The members of a plan are called as those of the image are.
    let (front, plan, back) =
        match call.split_once("plan = {").map(|(front, rest)| (front, rest.split_once('}'))) {
            Some((front, Some((plan, back)))) => (front, Some(plan), back),
            _ => (call, None, ""),
        };
    let given = |key: &str| given_in(front, key).or_else(|| given_in(back, key));
    let plan = plan.and_then(|plan| {
        Some([given_in(plan, "publisher")?, given_in(plan, "product")?, given_in(plan, "name")?])
    });
    let os = given("os").and_then(|word| [Os::Linux, Os::Windows].into_iter().find(|os| os.word() == word));
    Some(MarketplaceImage {
        name,
        publisher: given("publisher")?,
        offer: given("offer")?,
        sku: given("sku")?,
        os,
        generation: given("generation"),
        architecture: given("architecture"),
        security: given("security"),
        plan,
    })
}

/// What stands behind `KEY = ` in a call or an object.
fn given_in(text: &'static str, key: &str) -> Option<&'static str> {
    let at = text.match_indices(key).find(|(at, _)| {
        let before = text.get(..*at).and_then(|t| t.chars().next_back());
        before.is_none_or(char::is_whitespace)
    });
    let rest = at.and_then(|(at, _)| text.get(at + key.len()..))?.strip_prefix(" = ")?;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([',', ')']).next().map(str::trim),
    }
}

#[cfg(test)]
mod tests {
    use super::{IMAGES, marketplace_image};
    use crate::resolve::std_module;
    use crate::schema::Os;

    #[test]
    fn every_declaration_of_the_module_is_read() {
        let text = std_module("std/marketplace").unwrap().text;
        assert_eq!(IMAGES.len(), text.matches(" = platform_image(").count());
        let image = marketplace_image("canonical", "ubuntu-24_04-lts", "server-arm64").unwrap();
        assert_eq!((image.name, image.os), ("ubuntu_24_04_arm64", Some(Os::Linux)));
        assert_eq!((image.generation, image.architecture), (Some("v2"), Some("arm64")));
        assert!(IMAGES.iter().all(|i| i.os.is_some()));
    }
}
