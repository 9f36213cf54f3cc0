//! The table of formats.

use super::{azure, github, graphical, json, narrated, short};
use crate::base::SourceMap;
use crate::diag::{Code, Diagnostic};

/// A way to write diagnostics.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Format {
    /// For people: [`Format::Graphical`], or [`Format::Narrated`] where the environment asks for it.
    #[default]
    Human,
    /// Source lines with the places drawn under them.
    Graphical,
    /// Plain sentences, for screen readers.
    Narrated,
    /// One line a finding.
    Short,
    /// One JSON document.
    Json,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Logging commands of Azure Pipelines.
    Azure,
}

/// How a text for people is laid out. The caller knows the terminal; this room does not ask it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Whether to write ANSI colours.
    pub color: bool,
    /// The columns that are there.
    pub width: usize,
    /// Whether drawing characters outside of ASCII may be used.
    pub unicode: bool,
    /// Whether codes become terminal hyperlinks to their pages.
    pub links: bool,
}

impl Default for Settings {
    /// What suits a file: 100 columns, drawn in Unicode, without colours and links.
    fn default() -> Self {
        Self { color: false, width: 100, unicode: true, links: false }
    }
}

/// A row of the table of formats.
#[derive(Debug)]
pub struct FormatRow {
    /// The format.
    pub format: Format,
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in one line.
    pub description: &'static str,
    /// Whether a program reads it: then it belongs on standard output, an empty list included.
    pub machine: bool,
    render: fn(&[Diagnostic], &SourceMap, &Settings) -> String,
}

/// Every format, in the order in which help lists them.
pub static FORMATS: &[FormatRow] = &[
    FormatRow {
        format: Format::Human,
        name: "human",
        description: "graphical, or narrated where NO_GRAPHICS is set",
        machine: false,
        render: graphical::render,
    },
    FormatRow {
        format: Format::Graphical,
        name: "graphical",
        description: "source lines with the places drawn under them",
        machine: false,
        render: graphical::render,
    },
    FormatRow {
        format: Format::Narrated,
        name: "narrated",
        description: "plain sentences, for screen readers",
        machine: false,
        render: narrated::render,
    },
    FormatRow {
        format: Format::Short,
        name: "short",
        description: "one line a finding: path:line:column: severity[code]: title",
        machine: true,
        render: short::render,
    },
    FormatRow {
        format: Format::Json,
        name: "json",
        description: "one JSON document (docs/reference/diagnostics-json.md)",
        machine: true,
        render: json::render,
    },
    FormatRow {
        format: Format::Github,
        name: "github",
        description: "workflow commands of GitHub Actions: annotations at the lines",
        machine: true,
        render: github::render,
    },
    FormatRow {
        format: Format::Azure,
        name: "azure",
        description: "logging commands of Azure Pipelines: issues of the run",
        machine: true,
        render: azure::render,
    },
];

impl Format {
    /// The row of the table.
    pub fn row(self) -> Option<&'static FormatRow> {
        FORMATS.iter().find(|row| row.format == self)
    }

    /// The format with this name.
    pub fn find(name: &str) -> Option<Self> {
        FORMATS.iter().find(|row| row.name == name).map(|row| row.format)
    }

    /// Turns [`Format::Human`] into what the environment asks for: narrated where `NO_GRAPHICS` is set to anything but
    /// `0`, else graphical. Other formats stay what they are. `variable` reads one environment variable.
    #[must_use]
    pub fn for_environment(self, variable: impl Fn(&str) -> Option<String>) -> Self {
        if self != Self::Human {
            return self;
        }
        match variable("NO_GRAPHICS") {
            Some(value) if !value.is_empty() && value != "0" => Self::Narrated,
            _ => Self::Graphical,
        }
    }
}

/// Writes diagnostics in a format, in the order given. Without diagnostics the text is empty, save for JSON, which is
/// then a document with an empty list.
pub fn render(
    format: Format,
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    settings: &Settings,
) -> String {
    format.row().map_or_else(String::new, |row| (row.render)(diagnostics, sources, settings))
}

/// Where the page of a code can be read, if the package says where it lives.
pub(super) fn page_url(code: &Code) -> Option<String> {
    let home = env!("CARGO_PKG_REPOSITORY");
    (!home.is_empty()).then(|| format!("{home}/blob/main/docs/codes/{}.md", code.id))
}
