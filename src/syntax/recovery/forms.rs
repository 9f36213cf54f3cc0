//! How each statement is written, for help texts.

use crate::syntax::kind::SyntaxKind;

/// The forms of statements.
const FORMS: &[(SyntaxKind, &str)] = &[
    (SyntaxKind::Import, "import std/linux`, `import \"./x.aib\" as x` or `import { a } from \"./x.aib\""),
    (SyntaxKind::ImportName, "a as b"),
    (SyntaxKind::Param, "param name: type = default"),
    (SyntaxKind::Let, "let name = value"),
    (SyntaxKind::Output, "output name = value"),
    (SyntaxKind::Fn, "fn name(a: type) -> type = value"),
    (SyntaxKind::ParamDef, "name: type = default"),
    (SyntaxKind::TypeDecl, "type name = type"),
    (SyntaxKind::Recipe, "recipe name(a: type) on linux { … }"),
    (SyntaxKind::Assert, "assert condition, \"message\""),
    (SyntaxKind::Policy, "policy \"text\" for image as i { … }"),
    (SyntaxKind::Resource, "resource \"Type@apiVersion\" name { … }"),
    (SyntaxKind::Use, "use path.to.recipe(argument = value)"),
    (SyntaxKind::For, "for x in xs { … }"),
    (SyntaxKind::If, "if condition { … } else { … }"),
    (SyntaxKind::ListComp, "[for x in xs if condition: value]"),
    (SyntaxKind::ObjectComp, "{for k, v in m if condition: (k) = value}"),
    (SyntaxKind::TypeField, "name: type"),
];

/// How a statement is written.
pub(super) fn form(kind: SyntaxKind) -> Option<String> {
    FORMS.iter().find(|(k, _)| *k == kind).map(|(_, form)| format!("write `{form}`"))
}

/// What may follow after a child of a statement that ends it.
pub(super) fn may_follow(last: SyntaxKind) -> &'static str {
    match last {
        SyntaxKind::Ident => "`=`, a label, `{` or the end of the line",
        SyntaxKind::Path => "`=`, `{` or the end of the line",
        SyntaxKind::Expr => "an operator or the end of the line",
        SyntaxKind::TypeExpr | SyntaxKind::TypeAnnotation => "`=` or the end of the line",
        kind if kind.is_string() => "`=`, `{` or the end of the line",
        _ => "the end of the line",
    }
}
