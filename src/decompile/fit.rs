//! Single values by the type of their row: what comes out must compile to exactly what went in.

use super::code::Code;
use super::errors;
use super::expr::unwrapped;
use super::out::{Entry, Ex};
use super::rows::Around;
use super::scope::{Meaning, Scope, Type};
use super::text::{Part, block, clearer_block};
use super::value::{commented, lines_of};
use crate::arm::Expr;
use crate::base::has_placeholder;
use crate::json::{Comment, Data, Value};
use crate::schema::{Enumeration, IDENTITY, Lit, Ty, Union};
use crate::syntax::quote;

impl Scope {
    /// A value by its type; nothing if the type cannot say it.
    pub(super) fn fit(&mut self, ty: &'static Ty, value: &Value, around: &Around) -> Option<Ex> {
        match ty {
            Ty::Str | Ty::Name(_) | Ty::Sha256 | Ty::Region | Ty::Version => self.fit_text(value),
            Ty::Url => {
                // A path would be taken for a file of the workspace.
                let local = value.as_text().is_some_and(|t| t.starts_with("./") || t.starts_with("../"));
                if local { None } else { self.fit_text(value) }
            }
            Ty::Int => match whole(value) {
                Some(number) => Some(Ex::atom(number.to_string())),
                None => self.code_of(value, Type::Int),
            },
            Ty::Minutes => self.fit_count(value, minutes),
            Ty::Gigabytes => self.fit_count(value, gigabytes),
            Ty::Bool => match value.data {
                Data::Bool(b) => Some(Ex::atom(b.to_string())),
                _ => self.code_of(value, Type::Bool),
            },
            Ty::GoDuration => match value.as_text().and_then(go_duration) {
                Some(text) => Some(Ex::atom(text)),
                None => self.fit_text(value),
            },
            Ty::State => match value.as_text() {
                Some("Enabled") => Some(Ex::atom("true")),
                Some("Disabled") => Some(Ex::atom("false")),
                _ => self.code_of(value, Type::Text),
            },
            Ty::Enum(e) => self.fit_enum(e, value),
            Ty::List(inner) => self.fit_list(inner, value, around),
            Ty::Map(inner) => self.fit_map(inner, value, around),
            Ty::Tags => {
                static TEXT: Ty = Ty::Str;
                self.fit_map(&TEXT, value, around)
            }
            Ty::Object(object) => match value.as_object() {
                None => self.code_of(value, Type::Object),
                Some(_) => {
                    let entries = self.fit_object(object, value, around)?;
                    match (entries.as_slice(), object.shorthand) {
                        ([one], Some(short)) if one.head == short && one.block.is_none() => one.value.clone(),
                        _ => Some(Ex::Object(entries)),
                    }
                }
            },
            Ty::Union(union) => self.fit_union(union, value, around),
            Ty::Id(kinds) => self.fit_id(kinds, value),
            Ty::Identity => self.fit_identity(value),
            Ty::ResourceGroup => self.fit_group(value),
            Ty::Script => self.fit_script(value),
            Ty::Any => Some(self.value(value)),
        }
    }

    /// A number with its unit; what only Azure knows counts in this unit already.
    fn fit_count(&mut self, value: &Value, unit: fn(u64) -> String) -> Option<Ex> {
        let known = whole(value).or_else(|| match self.constant(value) {
            Some(Expr::Int(number)) => i32::try_from(number).ok().map(i64::from),
            _ => None,
        });
        if let Some(number) = known {
            return Some(Ex::atom(unit(u64::try_from(number).ok()?)));
        }
        // The compiler refuses what it knows to be no number with a unit.
        let settled = self.constant(value).is_some_and(|expr| expr.as_value().is_some());
        if settled {
            return None;
        }
        self.fit_choice(value, unit).or_else(|| self.code_of(value, Type::Int))
    }

    /// `env == "prod" ? 4h : 2h`: a choice between known numbers, with their unit.
    fn fit_choice(&mut self, value: &Value, unit: fn(u64) -> String) -> Option<Ex> {
        let Meaning::Expr(Expr::Call { name, args }) = self.quiet_meaning(value.as_text()?) else {
            return None;
        };
        let [condition, Expr::Int(then), Expr::Int(otherwise)] = args.as_slice() else { return None };
        let (then, otherwise) = (u64::try_from(*then).ok()?, u64::try_from(*otherwise).ok()?);
        let fits = |number: u64| i32::try_from(number).is_ok();
        if !name.eq_ignore_ascii_case("if") || !fits(then) || !fits(otherwise) {
            return None;
        }
        let condition = self.code(condition).condition()?;
        Some(Ex::atom(format!("{condition} ? {} : {}", unit(then), unit(otherwise))))
    }

    pub(super) fn fit_text(&mut self, value: &Value) -> Option<Ex> {
        let code = self.text_code(value)?;
        matches!(code.ty, Type::Text | Type::Any).then(|| code.into_ex())
    }

    fn fit_enum(&mut self, e: &'static Enumeration, value: &Value) -> Option<Ex> {
        let exact = e.values.iter().find(|v| match v.arm {
            Lit::Str(text) => value.as_text() == Some(text),
            Lit::Bool(b) => value.data == Data::Bool(b),
        });
        if let Some(found) = exact {
            return Some(Ex::atom(found.name));
        }
        let truth = e.values.iter().any(|v| matches!(v.arm, Lit::Bool(_)));
        let code = self.text_code(value)?;
        let fits = match code.ty {
            Type::Text => !truth,
            Type::Bool => truth,
            Type::Any => true,
            _ => false,
        };
        // A word of the language would be taken for what it means.
        let meant = value.as_text().is_some_and(|text| e.find(text).is_some());
        (fits && !meant).then(|| Ex::atom(code.text))
    }

    fn fit_map(&mut self, inner: &'static Ty, value: &Value, around: &Around) -> Option<Ex> {
        let Some(object) = value.as_object() else { return self.code_of(value, Type::Object) };
        let mut out = Vec::new();
        for member in object.effective() {
            let ex = self.fit(inner, &member.value, around)?;
            let key = self.key(member);
            out.push(commented(Entry::set(key, ex), &member.value));
        }
        super::value::dangling(&mut out, value.inside());
        Some(Ex::Object(out))
    }

    /// `latest(major = 1)`; an object as it is where that is not all.
    fn fit_union(&mut self, union: &'static Union, value: &Value, around: &Around) -> Option<Ex> {
        let Some(object) = value.as_object() else { return self.code_of(value, Type::Object) };
        let tag = object.get(union.discriminator)?;
        let text = tag.as_text()?;
        if union.name == "source"
            && let Some(ex) = self.fit_source(object, text, around)
        {
            return Some(ex);
        }
        let exact =
            union.variants.iter().find(|v| v.is_in(around.version) && v.arm_in(around.version) == text);
        let call = exact.filter(|v| v.keyword != "platform_image").and_then(|variant| {
            self.take(tag);
            let entries = self.fit_object(variant.body, value, around)?;
            let args = entries.iter().map(|e| {
                let value = e.value.as_ref()?.inline()?;
                (e.block.is_none() && e.before.is_empty() && e.after.is_empty())
                    .then(|| Ex::atom(format!("{} = {value}", e.head)))
            });
            let args: Vec<Ex> = args.collect::<Option<_>>()?;
            let bare = args.is_empty() && union.discriminator != "type";
            Some(if bare { Ex::atom(variant.keyword) } else { Ex::Call(variant.keyword.into(), args) })
        });
        Some(call.unwrap_or_else(|| self.value(value)))
    }

    /// The identity that an identity object holds, or the object as it is.
    fn fit_identity(&mut self, value: &Value) -> Option<Ex> {
        let Some(object) = value.as_object() else {
            // An object that only Azure knows may name any identity, which the language wants to know.
            let known = match self.quiet_meaning(value.as_text()?) {
                Meaning::Expr(expr) => self.surely(&expr) == Some(Type::Object),
                _ => false,
            };
            return known.then(|| self.known_code(value, Type::Object)).flatten();
        };
        let one = || {
            let [kind, ids] = object.members.as_slice() else { return None };
            let (kind, ids) = if &*kind.key.text == "type" { (kind, ids) } else { (ids, kind) };
            let [id] = ids.value.as_object()?.members.as_slice() else { return None };
            let plain = &*kind.key.text == "type"
                && kind.value.as_text() == Some("UserAssigned")
                && &*ids.key.text == "userAssignedIdentities"
                && id.value.as_object().is_some_and(|o| o.members.is_empty());
            plain.then_some((id, [&kind.value, &ids.value, &id.value]))
        };
        let Some((id, values)) = one() else { return Some(self.value(value)) };
        // What is no id of an identity is refused as one, so the object stays as it is.
        let plausible = |text: &str| {
            let ty = format!("/providers/{}/", IDENTITY.arm_type).to_ascii_lowercase();
            text.starts_with('[') || has_placeholder(text) || text.to_ascii_lowercase().contains(&ty)
        };
        if !plausible(&id.key.text) {
            return Some(self.value(value));
        }
        let ex = self.id_of_text(&["identity"], &id.key.text, id.key.range)?;
        // What is said within stands above the one entry.
        let within = values.iter().flat_map(|v| [v.before(), v.after(), v.inside()]);
        let mut comments: Vec<Comment> = within.chain([value.inside()]).flatten().cloned().collect();
        comments.sort_by_key(|comment| comment.range.start);
        self.pending.extend(lines_of(&comments));
        Some(ex)
    }

    /// A staging group: an id as it is; a bare name would become an id.
    fn fit_group(&mut self, value: &Value) -> Option<Ex> {
        let code = self.text_code(value)?;
        let text = value.as_text().unwrap_or_default();
        let literal = code.ty == Type::Text && !text.starts_with('[');
        let as_it_is = !literal || text.starts_with('/') || text.is_empty() || has_placeholder(text);
        (as_it_is && matches!(code.ty, Type::Text | Type::Any)).then(|| Ex::atom(code.text))
    }

    /// Commands: one line, a block of lines, or a list.
    fn fit_script(&mut self, value: &Value) -> Option<Ex> {
        let Data::List(items) = &value.data else { return self.known_code(value, Type::List) };
        let mut lines: Vec<Vec<Part>> = Vec::new();
        let mut codes: Vec<Code> = Vec::new();
        for item in items {
            let code = self.line_code(item)?;
            codes.push(code.clone());
            lines.push(if code.ty == Type::Text { code.into_parts() } else { vec![Part::Code(code.text)] });
        }
        let comments = items.iter().any(|item| item.comments.is_some()) || !value.inside().is_empty();
        let texts = codes.iter().all(|code| code.ty == Type::Text);
        let broken = |part: &Part| matches!(part, Part::Text(text) if text.contains(['\n', '\r']));
        if texts && !comments && !lines.iter().flatten().any(broken) {
            if let [line] = lines.as_slice()
                && let [only] = codes.as_slice()
                && !line.is_empty()
                && only.text.starts_with(['"', '\''])
            {
                return Some(clearer_block(line).unwrap_or_else(|| Ex::atom(only.text.clone())));
            }
            if let Some(block) = block(&lines) {
                return Some(block);
            }
        }
        let mut out = Vec::new();
        for (item, code) in items.iter().zip(codes) {
            out.push(commented(Entry::item(code.into_ex()), item));
        }
        super::value::dangling(&mut out, value.inside());
        Some(Ex::List(out))
    }

    /// A line of a script; one that only looks like an expression stays as it is, and the others may be read all the same.
    fn line_code(&mut self, item: &Value) -> Option<Code> {
        let (Data::Text(text) | Data::Placeholder(text)) = &item.data else { return None };
        let code = match self.meaning(text, item.range) {
            Meaning::Text(meant) => {
                self.tell_test(text, item);
                Code::text(&meant)
            }
            Meaning::Expr(expr) => self.code(&expr),
            Meaning::Broken => Code::new(format!("verbatim({})", quote(text)), Type::Text),
        };
        matches!(code.ty, Type::Text | Type::Any).then_some(code)
    }

    /// Tells of a test of bash in double brackets of which ARM takes one away.
    fn tell_test(&mut self, text: &str, item: &Value) {
        if !self.raw && text.starts_with("[[ ") && text.ends_with(" ]]") {
            let d = errors::unescaped_test(self.span(item.range), text);
            self.report(d);
        }
    }

    /// A text that is an id, as a reference where that says the same.
    pub(super) fn fit_id(&mut self, kinds: &'static [&'static str], value: &Value) -> Option<Ex> {
        self.id_of_text(kinds, value.as_text()?, value.range)
    }

    pub(super) fn id_of_text(
        &mut self,
        kinds: &'static [&'static str],
        text: &str,
        range: crate::base::TextRange,
    ) -> Option<Ex> {
        match self.meaning(text, range) {
            Meaning::Broken => None,
            Meaning::Text(text) => match self.literal_id(kinds, &text) {
                Some(path) => Some(Ex::atom(path)),
                // A bare name of a managed image would become an id.
                None if kinds.contains(&"managed_image")
                    && !text.contains('/')
                    && !has_placeholder(&text) =>
                {
                    None
                }
                None => Some(super::text::literal(&text)),
            },
            Meaning::Expr(expr) => match self.expr_id(kinds, unwrapped(&expr)) {
                Some(path) => Some(Ex::atom(path)),
                None => {
                    let code = self.code(&expr);
                    // Text that begins with a known part would be taken for the name of a managed image.
                    let made = kinds.contains(&"managed_image") && code.is_made_name();
                    (matches!(code.ty, Type::Text | Type::Any) && !made).then(|| Ex::atom(code.text))
                }
            },
        }
    }
}

/// A whole number of 32 bits.
fn whole(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Number(text) => text.parse::<i32>().ok().map(i64::from),
        _ => None,
    }
}

fn gigabytes(count: u64) -> String {
    format!("{count}GB")
}

fn minutes(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m}m"),
        (h, 0) => format!("{h}h"),
        (h, m) => format!("{h}h{m}m"),
    }
}

/// A duration that the compiler writes in this very way.
fn go_duration(text: &str) -> Option<String> {
    let number = text.get(..text.len().checked_sub(1)?)?;
    let count: u64 = number.parse().ok().filter(|n| *n > 0)?;
    let seconds = match text.as_bytes().last()? {
        b'h' => count.checked_mul(3600)?,
        b'm' => count.checked_mul(60)?,
        b's' => count,
        _ => return None,
    };
    let written = match seconds {
        s if s % 3600 == 0 => format!("{}h", s / 3600),
        s if s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    };
    (written == text).then_some(written)
}
