//! From a document to text, in one pass: a group is looked ahead into for one line at most.

use super::doc::{BlockString, Doc, Element, Fit, Kind, width};

/// The widest line that a group may stand on.
const WIDTH: usize = 100;
const INDENT: &str = "  ";

/// How the group is written that a document stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    /// On one line, with all groups in it.
    Flat,
    /// Its own places do not break; the groups in it decide for themselves.
    Open,
    /// Each of its places is a line break.
    Broken,
}

/// A document that is still to be written.
#[derive(Clone, Copy)]
struct Job<'d, 'a> {
    level: usize,
    mode: Mode,
    doc: &'d Doc<'a>,
}

/// The text of a document.
pub(super) fn print(doc: &Doc<'_>, capacity: usize) -> String {
    let mut printer = Printer {
        out: String::with_capacity(capacity),
        column: 0,
        begins: Some(0),
        wants_space: false,
        wants_line: None,
    };
    printer.run(doc);
    printer.out
}

struct Printer {
    out: String,
    column: usize,
    /// The level of the line, while nothing stands on it.
    begins: Option<usize>,
    /// Whether a space stands before the next text on this line.
    wants_space: bool,
    /// The level of the next line, if a comment ended this one.
    wants_line: Option<usize>,
}

impl Printer {
    fn run(&mut self, doc: &Doc<'_>) {
        let mut jobs = vec![Job { level: 0, mode: Mode::Broken, doc }];
        while let Some(job) = jobs.pop() {
            let Job { level, mode, doc } = job;
            match &doc.kind {
                Kind::Text(text) => self.text(text),
                Kind::Space => self.wants_space = true,
                Kind::Line | Kind::Soft if mode == Mode::Broken => self.newline(level),
                Kind::Line => self.wants_space = true,
                Kind::Soft => {}
                Kind::Hard => self.newline(level),
                Kind::Blank => {
                    self.newline(level);
                    self.out.push('\n');
                }
                Kind::IfBroken(text) if mode == Mode::Broken => self.text(text),
                Kind::IfFlat(text) if mode != Mode::Broken => self.text(text),
                Kind::IfBroken(_) | Kind::IfFlat(_) => {}
                Kind::Comment(text) => {
                    self.text(text);
                    self.wants_line = Some(level + 1);
                }
                Kind::Verbatim(text) => self.verbatim(text),
                Kind::BlockString(string) => self.block_string(string, level),
                Kind::Nest(doc) => {
                    let level = level + usize::from(mode == Mode::Broken);
                    jobs.push(Job { level, mode, doc });
                }
                Kind::Concat(parts) => {
                    jobs.extend(parts.iter().rev().map(|doc| Job { level, mode, doc }));
                }
                Kind::Group(inner, fit) => {
                    let mode = self.mode_of(inner, *fit, mode, &jobs);
                    jobs.push(Job { level, mode, doc: inner });
                }
                Kind::Rows(elements) => self.rows(elements, level, mode),
            }
        }
    }

    /// How a group is written.
    fn mode_of<'d, 'a>(&self, doc: &'d Doc<'a>, fit: Fit, around: Mode, rest: &[Job<'d, 'a>]) -> Mode {
        if fit == Fit::Never {
            return Mode::Broken;
        }
        let mode = match (around, fit, doc.breaks) {
            (Mode::Flat, ..) => return Mode::Flat,
            (_, _, false) => Mode::Flat,
            (_, Fit::Start, true) => Mode::Open,
            (_, _, true) => return Mode::Broken,
        };
        if self.fits(doc, mode, rest) { mode } else { Mode::Broken }
    }

    /// Whether the text up to the next line break fits on the line.
    fn fits<'d, 'a>(&self, doc: &'d Doc<'a>, mode: Mode, rest: &[Job<'d, 'a>]) -> bool {
        let start = match (self.wants_line, self.begins) {
            (Some(level), _) | (None, Some(level)) => level * INDENT.len(),
            (None, None) => self.column + usize::from(self.wants_space),
        };
        let Some(mut left) = WIDTH.checked_sub(start) else { return false };
        let mut rest = rest.iter().rev();
        let mut jobs = vec![Job { level: 0, mode, doc }];
        loop {
            let Some(Job { level, mode, doc }) = jobs.pop().or_else(|| rest.next().copied()) else {
                return true;
            };
            let taken = match &doc.kind {
                Kind::Text(text) => width(text),
                Kind::Line | Kind::Soft if mode == Mode::Broken => return true,
                Kind::Space | Kind::Line => 1,
                Kind::Soft => 0,
                Kind::Hard | Kind::Blank | Kind::Comment(_) => return true,
                Kind::IfBroken(text) if mode == Mode::Broken => text.len(),
                Kind::IfFlat(text) if mode != Mode::Broken => text.len(),
                Kind::IfBroken(_) | Kind::IfFlat(_) => 0,
                Kind::Verbatim(text) => match text.split_once('\n') {
                    Some((line, _)) => return width(line) <= left,
                    None => width(text),
                },
                Kind::BlockString(string) => return string.quotes.len() <= left,
                Kind::Nest(doc) => {
                    jobs.push(Job { level, mode, doc });
                    0
                }
                Kind::Concat(parts) => {
                    jobs.extend(parts.iter().rev().map(|doc| Job { level, mode, doc }));
                    0
                }
                Kind::Group(inner, fit) => {
                    let mode = match (mode, inner.breaks || *fit == Fit::Never) {
                        (Mode::Flat, _) | (Mode::Open, false) => Mode::Flat,
                        (Mode::Open, true) | (Mode::Broken, _) => Mode::Broken,
                    };
                    jobs.push(Job { level, mode, doc: inner });
                    0
                }
                Kind::Rows(_) => doc.flat_width().saturating_sub(2),
            };
            match left.checked_sub(taken) {
                Some(now) => left = now,
                None => return false,
            }
        }
    }

    /// Elements in the lines of their author if those fit, else in as few lines as there have to be.
    fn rows(&mut self, elements: &[Element<'_>], level: usize, mode: Mode) {
        if mode != Mode::Broken {
            for (i, element) in elements.iter().enumerate() {
                if i > 0 {
                    self.text(",");
                    self.wants_space = true;
                }
                self.flat(&element.doc);
            }
            return;
        }
        let widths: Vec<usize> = elements.iter().map(|e| e.doc.flat_width()).collect();
        let room = WIDTH.saturating_sub(level * INDENT.len());
        let keeps = rows_fit(elements, &widths, room);
        let mut used = 0;
        for (i, (element, width)) in elements.iter().zip(widths).enumerate() {
            if i > 0 {
                self.text(",");
                // A comma follows each.
                let breaks = if keeps { element.begins_line } else { used + width + 3 > room };
                if breaks {
                    self.newline(level);
                    used = 0;
                } else {
                    self.wants_space = true;
                    used += 2;
                }
            }
            used += width;
            self.flat(&element.doc);
        }
    }

    /// A document that holds no place to break.
    fn flat(&mut self, doc: &Doc<'_>) {
        match &doc.kind {
            Kind::Text(text) | Kind::Verbatim(text) => self.text(text),
            Kind::Space | Kind::Line => self.wants_space = true,
            Kind::Nest(doc) | Kind::Group(doc, _) => self.flat(doc),
            Kind::Concat(parts) => parts.iter().for_each(|part| self.flat(part)),
            _ => {}
        }
    }

    fn newline(&mut self, level: usize) {
        self.wants_line = None;
        self.wants_space = false;
        self.out.push('\n');
        self.begins = Some(level);
        self.column = 0;
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(level) = self.wants_line {
            self.newline(level);
        }
        match self.begins.take() {
            Some(level) => {
                self.indent(level);
                self.column = level * INDENT.len();
            }
            None if self.wants_space => {
                self.out.push(' ');
                self.column += 1;
            }
            None => {}
        }
        self.wants_space = false;
        self.out.push_str(text);
        self.column += width(text);
    }

    fn verbatim(&mut self, text: &str) {
        self.text(text);
        if let Some((_, last)) = text.rsplit_once('\n') {
            self.column = width(last);
        }
    }

    fn block_string(&mut self, string: &BlockString<'_>, level: usize) {
        self.text(string.quotes);
        for line in &string.lines {
            self.out.push('\n');
            if !line.is_empty() {
                self.indent(level + 1);
                self.out.push_str(line);
            }
        }
        if string.closes_on_own_line {
            self.newline(level);
            self.text(string.quotes);
        } else {
            self.out.push_str(string.quotes);
            let last = string.lines.last().map_or(0, |line| width(line));
            self.column = (level + 1) * INDENT.len() + last + string.quotes.len();
        }
    }

    fn indent(&mut self, level: usize) {
        for _ in 0..level {
            self.out.push_str(INDENT);
        }
    }
}

/// Whether the lines of the author fit.
fn rows_fit(elements: &[Element<'_>], widths: &[usize], room: usize) -> bool {
    let mut used = 0;
    for (i, (element, width)) in elements.iter().zip(widths).enumerate() {
        used = if i > 0 && element.begins_line { 0 } else { used + if i > 0 { 2 } else { 0 } };
        used += width;
        if used + 1 > room {
            return false;
        }
    }
    true
}
