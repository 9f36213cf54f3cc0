//! The colours of text that is no finding.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

use crate::base::push_shown;

/// What is new.
pub(super) const ADDED: Style = AnsiColor::Green.on_default();
/// What is gone.
pub(super) const REMOVED: Style = AnsiColor::Red.on_default();
/// What is different.
pub(super) const CHANGED: Style = AnsiColor::Yellow.on_default();
/// What comes first.
pub(super) const STRONG: Style = Style::new().bold();
/// What may be passed over.
pub(super) const QUIET: Style = Style::new().dimmed();

/// A text in a style; a stream that takes no colours leaves them out.
pub(super) fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A text on one line, with everything that a terminal would act on spelled out.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_shown(&mut out, text);
    out
}
