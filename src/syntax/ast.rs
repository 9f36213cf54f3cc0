//! The tree that the passes read. It never changes after parsing; passes add side tables.
//!
//! Every part that can be missing in a broken file is an `Option` or [`ExprKind::Missing`]; what is missing has
//! already been reported by the parser, so later passes say nothing about it. All positions are byte ranges of the
//! one file. A body is a list of statements at every level: which are allowed where is the business of `check`.

use std::sync::Arc;

use crate::base::TextRange;

/// A parsed file.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct File {
    /// What the file declares, in order.
    pub items: Vec<Stmt>,
}

/// A name as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ident {
    /// The text.
    pub text: Arc<str>,
    /// Where it stands.
    pub range: TextRange,
}

/// The text of the `///` lines before a declaration: markers and one space stripped, joined by `\n`.
pub type Doc = Option<Arc<str>>;

/// One statement or entry of a body.
#[derive(Clone, PartialEq, Debug)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// The documentation before it.
    pub doc: Doc,
    /// From its first word to its end, without documentation.
    pub range: TextRange,
}

/// The kinds of statements.
#[derive(Clone, PartialEq, Debug)]
pub enum StmtKind {
    /// `import std/linux`
    Import(Import),
    /// `param name: T = default`
    Param(Binding),
    /// `let name: T = expr`
    Let(Binding),
    /// `fn name(a: T) -> T = expr`
    Fn(Function),
    /// `type name = T`
    Type(TypeDecl),
    /// `recipe name(a: T) on linux { … }`
    Recipe(Recipe),
    /// `output name = expr`
    Output(Binding),
    /// `assert cond, "message"`
    Assert(Assert),
    /// `policy "text" for image as i { … }`
    Policy(Policy),
    /// `resource "Type@version" name { … }`
    Resource(RawResource),
    /// `use linux.docker(version = "27")`
    Use(Use),
    /// `...expr`
    Spread(Expr),
    /// `for x in xs { … }`
    For(For),
    /// `if c { … } else { … }`
    If(If),
    /// `keyword label? (= expr)? block?`: properties, steps, targets and resource declarations alike
    Entry(Entry),
}

/// An import.
#[derive(Clone, PartialEq, Debug)]
pub struct Import {
    /// What is imported; absent if missing.
    pub target: Option<ImportTarget>,
    /// `as name`
    pub alias: Option<Ident>,
    /// `{ a, b as c } from`; absent for a namespace import.
    pub names: Option<Vec<ImportName>>,
    /// `with { env = env }`
    pub with: Option<Expr>,
}

/// One name of `import { a as b } from …`.
#[derive(Clone, PartialEq, Debug)]
pub struct ImportName {
    /// The name in the imported file.
    pub name: Ident,
    /// Its name here.
    pub alias: Option<Ident>,
}

/// Where an import points.
#[derive(Clone, PartialEq, Debug)]
pub struct ImportTarget {
    /// `std/linux`, `@platform/base`, `./company.aib`: as written, without quotes.
    pub path: Arc<str>,
    /// Where it stands, quotes included.
    pub range: TextRange,
}

/// `name: T = value`, for `param`, `let` and `output`.
#[derive(Clone, PartialEq, Debug)]
pub struct Binding {
    /// The name; absent if missing.
    pub name: Option<Ident>,
    /// The name in the template, of a parameter or output that is called something else there: `as "api-version"`.
    pub known_as: Option<StrLit>,
    /// The type, if written.
    pub ty: Option<TypeExpr>,
    /// The value or default, if written.
    pub value: Option<Expr>,
}

/// A function.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    /// The name.
    pub name: Option<Ident>,
    /// The parameters.
    pub params: Vec<Binding>,
    /// The type of the result, if written.
    pub result: Option<TypeExpr>,
    /// The body.
    pub body: Option<Expr>,
}

/// A named type.
#[derive(Clone, PartialEq, Debug)]
pub struct TypeDecl {
    /// The name.
    pub name: Option<Ident>,
    /// What it stands for.
    pub ty: Option<TypeExpr>,
}

/// A recipe.
#[derive(Clone, PartialEq, Debug)]
pub struct Recipe {
    /// The name.
    pub name: Option<Ident>,
    /// The parameters.
    pub params: Vec<Binding>,
    /// `on linux`, `on windows`: the word, unchecked.
    pub on: Option<Ident>,
    /// The steps.
    pub body: Block,
}

/// An assertion.
#[derive(Clone, PartialEq, Debug)]
pub struct Assert {
    /// What must hold.
    pub condition: Expr,
    /// What is said if it doesn't.
    pub message: Option<Expr>,
}

/// A policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    /// Its text.
    pub text: Option<StrLit>,
    /// What it is about: the word `image`, unchecked.
    pub kind: Option<Ident>,
    /// The name of each in the body.
    pub binding: Option<Ident>,
    /// Its assertions.
    pub body: Block,
}

/// A resource of a type that the compiler does not know.
#[derive(Clone, PartialEq, Debug)]
pub struct RawResource {
    /// Whether `existing` stands before it.
    pub existing: Option<TextRange>,
    /// `Type@apiVersion`
    pub ty: Option<StrLit>,
    /// The declared name.
    pub name: Option<Ident>,
    /// The body: literal ARM names.
    pub body: Block,
}

/// A use of a recipe.
#[derive(Clone, PartialEq, Debug)]
pub struct Use {
    /// The recipe: a name or a path, possibly called.
    pub target: Expr,
}

/// A loop among entries.
#[derive(Clone, PartialEq, Debug)]
pub struct For {
    /// One or two names: item, or key and value.
    pub bindings: Vec<Ident>,
    /// What is walked.
    pub iterable: Expr,
    /// `if c`
    pub condition: Option<Expr>,
    /// What is repeated.
    pub body: Block,
}

/// A choice among entries.
#[derive(Clone, PartialEq, Debug)]
pub struct If {
    /// The condition.
    pub condition: Expr,
    /// If it holds.
    pub then: Block,
    /// If it doesn't: a block, or a block holding a single `if`.
    pub otherwise: Option<Block>,
}

/// The statements between braces.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Block {
    /// The statements.
    pub items: Vec<Stmt>,
    /// Braces included.
    pub range: TextRange,
}

/// `keyword label? (= expr)? block?`
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Whether `existing` stands before it.
    pub existing: Option<TextRange>,
    /// The word that says what it is. Literal ARM names may be quoted in raw bodies.
    pub keyword: Ident,
    /// The label.
    pub label: Option<EntryLabel>,
    /// The main value, or the attribute's value.
    pub value: Option<Expr>,
    /// The block.
    pub block: Option<Block>,
}

/// The label of an entry.
#[derive(Clone, PartialEq, Debug)]
pub enum EntryLabel {
    /// `file "nginx.conf"`
    Str(StrLit),
    /// `definition web`, `gallery prod.web`
    Path(Vec<Ident>),
}

impl EntryLabel {
    /// Where the label stands.
    pub fn range(&self) -> TextRange {
        match self {
            Self::Str(s) => s.range,
            Self::Path(p) => p.iter().map(|i| i.range).reduce(TextRange::cover).unwrap_or_default(),
        }
    }
}

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub range: TextRange,
}

/// The kinds of expressions.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// Something the parser missed and has reported.
    Missing,
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `1_000`
    Int(i64),
    /// `1.5`: the text without underscores; meaningful where `any` is expected.
    Decimal(Arc<str>),
    /// `1h30m`, in seconds.
    Duration(u64),
    /// `64GB`, in whole gigabytes.
    Size(u64),
    /// Any of the four string forms.
    Str(StrLit),
    /// A name.
    Name(Arc<str>),
    /// `(x)`
    Paren(Box<Expr>),
    /// `x.y`, `x?.y`
    Member {
        /// What it is a member of.
        base: Box<Expr>,
        /// Its name.
        name: Ident,
        /// Whether `?.` stands before it.
        optional: bool,
    },
    /// `x[i]`
    Index {
        /// What is indexed.
        base: Box<Expr>,
        /// The index.
        index: Box<Expr>,
    },
    /// `f(a, b = c)`
    Call {
        /// What is called.
        callee: Box<Expr>,
        /// The arguments, as written.
        args: Vec<Arg>,
    },
    /// `!x`, `-x`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// What it applies to.
        operand: Box<Expr>,
    },
    /// `a + b`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Where it stands.
        op_range: TextRange,
        /// What stands before it.
        left: Box<Expr>,
        /// What stands after it.
        right: Box<Expr>,
    },
    /// `c ? a : b`
    Ternary {
        /// The condition.
        condition: Box<Expr>,
        /// The value if it holds.
        then: Box<Expr>,
        /// The value if it doesn't.
        otherwise: Box<Expr>,
    },
    /// `[a, ...b]`
    List(Vec<ListItem>),
    /// `[for x in xs if c: e]`
    ListComp(Box<Comp>),
    /// `{ a = b, ...c }`
    Object(Vec<ObjectItem>),
    /// `{for k, v in m: (k) = e}`
    ObjectComp(Box<ObjectComp>),
}

/// An argument.
#[derive(Clone, PartialEq, Debug)]
pub struct Arg {
    /// The parameter's name, if written.
    pub name: Option<Ident>,
    /// The value.
    pub value: Expr,
}

/// `!`, `-`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Neg,
}

/// The binary operators, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum BinaryOp {
    /// `??`
    Coalesce,
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
}

impl BinaryOp {
    /// As written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Coalesce => "??",
            Self::Or => "||",
            Self::And => "&&",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
        }
    }
}

/// An element of a list.
#[derive(Clone, PartialEq, Debug)]
pub enum ListItem {
    /// One element.
    Item(Expr),
    /// `...xs`
    Spread(Expr),
}

/// A member of an object.
#[derive(Clone, PartialEq, Debug)]
pub enum ObjectItem {
    /// `key = value`
    Member {
        /// The key.
        key: ObjectKey,
        /// The value.
        value: Expr,
    },
    /// `...xs`
    Spread(Expr),
}

/// The key of an object's member.
#[derive(Clone, PartialEq, Debug)]
pub enum ObjectKey {
    /// `key`: literal.
    Ident(Ident),
    /// `"key"`: may interpolate.
    Str(StrLit),
    /// `(expr)`
    Expr(Expr),
}

impl ObjectKey {
    /// Where the key stands.
    pub fn range(&self) -> TextRange {
        match self {
            Self::Ident(i) => i.range,
            Self::Str(s) => s.range,
            Self::Expr(e) => e.range,
        }
    }
}

/// A list comprehension.
#[derive(Clone, PartialEq, Debug)]
pub struct Comp {
    /// One or two names.
    pub bindings: Vec<Ident>,
    /// What is walked.
    pub iterable: Expr,
    /// `if c`
    pub condition: Option<Expr>,
    /// Each element.
    pub body: Expr,
}

/// An object comprehension.
#[derive(Clone, PartialEq, Debug)]
pub struct ObjectComp {
    /// One or two names.
    pub bindings: Vec<Ident>,
    /// What is walked.
    pub iterable: Expr,
    /// `if c`
    pub condition: Option<Expr>,
    /// Each key.
    pub key: ObjectKey,
    /// Each value.
    pub value: Expr,
}

/// A string of any form, with its escapes and indentation already resolved.
#[derive(Clone, PartialEq, Debug)]
pub struct StrLit {
    /// Text and interpolations in turn; a string without interpolation has at most one part.
    pub parts: Vec<StrPart>,
    /// Which of the four forms.
    pub form: StrForm,
    /// Quotes included.
    pub range: TextRange,
}

/// The four forms of strings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StrForm {
    /// `"…"`
    Line,
    /// `'…'`
    Raw,
    /// `"""…"""`
    Block,
    /// `'''…'''`
    RawBlock,
}

/// A part of a string.
#[derive(Clone, PartialEq, Debug)]
pub enum StrPart {
    /// Text as it will be, and where it begins in the source.
    Text {
        /// The text.
        text: Arc<str>,
        /// Where it stands.
        range: TextRange,
    },
    /// `${expr}`
    Interpolation(Expr),
}

impl StrLit {
    /// The text, if nothing is interpolated.
    pub fn as_text(&self) -> Option<Arc<str>> {
        match self.parts.as_slice() {
            [] => Some(Arc::from("")),
            [StrPart::Text { text, .. }] => Some(text.clone()),
            _ => None,
        }
    }
}

/// A type as written.
#[derive(Clone, PartialEq, Debug)]
pub struct TypeExpr {
    /// What it is.
    pub kind: TypeKind,
    /// Where it stands.
    pub range: TextRange,
}

/// The kinds of types as written. What a name means is decided by `check`.
#[derive(Clone, PartialEq, Debug)]
pub enum TypeKind {
    /// Something the parser missed and has reported.
    Missing,
    /// `string`, `company.environment`, `list<T>`, `resource_id<gallery>`, with an optional refinement.
    Named {
        /// The name, or module and name.
        path: Vec<Ident>,
        /// What stands between `<` and `>`.
        args: Vec<TypeExpr>,
        /// What stands in parentheses.
        refinement: Option<Refinement>,
    },
    /// `"dev"`
    Literal(StrLit),
    /// `A | B`
    Union(Vec<TypeExpr>),
    /// `T?`
    Optional(Box<TypeExpr>),
    /// `secret T`
    Secret(Box<TypeExpr>),
    /// `{ name: string, replicas?: int }`
    Object(Vec<TypeField>),
    /// `(T)`
    Paren(Box<TypeExpr>),
}

/// A refinement of a type: `(1..10)`, `(3..24)`, `('^[a-z]+$')`.
#[derive(Clone, PartialEq, Debug)]
pub struct Refinement {
    /// What it says.
    pub kind: RefinementKind,
    /// Where it stands, parentheses included.
    pub range: TextRange,
}

/// The kinds of refinements.
#[derive(Clone, PartialEq, Debug)]
pub enum RefinementKind {
    /// `(low..high)`, either side may be left out.
    Range {
        /// The least value.
        low: Option<i64>,
        /// The greatest value.
        high: Option<i64>,
    },
    /// `('pattern')`
    Pattern(StrLit),
}

/// A member of an object shape.
#[derive(Clone, PartialEq, Debug)]
pub struct TypeField {
    /// The name.
    pub name: Ident,
    /// Whether `?` follows it.
    pub optional: bool,
    /// The type.
    pub ty: TypeExpr,
}
