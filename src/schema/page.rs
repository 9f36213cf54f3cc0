//! The reference of the target, in Markdown, from the rows.

use std::fmt::Write;

use crate::schema::lookup::join;
use crate::schema::model::{
    ApiVersion, CrossRule, DefaultName, Enumeration, Implied, Limit, Lit, ObjectType, Prop, Required,
    ResourceKind, Role, Ty, Union, Variant,
};
use crate::schema::tables::references::{MANAGED_IMAGE, STORAGE_ACCOUNT, SUBNET, VAULT};
use crate::schema::tables::regions::{REGIONS, REGIONS_DATE, Service};
use crate::schema::tables::{RESOURCE_KINDS, gallery::GALLERY};

const GENERATED: &str = "<!-- Generated from src/schema/tables. Edit the rows, then run `UPDATE=1 cargo test --test it schema`. -->\n";

/// Every page of the reference: its file name and its text.
pub fn reference_pages() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = RESOURCE_KINDS
        .iter()
        .filter(|k| k.deployable)
        .map(|k| (format!("{}.md", k.keyword), reference_page(k)))
        .collect();
    pages.push(("existing.md".to_owned(), existing_page()));
    pages.push(("regions.md".to_owned(), regions_page()));
    pages
}

/// The page of one kind of resource: every property with its ARM path, type, versions, limits and meaning.
pub fn reference_page(kind: &'static ResourceKind) -> String {
    let mut page = Page::default();
    page.text.push_str(GENERATED);
    page.kind(kind, 1);
    page.text
}

/// What `existing` resources take.
fn existing_page() -> String {
    let mut page = Page::default();
    page.text.push_str(GENERATED);
    page.line("# `existing` resources\n");
    page.line("`existing` before a resource makes it a reference: nothing is deployed, and its id stands wherever the resource is named. What is left out is the deployment's own. Besides the properties below it takes its facts: what the checker should know of it.\n");
    page.table(GALLERY.reference.iter(), "");
    for kind in [&SUBNET, &VAULT, &STORAGE_ACCOUNT, &MANAGED_IMAGE] {
        page.kind(kind, 2);
        if kind.reference.len() > GALLERY.reference.len() {
            page.line("Besides what every `existing` resource takes:\n");
            let own = kind.reference.iter().filter(|p| !GALLERY.reference.iter().any(|g| g.name == p.name));
            page.table(own, "");
        }
    }
    page.text
}

/// The regions.
fn regions_page() -> String {
    let mut page = Page::default();
    page.text.push_str(GENERATED);
    page.line("# Regions\n");
    page.line(&format!("As of {REGIONS_DATE}. A template and its build VM must be in a region that runs Image Builder; an image may be distributed to any region. Names compare without case and spaces, so `East US 2` is `eastus2`; a name that is not here is no error.\n"));
    page.line("| name | in prose | runs Image Builder | availability zones | paired with |");
    page.line("|---|---|---|---|---|");
    for region in REGIONS {
        let runs = match region.image_builder {
            Service::Yes => "yes",
            Service::No => "no",
            Service::Preview => "preview",
        };
        let zones = match region.zones {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        let pair = region.pair.map(|p| format!("`{p}`")).unwrap_or_default();
        page.line(&format!("| `{}` | {} | {runs} | {zones} | {pair} |", region.name, region.display));
    }
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    /// Objects that have a section already, and where.
    seen: Vec<(&'static ObjectType, String)>,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn kind(&mut self, kind: &'static ResourceKind, level: usize) {
        let _ = writeln!(self.text, "{} `{}`\n\n{}\n", "#".repeat(level), kind.keyword, kind.doc);
        let _ = writeln!(self.text, "- ARM type: `{}`", kind.arm_type);
        if kind.deployable {
            let versions: Vec<String> = kind.versions.iter().map(|v| format!("`{v}`")).collect();
            let _ = writeln!(self.text, "- API versions: {}", versions.join(", "));
        }
        if let Some(parent) = kind.parent {
            let _ = writeln!(self.text, "- Stands inside: `{parent}`");
        }
        let default = match kind.default_name {
            DefaultName::AsDeclared => "the declared name if left out",
            DefaultName::Hyphens => "the declared name if left out, with `-` for `_`",
            DefaultName::Required => "must be written",
        };
        let _ = writeln!(self.text, "- Name: {}; {default}", kind.name.words);
        let _ = writeln!(self.text, "- In Azure's documentation: <{}>\n", kind.link);
        self.object(kind.body, "", "", level + 1);
    }

    fn object(&mut self, object: &'static ObjectType, path: &str, arm: &str, level: usize) {
        self.seen.push((object, path.to_owned()));
        if !object.props.is_empty() {
            self.table(object.props.iter(), arm);
        }
        if let Some(main) = object.shorthand {
            let _ = writeln!(self.text, "A bare value stands for an object with that `{main}`.\n");
        }
        self.rules(object.rules);
        for prop in object.props {
            self.enumeration(prop, path);
        }
        for prop in object.props {
            self.nested(prop, path, arm, level);
        }
        if let Some(entries) = object.entries {
            self.union(entries.union, path, &format!("{}[]", join(arm, entries.arm)), level);
        }
    }

    fn nested(&mut self, prop: &Prop, path: &str, arm: &str, level: usize) {
        let path = join(path, prop.name);
        let arm = join(arm, prop.arm);
        match prop.ty {
            Ty::Object(object) => self.section(&path, prop.doc, object, &arm, level),
            Ty::List(Ty::Object(object)) => {
                self.section(&format!("{path}[]"), object.doc, object, &format!("{arm}[]"), level);
            }
            Ty::Union(union) => self.union(union, &path, &arm, level),
            _ => {}
        }
    }

    fn section(&mut self, path: &str, doc: &str, object: &'static ObjectType, arm: &str, level: usize) {
        let _ = writeln!(self.text, "{} `{path}`\n\n{doc}\n", "#".repeat(level.min(5)));
        if let Some((_, place)) = self.seen.iter().find(|(o, _)| std::ptr::eq(*o, object)) {
            let _ = writeln!(self.text, "Takes what `{place}` takes.\n");
        } else {
            self.object(object, path, arm, level + 1);
        }
    }

    fn union(&mut self, union: &'static Union, path: &str, arm: &str, level: usize) {
        for variant in union.variants {
            let doc = format!("{}\n\n{}", variant.doc, about_variant(union, variant));
            self.section(&join(path, variant.keyword), &doc, variant.body, arm, level);
        }
    }

    fn table<'a>(&mut self, props: impl Iterator<Item = &'a Prop>, arm: &str) {
        self.line("| property | type | required | if left out | ARM member | versions | meaning |");
        self.line("|---|---|---|---|---|---|---|");
        for prop in props {
            let cells = [
                format!("`{}`", prop.name),
                type_cell(prop),
                required_cell(prop),
                absent_cell(prop),
                arm_cell(prop, arm),
                versions_cell(prop.since, prop.until),
                doc_cell(prop),
            ];
            let cells: Vec<String> = cells.iter().map(|c| c.replace('|', "\\|")).collect();
            let _ = writeln!(self.text, "| {} |", cells.join(" | "));
        }
        self.line("");
    }

    fn rules(&mut self, rules: &[CrossRule]) {
        for rule in rules {
            let (what, why) = match rule {
                CrossRule::ExactlyOne { props, why } => (format!("Exactly one of {}", list(props)), why),
                CrossRule::AtMostOne { props, why } => (format!("At most one of {}", list(props)), why),
                CrossRule::Requires { prop, needs, why } => (format!("`{prop}` needs `{needs}`"), why),
                CrossRule::RequiresTrue { prop, needs, why } => {
                    (format!("`{prop} = true` needs `{needs} = true`"), why)
                }
            };
            let _ = writeln!(self.text, "- {what}: {why}.");
        }
        if !rules.is_empty() {
            self.line("");
        }
    }

    fn enumeration(&mut self, prop: &Prop, path: &str) {
        let Ty::Enum(members) = prop.ty else { return };
        let _ = writeln!(self.text, "Values of `{}`{}:\n", join(path, prop.name), open(members));
        for value in members.values {
            let arm = match value.arm {
                Lit::Str(text) => text.to_owned(),
                Lit::Bool(flag) => flag.to_string(),
            };
            let since = value.since.map(|v| format!(" Since {v}.")).unwrap_or_default();
            let _ = writeln!(self.text, "- `{}` (`{arm}`): {}{since}", value.name, value.doc);
        }
        self.line("");
    }
}

fn open(members: &Enumeration) -> &'static str {
    if members.open { " (the API accepts others too, as strings)" } else { "" }
}

fn about_variant(union: &Union, variant: &Variant) -> String {
    let mut parts = vec![format!("`{}` is `{}` in ARM", union.discriminator, variant.arm)];
    let versions = versions_cell(variant.since, variant.until);
    if !versions.is_empty() {
        parts.push(versions);
    }
    if let Some(os) = variant.os {
        parts.push(format!("{} only", os.name()));
    }
    if let Some(main) = variant.main {
        parts.push(format!("the main value is `{main}`"));
    }
    format!("{}.", parts.join("; "))
}

fn list(names: &[&str]) -> String {
    names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
}

fn type_cell(prop: &Prop) -> String {
    let mut text = type_words(&prop.ty);
    let Limit { min, max, min_len, max_len } = prop.limit;
    let unit = match prop.ty {
        Ty::Minutes => " minutes",
        Ty::Gigabytes => " GB",
        _ => "",
    };
    match (min, max) {
        (Some(min), Some(max)) => text.push_str(&format!(", {min} to {max}{unit}")),
        (Some(min), None) => text.push_str(&format!(", at least {min}{unit}")),
        (None, Some(max)) => text.push_str(&format!(", at most {max}{unit}")),
        (None, None) => {}
    }
    match (min_len, max_len) {
        (Some(min), Some(max)) => text.push_str(&format!(", {min} to {max} long")),
        (Some(min), None) => text.push_str(&format!(", at least {min} long")),
        (None, Some(max)) => text.push_str(&format!(", at most {max} long")),
        (None, None) => {}
    }
    text
}

fn type_words(ty: &Ty) -> String {
    match ty {
        Ty::Str => "string".to_owned(),
        Ty::Name(rule) => format!("string: {}", rule.words),
        Ty::Int => "int".to_owned(),
        Ty::Bool | Ty::State => "bool".to_owned(),
        Ty::Minutes => "duration in whole minutes".to_owned(),
        Ty::GoDuration => "duration".to_owned(),
        Ty::Gigabytes => "size".to_owned(),
        Ty::Enum(members) => members.name.to_owned(),
        Ty::List(item) => format!("list of {}", type_words(item)),
        Ty::Map(item) => format!("map of {}", type_words(item)),
        Ty::Tags => "map of string".to_owned(),
        Ty::Object(object) => object.name.to_owned(),
        Ty::Union(union) => union.name.to_owned(),
        Ty::Id(kinds) => format!("{}, or an id", list(kinds)),
        Ty::Identity => "`identity`, or an id".to_owned(),
        Ty::ResourceGroup => "resource group".to_owned(),
        Ty::Script => "string or list of string".to_owned(),
        Ty::Url => "url".to_owned(),
        Ty::Sha256 => "sha256".to_owned(),
        Ty::Region => "region".to_owned(),
        Ty::Version => "version".to_owned(),
        Ty::Any => "any".to_owned(),
    }
}

fn required_cell(prop: &Prop) -> String {
    match (prop.required, prop.implied) {
        (Required::Always, Implied::Nothing) => "yes".to_owned(),
        (Required::Since(v), _) => format!("since {v}"),
        (Required::Until(v), _) => format!("up to {v}"),
        (Required::Always | Required::No, _) => String::new(),
    }
}

fn absent_cell(prop: &Prop) -> String {
    match (prop.implied, prop.default) {
        (Implied::Value(word), _) => format!("aib writes `{word}`"),
        (Implied::DeclaredName, _) => "aib writes the declared name".to_owned(),
        (Implied::GroupLocation, _) => "aib writes the resource group's".to_owned(),
        (Implied::ResourceLocation, _) => "aib writes the image's".to_owned(),
        (Implied::OutputName, _) => "aib writes a stable one".to_owned(),
        (Implied::Nothing, Some(default)) => format!("`{default}`"),
        (Implied::Nothing, None) => String::new(),
    }
}

fn arm_cell(prop: &Prop, arm: &str) -> String {
    let mut text = match (prop.role, prop.arm) {
        (Role::Feature, name) => format!("`{}`, `{name}`", join(arm, "properties.features[]")),
        (_, "") => String::new(),
        (_, member) => format!("`{}`", join(arm, member)),
    };
    for legacy in prop.legacy {
        let _ = write!(text, "; up to {} `{}`", legacy.until, join(arm, legacy.arm));
    }
    text
}

fn versions_cell(since: Option<ApiVersion>, until: Option<ApiVersion>) -> String {
    match (since, until) {
        (None, None) => String::new(),
        (Some(since), None) => format!("since {since}"),
        (None, Some(until)) => format!("up to {until}"),
        (Some(since), Some(until)) => format!("{since} to {until}"),
    }
}

fn doc_cell(prop: &Prop) -> String {
    let mut text = prop.doc.to_owned();
    if let Some(instead) = prop.deprecated {
        let _ = write!(text, " **Deprecated**: write {instead}.");
    }
    if prop.read_only {
        text.push_str(" Only the service writes it.");
    }
    text
}
