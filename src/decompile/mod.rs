//! ARM JSON to source: what a person would have written, that compiles to what the JSON deploys.
//!
//! A deployment template becomes a file of parameters, constants, resources and outputs; the body of an image template,
//! or an array of some, becomes a file of images that `--emit image` gives back. The rows of `schema` are read
//! backwards, so that no property is spelled here; expressions are read by `arm`. What no row and no function can say is
//! kept as it is (`raw`, `envelope`, `template`, `arm("[…]")`, `resource`) and told.
//!
//! Invariants:
//! - Nothing is lost in silence: what is not in the source, or not typed, has a finding at its place.
//! - A value is said by a row only if the row compiles to exactly that value; else it is passed on.
//! - The text is in the one style.
//!
//! Entry points: [`decompile`].

mod bounds;
mod called;
mod code;
mod errors;
mod existing;
mod expr;
mod fit;
mod ids;
mod kept;
mod lambda;
mod listed;
mod lookup;
mod loops;
mod names;
mod nested;
mod out;
mod params;
mod placeholders;
mod places;
mod planned;
mod readable;
mod resource;
mod resources;
mod rows;
mod scope;
mod shapes;
mod share;
mod source;
mod template;
mod text;
mod value;
mod waits;

use std::collections::HashSet;

use crate::base::FileId;
use crate::diag::Diagnostic;
use crate::json::{Comment, Data, Document, Value};
use crate::schema::IMAGE;

use called::{telling_name, tidy};
use out::{Entry, write_all};
use readable::{in_style, unreadable};
use resource::Standing;
use scope::Scope;
use template::Parts;

/// Source that a document became.
#[derive(Clone, Debug)]
pub struct Decompiled {
    /// The text.
    pub text: String,
    /// What the document is.
    pub form: Form,
    /// What was kept as it is, and what was not carried over.
    pub findings: Vec<Diagnostic>,
}

/// What a document is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A deployment template.
    Template,
    /// Bodies of image templates.
    Bodies,
}

/// How a document is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the file is called, without its ending: for names where the document tells none.
    pub stem: String,
    /// What becomes of placeholders such as `<region>`.
    pub placeholders: Placeholders,
}

/// What becomes of placeholders.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Placeholders {
    /// They stay as they are.
    #[default]
    Literal,
    /// Each name becomes a parameter.
    Param,
}

/// Writes source for a document.
///
/// # Errors
///
/// A document that holds nothing that the language says gives why, and one whose source it could not read.
pub fn decompile(
    file: FileId,
    document: &Document,
    options: &Options,
) -> Result<Decompiled, Box<Diagnostic>> {
    let (spelled, respelled) = template::as_spelled(&document.root);
    let lifted = if template::is_template(&spelled) { nested::lifted(&spelled) } else { None };
    let root = lifted.as_ref().unwrap_or(&spelled);
    if let Some(object) = root.as_object().filter(|_| template::is_template(root)) {
        let mut scope = Scope::new(file, false);
        scope.stem.clone_from(&options.stem);
        for (range, before, name) in respelled {
            let d = errors::respelled(scope.span(range), &before, name);
            scope.report(d);
        }
        let parts = scope.template(root, object, options);
        let text = written(&mut scope, root, parts);
        if let Some(why) = unreadable(file, root, &text) {
            return Err(why);
        }
        scope.tell_lost(root, &text);
        if text.trim().is_empty() && scope.findings.is_empty() {
            let d = errors::empty_template(scope.span(root.range));
            scope.report(d);
        }
        return Ok(Decompiled { text, form: Form::Template, findings: scope.findings });
    }
    let Some((bodies, around)) = shapes::bodies(root) else {
        return Err(Box::new(shapes::no_template(file, root)));
    };
    let mut scope = Scope::new(file, true);
    if let Some(place) = around {
        let d = errors::not_a_body(scope.span(root.range), place);
        scope.report(d);
    }
    let mut parameters = Vec::new();
    for body in &bodies {
        parameters.extend(scope.parameters_for(body, options));
    }
    let mut images = Vec::new();
    for body in bodies {
        images.extend(scope.body(body, options));
    }
    let text = written(&mut scope, root, Parts { parameters, resources: images, ..Parts::default() });
    if let Some(why) = unreadable(file, root, &text) {
        return Err(why);
    }
    scope.tell_lost(root, &text);
    Ok(Decompiled { text, form: Form::Bodies, findings: scope.findings })
}

/// Whether a value is the body of an image template, with or without its type.
fn is_body(value: &Value) -> bool {
    let properties = value.get("properties");
    let member = |name: &str| properties.is_some_and(|p| p.get(name).is_some());
    let ty = value.get("type").and_then(Value::as_text).unwrap_or_default();
    let provider = ty.to_ascii_lowercase().starts_with("microsoft.virtualmachineimages");
    (provider && !ty.to_ascii_lowercase().ends_with("/triggers"))
        || (ty.is_empty() && member("source") && member("distribute"))
}

impl Scope {
    /// The declarations of the parameters that placeholders become, if they do.
    fn parameters_for(&mut self, root: &Value, options: &Options) -> Vec<Entry> {
        match options.placeholders {
            Placeholders::Literal => Vec::new(),
            Placeholders::Param => self.name_placeholders(root),
        }
    }

    /// Tells of comments that are not in the source.
    fn tell_lost(&mut self, value: &Value, text: &str) {
        let bare = |line: &str| line.trim().trim_start_matches(['/', '*', ' ']).to_owned();
        let behind = |line: &'_ str| {
            let marks = line.match_indices("//").filter_map(|(at, _)| line.get(at..));
            marks.map(bare).collect::<Vec<_>>()
        };
        let written: HashSet<String> = text.lines().flat_map(behind).collect();
        self.tell_lost_at(value, &|comment| {
            let line = comment.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
            written.contains(&bare(line))
        });
    }

    fn tell_lost_at(&mut self, value: &Value, is_written: &dyn Fn(&Comment) -> bool) {
        for comment in [value.before(), value.after(), value.inside()].into_iter().flatten() {
            if !is_written(comment) {
                let why = "what it stands at follows from something else";
                let d = errors::not_carried(self.span(comment.range), "this comment", why);
                self.report(d);
            }
        }
        value.as_list().into_iter().flatten().for_each(|item| self.tell_lost_at(item, is_written));
        let members = value.as_object().into_iter().flat_map(|object| &object.members);
        members.for_each(|member| self.tell_lost_at(&member.value, is_written));
    }

    fn body(&mut self, body: &Value, options: &Options) -> Option<Entry> {
        let name = body.get("name").and_then(|name| self.text_code(name)).map(|code| code.text);
        let wanted = body.get("name").and_then(Value::as_text).and_then(tidy);
        let wanted = wanted.or_else(|| telling_name(body, &options.stem));
        let declared = self.names.take(wanted.as_deref().unwrap_or("main"));
        let properties = body.get("properties").filter(|properties| properties.as_object().is_none());
        if let Some(properties) = properties {
            let d = errors::not_carried(
                self.span(properties.range),
                "this body",
                "its `properties` are no object, so it describes no image",
            );
            self.report(d);
            return None;
        }
        self.known_resource(body, &IMAGE, &declared, name, Standing::Body)
    }
}

/// The whole text.
fn written(scope: &mut Scope, root: &Value, mut parts: Parts) -> String {
    let mut all: Vec<Entry> = Vec::new();
    // The comments at the one body are at its image already.
    let (first, last) = match matches!(root.data, Data::List(_)) || template::is_template(root) {
        true => template::around(root),
        false => (None, None),
    };
    all.extend(first);
    if !parts.loose.is_empty() {
        all.push(Entry { after: std::mem::take(&mut parts.loose), ..Entry::default() });
    }
    if scope.uses_marketplace {
        all.push(Entry { head: "import std/marketplace".into(), ..Entry::default() });
    }
    let mut existing = scope.existing_entries();
    let places = places::share_places(&mut existing, &mut scope.names);
    let shared = share::share(&mut parts.resources, &mut scope.names);
    let groups = [
        (parts.parameters, false),
        (parts.constants, false),
        (places, false),
        (existing, false),
        (shared, false),
        (parts.resources, true),
        (parts.outputs, false),
        (parts.template.into_iter().collect(), true),
    ];
    for (group, apart) in groups {
        let mut first = true;
        let mut before = false;
        for mut entry in group {
            let documented = !entry.before.is_empty();
            let long = entry.is_long();
            entry.apart |= first || apart || before || documented || long;
            before = documented || long;
            first = false;
            all.push(entry);
        }
    }
    all.extend(last);
    let mut text = String::new();
    write_all(&all, 0, &mut text);
    in_style(text)
}
