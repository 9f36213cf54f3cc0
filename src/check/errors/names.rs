//! Faults of names: unknown, misplaced, cyclic.

use std::sync::Arc;

use super::values::short;
use crate::base::{Span, TextRange, list_words, nearest};
use crate::check::ty::Type;
use crate::diag::{Applicability, Diagnostic, code};
use crate::schema::ResourceKind;
use crate::syntax::ast::{Stmt, StmtKind};

/// "did you mean", else what there is, if that is short enough to read.
fn suggest(d: Diagnostic, name: &str, span: Span, known: &[Arc<str>], what: &str) -> Diagnostic {
    match nearest(name, known.iter().map(|k| &**k)) {
        Some(near) => d.did_you_mean(near, span, near),
        None if known.is_empty() => d,
        None => {
            let mut words: Vec<&str> = known.iter().map(|k| &**k).filter(|k| !k.starts_with('_')).collect();
            words.sort_unstable();
            words.dedup();
            if words.is_empty() { d } else { d.help(format!("{what}: {}", list_words(&words, "and", 12))) }
        }
    }
}

pub(crate) fn unknown_name(name: &str, span: Span, known: &[Arc<str>], words: &[&str]) -> Diagnostic {
    let d = Diagnostic::new(&code::UNKNOWN_NAME, span, format!("there is no `{name}` here"));
    if !words.is_empty() {
        return match nearest(name, words.iter().copied()) {
            Some(near) => d.did_you_mean(near, span, near),
            None => d.help(format!("what may stand here: {}", list_words(words, "or", 12))),
        };
    }
    suggest(d, name, span, known, "names in scope")
}

pub(crate) fn unquoted(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_NAME, span, format!("there is no `{name}` here"))
        .help(format!("text stands in quotes: `\"{name}\"`"))
        .fix(format!("write `\"{name}\"`"), span, format!("\"{name}\""), Applicability::Unsafe)
}

pub(crate) fn no_such_child(
    name: &str,
    kind: &str,
    span: Span,
    what: &str,
    declared: &[Arc<str>],
) -> Diagnostic {
    let d = Diagnostic::new(&code::UNKNOWN_MEMBER, span, format!("{what} has no `{name}`"));
    match nearest(name, declared.iter().map(|d| &**d)) {
        Some(_) => suggest(d, name, span, declared, "what it has"),
        None => d.help(format!("declare it in {what}: `{kind} {name} {{ … }}`")),
    }
}

pub(crate) fn other_spelling(name: &str, known: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_NAME, span, format!("there is no `{name}` here"))
        .help(format!("in aib it is `{known}`"))
        .fix(format!("write `{known}`"), span, known, Applicability::Safe)
}

pub(crate) fn meant_for_the_shell(d: Diagnostic, name: &str, span: Span) -> Diagnostic {
    // The two characters before the name are `${`; the fix puts a backslash before them.
    let start = span.range.start as usize;
    let at = TextRange::at(start.saturating_sub(2)).in_file(span.file);
    d.note(format!("`${{…}}` inserts a value of this file; a script's own variable is written `\\${{{name}}}`, or in a string with single quotes"))
        .fix(format!("write `\\${{{name}}}`, for the script"), at, "\\", Applicability::Unsafe)
}

pub(crate) fn unknown_type(name: &str, span: Span, known: &[Arc<str>]) -> Diagnostic {
    suggest(
        Diagnostic::new(&code::UNKNOWN_TYPE, span, format!("there is no type `{name}`")),
        name,
        span,
        known,
        "types",
    )
}

pub(crate) fn type_as_value(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_NAME, span, format!("`{name}` is a type, not a value"))
        .help("types stand after `:` and `->`")
}

pub(crate) fn no_such_export(name: &str, span: Span, known: &[Arc<str>]) -> Diagnostic {
    let d = Diagnostic::new(&code::UNKNOWN_NAME, span, format!("the file declares no `{name}`"));
    suggest(d, name, span, known, "what it declares")
}

pub(crate) fn no_such_param(name: &str, span: Span, known: &[Arc<str>]) -> Diagnostic {
    let d = Diagnostic::new(
        &code::UNKNOWN_PARAMETER,
        span,
        format!("the imported file has no parameter `{name}`"),
    );
    suggest(d, name, span, known, "its parameters")
}

pub(crate) fn private_member(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::PRIVATE_NAME, span, format!("`{name}` is private to its file"))
        .note("names that begin with `_` can't be used from other files")
        .help("use another name, or take the `_` away where it is declared")
}

pub(crate) fn cyclic_definition(name: &str, span: Span, used: Span) -> Diagnostic {
    Diagnostic::new(&code::CYCLIC_DEFINITION, used, format!("`{name}` is defined by itself"))
        .here("its value is needed here, to compute its value")
        .also(span, "declared here")
        .help("break the ring: a definition may use only what can be computed before it")
}

pub(crate) fn recursion(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::CYCLIC_DEFINITION, span, format!("`{name}` uses itself"))
        .note("functions and recipes are expanded where they are used, so they can't be recursive")
        .help("write a comprehension or a `for` instead")
}

pub(crate) fn resource_ring(name: &str, span: Span, open: &[(Arc<str>, Span)]) -> Diagnostic {
    let mut d = Diagnostic::new(&code::CYCLIC_DEFINITION, span, format!("`{name}` depends on itself"))
        .here("evaluating it leads back to it");
    for (other, at) in open {
        d = d.also(*at, format!("through `{other}`"));
    }
    d.help("an image can't be built, directly or through others, from itself")
}

pub(crate) fn own_properties(name: &str, span: Span, resource: Span) -> Diagnostic {
    let title = format!("`{name}` uses what Azure knows of `{name}` only when it is there");
    Diagnostic::new(&code::CYCLIC_DEFINITION, span, title)
        .also(resource, "to make this, its own properties would be needed")
        .help("use it in an output or in another resource")
}

pub(crate) fn conflicting_parameters(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        &code::CONFLICTING_PARAMETERS,
        span,
        format!("two files declare a parameter `{name}` differently"),
    )
    .here("declared with another type, default or bounds")
    .also(first, "declared here first")
    .note("all parameters of a program become parameters of one template, under their own names")
    .help(format!("make them the same, rename one, or bind it: `import \"…\" with {{ {name} = … }}`"))
}

pub(crate) fn same_but_for_case(name: &str, span: Span, first: &str, at: Span) -> Diagnostic {
    Diagnostic::new(
        &code::CONFLICTING_PARAMETERS,
        span,
        format!("`{name}` and `{first}` are the same parameter to ARM"),
    )
    .also(at, format!("`{first}` is declared here"))
    .note("ARM compares the names of parameters without regard to letter case")
    .help("give one of them another name")
}

pub(crate) fn bad_given(name: &str, text: &str, from: &str, ty: &Type, span: Span) -> Diagnostic {
    Diagnostic::new(&code::TYPE_MISMATCH, span, format!("`{text}` is no value for the parameter `{name}`"))
        .here(format!("it takes {ty}"))
        .note(format!("given by {from}"))
        .help("text is given as it is; numbers, `true`, durations (`2h`), lists and objects as in aib")
}

pub(crate) fn misplaced(stmt: &Stmt, span: Span) -> Diagnostic {
    let (word, place): (&str, &str) = match &stmt.kind {
        StmtKind::Import(_) => ("import", "at the top of the file"),
        StmtKind::Param(_) => ("param", "at the top level of the file"),
        StmtKind::Fn(_) => ("fn", "at the top level of the file"),
        StmtKind::Type(_) => ("type", "at the top level of the file"),
        StmtKind::Recipe(_) => ("recipe", "at the top level of the file"),
        StmtKind::Output(_) => ("output", "at the top level of the file"),
        StmtKind::Policy(_) => ("policy", "at the top level of the file"),
        StmtKind::Resource(_) => ("resource", "at the top level of the file"),
        StmtKind::Use(_) => ("use", "inside `customize`, `validate` or a recipe"),
        StmtKind::Spread(_) => ("...", "inside a block of properties"),
        StmtKind::Let(_) => ("let", "at the top level or in a block"),
        StmtKind::Assert(_) => ("assert", "at the top level or in a block"),
        StmtKind::For(_) => ("for", "among entries"),
        StmtKind::If(_) => ("if", "among entries"),
        StmtKind::Entry(entry) => (&*entry.keyword.text, "in the block of a resource, a step or a target"),
    };
    Diagnostic::new(&code::MISPLACED, span, format!("`{word}` can't stand here"))
        .help(format!("it stands {place}"))
}

pub(crate) fn misplaced_existing(span: Span, word: &str) -> Diagnostic {
    Diagnostic::new(&code::MISPLACED, span, format!("`existing` can't stand before the property `{word}`"))
        .help("it stands before a resource: `existing identity builder { … }`")
}

pub(crate) fn unknown_declaration(word: &str, span: Span) -> Diagnostic {
    let words: Vec<&str> = crate::schema::RESOURCE_KINDS
        .iter()
        .filter(|k| k.parent.is_none())
        .map(|k| k.keyword)
        .chain([
            "import", "param", "let", "fn", "type", "recipe", "output", "assert", "policy", "resource",
            "for", "if",
        ])
        .collect();
    let d = Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("`{}` declares nothing", short(word)));
    match nearest(word, words.iter().copied()) {
        Some(near) => d.did_you_mean(near, span, near),
        None => d.help(format!("what a file may hold: {}", list_words(&words, "and", 30))),
    }
}

pub(crate) fn child_at_top(word: &str, parent: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::MISPLACED, span, format!("a {word} is declared inside its {parent}"))
        .help(format!("write `{parent} NAME {{ {word} NAME {{ … }} }}`, or `existing {parent} …` if the {parent} exists already"))
}

pub(crate) fn needs_name(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_ENTRY, span, format!("`{word}` needs one name"))
        .help(format!("write `{word} NAME {{ … }}`"))
}

pub(crate) fn only_existing(kind: &'static ResourceKind, span: Span) -> Diagnostic {
    Diagnostic::new(
        &code::MISPLACED,
        span,
        format!("a {} can only be referred to, not deployed", kind.keyword),
    )
    .help(format!(
        "write `existing {} …`, or deploy it with `resource \"{}@…\" NAME {{ … }}`",
        kind.keyword, kind.arm_type
    ))
    .fix("write `existing`", span, format!("existing {}", kind.keyword), Applicability::Unsafe)
}

pub(crate) fn not_declared_here(used: Span, decl: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_NAME, used, "the resource is not declared in the branch that is taken")
        .also(decl, "it is declared here, under a condition that does not hold")
        .help("use it under the same condition")
}

pub(crate) fn not_callable(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::NOT_CALLABLE, span, format!("{} can't be called", quote_word(what)))
        .help("functions are declared with `fn`, or built in")
}

/// A single word is quoted, a description is not.
fn quote_word(what: &str) -> String {
    if what.contains(' ') { what.to_string() } else { format!("`{what}`") }
}

pub(crate) fn no_such_method(name: &str, span: Span, what: &str, keyword: &str) -> Diagnostic {
    let methods: &[(&str, &str)] =
        &[("storage_account", "blob"), ("vault", "secret"), ("definition", "version"), ("image", "output")];
    let d = Diagnostic::new(&code::UNKNOWN_MEMBER, span, format!("{what} has no `{name}(…)`"));
    match methods.iter().find(|(k, _)| *k == keyword) {
        Some((_, method)) => d.help(format!("it has `{method}(…)`")),
        None => d,
    }
}

pub(crate) fn recipe_as_value(span: Span) -> Diagnostic {
    Diagnostic::new(&code::NOT_CALLABLE, span, "a recipe is no value")
        .help("write `use` before it, inside `customize`, `validate` or a recipe")
}

pub(crate) fn not_a_recipe(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::NOT_CALLABLE, span, format!("`use` takes a recipe, this is {what}"))
        .help("recipes are declared with `recipe name() { … }`")
}

pub(crate) fn use_outside_steps(span: Span) -> Diagnostic {
    Diagnostic::new(&code::MISPLACED, span, "`use` can't stand here: the block holds no steps")
        .help("it stands inside `customize`, `validate` or a recipe")
}

pub(crate) fn missing_argument(function: &str, name: &str, span: Span, decl: Span) -> Diagnostic {
    Diagnostic::new(&code::WRONG_ARGUMENTS, span, format!("`{function}` needs `{name}`"))
        .also(decl, "the parameter has no default")
        .help(format!("give it: `{function}({name} = …)`"))
}

pub(crate) fn too_many_arguments(function: &str, most: usize, given: usize, span: Span) -> Diagnostic {
    let most = if most == 0 {
        "no arguments".to_string()
    } else {
        format!("at most {}", crate::base::plural(most, "argument"))
    };
    Diagnostic::new(&code::WRONG_ARGUMENTS, span, format!("`{function}` takes {most}, {given} are given"))
        .help("take the surplus away")
}

pub(crate) fn no_such_argument(function: &str, name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let d = Diagnostic::new(&code::WRONG_ARGUMENTS, span, format!("`{function}` has no parameter `{name}`"));
    let known: Vec<Arc<str>> = known.iter().map(|k| Arc::from(*k)).collect();
    suggest(d, name, span, &known, "its parameters")
}

pub(crate) fn argument_twice(function: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::WRONG_ARGUMENTS, span, format!("`{name}` of `{function}` is given twice"))
        .help("take one away")
}

pub(crate) fn positional_after_named(span: Span) -> Diagnostic {
    Diagnostic::new(&code::WRONG_ARGUMENTS, span, "an argument without a name follows one with a name")
        .help("write its name too, or move it before the named ones")
}

pub(crate) fn wrong_arguments(function: &str, usage: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&code::WRONG_ARGUMENTS, span, format!("`{function}` is called differently"))
        .help(format!("write `{usage}`"))
}

pub(crate) fn no_such_member(name: &str, span: Span, what: &str, known: &[Arc<str>]) -> Diagnostic {
    let d = Diagnostic::new(&code::UNKNOWN_MEMBER, span, format!("{what} has no `{name}`"));
    suggest(d, name, span, known, "what it has")
}

/// A key that a declared type does not have. What is written already is not what it was meant to be.
pub(crate) fn no_such_field(name: &str, span: Span, known: &[Arc<str>], open: &[Arc<str>]) -> Diagnostic {
    let title = format!("the declared type has no `{name}`");
    let d = Diagnostic::new(&code::UNKNOWN_MEMBER, span, title);
    let near = nearest(name, open.iter().map(|k| &**k)).is_some();
    if near || known.is_empty() {
        return suggest(d, name, span, open, "what it has");
    }
    d.help(format!("what it has: {}", list_words(known, "and", 12)))
}

pub(crate) fn member_of_null(name: &str, span: Span, base: Span) -> Diagnostic {
    Diagnostic::new(&code::UNKNOWN_MEMBER, span, format!("`null` has no `{name}`"))
        .also(base, "this is null")
        .help(format!("write `?.{name}`, which gives null then, or `??` with another value"))
}

pub(crate) fn no_such_output(name: &str, image: &str, span: Span, known: &[Arc<str>]) -> Diagnostic {
    let d = Diagnostic::new(
        &code::NO_GALLERY_OUTPUT,
        span,
        format!("the image `{image}` has no gallery output `{name}`"),
    );
    suggest(d, name, span, known, "its outputs")
}

pub(crate) fn image_without_gallery(image: &str, span: Span, decl: Span) -> Diagnostic {
    Diagnostic::new(
        &code::NO_GALLERY_OUTPUT,
        span,
        format!("the image `{image}` is distributed to no gallery"),
    )
    .here("used as a source here")
    .also(decl, "its targets are declared here")
    .note("an image is built from another through the version that the other leaves in a gallery")
    .help("add `gallery DEFINITION { … }` to its `distribute`, or name another source")
}

pub(crate) fn several_outputs(image: &str, span: Span, outputs: &[Arc<str>]) -> Diagnostic {
    let first = outputs.first().cloned().unwrap_or_default();
    Diagnostic::new(
        &code::NO_GALLERY_OUTPUT,
        span,
        format!("the image `{image}` has several gallery outputs: {}", list_words(outputs, "and", 8)),
    )
    .help(format!("say which: `{image}.output(\"{first}\")`"))
}
