//! The types of the language, and what fits into what.

use std::fmt;
use std::sync::Arc;

use crate::base::{has_placeholder, list_words};

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    /// After a reported mistake.
    Unknown,
    Any,
    Null,
    Bool,
    Int {
        min: Option<i64>,
        max: Option<i64>,
    },
    Decimal,
    String {
        min: Option<i64>,
        max: Option<i64>,
        pattern: Option<Arc<str>>,
    },
    Domain(Domain),
    Duration,
    Size,
    /// `"dev" | "prod"`
    Literals(Arc<[Arc<str>]>),
    List(Arc<Type>),
    Map(Arc<Type>),
    Object(Arc<Vec<Shape>>),
    Union(Arc<Vec<Type>>),
    Optional(Arc<Type>),
    /// A handle of a resource of this kind: its keyword.
    Handle(&'static str),
    /// The id of a resource of this kind.
    ResourceId(Arc<str>),
    /// `source`: what an image can be built from.
    Source,
    Variant(Arc<str>),
    /// Something that only has a name in messages.
    Named(&'static str),
}

/// Text with a meaning, checked when it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Domain {
    Region,
    Url,
    Sha256,
    Guid,
    Version,
}

/// A member of an object shape.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    pub(crate) name: Arc<str>,
    pub(crate) optional: bool,
    pub(crate) ty: Type,
}

impl Domain {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Url => "url",
            Self::Sha256 => "sha256",
            Self::Guid => "guid",
            Self::Version => "version",
        }
    }

    /// What is wrong with a text of this domain, if something is.
    pub(crate) fn complaint(self, text: &str) -> Option<&'static str> {
        let ok = match self {
            Self::Region => {
                // `_` and `-` occur only in stand-ins such as `1_location`; whether a region exists is a rule's business.
                !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || " _-".contains(c))
                    || has_placeholder(text)
            }
            Self::Url => {
                // A scheme has no letter case.
                let is_known = |s: &str| s.eq_ignore_ascii_case("https") || s.eq_ignore_ascii_case("http");
                let rest =
                    text.split_once("://").filter(|(scheme, _)| is_known(scheme)).map(|(_, rest)| rest);
                rest.is_some_and(|r| !r.is_empty() && !text.contains(char::is_whitespace))
                    || has_placeholder(text)
            }
            Self::Sha256 => {
                text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            }
            Self::Guid => is_guid(text),
            Self::Version => is_version(text),
        };
        (!ok).then_some(match self {
            Self::Region => "a region is written as letters and digits: `westeurope`",
            Self::Url => "a URL begins with `https://` and holds no white space",
            Self::Sha256 => "a SHA-256 is 64 lower-case hexadecimal digits",
            Self::Guid => "a GUID is 32 hexadecimal digits in groups of 8-4-4-4-12",
            Self::Version => "a version is three whole numbers below 2147483648: `1.2.3`",
        })
    }
}

pub(crate) fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|g| g.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether a text is a gallery image version: three 32-bit integers (gallery.md, section 2: 0..2147483647).
pub(crate) fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|p| {
            p.bytes().all(|b| b.is_ascii_digit()) && p.parse::<u32>().is_ok_and(|n| n <= 2_147_483_647)
        })
}

impl Type {
    /// What it is where it is not `null`, if it may be `null` at all.
    pub(crate) fn without_null(&self) -> Option<Self> {
        match self {
            Self::Optional(inner) => Some((**inner).clone()),
            Self::Union(items) if items.contains(&Self::Null) => {
                let rest: Vec<Self> = items.iter().filter(|item| **item != Self::Null).cloned().collect();
                match rest.as_slice() {
                    [only] => Some(only.clone()),
                    _ => Some(Self::Union(Arc::new(rest))),
                }
            }
            _ => None,
        }
    }

    pub(crate) const INT: Self = Self::Int { min: None, max: None };
    pub(crate) const STRING: Self = Self::String { min: None, max: None, pattern: None };

    /// The type of what is one of two: exact numbers and texts join into ranges and enumerations.
    pub(crate) fn either(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Unknown, t) | (t, Self::Unknown) => t,
            (Self::Null, t) | (t, Self::Null) => match t {
                Self::Optional(_) => t,
                t => Self::Optional(Arc::new(t)),
            },
            (Self::Int { min: a, max: b }, Self::Int { min: c, max: d }) => {
                Self::Int { min: a.zip(c).map(|(a, c)| a.min(c)), max: b.zip(d).map(|(b, d)| b.max(d)) }
            }
            (Self::Literals(a), Self::Literals(b)) => {
                let mut all = a.to_vec();
                all.extend(b.iter().filter(|t| !a.contains(t)).cloned());
                Self::Literals(all.into())
            }
            (a, b) if a.is_text() && b.is_text() => Self::STRING,
            (a, b) => Self::Union(Arc::new(vec![a, b])),
        }
    }

    /// Whether its values are text in ARM.
    pub(crate) fn is_text(&self) -> bool {
        match self {
            Self::String { .. } | Self::Domain(_) | Self::Literals(_) | Self::ResourceId(_) => true,
            Self::Optional(inner) => inner.is_text(),
            Self::Union(items) => items.iter().all(Self::is_text),
            _ => false,
        }
    }

    /// The ARM type that holds its values.
    pub(crate) fn arm_type(&self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int { .. } | Self::Duration | Self::Size => "int",
            Self::List(_) => "array",
            Self::Map(_) | Self::Object(_) | Self::Any | Self::Variant(_) | Self::Decimal => "object",
            Self::Optional(inner) => inner.arm_type(),
            Self::Union(items) => match items.first() {
                Some(first) if items.iter().all(|t| t.arm_type() == first.arm_type()) => first.arm_type(),
                _ => "object",
            },
            _ => "string",
        }
    }

    /// Whether a value of type `other` may stand where this is expected, as far as types tell.
    pub(crate) fn accepts(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown | Self::Any, _) | (_, Self::Unknown | Self::Any) => true,
            (Self::Optional(inner), Self::Optional(o)) => inner.accepts(o),
            (Self::Optional(inner), o) => matches!(o, Self::Null) || inner.accepts(o),
            (Self::Union(items), Self::Union(others)) => {
                others.iter().all(|o| items.iter().any(|t| t.accepts(o)))
            }
            (Self::Union(items), o) => items.iter().any(|t| t.accepts(o)),
            (s, Self::Union(others)) => others.iter().all(|o| s.accepts(o)),
            (Self::Literals(mine), Self::Literals(theirs)) => theirs.iter().all(|t| mine.contains(t)),
            (Self::Literals(_), _) => false,
            (Self::Int { min, max }, Self::Int { min: omin, max: omax }) => {
                min.is_none_or(|m| omin.is_some_and(|o| o >= m))
                    && max.is_none_or(|m| omax.is_some_and(|o| o <= m))
            }
            (Self::String { .. } | Self::Domain(_), o) if o.is_text() => true,
            (Self::ResourceId(_), o) => o.is_text() || matches!(o, Self::Handle(_)),
            (Self::List(a), Self::List(b)) | (Self::Map(a), Self::Map(b)) => {
                Arc::ptr_eq(a, b) || a.accepts(b)
            }
            (Self::Map(a), Self::Object(shape)) => shape.iter().all(|s| a.accepts(&s.ty)),
            (Self::Object(_), Self::Map(_)) => true,
            (Self::Object(mine), Self::Object(theirs)) if Arc::ptr_eq(mine, theirs) => true,
            (Self::Object(mine), Self::Object(theirs)) => mine.iter().all(|m| {
                theirs.iter().find(|t| t.name == m.name).map_or(m.optional, |t| m.ty.accepts(&t.ty))
            }),
            (a, b) => a == b,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("something unknown"),
            Self::Any => f.write_str("any value"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("a bool"),
            Self::Int { min: None, max: None } => f.write_str("an int"),
            Self::Int { min, max } => {
                f.write_str("an int(")?;
                write_range(f, *min, *max)
            }
            Self::Decimal => f.write_str("a decimal number"),
            Self::String { min: None, max: None, pattern: None } => f.write_str("a string"),
            Self::String { pattern: Some(p), .. } => write!(f, "a string('{p}')"),
            Self::String { min, max, .. } => {
                f.write_str("a string(")?;
                write_range(f, *min, *max)
            }
            Self::Domain(d) => write!(f, "a {}", d.name()),
            Self::Duration => f.write_str("a duration"),
            Self::Size => f.write_str("a size"),
            Self::Literals(values) => {
                let quoted: Vec<String> = values.iter().map(|v| format!("\"{v}\"")).collect();
                f.write_str(&list_words(&quoted, "or", 8))
            }
            Self::List(_) => f.write_str("a list"),
            Self::Map(_) | Self::Object(_) => f.write_str("an object"),
            Self::Union(items) => {
                let mut words: Vec<String> = items.iter().map(ToString::to_string).collect();
                let mut seen = std::collections::HashSet::new();
                words.retain(|word| seen.insert(word.clone()));
                f.write_str(&list_words(&words, "or", 8))
            }
            Self::Optional(inner) => write!(f, "{inner} or null"),
            Self::Handle(kind) => write!(f, "a reference to a {kind}"),
            Self::ResourceId(kind) => write!(f, "the id of a {kind}"),
            Self::Source => f.write_str("a source"),
            Self::Variant(name) => write!(f, "`{name}(…)`"),
            Self::Named(words) => f.write_str(words),
        }
    }
}

fn write_range(f: &mut fmt::Formatter<'_>, min: Option<i64>, max: Option<i64>) -> fmt::Result {
    if let Some(min) = min {
        write!(f, "{min}")?;
    }
    f.write_str("..")?;
    if let Some(max) = max {
        write!(f, "{max}")?;
    }
    f.write_str(")")
}
