//! For a terminal: the source lines with the places drawn under them, by miette.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan};

use super::format::page_url;
use super::indexed_source::IndexedSource;
use super::text::{one_line, push_wrapped};
use super::{Settings, short};
use crate::base::SourceMap;
use crate::diag::{Applicability, Diagnostic, Severity};

/// Writes each diagnostic: header, title, lines of source, then notes, help and fixes.
pub(super) fn render(diagnostics: &[Diagnostic], sources: &SourceMap, settings: &Settings) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        let view = View::new(diagnostic, sources, settings);
        let theme = theme(diagnostic.severity, &view.source, settings);
        let mut drawn = String::new();
        let handler = GraphicalReportHandler::new_themed(theme.clone())
            .with_width(settings.width.max(40))
            .with_links(true)
            .with_urls(settings.links)
            .with_link_display_text("(docs)")
            .without_syntax_highlighting();
        match handler.render_report(&mut drawn, &view) {
            Ok(()) => out.push_str(&drawn),
            // No such case is known; the finding must be seen whatever happens to its picture.
            Err(fmt::Error) => out.push_str(&short::line(diagnostic, sources, settings)),
        }
        push_footer(&mut out, diagnostic, &theme, settings);
    }
    out
}

/// What a terminal can show, before anything is known of what is told.
pub fn bare_theme(settings: &Settings) -> GraphicalTheme {
    match (settings.unicode, settings.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    }
}

/// The mark and colours: the primary place in the colour of the severity, the others in blue.
fn theme(severity: Severity, source: &IndexedSource<'_>, settings: &Settings) -> GraphicalTheme {
    let mut theme = bare_theme(settings);
    if settings.color {
        let styles = &mut theme.styles;
        let main = match severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
            Severity::Info => styles.advice,
        };
        (styles.error, styles.warning, styles.advice) = (main.bold(), main.bold(), main.bold());
        styles.help = styles.help.bold();
        // miette takes the n-th colour for the n-th label by offset, which is the order they are kept in.
        let by_label =
            source.labels().map(|l| if l.primary() { main.bold() } else { main.bright_blue().bold() });
        styles.highlights = by_label.collect();
        if styles.highlights.is_empty() {
            styles.highlights.push(main);
        }
    }
    theme
}

/// Notes, help and fixes, each under its key.
fn push_footer(out: &mut String, diagnostic: &Diagnostic, theme: &GraphicalTheme, settings: &Settings) {
    let mut entry = |key: &str, text: &str| {
        out.push_str("  ");
        out.push_str(&theme.styles.help.style(key).to_string());
        out.push(' ');
        push_wrapped(out, text, key.len() + 3, settings.width);
    };
    diagnostic.notes.iter().for_each(|note| entry("note:", note));
    diagnostic.help.iter().for_each(|help| entry("help:", help));
    for fix in &diagnostic.fixes {
        let key = match fix.applicability {
            Applicability::Safe => "fix:",
            Applicability::Unsafe => "fix (unsafe):",
        };
        entry(key, &fix.title);
    }
}

/// A diagnostic in miette's words.
#[derive(Debug)]
struct View<'a> {
    code: String,
    title: String,
    severity: miette::Severity,
    url: Option<String>,
    source: IndexedSource<'a>,
}

impl<'a> View<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &'a SourceMap, settings: &Settings) -> Self {
        let (code, severity) = (diagnostic.code, diagnostic.severity);
        Self {
            code: format!("{}[{}] {}", severity.name(), code.id, code.name),
            title: one_line(&diagnostic.title),
            severity: match severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Info => miette::Severity::Advice,
            },
            url: settings.links.then(|| page_url(code)).flatten(),
            source: IndexedSource::new(diagnostic, sources, settings),
        }
    }
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for View<'_> {}

impl miette::Diagnostic for View<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.url.as_ref().map(|url| Box::new(url) as Box<_>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.source.labels().cloned()))
    }
}
