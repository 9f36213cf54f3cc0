//! Passwords in parameters that are not secure, which scripts are given.

use std::collections::HashSet;

use crate::arm::Expr;
use crate::check::{Node, NodeKind, Param};
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::PASSWORD_PARAMETER,
        confidence: Confidence::Likely,
        evidence: "https://github.com/danielsollondon/azvmimagebuilder/tree/master/solutions/4_Using_ENV_Variables: the values of parameters stand in the template, readable",
        on: true,
    },
    check,
};

/// What the names of secrets end in, in lower case and without signs.
static ENDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "accesskey",
    "accountkey",
    "clientsecret",
    "accesstoken",
    "authtoken",
    "sastoken",
    "registrationtoken",
];

/// Functions whose result has the text of their arguments in it.
static CARRIERS: &[&str] = &[
    "concat",
    "format",
    "string",
    "trim",
    "join",
    "createArray",
    "coalesce",
    "base64",
    "uriComponent",
    "replace",
];
/// How deep expressions are looked into.
const MAX_DEPTH: usize = 8;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut told: HashSet<&str> = HashSet::new();
    for line in cx.images.iter().flat_map(|image| &image.walk.steps).flat_map(|step| step.lines()) {
        let NodeKind::Expr(expr) = &line.kind else { continue };
        let mut names = Vec::new();
        carried(expr, 0, &mut names);
        let params = names.iter().filter_map(|name| cx.program.params.iter().find(|p| is_named(p, name)));
        for param in params.filter(|p| is_password(p)) {
            if told.insert(&param.name) {
                sink.push(report(cx, line, param));
            }
        }
    }
}

fn is_named(param: &Param, name: &str) -> bool {
    param.name.eq_ignore_ascii_case(name)
}

/// Whether a parameter that is not secure is called like a secret.
fn is_password(param: &Param) -> bool {
    let name: String = param.name.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    !param.secret
        && param.arm_type == "string"
        && param.allowed.is_empty()
        && ENDS.iter().any(|end| name.ends_with(end))
}

/// The parameters whose texts an expression has in it, not those that it only asks something of.
fn carried<'e>(expr: &'e Expr, depth: usize, out: &mut Vec<&'e str>) {
    if depth > MAX_DEPTH {
        return;
    }
    match expr {
        Expr::Shared { expr, .. } => carried(expr, depth + 1, out),
        Expr::Call { name, args } if name.eq_ignore_ascii_case("parameters") => {
            if let [Expr::Str(name)] = args.as_slice() {
                out.push(name);
            }
        }
        Expr::Call { name, args } if name.eq_ignore_ascii_case("if") => {
            args.iter().skip(1).for_each(|arg| carried(arg, depth + 1, out));
        }
        Expr::Call { name, args } if CARRIERS.iter().any(|f| name.eq_ignore_ascii_case(f)) => {
            args.iter().for_each(|arg| carried(arg, depth + 1, out));
        }
        _ => {}
    }
}

fn report(cx: &Context<'_>, line: &Node, param: &Param) -> Diagnostic {
    let title = format!("the script is given `{}`, which is not kept secret", param.name);
    finding(&code::PASSWORD_PARAMETER, &cx.origin(line), title)
        .here("whoever may read the template or the build log can read its value")
        .also(param.span, "a parameter of type `string`")
        .note("the value stands in the history of deployments, too; a secure parameter would not help: the template holds the script with its value")
        .help(cx.words(
            "keep it in a key vault and fetch it on the build VM: `secrets = { NAME = vault.secret(\"name\") }` on the step",
            "keep it in a key vault and fetch it on the build VM, with an identity of `vmProfile.userAssignedIdentities`",
        ))
}
