//! The arguments of the command line.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::analysis::{LintLevel, known_api_version, lint_level};
use crate::diag::{Category, Severity};
use crate::emit::{BACKENDS, Emit, Environment};
use crate::report::{FORMATS, Format};

/// Check and compile definitions of Azure VM images
///
/// An .aib file says which images there are, what each is built from, which steps customise it and where it is
/// distributed. aib proves what it can before anything is deployed and writes ARM templates and the roles they need.
#[derive(Debug, Parser)]
#[command(name = "aib", version, max_term_width = 100, disable_help_subcommand = true, after_help = AFTER)]
pub(super) struct Args {
    /// When to write colours
    ///
    /// `auto` follows NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE and CLICOLOR, else it asks whether a terminal is there.
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, display_order = 100)]
    pub(super) color: Color,

    #[command(subcommand)]
    pub(super) command: Command,
}

const AFTER: &str = "\
Exit codes:
  0  clean
  1  findings at or above the failing level
  2  unusable input or arguments";

/// When to write colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Color {
    /// where a person reads
    Auto,
    /// always
    Always,
    /// never
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compile files into ARM templates
    ///
    /// Checks each FILE with everything it imports and writes its artifacts into a folder. Nothing is written if
    /// anything is wrong in any of them, and a file whose bytes would not change is left alone.
    Build(Build),
    /// Check files without writing anything
    ///
    /// Finds what `build` would find. Files that end in .json or .jsonc are templates or raw bodies, checked as they are.
    /// Of a folder, every .aib and .json file below it is checked, save hidden and ignored ones (.gitignore, .ignore).
    Check(Check),
    /// Compare what two files deploy
    ///
    /// OLD and NEW are sources or templates (.json): raw bodies of image templates too. Says of each change of a
    /// resource whether Azure makes it in place or the resource has to be replaced, and what that means for roles and
    /// versions of images. Exits with 1 if anything differs.
    Diff(Diff),
    /// Turn ARM JSON into source
    ///
    /// Each FILE is a deployment template, or the body of an image template (or an array of some). What it deploys,
    /// the source deploys; what aib has no word for is kept as it is, and told.
    Decompile(Decompile),
    /// Explain a code or rule
    ///
    /// Prints its page: what it means, why it matters, a wrong and a right example.
    Explain(Explain),
    /// Begin a project
    ///
    /// Writes a source that checks and builds, with a policy, aib.toml, settings for editors and a pipeline. Nothing that is
    /// there is overwritten.
    Init(Init),
    /// Find where a place in an emitted template comes from
    ///
    /// PLACE is a JSON pointer, or a path as Azure's errors have it, which is looked for in the image templates. Needs
    /// the map that `build --emit arm,map` writes, or the source. Exits with 1 if nothing is there.
    Locate(Locate),

    /// Run the tests that aib.toml lists
    ///
    /// Each test builds a file with values for its parameters, judges its asserts and all policies, and compares the
    /// template with the one that is expected, if the test names one.
    Test(Test),
    /// Tell which rights builds need, and because of which line
    ///
    /// Of each FILE, source or template, what the identities of its images, whoever deploys them and whoever grants the
    /// roles need, at which scope, with the lines that made it necessary; what several need is told once.
    Roles(Roles),
    /// List the rules
    ///
    /// Of each its code, what a finding of it is unless set otherwise (error, warning or info), and its name; whether it is
    /// off until asked for, only likely to be right, and whether `check` can mend what it finds.
    Rules(Rules),

    /// Format files
    ///
    /// Rewrites each file in the one style, with comments kept; what has no meaning is left as it is. Of a folder, every
    /// .aib file below it is formatted, save hidden and ignored ones (.gitignore, .ignore). `-` formats standard input
    /// and writes to standard output.
    Fmt(Fmt),
}

#[derive(Debug, ClapArgs)]
pub(super) struct Build {
    /// The files to compile; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,

    /// The folder to write to; `-` is `--stdout`
    #[arg(short, long, value_name = "DIR", default_value = "out", conflicts_with = "stdout")]
    pub(super) out: PathBuf,

    /// Write the one artifact to standard output instead
    ///
    /// With the form `arm` that is the template, without its roles; with `image` the body, or an array of several;
    /// other forms have to come to exactly one file.
    #[arg(long)]
    pub(super) stdout: bool,

    /// What to write
    #[arg(long, value_name = "FORM", default_value = "arm", value_delimiter = ',', value_parser = emit_parser())]
    pub(super) emit: Vec<Emit>,

    /// Put the roles into the template itself
    ///
    /// Image templates then wait for the roles of their identities, and there is no NAME.roles.json. Whoever deploys such a
    /// template must be allowed to grant roles.
    #[arg(long)]
    pub(super) together: bool,

    /// The language of the script that `--emit deploy` writes
    #[arg(long, value_name = "SHELL", default_value = "bash")]
    pub(super) shell: ScriptShell,

    /// Whose pipeline `--emit pipeline` writes
    #[arg(long = "for", value_name = "SERVICE", default_value = "github")]
    pub(super) service: PipelineService,

    /// Where a pipeline deploys to, one after the other: NAME, or NAME=FILE with a file of values for parameters
    ///
    /// The default is `production`. The file is named as seen from the root of the repository.
    #[arg(long = "environment", value_name = "NAME[=FILE]", value_delimiter = ',', value_parser = environment)]
    pub(super) environments: Vec<Environment>,

    /// Write in spite of errors that are about Azure
    ///
    /// What Azure would refuse is written as it stands; mistakes of the language still stop everything. The exit code
    /// is 1 if there was any error.
    #[arg(long)]
    pub(super) permissive: bool,

    /// The id of the subscription that is deployed to
    ///
    /// With --resource-group it makes the ids of resources known, which the form `image` has to write.
    #[arg(long, value_name = "ID")]
    pub(super) subscription: Option<String>,

    /// The name of the resource group that is deployed to
    #[arg(long, value_name = "NAME")]
    pub(super) resource_group: Option<String>,

    #[command(flatten)]
    pub(super) findings: Findings,

    #[command(flatten)]
    pub(super) values: Values,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Check {
    /// The files, folders and patterns to check; `-` reads standard input
    #[arg(value_name = "FILE|DIR|GLOB", required = true)]
    pub(super) inputs: Vec<PathBuf>,

    /// Mend what can be mended without changing what is meant
    ///
    /// Applies the safe fixes, checks again and goes on until there is nothing left to mend; then tells what remains. A
    /// file is written whole or not at all, and put back if a mend broke it.
    #[arg(long)]
    pub(super) fix: bool,

    /// Apply fixes that guess or change what is deployed, too
    #[arg(long)]
    pub(super) unsafe_fix: bool,

    /// Say which JSON files hold no image template
    #[arg(short, long)]
    pub(super) verbose: bool,

    #[command(flatten)]
    pub(super) findings: Findings,

    #[command(flatten)]
    pub(super) values: Values,
}

/// How findings are told, and which of them fail.
#[derive(Debug, Default, ClapArgs)]
pub(super) struct Findings {
    /// How to write what was found
    ///
    /// Formats for people go to standard error, formats for programs to standard output.
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = format_parser())]
    pub(super) format: Format,

    /// What fails besides errors
    #[arg(long, value_name = "LEVEL")]
    pub(super) deny: Option<Deny>,

    /// Set the level of a rule or category: error, warning, info or off
    ///
    /// NAME is one of those that `aib rules` lists. Wins over `[lints]` in aib.toml; of several for one name the last counts.
    #[arg(long = "lint", value_name = "NAME=LEVEL", value_parser = lint_level)]
    pub(super) levels: Vec<LintLevel>,
}

impl Findings {
    /// The mildest finding that makes the command fail.
    pub(super) fn failing(&self) -> Severity {
        match self.deny {
            Some(Deny::Warnings) => Severity::Warning,
            None => Severity::Error,
        }
    }

    /// Whether findings go to standard output, for programs.
    pub(super) fn for_programs(&self) -> bool {
        self.format.row().is_some_and(|row| row.machine)
    }
}

/// What fails besides errors.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Deny {
    /// warnings
    Warnings,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Diff {
    /// What is deployed now; `-` reads a source from standard input
    #[arg(value_name = "OLD")]
    pub(super) old: PathBuf,

    /// What would be deployed
    #[arg(value_name = "NEW")]
    pub(super) new: PathBuf,

    /// How to write the difference
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: TextOrJson,

    #[command(flatten)]
    pub(super) values: Values,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Decompile {
    /// The JSON files; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,

    /// The folder to write to, or for one FILE a file that ends in .aib; without it, or with `-`, its source goes to standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) out: Option<PathBuf>,

    /// Overwrite files that hold another text
    #[arg(long, requires = "out")]
    pub(super) force: bool,

    /// What becomes of placeholders such as `<region>`
    #[arg(long, value_name = "HOW", default_value = "literal")]
    pub(super) placeholders: PlaceholdersAre,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Explain {
    /// A code such as AIB101, or the name of a rule
    #[arg(value_name = "CODE", required_unless_present = "list", conflicts_with = "list")]
    pub(super) code: Option<String>,

    /// List all codes with their names
    #[arg(long)]
    pub(super) list: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Test {
    /// A folder of the workspace whose aib.toml lists the tests
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,

    /// Write the templates that are expected anew
    ///
    /// Of tests in which nothing else is wrong.
    #[arg(long)]
    pub(super) update: bool,

    /// Run only tests whose names contain this text
    #[arg(long, value_name = "TEXT")]
    pub(super) only: Option<String>,

    /// How to write the results
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: TextOrJson,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Rules {
    /// List the rules of one category only
    #[arg(long, value_name = "CATEGORY", value_parser = category_parser())]
    pub(super) category: Option<Category>,

    /// How to write the list
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: TextOrJson,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Init {
    /// The folder of the project
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,

    /// What the image is
    #[arg(long, value_name = "KIND", default_value = "linux")]
    pub(super) kind: ProjectKind,

    /// Where the image goes
    #[arg(long, value_name = "GALLERY", default_value = "new")]
    pub(super) gallery: GalleryKind,

    /// Whose pipeline is written
    #[arg(long, value_name = "SERVICE", default_value = "github")]
    pub(super) pipeline: ProjectPipeline,

    /// The name of the image: lower-case letters, digits and `-`; by default that of the folder
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,

    /// The region
    #[arg(long, value_name = "REGION", default_value = "westeurope", value_parser = region)]
    pub(super) location: String,
}

/// What an image is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ProjectKind {
    /// a web server on Ubuntu
    Linux,
    /// a web server on Windows Server
    Windows,
    /// a session host for Azure Virtual Desktop
    Avd,
}

/// Where an image goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum GalleryKind {
    /// into a gallery that the source makes
    New,
    /// into a gallery that there is
    Existing,
    /// nowhere but into a managed image
    None,
}

/// Whose pipeline a project has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ProjectPipeline {
    /// GitHub Actions
    Github,
    /// Azure Pipelines
    AzureDevops,
    /// none
    None,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Roles {
    /// The sources and templates, folders and patterns; `-` reads standard input
    #[arg(value_name = "FILE|DIR|GLOB", required = true)]
    pub(super) inputs: Vec<PathBuf>,

    /// Whose rights
    ///
    /// `identities`, `caller`, `approver`, `all`, or the name of one identity. The default is `all`, with --check `identities`.
    #[arg(long = "for", value_name = "WHO")]
    pub(super) who: Option<String>,

    /// Compare with roles that there are
    ///
    /// Each ROLE is a file with role definitions: as for `az role definition create`, as `az role definition list` prints
    /// them, or a template. Tells what is missing and what nothing needs; exits with 1 if there is any.
    #[arg(long, value_name = "ROLE", num_args = 1..)]
    pub(super) check: Vec<PathBuf>,

    /// Count the rights to grant roles to those of the caller
    ///
    /// As for a template that `build --together` writes.
    #[arg(long)]
    pub(super) together: bool,

    /// How to write the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: RolesFormat,

    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    pub(super) json: bool,

    /// The id of the subscription that is deployed to
    #[arg(long, value_name = "ID")]
    pub(super) subscription: Option<String>,

    /// The name of the resource group that is deployed to
    #[arg(long, value_name = "NAME")]
    pub(super) resource_group: Option<String>,

    #[command(flatten)]
    pub(super) values: Values,
}

/// How to write what is needed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum RolesFormat {
    /// text for people
    Human,
    /// one JSON document
    Json,
    /// a report for the person who approves it
    Markdown,
    /// the same as a page for a browser
    Html,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Locate {
    /// The emitted template
    #[arg(value_name = "TEMPLATE")]
    pub(super) template: PathBuf,

    /// The place in it
    ///
    /// `/resources/0/properties/customize/3`, or `properties.customize[3].sha256Checksum`.
    #[arg(value_name = "PLACE")]
    pub(super) place: String,

    /// The map; by default the one beside the template
    #[arg(long, value_name = "FILE", conflicts_with = "source")]
    pub(super) map: Option<PathBuf>,

    /// Build this source instead of reading a map
    #[arg(long, value_name = "FILE")]
    pub(super) source: Option<PathBuf>,

    /// The resource in which a path begins, by its declared name or its name in Azure
    #[arg(long, value_name = "NAME")]
    pub(super) resource: Option<String>,

    /// How to write what was found
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: TextOrJson,

    #[command(flatten)]
    pub(super) values: Values,
}

/// What becomes of placeholders.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum PlaceholdersAre {
    /// they stay in the texts
    Literal,
    /// each name becomes a parameter
    Param,
}

/// Whose pipelines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum PipelineService {
    /// GitHub Actions
    Github,
    /// Azure Pipelines
    AzureDevops,
}

/// The language of a script.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ScriptShell {
    /// for bash, from 3.2 on
    Bash,
    /// for PowerShell, from 7.0 on
    Pwsh,
}

/// How to write what no format of findings fits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum TextOrJson {
    /// text for people
    Human,
    /// one JSON document
    Json,
}

/// Values that are known beforehand.
#[derive(Debug, ClapArgs)]
pub(super) struct Values {
    /// Give a parameter its value, which the template then has no parameter for
    ///
    /// The text is read as the parameter's type says; lists and objects as JSON. Wins over --params.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub(super) set: Vec<(String, String)>,

    /// Give the values of a parameter file
    ///
    /// A parameter file of Azure (`{"parameters": {"NAME": {"value": …}}}`), or plain `{"NAME": …}`. Of several
    /// values for one parameter the last counts.
    #[arg(long, value_name = "FILE")]
    pub(super) params: Vec<PathBuf>,

    /// The API version of image templates that state none
    #[arg(long, value_name = "VERSION", value_parser = api_version)]
    pub(super) api_version: Option<String>,
}

/// The command with everything that help is made from.
pub fn command() -> clap::Command {
    Args::command()
}

fn emit_parser() -> impl TypedValueParser<Value = Emit> {
    let rows = BACKENDS.iter().map(|row| PossibleValue::new(row.name).help(row.doc));
    PossibleValuesParser::new(rows).try_map(|name| {
        BACKENDS.iter().find(|row| row.name == name).map(|row| row.kind).ok_or("there is no such form")
    })
}

fn category_parser() -> impl TypedValueParser<Value = Category> {
    let names = Category::ALL.iter().filter(|c| **c != Category::Language).map(|c| c.name());
    PossibleValuesParser::new(names).try_map(|name| {
        Category::ALL.iter().copied().find(|c| c.name() == name).ok_or("there is no such category")
    })
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let rows = FORMATS.iter().map(|row| PossibleValue::new(row.name).help(row.description));
    PossibleValuesParser::new(rows).try_map(|name| Format::find(&name).ok_or("there is no such format"))
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_string(), value.to_string())),
        _ => Err("write `name=value`".into()),
    }
}

fn environment(text: &str) -> Result<Environment, String> {
    let (name, params) = match text.split_once('=') {
        Some((name, params)) => (name.trim(), Some(params.to_owned())),
        None => (text.trim(), None),
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match !name.is_empty() && name.chars().all(is_plain) && params.as_deref() != Some("") {
        true => Ok(Environment { name: name.to_owned(), params }),
        false => Err("write a name of letters, digits, `-` and `_`, or `name=file`".into()),
    }
}

fn region(text: &str) -> Result<String, String> {
    let is_plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if is_plain { Ok(text.to_owned()) } else { Err("write a region such as `westeurope`".into()) }
}

fn api_version(text: &str) -> Result<String, String> {
    known_api_version(text).map(|()| text.to_string())
}

#[derive(Debug, ClapArgs)]
pub(super) struct Fmt {
    /// The files and folders to format; `-` reads standard input
    #[arg(value_name = "FILE|DIR", required = true)]
    pub(super) inputs: Vec<PathBuf>,

    /// List the files that would change, and write none
    ///
    /// If there are any, the exit code is 1.
    #[arg(long)]
    pub(super) check: bool,

    /// Write what would change as a unified diff, and no file
    #[arg(long)]
    pub(super) diff: bool,
}
