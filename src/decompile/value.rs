//! Values of JSON as values of the language, without a row of the table.

use super::code::{Code, key_text};
use super::errors;
use super::out::{Entry, Ex};
use super::rows::address;
use super::scope::{Meaning, Scope, Type};
use super::text::{literal, long_literal};
use crate::arm::{self, Expr};
use crate::json::{Comment, Data, Member, Object, Value};
use crate::syntax::quote;

/// What a value is made of, and what it gives.
pub(super) struct Made {
    pub(super) ex: Ex,
    pub(super) ty: Type,
}

impl Scope {
    /// Any value as it is.
    pub(super) fn value(&mut self, value: &Value) -> Ex {
        self.made(value).ex
    }

    pub(super) fn made(&mut self, value: &Value) -> Made {
        let (ex, ty) = match &value.data {
            Data::Null => (Ex::atom("null"), Type::Null),
            Data::Bool(b) => (Ex::atom(b.to_string()), Type::Bool),
            Data::Number(text) => (self.number(value, text), Type::Int),
            Data::Text(text) | Data::Placeholder(text) => match self.meaning(text, value.range) {
                Meaning::Text(text) => (long_literal(&text), Type::Text),
                Meaning::Expr(expr) => {
                    let code = self.code(&expr);
                    let ty = code.ty;
                    (code.into_ex(), ty)
                }
                Meaning::Broken => (Ex::Call("verbatim".into(), vec![literal(text)]), Type::Any),
            },
            Data::List(items) => (Ex::List(self.list(items, value.inside())), Type::List),
            Data::Object(object) => (Ex::Object(self.members(object, value.inside())), Type::Object),
        };
        Made { ex, ty }
    }

    /// A number: whole ones of 64 bits as they are, others with their decimals written out.
    fn number(&mut self, value: &Value, text: &str) -> Ex {
        let plain = !text.contains(['e', 'E']);
        let whole = plain && !text.contains('.');
        let within = text.parse::<i64>().is_ok_and(|number| number > i64::MIN);
        if within || (plain && !whole) {
            return Ex::atom(text);
        }
        if whole && !self.raw {
            let call = Expr::call("json", vec![Expr::str(text)]);
            return Ex::atom(format!("arm({})", quote(&arm::print_template(&call, &|_| None))));
        }
        if whole {
            let what = format!("the whole number `{text}`");
            let d = errors::not_carried(
                self.span(value.range),
                &what,
                "it has more than 64 bits, so it is written as a decimal number",
            );
            self.report(d);
            return Ex::atom(format!("{text}.0"));
        }
        match text.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number.to_string()) {
            Some(text) if text.contains('.') => Ex::atom(text),
            Some(text) => Ex::atom(format!("{text}.0")),
            None => {
                let d = errors::not_carried(
                    self.span(value.range),
                    &format!("the number `{text}`"),
                    "it is larger than numbers can be",
                );
                self.report(d);
                literal(text)
            }
        }
    }

    fn list(&mut self, items: &[Value], inside: &[Comment]) -> Vec<Entry> {
        let mut out: Vec<Entry> =
            items.iter().map(|item| commented(Entry::item(self.value(item)), item)).collect();
        dangling(&mut out, inside);
        out
    }

    /// The members of an object; of equal keys the last.
    pub(super) fn members(&mut self, object: &Object, inside: &[Comment]) -> Vec<Entry> {
        let members = object.effective().into_iter().filter(|m| !self.dropped.contains(&address(&m.value)));
        let members: Vec<&Member> = members.collect();
        let mut out: Vec<Entry> = members.into_iter().map(|member| self.member_entry(member)).collect();
        dangling(&mut out, inside);
        out
    }

    pub(super) fn member_entry(&mut self, member: &Member) -> Entry {
        let key = self.key(member);
        commented(Entry::set(key, self.value(&member.value)), &member.value)
    }

    /// A member's name; one that is an expression stands in brackets.
    pub(super) fn key(&mut self, member: &Member) -> String {
        match self.meaning(&member.key.text, member.key.range) {
            Meaning::Text(text) => key_text(&text),
            Meaning::Expr(expr) => format!("({})", self.code(&expr).text),
            Meaning::Broken => format!("(verbatim({}))", quote(&member.key.text)),
        }
    }

    /// A text as code; nothing if the value is no text.
    pub(super) fn text_code(&mut self, value: &Value) -> Option<Code> {
        let (Data::Text(text) | Data::Placeholder(text)) = &value.data else { return None };
        Some(match self.meaning(text, value.range) {
            Meaning::Text(text) => Code::text(&text),
            Meaning::Expr(expr) => self.code(&expr),
            Meaning::Broken => return None,
        })
    }
}

/// An entry with the comments of the value that it is made of.
pub(super) fn commented(mut entry: Entry, value: &Value) -> Entry {
    entry.before = lines_of(value.before());
    entry.after = lines_of(value.after());
    entry
}

/// Puts the comments before a closing bracket behind the last entry.
pub(super) fn dangling(entries: &mut Vec<Entry>, inside: &[Comment]) {
    if !inside.is_empty() {
        let before = lines_of(inside);
        entries.push(Entry { after: before, ..Entry::default() });
    }
}

/// Comments as lines.
pub(super) fn lines_of(comments: &[Comment]) -> Vec<String> {
    comments
        .iter()
        .flat_map(|comment| comment.text.split('\n'))
        .map(|line| line.trim().trim_start_matches('/').trim_start_matches("* ").trim().to_owned())
        .collect()
}
