//! What is there to write to, and how it may look.

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use miette::{GraphicalReportHandler, NarratableReportHandler, ReportHandler};

use super::args::Color;
use super::failure::{self, Failure};
use crate::report::{Format, Settings, bare_theme};

/// Variables by which terminals say that they know hyperlinks.
const LINKING: &[&str] = &["VTE_VERSION", "WT_SESSION", "KITTY_WINDOW_ID", "WEZTERM_PANE", "KONSOLE_VERSION"];
/// The variables that name the character encoding; the first that is set counts.
const LOCALE: &[&str] = &["LC_ALL", "LC_CTYPE", "LANG"];

/// One of the two streams.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// The terminal, or what stands in its place.
#[derive(Debug)]
pub(super) struct Terminal {
    out: Settings,
    err: Settings,
    narrated: bool,
}

impl Terminal {
    /// Asks the system and the environment.
    pub(super) fn new(color: Color, variable: impl Fn(&str) -> Option<String>) -> Self {
        let narrated = Format::Human.for_environment(&variable) == Format::Narrated;
        Self {
            out: settings(color, io::stdout().is_terminal(), &variable),
            err: settings(color, io::stderr().is_terminal(), &variable),
            narrated,
        }
    }

    /// How text on a stream may look.
    pub(super) fn settings(&self, stream: Stream) -> &Settings {
        match stream {
            Stream::Out => &self.out,
            Stream::Err => &self.err,
        }
    }

    /// The format for people, as the environment asks for it.
    pub(super) fn resolve(&self, format: Format) -> Format {
        match format {
            Format::Human if self.narrated => Format::Narrated,
            Format::Human => Format::Graphical,
            other => other,
        }
    }

    /// Writes an artifact, byte for byte: a terminal's way of taking colours out would take characters of the text too.
    pub(super) fn artifact(&self, text: &str) -> Result<(), Failure> {
        written(write(io::stdout().lock(), text))
    }

    /// Writes a machine format.
    pub(super) fn print(&self, text: &str) -> Result<(), Failure> {
        written(write(AutoStream::new(io::stdout().lock(), choice(self.out.color)), text))
    }

    /// Writes to the person.
    pub(super) fn tell(&self, text: &str) {
        // Where standard error is closed, there is nowhere left to say so.
        let _ = write(AutoStream::new(io::stderr().lock(), choice(self.err.color)), text);
    }

    /// Writes failures to the person.
    pub(super) fn failures(&self, failures: &[Failure]) {
        for (number, failure) in failures.iter().enumerate() {
            let gap = if number > 0 { "\n" } else { "" };
            let text = Shown { failure, terminal: self }.to_string();
            self.tell(&format!("{gap}{}\n", text.trim_end()));
        }
    }
}

/// That nobody reads it any more is no failure.
fn written(done: io::Result<()>) -> Result<(), Failure> {
    match done {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(failure::unwritable_stdout(&error)),
        _ => Ok(()),
    }
}

fn write(mut stream: impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

fn choice(color: bool) -> ColorChoice {
    if color { ColorChoice::Always } else { ColorChoice::Never }
}

/// A failure as miette draws it.
struct Shown<'a> {
    failure: &'a Failure,
    terminal: &'a Terminal,
}

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let settings = &self.terminal.err;
        let handler: &dyn ReportHandler = if self.terminal.narrated {
            &NarratableReportHandler::new()
        } else {
            &GraphicalReportHandler::new_themed(bare_theme(settings))
                .with_width(settings.width)
                .without_syntax_highlighting()
        };
        handler.debug(self.failure, f)
    }
}

fn settings(color: Color, terminal: bool, variable: &impl Fn(&str) -> Option<String>) -> Settings {
    let defaults = Settings::default();
    let color = colored(color, terminal, variable);
    let width = variable("COLUMNS").and_then(|text| text.trim().parse().ok()).filter(|&n: &usize| n >= 40);
    Settings {
        color,
        width: width.unwrap_or(defaults.width),
        unicode: !terminal || unicode(variable),
        links: color && terminal && LINKING.iter().any(|name| is_set(variable, name)),
    }
}

/// Whether to write colours: an argument first, then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE and CLICOLOR, then whether
/// there is a terminal that knows them.
fn colored(color: Color, terminal: bool, variable: &impl Fn(&str) -> Option<String>) -> bool {
    match color {
        Color::Always => return true,
        Color::Never => return false,
        Color::Auto => {}
    }
    let on = |name| variable(name).is_some_and(|value| !value.is_empty() && value != "0");
    if is_set(variable, "NO_COLOR") {
        return false;
    }
    if on("FORCE_COLOR") || on("CLICOLOR_FORCE") {
        return true;
    }
    let off = |name, value: &str| variable(name).as_deref() == Some(value);
    terminal && !off("CLICOLOR", "0") && !off("TERM", "dumb")
}

/// Whether the terminal draws more than ASCII: unless its locale says otherwise.
fn unicode(variable: &impl Fn(&str) -> Option<String>) -> bool {
    let locale = LOCALE.iter().find_map(|name| variable(name).filter(|value| !value.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

fn is_set(variable: &impl Fn(&str) -> Option<String>, name: &str) -> bool {
    variable(name).is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(choice: Color, terminal: bool, set: &[(&str, &str)]) -> bool {
        colored(choice, terminal, &|name: &str| {
            set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_string())
        })
    }

    #[test]
    fn colours_follow_argument_then_variables_then_terminal() {
        assert!(color(Color::Auto, true, &[]));
        assert!(!color(Color::Auto, false, &[]));
        assert!(color(Color::Always, false, &[("NO_COLOR", "1")]));
        assert!(!color(Color::Never, true, &[("CLICOLOR_FORCE", "1")]));
        assert!(!color(Color::Auto, true, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")]));
        assert!(color(Color::Auto, true, &[("NO_COLOR", "")]));
        assert!(color(Color::Auto, false, &[("FORCE_COLOR", "1")]));
        assert!(color(Color::Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!color(Color::Auto, false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!color(Color::Auto, true, &[("CLICOLOR", "0")]));
        assert!(!color(Color::Auto, true, &[("TERM", "dumb")]));
    }
}
