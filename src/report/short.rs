//! For logs and quickfix lists: one line a finding, by codespan-reporting.

use std::io;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::term::{self, Config, DisplayStyle, GeneralWriteResult, WriteStyle};

use super::Settings;
use super::place::clamp_span;
use super::text::one_line;
use crate::base::SourceMap;
use crate::diag::{Diagnostic, Severity};

/// Writes `path:line:column: severity[code]: title` for each diagnostic.
pub(super) fn render(diagnostics: &[Diagnostic], sources: &SourceMap, settings: &Settings) -> String {
    diagnostics.iter().map(|diagnostic| line(diagnostic, sources, settings)).collect()
}

/// The one line of a diagnostic; without its place if the map does not hold the file.
pub(super) fn line(diagnostic: &Diagnostic, sources: &SourceMap, settings: &Settings) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Info => codespan::Severity::Note,
    };
    let title = one_line(&diagnostic.title);
    let bare = codespan::Diagnostic::new(severity).with_code(diagnostic.code.id).with_message(&title);
    // Secondary places would be further lines.
    let span = clamp_span(sources, diagnostic.span());
    let name = sources.name_of(span.file);
    // A name that would begin a line of its own could be taken for a command by what reads the lines.
    if one_line(name) != name {
        let at = sources.file(span.file).map(|file| file.position(span.range.start));
        let at = at.map(|at| format!(":{}:{}", at.line, at.column)).unwrap_or_default();
        let (severity, code) = (diagnostic.severity.name(), diagnostic.code.id);
        return format!("{}{at}: {severity}[{code}]: {title}\n", one_line(name));
    }
    let placed = bare.clone().with_label(codespan::Label::primary(span.file, span.range.to_usize()));
    let config = Config { display_style: DisplayStyle::Short, ..Config::default() };
    [&placed, &bare]
        .into_iter()
        .find_map(|finding| {
            let mut writer = Line { bytes: Vec::new(), severity: diagnostic.severity, settings, word: false };
            term::emit_to_write_style(&mut writer, &config, sources, finding).ok()?;
            String::from_utf8(writer.bytes).ok()
        })
        .unwrap_or_else(|| format!("{}[{}]: {title}\n", diagnostic.severity.name(), diagnostic.code.id))
}

/// What codespan writes to: colours as the settings say (its own writers look at the environment), and our word for
/// a severity that it calls otherwise.
struct Line<'a> {
    bytes: Vec<u8>,
    severity: Severity,
    settings: &'a Settings,
    /// Whether the next word written is the severity.
    word: bool,
}

impl Line<'_> {
    fn paint(&mut self, ansi: &str) -> GeneralWriteResult {
        if self.settings.color {
            self.bytes.extend_from_slice(ansi.as_bytes());
        }
        Ok(())
    }
}

impl io::Write for Line<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if std::mem::take(&mut self.word) {
            self.bytes.extend_from_slice(self.severity.name().as_bytes());
        } else {
            self.bytes.extend_from_slice(buffer);
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for Line<'_> {
    fn set_header(&mut self, _: codespan::Severity) -> GeneralWriteResult {
        self.word = true;
        self.paint(match self.severity {
            Severity::Error => "\u{1b}[1;31m",
            Severity::Warning => "\u{1b}[1;33m",
            Severity::Info => "\u{1b}[1;36m",
        })
    }

    fn set_header_message(&mut self) -> GeneralWriteResult {
        self.paint("\u{1b}[0;1m")
    }

    fn set_line_number(&mut self) -> GeneralWriteResult {
        Ok(())
    }

    fn set_note_bullet(&mut self) -> GeneralWriteResult {
        Ok(())
    }

    fn set_source_border(&mut self) -> GeneralWriteResult {
        Ok(())
    }

    fn set_label(&mut self, _: codespan::Severity, _: codespan::LabelStyle) -> GeneralWriteResult {
        Ok(())
    }

    fn reset(&mut self) -> GeneralWriteResult {
        self.paint("\u{1b}[0m")
    }
}
