//! The table of built-in functions: one row each.
//!
//! Most are functions of ARM's template language under Bicep's names in snake_case: they fold to what ARM would
//! compute, or become its calls. The others exist only at compile time.

use std::sync::Arc;

use super::module::{Checker, Env};
use super::natives;
use super::ty::Type;
use super::value::{Kind, Value};
use crate::base::Span;
use crate::schema::{DEFINITION, Ty};

/// A built-in function.
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// Its parameters.
    pub params: &'static [BuiltinParam],
    /// Whether more arguments of the last parameter's kind may follow.
    pub variadic: bool,
    /// What it gives, in words of the language.
    pub returns: &'static str,
    /// What it does, in a sentence.
    pub doc: &'static str,
    pub(crate) eval: Eval,
}

/// A parameter of a built-in function.
pub struct BuiltinParam {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be given.
    pub required: bool,
    pub(crate) kind: ArgKind,
    pub(crate) target: Option<&'static Ty>,
}

/// What an argument must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArgKind {
    Any,
    Text,
    Int,
    List,
    Object,
    ListOrText,
    Collection,
    Function,
}

pub(crate) type Native = fn(&mut Checker<'_, '_>, &[Option<Value>], Span, &Env) -> Value;

/// How a function is computed.
pub(crate) enum Eval {
    /// By this function of ARM.
    Arm(&'static str),
    /// Here.
    Native(Native),
}

impl ArgKind {
    pub(crate) fn accepts(self, value: &Value) -> bool {
        let handle = matches!(value.kind, Kind::Handle(_)) && matches!(self, Self::Any | Self::Text);
        let null = matches!(value.kind, Kind::Null) && matches!(self, Self::Collection);
        let function =
            matches!(value.kind, Kind::Callable(_) | Kind::Builtin(_)) && matches!(self, Self::Function);
        handle || null || function || self.accepts_type(&value.type_of())
    }

    /// Whether a list may be given.
    pub(crate) fn takes_lists(self) -> bool {
        matches!(self, Self::List | Self::ListOrText | Self::Collection)
    }

    fn accepts_type(self, ty: &Type) -> bool {
        if let Type::Union(items) = ty {
            return items.iter().all(|item| self.accepts_type(item));
        }
        if matches!(ty, Type::Any | Type::Unknown) {
            return true;
        }
        let list = matches!(ty, Type::List(_));
        let object = matches!(ty, Type::Map(_) | Type::Object(_));
        match self {
            Self::Any => true,
            Self::Text => ty.is_text(),
            Self::Int => matches!(ty, Type::Int { .. }),
            Self::List => list,
            Self::Object => object,
            Self::ListOrText => list || ty.is_text(),
            Self::Collection => list || object || ty.is_text(),
            Self::Function => false,
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Text => "string",
            Self::Int => "int",
            Self::List => "list",
            Self::Object => "object",
            Self::ListOrText => "list or string",
            Self::Collection => "list, object or string",
            Self::Function => "function",
        }
    }
}

impl Builtin {
    /// `take(value: list or string, count: int) -> list or string`
    pub fn signature(&self) -> String {
        let mut params: Vec<String> = self
            .params
            .iter()
            .map(|p| format!("{}{}: {}", p.name, if p.required { "" } else { "?" }, p.kind.words()))
            .collect();
        if self.variadic {
            params.push("…".into());
        }
        format!("{}({}) -> {}", self.name, params.join(", "), self.returns)
    }

    /// The function of ARM that it is, if it is one.
    pub fn arm_function(&self) -> Option<&'static str> {
        match self.eval {
            Eval::Arm(name) => Some(name),
            Eval::Native(_) => None,
        }
    }

    /// Whether its argument at a place may be of a type, named by its word: `string`, `int`, `bool`, `list`, `object`,
    /// `null`, or `any` for what is not known.
    pub fn takes(&self, index: usize, ty: &str) -> bool {
        let param = self.params.get(index).or_else(|| self.params.last().filter(|_| self.variadic));
        param.is_some_and(|param| {
            let words = param.kind.words();
            ty == "any" || words == "any" || words.split([' ', ',']).any(|word| word == ty)
        })
    }

    /// The type of a deferred result.
    pub(crate) fn result_type(&self, args: &[Value]) -> Type {
        match self.returns {
            "string" => Type::STRING,
            "int" => Type::INT,
            "bool" => Type::Bool,
            "list" => Type::List(Arc::new(Type::Any)),
            "list of strings" => Type::List(Arc::new(Type::STRING)),
            "object" => Type::Map(Arc::new(Type::Any)),
            "same" => args.first().map_or(Type::Any, Value::type_of),
            _ => Type::Any,
        }
    }
}

const fn p(name: &'static str, kind: ArgKind) -> BuiltinParam {
    BuiltinParam { name, required: true, kind, target: None }
}

const fn opt(name: &'static str, kind: ArgKind) -> BuiltinParam {
    BuiltinParam { name, required: false, kind, target: None }
}

/// An optional argument in which the words of an enumeration of the target may be written bare.
const fn word(name: &'static str, target: &'static Ty) -> BuiltinParam {
    BuiltinParam { name, required: false, kind: ArgKind::Any, target: Some(target) }
}

const fn arm(
    name: &'static str,
    function: &'static str,
    params: &'static [BuiltinParam],
    returns: &'static str,
    doc: &'static str,
) -> Builtin {
    Builtin { name, params, variadic: false, returns, doc, eval: Eval::Arm(function) }
}

const fn arm_many(
    name: &'static str,
    function: &'static str,
    params: &'static [BuiltinParam],
    returns: &'static str,
    doc: &'static str,
) -> Builtin {
    Builtin { name, params, variadic: true, returns, doc, eval: Eval::Arm(function) }
}

const fn native(
    name: &'static str,
    params: &'static [BuiltinParam],
    returns: &'static str,
    run: Native,
    doc: &'static str,
) -> Builtin {
    Builtin { name, params, variadic: false, returns, doc, eval: Eval::Native(run) }
}

static OS: Ty = definition_ty("os");
static GENERATION: Ty = definition_ty("generation");
static ARCHITECTURE: Ty = definition_ty("architecture");
static SECURITY: Ty = definition_ty("security");

/// The type of a property of image definitions: a source's facts are written in the same words.
const fn definition_ty(name: &str) -> Ty {
    let mut rest = DEFINITION.body.props;
    while let [prop, tail @ ..] = rest {
        if same(prop.name.as_bytes(), name.as_bytes()) {
            return prop.ty;
        }
        rest = tail;
    }
    Ty::Any
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    match (a, b) {
        ([], []) => true,
        ([x, a @ ..], [y, b @ ..]) => *x == *y && same(a, b),
        _ => false,
    }
}

use ArgKind::{Any, Collection, Function, Int, List, ListOrText, Object, Text};

/// Every built-in function.
pub static BUILTINS: &[Builtin] = &[
    arm("array", "array", &[p("value", Any)], "list", "The value in a list; a list as it is."),
    arm("base64", "base64", &[p("text", Text)], "string", "The text's UTF-8 bytes in Base64."),
    arm(
        "base64_to_string",
        "base64ToString",
        &[p("text", Text)],
        "string",
        "The text that Base64 stands for.",
    ),
    arm(
        "bool",
        "bool",
        &[p("value", Any)],
        "bool",
        "A truth value from the text `true` or `false`, or from an int.",
    ),
    arm(
        "cidr_subnet",
        "cidrSubnet",
        &[p("network", Text), p("size", Int), p("index", Int)],
        "string",
        "One of the subnets of an address range, by the bits of its prefix and its place from 0 on; known only at deployment.",
    ),
    arm_many("concat", "concat", &[p("first", ListOrText)], "same", "Lists or strings joined end to end."),
    arm(
        "contains",
        "contains",
        &[p("container", Collection), p("item", Any)],
        "bool",
        "Whether a list holds the item, an object the key (in any letter case), or a string the text.",
    ),
    native(
        "content_hash",
        &[],
        "string",
        natives::content_hash,
        "Eight hexadecimal digits that change with the content of the image template. Allowed in its `name` only.",
    ),
    arm(
        "copy_index",
        "copyIndex",
        &[opt("loop", Any), opt("offset", Int)],
        "int",
        "The turn of a `copy` loop of ARM, in what is passed on to it; from 0, or the offset, on.",
    ),
    arm(
        "date_time_add",
        "dateTimeAdd",
        &[p("time", Text), p("duration", Text), opt("format", Text)],
        "string",
        "A time and an ISO 8601 duration (`P1D`) added; known only at deployment.",
    ),
    arm(
        "empty",
        "empty",
        &[p("value", Collection)],
        "bool",
        "Whether a list, object or string has nothing in it.",
    ),
    arm(
        "ends_with",
        "endsWith",
        &[p("text", Text), p("suffix", Text)],
        "bool",
        "Whether the text ends so, letter case aside.",
    ),
    native(
        "file",
        &[p("path", Text)],
        "string",
        natives::file,
        "The text of a file of the workspace, named relative to this one.",
    ),
    native(
        "filter",
        &[p("list", List), p("function", Function)],
        "list",
        natives::filter,
        "The elements for which the function gives `true`.",
    ),
    arm("first", "first", &[p("value", ListOrText)], "any", "The first element or character."),
    arm("flatten", "flatten", &[p("lists", List)], "list", "A list of lists as one list."),
    arm_many(
        "format",
        "format",
        &[p("pattern", Text)],
        "string",
        "The pattern with `{0}`, `{1}` … replaced by the arguments.",
    ),
    arm_many("guid", "guid", &[p("seed", Text)], "string", "A GUID that depends on the seeds alone."),
    arm(
        "index_of",
        "indexOf",
        &[p("value", ListOrText), p("item", Any)],
        "int",
        "Where the item first occurs, from 0; -1 if nowhere.",
    ),
    arm("int", "int", &[p("value", Any)], "int", "An int from text."),
    arm_many(
        "intersection",
        "intersection",
        &[p("first", Collection)],
        "same",
        "What all lists or objects share.",
    ),
    arm(
        "items",
        "items",
        &[p("object", Object)],
        "list",
        "The members of an object as a list of `{ key, value }`, ordered by key.",
    ),
    arm(
        "join",
        "join",
        &[p("list", List), p("separator", Text)],
        "string",
        "The elements as one string with the separator between them.",
    ),
    arm("json", "json", &[p("text", Text)], "any", "The value that JSON text stands for."),
    arm("last", "last", &[p("value", ListOrText)], "any", "The last element or character."),
    arm(
        "last_index_of",
        "lastIndexOf",
        &[p("value", ListOrText), p("item", Any)],
        "int",
        "Where the item last occurs, from 0; -1 if nowhere.",
    ),
    arm(
        "length",
        "length",
        &[p("value", Collection)],
        "int",
        "How many elements, members or characters there are.",
    ),
    native(
        "lines",
        &[p("text", Text)],
        "list of strings",
        natives::lines,
        "The lines of a text, without line breaks.",
    ),
    native(
        "map",
        &[p("list", List), p("function", Function)],
        "list",
        natives::map,
        "The results of the function for each element.",
    ),
    arm_many("max", "max", &[p("first", Any)], "int", "The largest of ints, or of a list of ints."),
    arm_many("min", "min", &[p("first", Any)], "int", "The smallest of ints, or of a list of ints."),
    arm(
        "new_guid",
        "newGuid",
        &[],
        "string",
        "Another GUID in each deployment. ARM takes it in the default of a parameter only.",
    ),
    arm("object_keys", "objectKeys", &[p("object", Object)], "list of strings", "The keys of an object."),
    arm(
        "pad_left",
        "padLeft",
        &[p("value", Any), p("width", Int), opt("with", Text)],
        "string",
        "The text, filled up on its left to the width.",
    ),
    native(
        "platform_image",
        &[
            p("publisher", Text),
            p("offer", Text),
            p("sku", Text),
            opt("version", Text),
            opt("plan", Object),
            word("os", &OS),
            word("generation", &GENERATION),
            word("architecture", &ARCHITECTURE),
            word("security", &SECURITY),
        ],
        "source",
        natives::platform_image,
        "A Marketplace image as a source. What is stated besides the image itself are facts for the checker.",
    ),
    native(
        "powershell_quote",
        &[p("text", Any)],
        "string",
        natives::powershell_quote,
        "The text as one argument of PowerShell, in single quotes.",
    ),
    native(
        "range",
        &[p("start", Int), p("count", Int)],
        "list",
        natives::range,
        "`count` ints from `start` on.",
    ),
    arm(
        "reference",
        "reference",
        &[p("resource", Text), opt("api_version", Text), opt("full", Text)],
        "any",
        "What Azure answers of a resource, by its id: its properties, or with `\"Full\"` all of it. In properties and outputs only.",
    ),
    arm(
        "replace",
        "replace",
        &[p("text", Text), p("old", Text), p("new", Text)],
        "string",
        "The text with every `old` replaced by `new`.",
    ),
    arm_many(
        "resource_id",
        "resourceId",
        &[p("type", Text), p("name", Text)],
        "string",
        "The id of a resource in the group that is deployed to; a subscription and a group may stand first.",
    ),
    native(
        "reveal",
        &[p("secret", Any), p("because", Text)],
        "same",
        natives::reveal,
        "A secret as a plain value, with the reason why that is right. Every use is reported.",
    ),
    native(
        "sha256",
        &[p("text", Text)],
        "string",
        natives::sha256,
        "The SHA-256 of a text in lower-case hexadecimal digits.",
    ),
    arm(
        "shallow_merge",
        "shallowMerge",
        &[p("objects", List)],
        "object",
        "A list of objects merged; of equal members the last counts, whole.",
    ),
    native(
        "shell_quote",
        &[p("text", Any)],
        "string",
        natives::shell_quote,
        "The text as one word of a POSIX shell, in single quotes.",
    ),
    arm_many(
        "subscription_resource_id",
        "subscriptionResourceId",
        &[p("type", Text)],
        "string",
        "The id of a resource of the subscription, such as a built-in role, from its type and names.",
    ),
    arm_many(
        "tenant_resource_id",
        "tenantResourceId",
        &[p("type", Text)],
        "string",
        "The id of a resource of the tenant, from its type and names.",
    ),
    arm_many(
        "extension_resource_id",
        "extensionResourceId",
        &[p("base", Text), p("type", Text)],
        "string",
        "The id of a resource that extends another, from that one's id, its type and names.",
    ),
    arm(
        "skip",
        "skip",
        &[p("value", ListOrText), p("count", Int)],
        "same",
        "What follows after the first `count` elements or characters.",
    ),
    arm(
        "split",
        "split",
        &[p("text", Text), p("separator", ListOrText)],
        "list of strings",
        "The parts of the text between separators.",
    ),
    arm(
        "starts_with",
        "startsWith",
        &[p("text", Text), p("prefix", Text)],
        "bool",
        "Whether the text begins so, letter case aside.",
    ),
    arm("string", "string", &[p("value", Any)], "string", "The value as text; lists and objects as JSON."),
    arm(
        "substring",
        "substring",
        &[p("text", Text), p("start", Int), opt("length", Int)],
        "string",
        "A part of the text.",
    ),
    arm(
        "take",
        "take",
        &[p("value", ListOrText), p("count", Int)],
        "same",
        "The first `count` elements or characters.",
    ),
    arm("to_lower", "toLower", &[p("text", Text)], "string", "The text in lower case."),
    arm("to_upper", "toUpper", &[p("text", Text)], "string", "The text in upper case."),
    arm("trim", "trim", &[p("text", Text)], "string", "The text without white space at its ends."),
    arm_many(
        "union",
        "union",
        &[p("first", Collection)],
        "same",
        "Lists without doubles, or objects merged; later ones win.",
    ),
    arm_many(
        "unique_string",
        "uniqueString",
        &[p("seed", Text)],
        "string",
        "Thirteen characters that depend on the seeds alone; known only at deployment.",
    ),
    arm(
        "uri",
        "uri",
        &[p("base", Text), p("relative", Text)],
        "string",
        "An absolute URL from a base and a relative one.",
    ),
    arm(
        "utc_now",
        "utcNow",
        &[opt("format", Text)],
        "string",
        "The time of the deployment. ARM takes it in the default of a parameter only.",
    ),
    native(
        "verbatim",
        &[p("value", Any)],
        "same",
        natives::verbatim,
        "Text of ARM, or lists and objects of it, written as they stand: what looks like an expression in them is that of another template.",
    ),
    arm("uri_component", "uriComponent", &[p("text", Text)], "string", "The text encoded for a URL."),
    native(
        "arm",
        &[p("expression", Text)],
        "any",
        natives::arm_expression,
        "An ARM expression `[…]` as it is; the compiler reads it and keeps its labels.",
    ),
];

/// The row of a function.
pub(crate) fn find(name: &str) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|b| b.name == name)
}

/// The name as a static text, if it is a built-in function or namespace.
pub(crate) fn builtin_name(name: &str) -> Option<&'static str> {
    if name == "azure" { Some("azure") } else { find(name).map(|b| b.name) }
}
