//! One finding.

use super::{Applicability, Code, Fix, Severity};
use crate::base::{Span, TextEdit};

/// A place that belongs to a diagnostic, with what is to be said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is said there; may be empty for the primary label.
    pub message: String,
    /// Whether this is where the mistake is, rather than something that led to it.
    pub primary: bool,
}

/// One finding, with all the places it concerns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The row of the code table.
    pub code: &'static Code,
    /// How bad it is; the code's default unless configured.
    pub severity: Severity,
    /// What is wrong: one line, lower case, no full stop.
    pub title: String,
    /// The places; the first is the primary one.
    pub labels: Vec<Label>,
    /// Why: facts that explain the finding.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// Mends that a machine can make.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A diagnostic at a place.
    pub fn new(code: &'static Code, span: Span, title: impl Into<String>) -> Self {
        let title: String = title.into();
        Self {
            code,
            severity: code.severity,
            // Quoted words of a source may hold line breaks; a title is one line.
            title: if title.contains(['\n', '\r']) { title.replace(['\n', '\r'], " ") } else { title },
            labels: vec![Label { span, message: String::new(), primary: true }],
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// Says something at the primary place.
    #[must_use]
    pub fn here(mut self, message: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.message = message.into();
        }
        self
    }

    /// Points at another place.
    #[must_use]
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into(), primary: false });
        self
    }

    /// Adds a fact that explains the finding.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to do, if there is something to say.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Offers the replacement of one range of the primary file.
    #[must_use]
    pub fn fix(
        mut self,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
        applicability: Applicability,
    ) -> Self {
        debug_assert!(
            self.code.fix.is_some_and(|surest| surest == applicability || surest == Applicability::Safe),
            "the table of codes says that {} brings no such mend",
            self.code.name
        );
        let edits = vec![TextEdit { range: span.range, text: text.into() }];
        self.fixes.push(Fix { title: title.into(), file: span.file, edits, applicability });
        self
    }

    /// Asks whether another word was meant, and offers to write it: as it has to stand at that place.
    #[must_use]
    pub fn did_you_mean(self, word: &str, span: Span, written: impl Into<String>) -> Self {
        self.help(format!("did you mean `{word}`?")).fix(
            format!("write `{word}`"),
            span,
            written,
            Applicability::Unsafe,
        )
    }

    /// What is wrong with the types of a list's elements, told at the first of them.
    pub fn of_elements(found: Vec<Self>) -> Option<Self> {
        let mut found = found.into_iter();
        let mut first = found.next()?;
        let rest: Vec<Self> = found.collect();
        if rest.is_empty() {
            return Some(first);
        }
        for label in rest.iter().flat_map(|d| &d.labels) {
            if !first.labels.iter().any(|there| there.span == label.span) {
                first.labels.push(Label { primary: false, ..label.clone() });
            }
        }
        let (verb, more) = match rest.len() {
            1 => ("is", "one more element".to_owned()),
            n => ("are", format!("{n} more elements")),
        };
        let alike = rest.iter().all(|d| d.title == first.title);
        first = first.note(match alike {
            true => format!("so {verb} {more} of the list"),
            false => format!("{more} of the list {verb} of another type, too"),
        });
        let edits: Vec<TextEdit> =
            rest.iter().flat_map(|d| &d.fixes).flat_map(|fix| fix.edits.clone()).collect();
        let all = first.fixes.len() == 1 && edits.len() == rest.len();
        match first.fixes.first_mut() {
            Some(fix) if all => {
                let unquoted = first.help.as_ref().is_some_and(|help| help.ends_with("without quotes"));
                fix.title =
                    if unquoted { "write them without quotes" } else { "write all of them so" }.into();
                fix.edits.extend(edits);
                first.help = Some(fix.title.clone());
            }
            _ => first.fixes.clear(),
        }
        Some(first)
    }

    /// Where the mistake is.
    pub fn span(&self) -> Span {
        self.labels.first().map(|l| l.span).unwrap_or_default()
    }
}
