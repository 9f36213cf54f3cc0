//! What images of one file have in common is written once: steps as a recipe, properties as an object that they spread,
//! lists and objects as constants, and the folder of many addresses.

use std::collections::HashMap;

use super::names::{Names, pleasant};
use super::out::{Entry, Ex, write_all};
use crate::syntax::{is_name, quote};

/// Blocks whose entries do not come from a spread, and what is each image's own.
const OWN: &[&str] = &["name", "customize", "validate", "distribute", "raw", "envelope", "depends_on"];

/// Blocks that hold nothing but properties.
const PLAIN_BLOCKS: &[&str] = &["build", "on_error", "optimize"];

/// Calls that say a source, which other places than the property do not know.
const SOURCE_CALLS: &[&str] = &["gallery_version(", "managed_image("];

/// From how many characters on a value is written once.
const LONG_VALUE: usize = 32;

/// From how many characters on, saved in all, something is shared.
const WORTH: usize = 60;

/// How many steps are looked through for runs that repeat.
const MAX_STEPS: usize = 1_000;

/// Takes what is shared out of images; gives its declarations.
pub(super) fn share(resources: &mut [Entry], names: &mut Names) -> Vec<Entry> {
    let mut out = Vec::new();
    let mut images = images(resources);
    let mut defaults = None;
    if images.len() > 1 {
        out.extend(shared_steps(&mut images, names));
        defaults = shared_properties(&mut images, names);
    }
    let folder = shared_folder(&mut images, &mut out, names);
    let values = shared_values(&mut images, defaults.as_mut(), names);
    folder.into_iter().chain(values).chain(out).chain(defaults).collect()
}

/// The images among resources, also under a condition.
fn images(resources: &mut [Entry]) -> Vec<&mut Entry> {
    let mut out = Vec::new();
    for entry in resources {
        if entry.head.starts_with("image ") {
            out.push(entry);
        } else if entry.head.starts_with("if ")
            && let Some(block) = &mut entry.block
        {
            out.extend(images(block));
        }
    }
    out
}

fn text_of(entry: &Entry) -> String {
    let mut text = String::new();
    write_all(std::slice::from_ref(&Entry { apart: false, ..entry.clone() }), 0, &mut text);
    text
}

fn part<'e>(image: &'e mut Entry, head: &str) -> Option<&'e mut Vec<Entry>> {
    image.block.as_mut()?.iter_mut().find(|entry| entry.head == head)?.block.as_mut()
}

/// A run of steps that several images have.
#[derive(Clone, Copy, Default)]
struct Run {
    image: usize,
    start: usize,
    length: usize,
}

/// Recipes of the runs of steps that images have in common, longest first.
fn shared_steps(images: &mut [&mut Entry], names: &mut Names) -> Vec<Entry> {
    let mut out = Vec::new();
    for _ in 0..8 {
        let steps: Vec<Vec<String>> = images
            .iter_mut()
            .map(|image| {
                part(image, "customize").map(|s| s.iter().map(text_of).collect()).unwrap_or_default()
            })
            .collect();
        if steps.iter().map(Vec::len).sum::<usize>() > MAX_STEPS {
            break;
        }
        let Some(run) = longest_run(&steps) else { break };
        let texts = steps.get(run.image).and_then(|s| s.get(run.start..run.start + run.length));
        let Some(texts) = texts.map(<[String]>::to_vec) else { break };
        let taken = part_run(images, run);
        let name = names.take(&recipe_name(&taken, where_it_is(&steps, &texts)));
        for image in images.iter_mut() {
            if let Some(steps) = part(image, "customize") {
                replace_run(steps, &texts, &name);
            }
        }
        let mut recipe = Entry::block(format!("recipe {name}(){}", on(&taken)), taken);
        recipe.apart = true;
        out.push(recipe);
    }
    out
}

fn part_run(images: &mut [&mut Entry], run: Run) -> Vec<Entry> {
    let steps = images.get_mut(run.image).and_then(|image| part(image, "customize"));
    let run = steps.and_then(|steps| steps.get(run.start..run.start + run.length));
    let mut out = run.map(<[Entry]>::to_vec).unwrap_or_default();
    if let Some(first) = out.first_mut() {
        first.apart = false;
    }
    out
}

/// The run that saves most, among those that two images have.
fn longest_run(steps: &[Vec<String>]) -> Option<Run> {
    let mut ids: HashMap<&str, usize> = HashMap::new();
    let mut numbered: Vec<Vec<(usize, usize)>> = Vec::new();
    for list in steps {
        let mut row = Vec::new();
        for text in list {
            let next = ids.len();
            let shared = !text.starts_with("use ") && !text.trim().starts_with("//");
            let id = if shared { *ids.entry(text).or_insert(next) } else { usize::MAX };
            row.push((id, text.len()));
        }
        numbered.push(row);
    }
    let (mut best, mut best_worth) = (None, 2 * WORTH);
    for (first, left) in numbered.iter().enumerate() {
        for right in numbered.iter().skip(first + 1) {
            // The length and the characters of the run that ends at each place of the right list.
            let mut before: Vec<(usize, usize)> = vec![(0, 0); right.len() + 1];
            for (i, (a, size)) in left.iter().enumerate() {
                let mut row = vec![(0, 0); right.len() + 1];
                for (j, (b, _)) in right.iter().enumerate() {
                    if a != b || *a == usize::MAX {
                        continue;
                    }
                    let (length, worth) = before.get(j).copied().unwrap_or_default();
                    let run = (length + 1, worth + size);
                    if let Some(cell) = row.get_mut(j + 1) {
                        *cell = run;
                    }
                    if run.1 > best_worth {
                        best_worth = run.1;
                        best = Some(Run { image: first, start: i + 1 - run.0, length: run.0 });
                    }
                }
                before = row;
            }
        }
    }
    best
}

fn replace_run(steps: &mut Vec<Entry>, texts: &[String], name: &str) {
    let mut at = 0;
    while at + texts.len() <= steps.len() {
        let here = steps.get(at..at + texts.len()).unwrap_or_default();
        if here.iter().map(text_of).eq(texts.iter().cloned()) {
            let apart = here.first().is_some_and(|step| step.apart);
            let call = Entry { head: format!("use {name}()"), apart, ..Entry::default() };
            steps.splice(at..at + texts.len(), [call]);
        }
        at += 1;
    }
}

/// What a recipe is called: after its one step, else after what it is.
fn recipe_name(steps: &[Entry], place: &str) -> String {
    let label = |step: &Entry| {
        let (_, label) = step.head.split_once(' ')?;
        pleasant(label.trim_matches(['"', '\''])).filter(|name| name.len() < 32 && !label.contains("${"))
    };
    match steps {
        [only] => label(only),
        _ => None,
    }
    .unwrap_or_else(|| place.to_owned())
}

/// A name for a run of steps by where the images have it.
fn where_it_is(steps: &[Vec<String>], run: &[String]) -> &'static str {
    let having = || steps.iter().filter(|list| list.windows(run.len()).any(|part| part == run));
    match (having().all(|list| list.starts_with(run)), having().all(|list| list.ends_with(run))) {
        (true, true) => "all_steps",
        (true, false) => "first_steps",
        (false, true) => "last_steps",
        (false, false) => "common_steps",
    }
}

/// The operating system that steps tell.
fn on(steps: &[Entry]) -> &'static str {
    let is = |words: &[&str]| {
        steps.iter().any(|step| step.head.split(' ').next().is_some_and(|word| words.contains(&word)))
    };
    match (is(&["shell"]), is(&["powershell", "restart", "windows_update"])) {
        (true, false) => " on linux",
        (false, true) => " on windows",
        _ => "",
    }
}

/// `let defaults = { … }`: the properties that all images have alike.
fn shared_properties(images: &mut [&mut Entry], names: &mut Names) -> Option<Entry> {
    let entries = |image: &Entry| image.block.clone().unwrap_or_default();
    let first = images.first().map(|image| entries(image))?;
    let others: Vec<Vec<String>> =
        images.iter().skip(1).map(|image| entries(image).iter().map(text_of).collect()).collect();
    let shared: Vec<&Entry> = first
        .iter()
        .filter(|entry| {
            let word = entry.head.as_str();
            let plain = entry.block.is_none() || PLAIN_BLOCKS.contains(&word);
            let plain = plain && !has_source_call(entry);
            let text = text_of(entry);
            is_name(word) && plain && !OWN.contains(&word) && others.iter().all(|other| other.contains(&text))
        })
        .collect();
    let members: Vec<Entry> = shared.iter().filter_map(|entry| as_member(entry, names)).collect();
    let size: usize = members.iter().map(|member| text_of(member).len()).sum();
    if members.len() < 2 || size < WORTH {
        return None;
    }
    let name = names.take("defaults");
    let heads: Vec<String> = members.iter().map(|member| member.head.clone()).collect();
    for image in images.iter_mut() {
        let Some(block) = image.block.as_mut() else { continue };
        block.retain(|entry| !heads.contains(&entry.head));
        block.insert(0, Entry { head: format!("...{name}"), ..Entry::default() });
        if let Some(second) = block.get_mut(1) {
            second.apart = second.block.is_some();
        }
    }
    let mut out = Entry::set(format!("let {name}"), Ex::Object(members));
    out.apart = true;
    Some(out)
}

/// Whether an entry says a source by a call that there is in the block of an image only.
fn has_source_call(entry: &Entry) -> bool {
    let calls = |text: &str| SOURCE_CALLS.iter().any(|call| text.contains(call));
    entry.head == "source" && entry.value.as_ref().is_some_and(|v| v.inline().is_none_or(|t| calls(&t)))
}

/// An entry of a block as a member of an object, where words of the target are texts.
fn as_member(entry: &Entry, names: &Names) -> Option<Entry> {
    let value = match (&entry.value, &entry.block) {
        (Some(value), None) => spelled_out(value, names),
        (None, Some(block)) => {
            let members: Option<Vec<Entry>> = block.iter().map(|entry| as_member(entry, names)).collect();
            Ex::Object(members?)
        }
        _ => return None,
    };
    is_name(&entry.head).then(|| Entry { value: Some(value), block: None, apart: false, ..entry.clone() })
}

/// A value that means the same where nothing says which words the target has.
pub(super) fn spelled_out(value: &Ex, names: &Names) -> Ex {
    let each = |entries: &[Entry]| {
        let one = |entry: &Entry| Entry {
            value: entry.value.as_ref().map(|value| spelled_out(value, names)),
            ..entry.clone()
        };
        entries.iter().map(one).collect()
    };
    match value {
        Ex::Atom(text) => {
            let literal = ["true", "false", "null"].contains(&text.as_str());
            let word = is_name(text) && !literal && !names.is_taken(text);
            Ex::Atom(if word { quote(text) } else { text.clone() })
        }
        Ex::List(items) => Ex::List(each(items)),
        Ex::Object(members) => Ex::Object(each(members)),
        other => other.clone(),
    }
}

/// Constants for the lists and objects that stand in images more than once.
fn shared_values(images: &mut [&mut Entry], defaults: Option<&mut Entry>, names: &mut Names) -> Vec<Entry> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let shared = defaults.and_then(|entry| match &mut entry.value {
        Some(Ex::Object(members)) => Some(members.iter_mut()),
        _ => None,
    });
    let mut all: Vec<&mut Entry> = images.iter_mut().map(|image| &mut **image).collect();
    all.extend(shared.into_iter().flatten());
    for image in all.iter_mut() {
        walk(image, &mut |_, value| {
            if let Some(text) = worth_a_name(value) {
                *counts.entry(text).or_default() += 1;
            }
        });
    }
    counts.retain(|_, count| *count > 1);
    let mut named: HashMap<String, String> = HashMap::new();
    let mut out = Vec::new();
    for image in all {
        walk(image, &mut |head, value| {
            let Some(text) = worth_a_name(value).filter(|text| counts.contains_key(text)) else { return };
            let name = named.entry(text).or_insert_with(|| {
                let name = names.take(head);
                out.push(Entry::set(format!("let {name}"), spelled_out(value, names)));
                name
            });
            *value = Ex::Atom(name.clone());
        });
    }
    out
}

/// The text of a list or object that is long enough to be written once.
fn worth_a_name(value: &Ex) -> Option<String> {
    matches!(value, Ex::List(_) | Ex::Object(_))
        .then(|| value.inline())
        .flatten()
        .filter(|t| t.len() > LONG_VALUE)
}

/// Visits the values of an entry's attributes, not those within lists and objects; nothing that is passed on as it is.
fn walk(entry: &mut Entry, f: &mut dyn FnMut(&str, &mut Ex)) {
    if matches!(entry.head.as_str(), "raw" | "envelope" | "customize" | "validate") {
        return;
    }
    if let Some(value) = &mut entry.value
        && is_name(&entry.head)
    {
        f(&entry.head, value);
    }
    entry.block.iter_mut().flatten().for_each(|inner| walk(inner, f));
}

/// A constant for the folder that most addresses lie in, where that saves enough.
fn shared_folder(images: &mut [&mut Entry], shared: &mut [Entry], names: &mut Names) -> Option<Entry> {
    let mut folders: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<&mut Entry> =
        images.iter_mut().map(|image| &mut **image).chain(shared.iter_mut()).collect();
    for entry in &mut all {
        addresses(entry, &mut |text| {
            folders_of(text).for_each(|folder| *folders.entry(folder.into()).or_default() += 1)
        });
    }
    let saved = |folder: &str, count: usize| (count - 1).saturating_mul(folder.len().saturating_sub(10));
    let (folder, count) = folders
        .into_iter()
        .max_by(|(a, n), (b, m)| (saved(a, *n), a.len(), b).cmp(&(saved(b, *m), b.len(), a)))?;
    if count < 2 || saved(&folder, count) < WORTH {
        return None;
    }
    let name = names.take(&folder_name(&folder));
    for entry in &mut all {
        addresses(entry, &mut |text| {
            if folders_of(text).any(|found| found == folder)
                && let Some(rest) = text.strip_prefix('"').and_then(|text| text.strip_prefix(folder.as_str()))
            {
                *text = format!("\"${{{name}}}{rest}");
            }
        });
    }
    Some(Entry::set(format!("let {name}"), Ex::Atom(quote(&folder))))
}

/// The folders that a quoted address lies in, without the slash at their end.
fn folders_of(text: &str) -> impl Iterator<Item = &str> {
    let address =
        text.strip_prefix('"').filter(|text| text.starts_with("https://") || text.starts_with("http://"));
    let plain =
        address.and_then(|text| text.split(['$', '\\', '?', '"', ' ', '<', '{']).next()).unwrap_or_default();
    let host = plain.find("://").map_or(plain.len(), |at| at + 3);
    plain.match_indices('/').filter(move |(at, _)| *at > host).filter_map(move |(at, _)| plain.get(..at))
}

fn folder_name(folder: &str) -> String {
    // A number in front orders the folders; a person leaves it out.
    let words = |name: &str| name.trim_start_matches(|c: char| !c.is_ascii_alphabetic()).to_owned();
    let last = folder.rsplit('/').next().and_then(|name| pleasant(&words(name)));
    let last =
        last.filter(|name| name.len() > 3 && name.len() < 24 && !["master", "main"].contains(&name.as_str()));
    last.unwrap_or_else(|| "base_url".into())
}

/// Visits the addresses in the values of an entry.
fn addresses(entry: &mut Entry, f: &mut dyn FnMut(&mut String)) {
    if matches!(entry.head.as_str(), "raw" | "envelope") {
        return;
    }
    if let Some(value) = &mut entry.value {
        addresses_in(value, f);
    }
    entry.block.iter_mut().flatten().for_each(|inner| addresses(inner, f));
}

fn addresses_in(value: &mut Ex, f: &mut dyn FnMut(&mut String)) {
    match value {
        Ex::Atom(text) if text.starts_with("\"http") => f(text),
        Ex::List(items) | Ex::Object(items) => items.iter_mut().for_each(|item| addresses(item, f)),
        _ => {}
    }
}
