//! From a place in an emitted template back to the source.

mod map;
mod path;
mod text;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use self::map::Map;
use self::path::{Found, Written};
use self::text::Texts;
use super::document::{self, JsonFile};
use super::pipeline::{Input, Outcome, Request, run};
use super::read;
use super::shown::Cwd;
use super::unusable::Unusable;
use super::workers::with_deep_stack;
use crate::base::{LineColumn, list_words};
use crate::emit::{Artifact, Emit};
use crate::json;
use crate::schema::{IMAGE, places, resource_kind_by_arm};

/// What is to be found.
#[derive(Clone, Debug)]
pub struct Locate {
    /// The emitted template.
    pub template: PathBuf,
    /// The place in it: a JSON pointer, or a path as Azure's errors have it.
    pub place: String,
    /// The resource that a path begins at, by its name in Azure or its declared name.
    pub resource: Option<String>,
    /// The map; by default the one beside the template.
    pub map: Option<PathBuf>,
    /// How to build the template anew, if that is to be done instead of reading a map: its one input is the source.
    pub rebuild: Option<Request>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Located {
    /// The places, in the order of the template.
    pub hits: Vec<Hit>,
    /// What the reader should know: that the template or a source has changed since, what is not there.
    pub notes: Vec<String>,
    /// Whether what was asked for is there.
    pub found: bool,
    /// What came of building the source anew, if that was done.
    pub built: Option<Outcome>,
}

/// A place in the template and where it comes from.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The JSON pointer to what is there.
    pub pointer: String,
    /// The nearest pointer around it that the map knows; the same if it knows it itself.
    pub mapped: String,
    /// Where it is written.
    pub place: Place,
    /// What it belongs to: `image web`.
    pub declaration: String,
    /// Where that is declared.
    pub declared: Option<Used>,
    /// The uses of recipes through which it came, innermost first.
    pub via: Vec<Used>,
    /// The line of the source, if the source can be read.
    pub excerpt: Option<Excerpt>,
}

/// A place in a source file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The file, as messages name it.
    pub file: String,
    /// Where it begins.
    pub start: LineColumn,
    /// Where it ends.
    pub end: LineColumn,
    /// The same in bytes.
    pub bytes: (usize, usize),
}

/// A use of a recipe.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Used {
    /// What it is.
    pub what: String,
    /// Its file.
    pub file: String,
    /// Where it is there.
    pub at: LineColumn,
}

/// The line at which a place begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excerpt {
    /// The line without its break.
    pub line: String,
    /// The columns of the place on this line, from 1; the end is one past the last.
    pub columns: (usize, usize),
}

/// Finds where a place in an emitted template comes from.
///
/// # Errors
/// [`Unusable`] if there is no such template, no map that fits it, or no such resource.
pub fn locate(request: &Locate) -> Result<Located, Unusable> {
    with_deep_stack(|| locate_in(request, &Cwd::get()?))
}

fn locate_in(request: &Locate, cwd: &Cwd) -> Result<Located, Unusable> {
    let written = path::parse(&request.place).map_err(|why| {
        Unusable::new(format!("`{}` is neither a JSON pointer nor a path: {why}", request.place))
            .help("write `/resources/0/properties/customize/3` or `properties.customize[3].sha256Checksum`")
    })?;
    let template = document::read(&Input::File(request.template.clone()), cwd)?;
    let mut located = Located::default();
    let mut map = match &request.rebuild {
        Some(rebuild) => match rebuilt(rebuild, &template, &mut located)? {
            Some(map) => map,
            // What is wrong with the source is told by whoever tells findings.
            None => return Ok(located),
        },
        None => beside(request, &template, cwd, &mut located)?,
    };
    if is_body(&template) {
        let file = request.template.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let name = template.root.get("name").and_then(json::Value::as_text);
        map.of_image(&file, name).map_err(|images| {
            let title = format!("of which image `{}` is the body is not clear", template.file.name());
            Unusable::new(title).help(match images.as_slice() {
                [] => "its source has no image".to_owned(),
                images => format!(
                    "give it the name that `aib build --emit image` gives it; there is {}",
                    list_words(images, "and", 12)
                ),
            })
        })?;
    }
    let folder = request.map.as_ref().unwrap_or(&request.template).parent().map(Path::to_path_buf);
    let search = Search { request, template: &template, map: &map };
    let reached = search.reached(&written)?;
    // An error of Azure may be about a member that is missing: then the object that lacks it is what is asked for.
    let fits = |reached: &path::Reached| match reached.missing.as_slice() {
        [] => true,
        [member] => matches!(written, Written::Path(_)) && search.may_have(reached, member),
        _ => false,
    };
    let there = reached.iter().any(fits);
    located.found = there;
    let mut texts = Texts::new(&map, located.built.as_ref(), cwd, folder);
    for reached in reached.iter().filter(|reached| !there || fits(reached)) {
        let Some((mapped, entry)) = map.nearest(&reached.pointer) else {
            located.found = false;
            located.notes.push(format!("`{}` stands for nothing in the source", shown(&reached.pointer)));
            continue;
        };
        if let Some(first) = reached.missing.first() {
            located.notes.push(format!("there is no `{first}` at `{}`", shown(&reached.pointer)));
        }
        let value = template.root.at_pointer(&reached.pointer).and_then(|(value, _)| value.as_text());
        let (place, excerpt) = texts.excerpt(entry.place, value);
        located.hits.push(Hit {
            pointer: reached.pointer.clone(),
            mapped: mapped.to_owned(),
            place,
            declared: declared(&map, &reached.pointer),
            declaration: entry.declaration,
            via: entry.via,
            excerpt,
        });
    }
    located.notes.extend(texts.notes);
    Ok(located)
}

/// Where the declaration begins that a pointer is in.
fn declared(map: &Map, pointer: &str) -> Option<Used> {
    let steps = if map.is_of_image() { 0 } else { 3 };
    let root = pointer.split('/').take(steps).collect::<Vec<_>>().join("/");
    let (at, entry) = map.nearest(&root)?;
    let place = entry.place;
    (at == root).then(|| Used { what: "is declared".to_owned(), file: place.file, at: place.start })
}

/// A pointer in a sentence.
fn shown(pointer: &str) -> &str {
    if pointer.is_empty() { "/" } else { pointer }
}

/// The map beside the template, or the one that is named.
fn beside(request: &Locate, template: &JsonFile, cwd: &Cwd, located: &mut Located) -> Result<Map, Unusable> {
    let path = request.map.clone().unwrap_or_else(|| map_beside(&request.template));
    let name = document::shown(&path, cwd);
    let limit = json::MAX_BYTES as u64;
    let text = read::any_file_up_to(&path, &name, limit).map_err(|error| {
        let fault = Unusable::from_load(&name, &error);
        if request.map.is_some() { fault } else { fault.help(NO_MAP) }
    })?;
    let map = Map::read(&name, &text)?;
    if !is_body(template) && map.template_hash().is_some_and(|hash| hash != sha256(template.file.text())) {
        located.notes.push(format!(
            "`{}` is not the template that `{name}` was made for: build both with `--emit arm,map`",
            template.file.name()
        ));
    }
    Ok(map)
}

/// Whether a document is the raw body of a resource.
fn is_body(template: &JsonFile) -> bool {
    template.root.get("type").and_then(json::Value::as_text).is_some_and(|ty| ty.contains('/'))
}

/// The map of what a file was built with: `web.map.json` of `web.json` and of `web.IMAGE.image.json`.
fn map_beside(template: &Path) -> PathBuf {
    let name = template.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.strip_suffix(map::IMAGE_FILE).and_then(|stem| stem.rsplit_once('.'));
    match stem {
        Some((stem, _)) => template.with_file_name(format!("{stem}.map.json")),
        None => template.with_extension("map.json"),
    }
}

const NO_MAP: &str = "`aib build FILE --emit arm,map` writes it; or name the source with `--source FILE`, or the map with `--map FILE`";

/// The map of the source as it is now; nothing if there is something wrong with it.
fn rebuilt(request: &Request, template: &JsonFile, located: &mut Located) -> Result<Option<Map>, Unusable> {
    let outcome = run(&Request { emit: vec![Emit::Arm, Emit::Map], ..request.clone() });
    let artifacts: Vec<&Artifact> =
        outcome.entries.iter().filter_map(|entry| entry.artifacts.as_ref()).flatten().collect();
    let entry = outcome.entries.first().map(|entry| entry.template.as_str());
    let text = |ending: &str| artifacts.iter().find(|a| a.name.ends_with(ending)).map(|a| &a.text);
    let arm = artifacts.iter().find(|a| Some(a.name.as_str()) == entry).map(|a| &a.text);
    let map = text(".map.json").map(|text| Map::read("the map", text)).transpose()?;
    if !is_body(template) && arm.is_some_and(|arm| **arm != **template.file.text()) {
        located.notes.push(format!(
            "`{}` is not what its source builds now: places may have moved",
            template.file.name()
        ));
    }
    located.built = Some(outcome);
    Ok(map)
}

struct Search<'a> {
    request: &'a Locate,
    template: &'a JsonFile,
    map: &'a Map,
}

impl Search<'_> {
    /// How far the place leads, from each of the resources that it may be about.
    fn reached(&self, written: &Written) -> Result<Vec<path::Reached>, Unusable> {
        let root = &self.template.root;
        let steps = match written {
            Written::Pointer(steps) => return Ok(vec![path::follow(root, "", steps, false)]),
            Written::Path(steps) if path::is_from_root(steps) => {
                return Ok(vec![path::follow(root, "", steps, true)]);
            }
            Written::Path(steps) => steps,
        };
        let reached: Vec<_> =
            self.resources()?.iter().map(|resource| path::from_resource(resource, steps)).collect();
        let nearest = reached.iter().map(|reached| reached.missing.len()).min();
        Ok(reached.into_iter().filter(|reached| Some(reached.missing.len()) == nearest).collect())
    }

    /// Whether what a place leads to may have a member in some version of its type.
    fn may_have(&self, reached: &path::Reached, member: &str) -> bool {
        if member.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        let all = path::resources(&self.template.root);
        let around = all.iter().filter(|found| {
            reached
                .pointer
                .strip_prefix(&*found.pointer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        let Some(found) = around.max_by_key(|found| found.pointer.len()) else { return false };
        let Some(kind) = resource_kind_by_arm(found.ty) else { return true };
        let below = reached.pointer.get(found.pointer.len()..).unwrap_or_default();
        let mut path = String::new();
        for step in below.split('/').skip(1).chain([member]) {
            match step.bytes().all(|b| b.is_ascii_digit()) {
                true => path.push_str("[]"),
                false if path.is_empty() => path.push_str(step),
                false => path.push_str(&format!(".{step}")),
            }
        }
        let path = path.to_lowercase();
        let starts = |arm: &str| {
            let rest = arm.strip_prefix(&*path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        path == "type"
            || path.ends_with("[].type")
            || places(kind).iter().any(|place| starts(&place.arm.to_lowercase()))
    }

    /// The resources that a path may be about: the image templates, or those that are named.
    fn resources(&self) -> Result<Vec<Found<'_>>, Unusable> {
        let all = path::resources(&self.template.root);
        let names: Vec<String> = all.iter().map(|resource| format!("`{}`", self.name_of(resource))).collect();
        let known = list_words(&names, "and", 12);
        let Some(wanted) = &self.request.resource else {
            let images: Vec<Found<'_>> =
                all.into_iter().filter(|found| found.ty.eq_ignore_ascii_case(IMAGE.arm_type)).collect();
            if images.is_empty() {
                let title = format!("`{}` holds no image template", self.template.file.name());
                return Err(Unusable::new(title)
                    .help("name a resource with `--resource NAME`, or write a JSON pointer"));
            }
            return Ok(images);
        };
        let found: Vec<Found<'_>> = all.into_iter().filter(|found| self.is_called(found, wanted)).collect();
        if found.is_empty() {
            let title = format!("`{}` holds no resource `{wanted}`", self.template.file.name());
            return Err(Unusable::new(title).help(format!("there is {known}")));
        }
        Ok(found)
    }

    /// The declared name of a resource, else its name in Azure.
    fn name_of(&self, found: &Found<'_>) -> String {
        self.declared(found).unwrap_or_else(|| found.name.to_owned())
    }

    fn declared(&self, found: &Found<'_>) -> Option<String> {
        let (_, entry) = self.map.nearest(&found.pointer)?;
        entry.declaration.split_once(' ').map(|(_, name)| name.to_owned())
    }

    fn is_called(&self, found: &Found<'_>, wanted: &str) -> bool {
        let last = found.name.rsplit('/').next().unwrap_or(found.name);
        let declared = self.declared(found);
        let names = [Some(found.name), Some(last), declared.as_deref()];
        names.into_iter().flatten().any(|name| name.eq_ignore_ascii_case(wanted))
    }
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
