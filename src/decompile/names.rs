//! Names that read well and are free.

use std::collections::{HashMap, HashSet};

use crate::schema::GALLERY;
use crate::syntax::is_name;

/// The names that are taken in the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The number to be tried next behind a name.
    next: HashMap<String, u32>,
}

/// Words that mean something where a name of the file may stand too: those by which a statement or expression begins,
/// and the built-in names that any source may need.
const MEANT: &[&str] = &[
    "azure",
    "true",
    "false",
    "null",
    "marketplace",
    "for",
    "if",
    "in",
    "else",
    "not",
    "use",
    "existing",
    "arm",
    "verbatim",
    "concat",
    "replace",
];

/// A name that is taken for what it says: the name itself, or a longer one.
pub(super) fn unmeant(wanted: &str) -> String {
    if MEANT.contains(&wanted) { format!("{wanted}_") } else { wanted.to_owned() }
}

impl Names {
    /// A free name like this one: the name itself, or with a number.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let base = unmeant(wanted);
        if self.taken.insert(base.clone()) {
            return base;
        }
        let number = self.next.entry(base.clone()).or_insert(2);
        loop {
            let name = format!("{base}_{number}");
            *number += 1;
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }

    /// A free name for what is declared in a resource, beside the properties that it has.
    pub(super) fn take_member(&mut self, wanted: &str) -> String {
        let own = GALLERY.body.props.iter().any(|prop| prop.name == wanted);
        let known = own || ["id", "name", "properties"].contains(&wanted);
        if known { self.take(&format!("{wanted}_image")) } else { self.take(wanted) }
    }

    /// Whether a name is taken.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }
}

/// A text as a name in the manner of the language: `winImage-01` is `win_image_01`. Nothing if too little is left.
pub(super) fn pleasant(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut last = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_alphanumeric() {
            let next_lower = chars.peek().is_some_and(char::is_ascii_lowercase);
            let begins = c.is_ascii_uppercase()
                && (last.is_ascii_lowercase() || (last.is_ascii_uppercase() && next_lower));
            if (begins || !last.is_ascii_alphanumeric()) && !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        }
        last = c;
    }
    if out.starts_with(|c: char| c.is_ascii_digit()) {
        out.insert(0, '_');
    }
    (is_name(&out) && out.len() >= 2).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::{Names, pleasant};

    #[test]
    fn names_read_well() {
        for (text, name) in [
            ("winImage-01", Some("win_image_01")),
            ("AIBWinTemplate", Some("aib_win_template")),
            ("<imgBuilderId>", Some("img_builder_id")),
            ("7zip", Some("_7zip")),
            ("é", None),
            ("x", None),
        ] {
            assert_eq!(pleasant(text).as_deref(), name, "{text}");
        }
        let mut names = Names::default();
        assert_eq!([names.take("web"), names.take("web"), names.take("azure")], ["web", "web_2", "azure_"]);
        assert_eq!([names.take("if"), names.take("arm"), names.take("if")], ["if_", "arm_", "if__2"]);
    }
}
