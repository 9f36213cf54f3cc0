//! The reference of the built-in functions, in Markdown, from the rows.

use std::fmt::Write as _;

use super::functions::{BUILTINS, Builtin, Eval};
use crate::schema::{Prop, RESOURCE_KINDS, Required, Role, Ty, Union, Variant, places};

/// The page of all built-in functions: how each is called, what it does, what it becomes.
pub fn function_page() -> String {
    let mut page = String::from(
        "<!-- Generated from src/check/functions.rs. Edit the rows, then run `UPDATE=1 cargo test --test it docs`. -->\n\
         # Built-in functions\n\n\
         Arguments come by place or by name (`join(list = xs, separator = \",\")`); those with `?` may be left out, and `…`\n\
         stands for any number of further ones. A declaration or import of the same name wins over a built-in function.\n\n\
         ## Functions of ARM\n\n\
         With arguments that are known they are computed by aib, to what Azure would compute; with arguments that only Azure\n\
         knows they become the ARM function in the last column.\n\n\
         | function | what it gives | in ARM |\n|---|---|---|\n",
    );
    for (builtin, function) in BUILTINS.iter().filter_map(|b| Some((b, b.arm()?))) {
        let _ = writeln!(page, "| `{}` | {} | `{function}` |", builtin.signature(), builtin.doc);
    }
    page.push_str(
        "\n## Functions of the compiler\n\n\
         They exist while aib runs. What they give is folded into the template.\n\n\
         | function | what it gives |\n|---|---|\n",
    );
    for builtin in BUILTINS.iter().filter(|b| b.arm().is_none()) {
        let _ = writeln!(page, "| `{}` | {} |", builtin.signature(), builtin.doc);
    }
    page.push_str(
        "\n## Kinds of values of one property\n\n\
         A property that takes one of several objects takes it as a call. These words are known there and nowhere else.\n\n\
         | property | call | what it is |\n|---|---|---|\n",
    );
    for (prop, variant) in variants() {
        let _ = writeln!(page, "| `{}` | `{}` | {} |", prop.name, call(variant), variant.doc);
    }
    page
}

/// The variants of properties that are written as calls, without those that are functions as well.
fn variants() -> Vec<(&'static Prop, &'static Variant)> {
    let places = RESOURCE_KINDS.iter().flat_map(|kind| places(kind));
    let mut props: Vec<(&'static Prop, &'static Union)> = Vec::new();
    for place in places {
        if let Ty::Union(union) = place.prop.ty
            && !props.iter().any(|(_, known)| known.name == union.name)
        {
            props.push((place.prop, union));
        }
    }
    let is_function = |word: &str| BUILTINS.iter().any(|b| b.name == word);
    let variants = props.into_iter().flat_map(|(prop, union)| union.variants.iter().map(move |v| (prop, v)));
    variants.filter(|(_, v)| !is_function(v.keyword)).collect()
}

/// How a variant is written: a word, or a call with the properties that can be given.
fn call(variant: &Variant) -> String {
    let given = variant.body.props.iter().filter(|p| !p.read_only && p.role != Role::Raw);
    let args: Vec<String> = given
        .map(|p| match (variant.main == Some(p.name), p.required) {
            (true, _) => p.name.to_owned(),
            (false, Required::No) => format!("{}?", p.name),
            _ => format!("{} = …", p.name),
        })
        .collect();
    if args.is_empty() {
        variant.keyword.to_owned()
    } else {
        format!("{}({})", variant.keyword, args.join(", "))
    }
}

impl Builtin {
    /// The function of ARM that it is, if it is one.
    fn arm(&self) -> Option<&'static str> {
        match self.eval {
            Eval::Arm(function) => Some(function),
            Eval::Native(_) => None,
        }
    }
}
