//! The tree that a text becomes.

use crate::base::{TextRange, pointer_steps};
use crate::diag::Diagnostic;

/// A text that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// The one value that the text holds; comments around it are its own.
    pub root: Value,
    /// What was let pass though it is worth knowing: keys given twice, placeholders without quotes.
    pub findings: Vec<Diagnostic>,
}

/// A value, where it stands, and the comments at it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Value {
    /// Its bytes; quotes and brackets belong to it.
    pub range: TextRange,
    /// What it is.
    pub data: Data,
    /// The comments at it, if there are any. Those of a member stand at its value.
    pub comments: Option<Box<Comments>>,
}

/// What a value is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Data {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it is written.
    Number(Box<str>),
    /// A string, its escapes resolved.
    Text(Box<str>),
    /// A placeholder without quotes, as it is written: `<minutes>`.
    Placeholder(Box<str>),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Object(Object),
}

/// An object's members, in the order of the text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Object {
    /// All of them; a key may stand twice.
    pub members: Vec<Member>,
}

/// A key and its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Value,
}

/// A key and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// Its bytes; the quotes belong to it.
    pub range: TextRange,
    /// Its text, escapes resolved.
    pub text: Box<str>,
}

/// The comments at a value, or at a member as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Comments {
    /// Those on lines of their own before it, and those between a key and its value.
    pub before: Vec<Comment>,
    /// Those behind it on its line.
    pub after: Vec<Comment>,
    /// Those before the closing bracket, behind the last element.
    pub inside: Vec<Comment>,
}

/// A comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// Its bytes; the marks belong to it, the line break does not.
    pub range: TextRange,
    /// Its text without marks, white space at both ends taken away.
    pub text: Box<str>,
}

impl Object {
    /// The value of a key; of several the last, as Azure's tools take it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.member(key).map(|m| &m.value)
    }

    /// The member with a key; of several the last.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members.iter().rev().find(|m| &*m.key.text == key)
    }

    /// The member whose key is this one in any letter case, one of equal case first.
    pub fn member_ignoring_case(&self, key: &str) -> Option<&Member> {
        self.member(key).or_else(|| self.members.iter().rev().find(|m| m.key.text.eq_ignore_ascii_case(key)))
    }

    /// The members that count: of those with one key, the last, at the place of the first.
    pub fn effective(&self) -> Vec<&Member> {
        let mut at = std::collections::HashMap::with_capacity(self.members.len());
        let mut out: Vec<&Member> = Vec::with_capacity(self.members.len());
        for member in &self.members {
            let index = *at.entry(&*member.key.text).or_insert(out.len());
            match out.get_mut(index) {
                Some(slot) => *slot = member,
                None => out.push(member),
            }
        }
        out
    }
}

impl Value {
    /// The object that it is.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.data {
            Data::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The list that it is.
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.data {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text that it is.
    pub fn as_text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key, if it is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    /// The value at a JSON pointer such as `/resources/0/name`, with the range of the key that leads to it.
    pub fn at_pointer(&self, pointer: &str) -> Option<(&Self, Option<TextRange>)> {
        let mut found = (self, None);
        for step in pointer_steps(pointer) {
            found = match &found.0.data {
                Data::Object(object) => {
                    let member = object.member(&step)?;
                    (&member.value, Some(member.key.range))
                }
                Data::List(items) => (items.get(step.parse::<usize>().ok()?)?, None),
                _ => return None,
            };
        }
        Some(found)
    }

    /// The comments before it.
    pub fn before(&self) -> &[Comment] {
        self.comments.as_ref().map_or(&[], |c| &c.before)
    }

    /// The comments behind it on its line.
    pub fn after(&self) -> &[Comment] {
        self.comments.as_ref().map_or(&[], |c| &c.after)
    }

    /// The comments before its closing bracket.
    pub fn inside(&self) -> &[Comment] {
        self.comments.as_ref().map_or(&[], |c| &c.inside)
    }
}
