//! Source on its way out: entries and values as trees, and their layout.

/// A value of the language.
#[derive(Clone, Debug)]
pub(super) enum Ex {
    /// Text that stands on one line: a literal, a name, an operator and its sides.
    Atom(String),
    /// A block string: its quotes, and its lines as they stand between them.
    Lines(&'static str, Vec<String>),
    /// A list.
    List(Vec<Entry>),
    /// An object.
    Object(Vec<Entry>),
    /// A call of a name.
    Call(String, Vec<Ex>),
}

/// A line of a block, a list or an object, with its comments.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// Comments on lines of their own before it.
    pub(super) before: Vec<String>,
    /// Whether an empty line stands before it.
    pub(super) apart: bool,
    /// What it begins with: `timeout`, `shell "install"`; empty for an element of a list.
    pub(super) head: String,
    /// The value after `=`, or the element of a list.
    pub(super) value: Option<Ex>,
    /// The block.
    pub(super) block: Option<Vec<Entry>>,
    /// Comments behind it.
    pub(super) after: Vec<String>,
}

/// How long a line may be.
const WIDTH: usize = 100;

impl Ex {
    /// A value on one line.
    pub(super) fn atom(text: impl Into<String>) -> Self {
        Self::Atom(text.into())
    }

    /// The value on one line, if it can stand on one.
    pub(super) fn inline(&self) -> Option<String> {
        match self {
            Self::Atom(text) => Some(text.clone()),
            Self::Lines(..) => None,
            Self::List(items) => Some(format!("[{}]", joined(items)?)),
            Self::Object(members) if members.is_empty() => Some("{}".into()),
            Self::Object(members) => Some(format!("{{ {} }}", joined(members)?)),
            Self::Call(name, args) => {
                let args: Option<Vec<String>> = args.iter().map(Self::inline).collect();
                Some(format!("{name}({})", args?.join(", ")))
            }
        }
    }

    fn write(&self, indent: usize, column: usize, out: &mut String) {
        if let Some(text) = self.inline()
            && (column + text.chars().count() <= WIDTH || matches!(self, Self::Atom(_)))
        {
            out.push_str(&text);
            return;
        }
        match self {
            Self::Atom(text) => out.push_str(text),
            Self::Lines(quotes, lines) => {
                out.push_str(quotes);
                out.push('\n');
                for line in lines {
                    if !line.is_empty() {
                        spaces(indent + 2, out);
                        out.push_str(line);
                    }
                    out.push('\n');
                }
                spaces(indent, out);
                out.push_str(quotes);
            }
            Self::List(items) => bracketed('[', items, ']', ",", indent, out),
            Self::Object(members) => bracketed('{', members, '}', "", indent, out),
            Self::Call(name, args) => {
                let items: Vec<Entry> = args.iter().cloned().map(Entry::item).collect();
                out.push_str(name);
                bracketed('(', &items, ')', ",", indent, out);
            }
        }
    }
}

impl Entry {
    /// An element of a list.
    pub(super) fn item(value: Ex) -> Self {
        Self { value: Some(value), ..Self::default() }
    }

    /// `name = value`
    pub(super) fn set(name: impl Into<String>, value: Ex) -> Self {
        Self { head: name.into(), value: Some(value), ..Self::default() }
    }

    /// `head { … }`
    pub(super) fn block(head: impl Into<String>, entries: Vec<Self>) -> Self {
        Self { head: head.into(), block: Some(entries), ..Self::default() }
    }

    /// The entry on one line, if it can stand on one.
    fn inline(&self) -> Option<String> {
        if !self.before.is_empty() || !self.after.is_empty() || self.apart {
            return None;
        }
        let mut out = self.head.clone();
        if let Some(value) = &self.value {
            if !out.is_empty() {
                out.push_str(" = ");
            }
            out.push_str(&value.inline()?);
        }
        match &self.block {
            None => {}
            Some(entries) if entries.is_empty() => out.push_str(" {}"),
            Some(entries) => {
                let nested = entries.iter().any(|e| e.block.is_some());
                if nested || entries.len() > 3 {
                    return None;
                }
                out.push_str(&format!(" {{ {} }}", joined(entries)?));
            }
        }
        Some(out)
    }

    /// Whether it takes several lines at the margin.
    pub(super) fn is_long(&self) -> bool {
        let bare = Self { before: Vec::new(), after: Vec::new(), apart: false, ..self.clone() };
        let one = matches!((&bare.value, &bare.block), (Some(Ex::Atom(_)), None));
        !one && bare.inline().is_none_or(|text| text.chars().count() > WIDTH - 20)
    }

    fn write(&self, indent: usize, out: &mut String) {
        for line in &self.before {
            comment(line, indent, out);
        }
        spaces(indent, out);
        let bare = Self { before: Vec::new(), after: Vec::new(), apart: false, ..self.clone() };
        let fits = |text: &String| {
            indent + text.chars().count() <= if self.block.is_some() { WIDTH - 20 } else { WIDTH }
        };
        if let Some(text) = bare.inline().filter(fits) {
            out.push_str(&text);
        } else {
            out.push_str(&self.head);
            if let Some(value) = &self.value {
                if !self.head.is_empty() {
                    out.push_str(" = ");
                }
                let column = out.rsplit('\n').next().map_or(0, |line| line.chars().count());
                value.write(indent, column, out);
            }
            if let Some(entries) = &self.block {
                let line = Self { block: Some(entries.clone()), head: String::new(), ..Self::default() };
                let column = out.rsplit('\n').next().map_or(0, |line| line.chars().count());
                let multi = matches!(self.value, Some(Ex::Lines(..)));
                let short = line.inline().filter(|text| multi && column + text.chars().count() <= WIDTH);
                if let Some(text) = short {
                    out.push_str(&text);
                    return;
                }
                out.push_str(if self.head.is_empty() && self.value.is_none() { "{" } else { " {" });
                out.push('\n');
                write_all(entries, indent + 2, out);
                spaces(indent, out);
                out.push('}');
            }
        }
    }
}

/// Entries one below the other.
pub(super) fn write_all(entries: &[Entry], indent: usize, out: &mut String) {
    for (index, entry) in entries.iter().enumerate() {
        if entry.apart && index > 0 {
            out.push('\n');
        }
        entry.write(indent, out);
        trailing(entry, indent, out);
    }
}

/// The comments behind an entry, the first on its line, and the line's end.
fn trailing(entry: &Entry, indent: usize, out: &mut String) {
    let mut lines = entry.after.iter();
    match lines.next() {
        Some(first) if !entry.head.is_empty() || entry.value.is_some() || entry.block.is_some() => {
            out.push_str(&format!(" // {first}"));
        }
        Some(first) => {
            out.truncate(out.trim_end_matches(' ').len());
            comment(first, indent, out);
            out.pop();
        }
        None => {}
    }
    out.push('\n');
    lines.for_each(|line| comment(line, indent, out));
}

fn comment(line: &str, indent: usize, out: &mut String) {
    spaces(indent, out);
    if line.is_empty() {
        out.push_str("//");
    } else if let Some(doc) = line.strip_prefix('/') {
        out.push_str(&format!("///{doc}"));
    } else {
        out.push_str(&format!("// {line}"));
    }
    out.push('\n');
}

fn joined(entries: &[Entry]) -> Option<String> {
    let parts: Option<Vec<String>> = entries.iter().map(Entry::inline).collect();
    Some(parts?.join(", "))
}

fn bracketed(open: char, items: &[Entry], close: char, end: &str, indent: usize, out: &mut String) {
    out.push(open);
    out.push('\n');
    for item in items {
        item.write(indent + 2, out);
        let empty = item.head.is_empty() && item.value.is_none() && item.block.is_none();
        if !empty {
            out.push_str(end);
        }
        trailing(item, indent + 2, out);
    }
    spaces(indent, out);
    out.push(close);
}

fn spaces(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}
