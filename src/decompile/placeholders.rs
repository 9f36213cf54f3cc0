//! Placeholders such as `<region>`: texts that somebody fills in before deploying. They stay as they are, or each name
//! becomes a parameter.

use super::names::pleasant;
use super::out::Entry;
use super::scope::{Meaning, Named, Scope, Type};
use crate::arm::Expr;
use crate::json::{Data, Value};

/// A piece of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Piece<'t> {
    Text(&'t str),
    /// The name between `<` and `>`.
    Name(&'t str),
}

/// What tells markup and code, in which angles mean something else.
const MARKUP: &[&str] = &["</", "/>", "<!doctype", "<html>", "<head>", "<body>", "#include"];

/// The pieces of a text that holds placeholders; nothing if it holds none. In markup `<name>` means something else.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let lower = text.to_ascii_lowercase();
    if !text.contains('<') || MARKUP.iter().any(|mark| lower.contains(mark)) {
        return None;
    }
    let mut out = Vec::new();
    let mut rest = text;
    let mut found = false;
    while let Some((before, after)) = rest.split_once('<') {
        let name = after.split_once('>').filter(|(name, _)| is_placeholder(name));
        let Some((name, behind)) = name else {
            let cut = rest.len() - after.len();
            out.extend(rest.get(..cut).map(Piece::Text));
            rest = after;
            continue;
        };
        out.extend([Piece::Text(before), Piece::Name(name)]);
        rest = behind;
        found = true;
    }
    out.push(Piece::Text(rest));
    found.then_some(out)
}

fn is_placeholder(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.');
    let ends = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.ends_with([' ', '-', '.']);
    ends && name.len() <= 64 && name.chars().all(plain)
}

impl Scope {
    /// Gives each placeholder of a document its parameter, in the order in which they stand, and their declarations.
    pub(super) fn name_placeholders(&mut self, value: &Value) -> Vec<Entry> {
        let mut out = Vec::new();
        self.find_placeholders(value, &mut out);
        out
    }

    fn find_placeholders(&mut self, value: &Value, out: &mut Vec<Entry>) {
        match &value.data {
            Data::Text(text) | Data::Placeholder(text) => self.note_placeholders(text, out),
            Data::List(items) => items.iter().for_each(|item| self.find_placeholders(item, out)),
            Data::Object(object) => {
                for member in object.effective() {
                    // What may be given is no value that is filled in.
                    if &*member.key.text == "allowedValues" {
                        continue;
                    }
                    self.note_placeholders(&member.key.text, out);
                    self.find_placeholders(&member.value, out);
                }
            }
            _ => {}
        }
    }

    fn note_placeholders(&mut self, text: &str, out: &mut Vec<Entry>) {
        for piece in pieces(text).into_iter().flatten() {
            let Piece::Name(name) = piece else { continue };
            let key = name.to_lowercase();
            if self.placeholders.contains_key(&key) {
                continue;
            }
            let declared = self.names.take(&pleasant(name).unwrap_or_else(|| "value".into()));
            // A person has to know what to give it for.
            let before = vec![format!("/ Stands for `<{name}>`.")];
            out.push(Entry { before, head: format!("param {declared}: string"), ..Entry::default() });
            self.params.insert(declared.to_lowercase(), Named { name: declared.clone(), ty: Type::Text });
            self.placeholders.insert(key, declared);
        }
    }

    /// What a text means, its placeholders being parameters.
    pub(super) fn filled(&self, meaning: Meaning) -> Meaning {
        if self.placeholders.is_empty() {
            return meaning;
        }
        match meaning {
            Meaning::Text(text) => match self.filled_text(&text) {
                Some(expr) => Meaning::Expr(expr),
                None => Meaning::Text(text),
            },
            Meaning::Expr(expr) => Meaning::Expr(self.filled_expr(&expr)),
            Meaning::Broken => Meaning::Broken,
        }
    }

    fn filled_text(&self, text: &str) -> Option<Expr> {
        let mut args = Vec::new();
        for piece in pieces(text)? {
            match piece {
                Piece::Text("") => {}
                Piece::Text(text) => args.push(Expr::str(text)),
                Piece::Name(name) => {
                    let declared = self.placeholders.get(&name.to_lowercase())?;
                    args.push(Expr::call("parameters", vec![Expr::str(declared.as_str())]));
                }
            }
        }
        match args.as_slice() {
            [only] => Some(only.clone()),
            _ => Some(Expr::call("concat", args)),
        }
    }

    fn filled_expr(&self, expr: &Expr) -> Expr {
        match expr {
            Expr::Str(text) => self.filled_text(text).unwrap_or_else(|| expr.clone()),
            other => other.map_parts(&mut |part| self.filled_expr(part)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    #[test]
    fn placeholders_are_words_in_angles() {
        assert_eq!(pieces("<region>"), Some(vec![Piece::Text(""), Piece::Name("region"), Piece::Text("")]));
        assert_eq!(
            pieces("a < b <rg Name>/x"),
            Some(vec![Piece::Text("a <"), Piece::Text(" b "), Piece::Name("rg Name"), Piece::Text("/x")])
        );
        for text in [
            "",
            "a < b > c",
            "<b>bold</b>",
            "<br/>",
            "#include <stdio.h>",
            "<html><body>",
            "cat <in >out",
            "<>",
            "<1>",
        ] {
            assert_eq!(pieces(text), None, "{text}");
        }
    }
}
