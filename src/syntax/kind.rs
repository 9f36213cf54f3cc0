//! What a node is: one row for each rule of the grammar.

use super::parser::Rule;

/// The sort of a kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KindClass {
    /// A node with children.
    Node,
    /// A leaf of the language.
    Token,
    /// A comment.
    Trivia,
    /// Something that is wrong.
    Wrong,
    /// Nothing, where something must stand; of no width.
    Missing,
}

macro_rules! kinds {
    ({ $($kind:ident $class:ident $human:literal = $($rule:ident)+;)* } silent { $($silent:ident)+ }) => {
        /// What a node of the tree is.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        #[repr(u8)]
        pub enum SyntaxKind {
            $(#[doc = $human] $kind,)*
        }
        impl SyntaxKind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [SyntaxKind] = &[$(SyntaxKind::$kind,)*];

            /// Its sort.
            pub const fn class(self) -> KindClass {
                match self { $(Self::$kind => KindClass::$class,)* }
            }

            /// The rules of the grammar that make it.
            pub const fn rules(self) -> &'static [&'static str] {
                match self { $(Self::$kind => &[$(stringify!($rule)),+],)* }
            }

            /// What people call it, as in "expected …".
            pub const fn human(self) -> &'static str {
                match self { $(Self::$kind => $human,)* }
            }
        }
        impl From<Rule> for SyntaxKind {
            fn from(rule: Rule) -> Self {
                match rule {
                    $($(Rule::$rule)|+ => Self::$kind,)*
                    // Silent rules make no node.
                    $(Rule::$silent)|+ => Self::Junk,
                }
            }
        }
    };
}

kinds! {{
    File             Node  "a file" = file file_guarded;
    Property         Node  "a property" = property;
    QuotedProperty   Node  "a property" = quoted_property;
    Entry            Node  "an entry" = entry;
    Path             Node  "a name" = path;
    Spread           Node  "a spread" = spread;
    Block            Node  "a block" = block;
    Import           Node  "an import" = import_stmt;
    ImportNames      Node  "a list of names" = import_names;
    ImportName       Node  "a name" = import_name;
    Param            Node  "a parameter" = param_decl;
    Let              Node  "a constant" = let_decl;
    Output           Node  "an output" = output_decl;
    KnownAs          Node  "a name" = known_as;
    TypeAnnotation   Node  "a type" = type_annotation;
    Fn               Node  "a function" = fn_decl;
    Params           Node  "a list of parameters" = params;
    ParamDef         Node  "a parameter" = param_def;
    TypeDecl         Node  "a type" = type_decl;
    Recipe           Node  "a recipe" = recipe_decl;
    Assert           Node  "an assertion" = assert_stmt;
    Policy           Node  "a policy" = policy_decl;
    Resource         Node  "a resource" = resource_decl;
    Use              Node  "a use of a recipe" = use_stmt;
    For              Node  "a loop" = for_stmt;
    If               Node  "a choice" = if_stmt;

    Expr             Node  "a value" = expr;
    Member           Node  "a member" = member;
    Call             Node  "arguments" = call;
    Arg              Node  "an argument" = arg;
    Index            Node  "an index" = index;
    Paren            Node  "a value in parentheses" = paren;
    List             Node  "a list" = list;
    ListComp         Node  "a comprehension" = list_comp;
    Object           Node  "an object" = object;
    ObjectMember     Node  "a member" = object_member;
    ObjectComp       Node  "a comprehension" = object_comp;
    LineString       Node  "a string" = line_string;
    BlockString      Node  "a string" = block_string;
    RawString        Node  "a string" = raw_string;
    RawBlock         Node  "a string" = raw_block;
    Interpolation    Node  "an interpolation" = interpolation line_interpolation;

    TypeExpr         Node  "a type" = type_expr;
    TypeName         Node  "a type" = type_name;
    TypeArgs         Node  "type arguments" = type_args;
    Refinement       Node  "a refinement" = refinement;
    Range            Node  "a range" = range;
    TypeObject       Node  "an object type" = type_object;
    TypeField        Node  "a member" = type_field;
    TypeParen        Node  "a type in parentheses" = type_paren;

    Bom              Token "a byte order mark" = bom;
    Ident            Token "a name" = ident;
    Name             Token "a name" = name;
    Number           Token "a number" = number;
    ImportPath       Token "a module" = import_path;
    Eq               Token "`=`" = eq;
    Colon            Token "`:`" = colon;
    Question         Token "`?`" = question;
    QuestionMark     Token "`?`" = question_mark;
    Comma            Token "`,`" = comma;
    Semi             Token "`;`" = semi;
    Dot              Token "`.`" = dot;
    OptDot           Token "`?.`" = opt_dot;
    Dots             Token "`...`" = dots;
    DotDot           Token "`..`" = dotdot;
    Arrow            Token "`->`" = arrow;
    Bar              Token "`|`" = bar;
    Lt               Token "`<`" = lt;
    Gt               Token "`>`" = gt;
    Minus            Token "`-`" = minus;
    LBrace           Token "`{`" = lbrace;
    RBrace           Token "`}`" = rbrace;
    LParen           Token "`(`" = lparen;
    RParen           Token "`)`" = rparen;
    LBrack           Token "`[`" = lbrack;
    RBrack           Token "`]`" = rbrack;
    Operator         Token "an operator" = operator;
    PrefixOp         Token "an operator" = prefix_op;
    DQuote           Token "`\"`" = dquote;
    DQuote3          Token "`\"\"\"`" = dquote3;
    Quote            Token "`'`" = quote;
    Quote3           Token "`'''`" = quote3;
    LineText         Token "text" = line_text;
    BlockText        Token "text" = block_text;
    RawText          Token "text" = raw_text;
    RawBlockText     Token "text" = raw_block_text;
    Escape           Token "an escape" = escape;
    InterpOpen       Token "`${`" = interp_open;
    InterpClose      Token "`}`" = interp_close;
    KwImport         Token "`import`" = kw_import;
    KwFrom           Token "`from`" = kw_from;
    KwAs             Token "`as`" = kw_as;
    KwWith           Token "`with`" = kw_with;
    KwParam          Token "`param`" = kw_param;
    KwLet            Token "`let`" = kw_let;
    KwOutput         Token "`output`" = kw_output;
    KwFn             Token "`fn`" = kw_fn;
    KwType           Token "`type`" = kw_type;
    KwRecipe         Token "`recipe`" = kw_recipe;
    KwOn             Token "`on`" = kw_on;
    KwAssert         Token "`assert`" = kw_assert;
    KwPolicy         Token "`policy`" = kw_policy;
    KwResource       Token "`resource`" = kw_resource;
    KwExisting       Token "`existing`" = kw_existing;
    KwUse            Token "`use`" = kw_use;
    KwFor            Token "`for`" = kw_for;
    KwIn             Token "`in`" = kw_in;
    KwIf             Token "`if`" = kw_if;
    KwElse           Token "`else`" = kw_else;
    KwSecret         Token "`secret`" = kw_secret;

    DocComment       Trivia "a documentation comment" = doc_comment;
    LineComment      Trivia "a comment" = line_comment;
    BlockComment     Trivia "a comment" = block_comment;
    HashComment      Trivia "a `#` comment" = hash_comment;
    OpenComment      Trivia "an unclosed comment" = open_comment;

    Junk             Wrong "text" = junk;
    JunkElement      Wrong "text" = junk_element;
    JunkInterpolation Wrong "text" = junk_interpolation;
    WrongEq          Wrong "`:`" = wrong_eq;
    WrongEquality    Wrong "`==`" = wrong_equality;
    WrongColon       Wrong "`=`" = wrong_colon;
    WrongOperator    Wrong "an operator" = wrong_operator;
    Elif             Wrong "`elif`" = elif;
    StrayElse        Wrong "`else`" = stray_else;
    StrayBlock       Wrong "a block" = stray_block;
    StrayClose       Wrong "`}`" = stray_close;
    WrongTail        Wrong "a path or call" = wrong_tail;
    WrongLabel       Wrong "an index" = wrong_label;
    WrongNot         Wrong "`not`" = wrong_not;
    WrongComp        Wrong "a comprehension" = wrong_comp;
    WrongExpansion   Wrong "an expansion of the shell" = wrong_expansion;
    WrongType        Wrong "a value" = wrong_type;
    WrongName        Wrong "a string" = wrong_name;

    MissingExpr      Missing "a value" = missing_expr;
    MissingIdent     Missing "a name" = missing_ident;
    MissingType      Missing "a type" = missing_type;
    MissingValue     Missing "`=` and a value" = missing_value;
    MissingEq        Missing "`=`" = missing_eq;
    MissingColon     Missing "`:`" = missing_colon;
    MissingBlock     Missing "`{`" = missing_block;
    MissingParams    Missing "`(`" = missing_params;
    MissingString    Missing "a string" = missing_string;
    MissingPath      Missing "a module or a path in quotes" = missing_path;
    MissingFrom      Missing "`from`" = missing_from;
    MissingFor       Missing "`for image`" = missing_for;
    MissingIn        Missing "`in`" = missing_in;
    MissingRange     Missing "a range like `1..10` or a pattern like `'^[a-z]+$'`" = missing_range;
    MissingDotDot    Missing "`..`" = missing_dotdot;
    MissingClose     Missing "a closing bracket" = missing_close;
    Unterminated     Missing "a closing quote" = unterminated;

} silent {
    EOI WHITESPACE COMMENT comment nl inner_nl value_nl type_nl entry_line statement statement_word word_statement
        assignment bindings condition operand expr_end object_nl operation choice primary argument_nl comp_head comp_member string
        type_part type_atom bound word_char path_char closer flat_string safe_nl closes_on_line outer_start outer_head
    blank block_line special_parameter shell_operator shell_rest shell_char
}}

impl SyntaxKind {
    /// Whether it is a comment.
    pub const fn is_trivia(self) -> bool {
        matches!(self.class(), KindClass::Trivia)
    }

    /// Whether it is a string of any of the four forms.
    pub const fn is_string(self) -> bool {
        matches!(self, Self::LineString | Self::BlockString | Self::RawString | Self::RawBlock)
    }

    /// Whether it is a statement.
    pub const fn is_statement(self) -> bool {
        matches!(
            self,
            Self::Property
                | Self::QuotedProperty
                | Self::Entry
                | Self::Spread
                | Self::Import
                | Self::Param
                | Self::Let
                | Self::Output
                | Self::Fn
                | Self::TypeDecl
                | Self::Recipe
                | Self::Assert
                | Self::Policy
                | Self::Resource
                | Self::Use
                | Self::For
                | Self::If
        )
    }
}
