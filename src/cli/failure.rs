//! The command line's own failures: no findings in a source, but no way to go on either.

use std::path::Path;
use std::sync::Arc;

use miette::{LabeledSpan, NamedSource};

use crate::analysis::{Excerpt, Unusable};
use crate::base::list_words;

/// Why a command could not do what it was asked.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{title}")]
pub(super) struct Failure {
    title: Box<str>,
    #[help]
    help: Option<Box<str>>,
    #[source_code]
    text: Option<NamedSource<Arc<str>>>,
    #[label(collection)]
    at: Vec<LabeledSpan>,
}

impl Failure {
    fn new(title: impl Into<Box<str>>) -> Self {
        Self { title: title.into(), help: None, text: None, at: Vec::new() }
    }

    fn help(mut self, help: impl Into<Box<str>>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Standard input was to be mended.
pub(super) fn cannot_mend_stdin() -> Failure {
    Failure::new("standard input can't be mended")
        .help("name the file, or leave `--fix` and `--unsafe-fix` out")
}

/// The workspace has no tests.
pub(super) fn no_tests(folder: &Path) -> Failure {
    Failure::new(format!("no test is listed for `{}`", folder.display())).help(
        "list some in aib.toml: `[[tests]]` with `file = \"web.aib\"`, and `set = { env = \"prod\" }` or `params = \"prod.json\"`",
    )
}

/// No test has such a name.
pub(super) fn no_such_test(text: &str) -> Failure {
    Failure::new(format!("no test has `{text}` in its name"))
        .help("`aib test` without `--only` runs all of them")
}

/// A project can't be called so.
pub(super) fn bad_project_name(name: &str) -> Failure {
    Failure::new(format!("`{name}` is no name for a project")).help(
        "give one of at most 32 lower-case letters, digits and single `-`, a letter first, with `--name`",
    )
}

/// The source of session hosts is made for Trusted Launch, which managed images don't have.
pub(super) fn avd_without_gallery() -> Failure {
    Failure::new("a session host needs a gallery: a managed image loses what Trusted Launch needs")
        .help("write `--gallery new` or `--gallery existing`")
}

/// Something of a project is there already.
pub(super) fn would_overwrite_project(files: &[&str]) -> Failure {
    Failure::new(format!(
        "{} there already",
        if files.len() == 1 {
            format!("`{}` is", files.join(""))
        } else {
            format!("{} are", list_words(files, "and", 8))
        }
    ))
    .help("name another folder, or move them away: nothing was overwritten")
}

/// A file holds no roles.
pub(super) fn no_roles(path: &Path, why: &str) -> Failure {
    Failure::new(format!("can't take roles from `{}`: {why}", path.display()))
        .help("name a file as `az role definition create` takes it, what `az role definition list` prints, or a template with role definitions")
}

/// There is no identity of this name.
pub(super) fn no_such_principal(name: &str, known: &[String]) -> Failure {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let help = match known.as_slice() {
        [] => {
            "no identity needs anything here; `--for` takes `identities`, `caller`, `approver` and `all` too"
                .to_owned()
        }
        names => format!(
            "there is {}; `--for` takes `identities`, `caller`, `approver` and `all` too",
            list_words(names, "and", 8)
        ),
    };
    Failure::new(format!("no identity `{name}` needs a right")).help(help)
}

/// A comparison in a format that only reports have.
pub(super) fn no_such_comparison() -> Failure {
    Failure::new("a comparison has no such format").help("write `--format human` or `--format json`")
}

/// A file that is there can't be read.
pub(super) fn unreadable(path: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("can't read `{path}`: {error}"))
}

/// What aib wrote itself can't be read back.
pub(super) fn internal(error: &serde_json::Error) -> Failure {
    Failure::new(format!("can't read back the findings: {error}"))
        .help("this is a mistake of aib: please report it")
}

/// A mend of aib's own made something worse.
pub(super) fn mend_broke(files: &[&str]) -> Failure {
    let files = list_words(files, "and", 8);
    Failure::new(format!("a mend broke {files}, which is put back as it was"))
        .help("this is a mistake of aib: please report it with the file; without `--fix` nothing is written")
}

impl From<&Unusable> for Failure {
    fn from(unusable: &Unusable) -> Self {
        let mut failure = Self::new(unusable.title.as_str());
        failure.help = unusable.help.as_deref().map(Into::into);
        if let Some(excerpt) = unusable.excerpt.as_ref().filter(|excerpt| is_long(excerpt)) {
            // The lines would fill the screen: the place is said in words.
            let at = excerpt.file.position(excerpt.range.start);
            let said = if excerpt.label.is_empty() { String::new() } else { format!(": {}", excerpt.label) };
            failure.title = format!("{} at {}:{}{said}", failure.title, at.line, at.column).into();
        } else if let Some(excerpt) = &unusable.excerpt {
            failure.text = Some(NamedSource::new(excerpt.file.name(), Arc::clone(excerpt.file.text())));
            let label = (!excerpt.label.is_empty()).then(|| excerpt.label.clone());
            failure.at.push(LabeledSpan::new_with_span(label, excerpt.range.to_usize()));
        }
        failure
    }
}

/// Whether a line at a place, or one beside it, is too long to be drawn.
fn is_long(excerpt: &Excerpt) -> bool {
    const MOST: usize = 2000;
    let line = excerpt.file.line_of(excerpt.range.start);
    (line.saturating_sub(1)..=line + 1)
        .any(|line| excerpt.file.line_bytes(line).is_some_and(|bytes| bytes.len() > MOST))
}

pub(super) fn unwritable(path: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("can't write `{path}`: {error}")).help("nothing was written")
}

pub(super) fn unwritable_stdout(error: &std::io::Error) -> Failure {
    Failure::new(format!("can't write to standard output: {error}"))
}

pub(super) fn half_restored(path: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{path}` was written and can't be put back: {error}"))
        .help("run the command again when the folder can be written to")
}

pub(super) fn no_sources(folder: &Path) -> Failure {
    Failure::new(format!("there is no .aib or .json file below `{}`", folder.display()))
        .help("hidden files and those that .gitignore or .ignore name are left out; name them to check them")
}

pub(super) fn no_aib_files(folder: &Path) -> Failure {
    Failure::new(format!("there is no .aib file below `{}`", folder.display()))
        .help("hidden files and those that .gitignore or .ignore name are left out; name them to use them")
}

pub(super) fn no_source(path: &Path) -> Failure {
    Failure::new(format!("`{}` is no .aib file", path.display())).help(
        "only files whose names end in .aib are written anew; hand other text in on standard input: `-`",
    )
}

pub(super) fn no_match(pattern: &Path) -> Failure {
    Failure::new(format!("no .aib or .json file matches `{}`", pattern.display()))
        .help("`*` stands for a part of a name, `**` for any folders; hidden and ignored files are left out")
}

pub(super) fn unwalkable(error: &ignore::Error) -> Failure {
    Failure::new(format!("can't look through a folder: {error}"))
}

pub(super) fn same_artifact(name: &str) -> Failure {
    Failure::new(format!("two artifacts would be written to `{name}`"))
        .help("rename one of the files they come from, or build them into different folders with `--out`")
}

pub(super) fn would_overwrite(names: &[&str]) -> Failure {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let hold = if names.len() == 1 { "is there already and holds" } else { "are there already and hold" };
    Failure::new(format!("{} {hold} another text: nothing was written", list_words(&names, "and", 5)))
        .help("write to another folder with `--out`, or overwrite with `--force`")
}

pub(super) fn bad_artifact_name(name: &str) -> Failure {
    Failure::new(format!("an artifact would be named `{name}`, which is no path below the output folder"))
        .help("give the resource that it is named after a plain name")
}

pub(super) fn not_one_artifact(names: &[&str]) -> Failure {
    let title = match names {
        [] => "there is no artifact to write to standard output".to_string(),
        names => format!("`--stdout` writes one artifact, but there are {}", names.len()),
    };
    let failure = Failure::new(title);
    match names {
        [] => failure.help("leave `--stdout` out to see what is written"),
        names => failure.help(format!(
            "they are {}: build one file in one form, or leave `--stdout` out",
            list_words(names, "and", 8)
        )),
    }
}

pub(super) fn two_on_stdout() -> Failure {
    Failure::new("`--stdout` writes the artifact to standard output, where findings for programs go too")
        .help("write the artifact into a folder with `--out`, or leave `--format` out")
}

pub(super) fn several_to_stdout(count: usize) -> Failure {
    Failure::new(format!("{count} files can't go to standard output as one"))
        .help("name a folder with `--out`")
}

pub(super) fn several_to_one_file(count: usize, out: &Path) -> Failure {
    Failure::new(format!("{count} files can't be written to `{}` as one", out.display()))
        .help("name a folder with `--out`, or write each with a command of its own")
}

pub(super) fn no_such_code(text: &str, near: Option<&str>) -> Failure {
    Failure::new(format!("there is no code or rule `{text}`")).help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`aib explain --list` shows all of them".to_string(),
    })
}

pub(super) fn stdin_among_files() -> Failure {
    Failure::new(
        "`-` stands for standard input, whose text goes to standard output: no file can stand beside it",
    )
    .help("format the files in a run of their own")
}
