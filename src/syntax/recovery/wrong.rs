//! What people write out of habit: each is a rule of the grammar, with its message and its mend.

use super::Recovery;
use super::junk::{describe, unexpected};
use super::missing::followed_by_block;
use crate::base::TextRange;
use crate::diag::{Applicability, Code, Diagnostic, code};
use crate::syntax::cst::Node;
use crate::syntax::kind::SyntaxKind;
use crate::syntax::slip::indexed_name;
use crate::syntax::text::is_name;

/// Operators of other languages and ours.
const OPERATORS: &[(&str, &str)] = &[
    ("and", "&&"),
    ("&", "&&"),
    ("or", "||"),
    ("|", "||"),
    ("===", "=="),
    ("!==", "!="),
    ("<>", "!="),
    ("=", "=="),
];

impl<'a> Recovery<'a> {
    pub(super) fn wrong(&mut self, node: Node<'a>) {
        let diagnostic = match node.kind() {
            SyntaxKind::WrongEq => self.wrong_eq(node),
            SyntaxKind::WrongEquality => {
                let title = "`==` compares; a value is given with `=`";
                self.replace(&code::WRONG_ASSIGNMENT, node, title, "=", Applicability::Safe)
            }
            SyntaxKind::WrongColon => {
                let title = "the type of a member is given with `:`";
                self.replace(&code::WRONG_ASSIGNMENT, node, title, ":", Applicability::Safe)
            }
            SyntaxKind::WrongOperator => self.wrong_operator(node),
            SyntaxKind::Elif => {
                let title = format!("`{}` is written `else if`", self.text(node));
                self.replace(&code::FOREIGN_WORD, node, title, "else if", Applicability::Safe)
            }
            SyntaxKind::StrayElse => {
                Diagnostic::new(&code::SYNTAX, self.span(node.range()), "`else` without `if`")
                    .help("`else` follows the `}` of an `if`")
            }
            SyntaxKind::StrayBlock => self.stray_block(node),
            SyntaxKind::WrongTail => self.wrong_tail(node),
            SyntaxKind::WrongLabel => self.wrong_label(node),
            SyntaxKind::WrongNot => self.wrong_not(node),
            SyntaxKind::WrongComp => self.wrong_comp(node),
            SyntaxKind::WrongExpansion => self.wrong_expansion(node),
            SyntaxKind::WrongType => self.wrong_type(node),
            SyntaxKind::WrongName => self.wrong_name(node),
            _ => return,
        };
        let range = match node.kind() {
            SyntaxKind::StrayBlock | SyntaxKind::StrayElse => diagnostic.span().range,
            _ => node.range(),
        };
        self.push(node, range, diagnostic);
    }

    fn text(&self, node: Node<'_>) -> &'a str {
        self.between(node.range().start, node.range().end)
    }

    fn replace(
        &self,
        code: &'static Code,
        node: Node<'_>,
        title: impl Into<String>,
        ours: &str,
        applicability: Applicability,
    ) -> Diagnostic {
        let span = self.span(node.range());
        Diagnostic::new(code, span, title).fix(format!("write `{ours}`"), span, ours, applicability)
    }

    fn wrong_eq(&self, node: Node<'a>) -> Diagnostic {
        let written = self.text(node);
        let spaced = self.after_space(node.range().start);
        let span = self.span(node.range());
        Diagnostic::new(&code::WRONG_ASSIGNMENT, span, format!("a value is given with `=`, not `{written}`"))
            .fix("write `=`", span, if spaced { "=" } else { " =" }, Applicability::Safe)
    }

    fn wrong_operator(&self, node: Node<'a>) -> Diagnostic {
        let written = self.text(node);
        let ours = OPERATORS.iter().find(|(theirs, _)| *theirs == written).map_or(written, |(_, ours)| *ours);
        if written == "=" {
            let title = "`=` gives a value; `==` compares";
            return self.replace(&code::WRONG_ASSIGNMENT, node, title, ours, Applicability::Unsafe);
        }
        let title = format!("`{written}` is written `{ours}`");
        self.replace(&code::FOREIGN_WORD, node, title, ours, Applicability::Safe)
    }

    /// A block whose brace does not stand behind its keyword.
    fn stray_block(&self, node: Node<'a>) -> Diagnostic {
        let start = node.range().start;
        let brace = self.span(TextRange { start, end: start + 1 });
        let before = node.prev_sibling().filter(|p| p.kind().is_statement());
        let plain = Diagnostic::new(&code::SYNTAX, brace, "this block has no keyword");
        let Some(before) = before else {
            return plain.help("a block follows a keyword, a label or a value on the same line");
        };
        if before.kind() == SyntaxKind::Fn {
            return plain.help("a function's value follows `=`: `fn name(a: type) -> type = value`");
        }
        let end = before.range().end;
        let lacks = before.parts().last().is_some_and(|n| n.kind() != SyntaxKind::Block);
        if !followed_by_block(before) || !lacks || self.same_line(end, start) {
            return plain.help("a block follows a keyword, a label or a value on the same line");
        }
        let gap = TextRange { start: end, end: start };
        let title = "`{` stands on a line of its own";
        let mut diagnostic = Diagnostic::new(&code::BRACE_ON_NEXT_LINE, brace, title)
            .also(self.span(before.range()), "this ends with its line")
            .help("put `{` at the end of that line");
        if self.between(end, start).trim().is_empty() {
            diagnostic = diagnostic.fix("put `{` there", self.span(gap), " ", Applicability::Safe);
        }
        diagnostic
    }

    /// `linux.docker(1)`, `a.b = 1`, `a[0] = 1` as statements.
    fn wrong_tail(&self, node: Node<'a>) -> Diagnostic {
        let whole = node.parent().map_or(node.range(), |p| p.range());
        let is_call = node.parts().last().is_some_and(|n| n.kind() == SyntaxKind::Call);
        if is_call {
            let start = self.span(TextRange { start: whole.start, end: whole.start });
            let plain = Diagnostic::new(&code::SYNTAX, self.span(whole), "a call is no entry");
            let word = node.parent().and_then(|p| p.child(SyntaxKind::Ident));
            if let Some(word) = word.filter(|_| node.parts().count() == 1) {
                let word = self.text(word);
                return plain.help(format!(
                    "if `{word}` is a recipe, write `use {word}(…)`; if it is a step, `{word} = …`"
                ));
            }
            return plain.help("`use` puts the steps of a recipe here").fix(
                "write `use`",
                start,
                "use ",
                Applicability::Unsafe,
            );
        }
        let text = self.text(node);
        let (first, _) = describe(text);
        let short = text.len() < 30 && !text.contains('\n');
        let found = if short { format!("`{text}`") } else { first };
        Diagnostic::new(&code::SYNTAX, self.span(node.range()), unexpected(&found))
            .here("the name of a property is one word")
            .help("a property inside another is written in its block or object: `a { b = 1 }`")
    }

    /// `gallery g["d"]`: what is inside something is named with a dot.
    fn wrong_label(&self, node: Node<'a>) -> Diagnostic {
        let span = self.span(node.range());
        let diagnostic = Diagnostic::new(&code::SYNTAX, span, "a name in a label has no index")
            .help("what is declared inside something is named with a dot: `gallery images.web`");
        match indexed_name(self.source, node) {
            Some(name) => {
                diagnostic.fix(format!("write `.{name}`"), span, format!(".{name}"), Applicability::Safe)
            }
            None => diagnostic,
        }
    }

    /// `not a`, which binds weaker where it is written so.
    fn wrong_not(&self, node: Node<'a>) -> Diagnostic {
        let start = node.range().start;
        let len = self.rest(node.range().end).bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let to_value = TextRange { start, end: node.range().end + TextRange::at(len).start };
        let alone = node.parent().is_some_and(|p| p.parts().all(|n| n.kind() != SyntaxKind::Operator));
        let diagnostic =
            Diagnostic::new(&code::FOREIGN_WORD, self.span(node.range()), "`not` is written `!`");
        match alone {
            true => diagnostic.fix("write `!`", self.span(to_value), "!", Applicability::Safe),
            false => diagnostic.help("`!` binds first: write `!(a == b)`"),
        }
    }

    /// `[x for x in xs]`.
    fn wrong_comp(&self, node: Node<'a>) -> Diagnostic {
        let word = node.child(SyntaxKind::KwFor).map_or(node.range(), Node::range);
        let diagnostic =
            Diagnostic::new(&code::FOREIGN_WORD, self.span(word), "a comprehension begins with `for`")
                .help("write `[for x in xs if condition: value]`");
        let list = node.parent();
        let whole = list.filter(|l| l.parts().filter(|n| n.kind() == SyntaxKind::Expr).count() == 1);
        let value = whole.and_then(|l| l.child(SyntaxKind::Expr)).filter(|v| v.range().end <= word.start);
        let Some(value) = value.filter(|v| self.same_line(v.range().start, node.range().end)) else {
            return diagnostic;
        };
        let range = TextRange { start: value.range().start, end: node.range().end };
        let text = format!("{}: {}", self.text(node).trim_end(), self.text(value).trim_end());
        diagnostic.fix(format!("write `[{text}]`"), self.span(range), text, Applicability::Safe)
    }

    /// `${#a}`, `${a:-b}`, `${a[@]}`: what a script means by `${…}`.
    fn wrong_expansion(&self, node: Node<'a>) -> Diagnostic {
        let written = self.text(node);
        let at = TextRange { start: node.range().start, end: node.range().start };
        Diagnostic::new(&code::SYNTAX, self.span(node.range()), format!("`{written}` is no value of aib"))
            .note("`${…}` in `\"…\"` inserts a value of aib")
            .help(format!("what the script itself expands is written `\\{written}`, or the whole script as a raw string `'…'`"))
            .fix(format!("write `\\{written}`"), self.span(at), "\\", Applicability::Unsafe)
    }

    /// `output "id" = …`
    fn wrong_name(&self, node: Node<'a>) -> Diagnostic {
        let span = self.span(node.range());
        let declares = node.parent().map_or("a declaration", |p| p.kind().human());
        let diagnostic = Diagnostic::new(&code::SYNTAX, span, format!("the name of {declares} is no string"));
        let inner = self.text(node).trim_matches(['"', '\'']);
        if is_name(inner) {
            return diagnostic.fix(format!("write `{inner}`"), span, inner, Applicability::Safe);
        }
        let (word, renamed) = match node.parent().map(Node::kind) {
            Some(SyntaxKind::Output) => ("output", true),
            Some(SyntaxKind::Param) => ("param", true),
            _ => ("let", false),
        };
        let diagnostic = diagnostic.note("a name is a word, known before anything is evaluated");
        match renamed {
            true => diagnostic
                .help(format!("write `{word} NAME`, or `{word} NAME as \"other-name\"` for what is no word")),
            false => diagnostic.help(format!("write `{word} NAME`")),
        }
    }

    /// `"a" | 1`, `[string]`.
    fn wrong_type(&self, node: Node<'a>) -> Diagnostic {
        let written = self.text(node);
        let diagnostic =
            Diagnostic::new(&code::SYNTAX, self.span(node.range()), format!("`{written}` is no type"));
        match node.child(SyntaxKind::List) {
            Some(_) => diagnostic.help("a list is written `list<string>`"),
            None => diagnostic.help(
                "of values only strings are types, as in `\"a\" | \"b\"`; numbers are `int`, or `int(1..10)`",
            ),
        }
    }

    pub(super) fn comment(&mut self, node: Node<'a>) {
        let start = node.range().start;
        match node.kind() {
            SyntaxKind::HashComment => {
                let hashes = self.text(node).len() - self.text(node).trim_start_matches('#').len();
                let range = TextRange { start, end: start + TextRange::at(hashes).start };
                let diagnostic =
                    Diagnostic::new(&code::WRONG_COMMENT, self.span(range), "a comment begins with `//`")
                        .fix("write `//`", self.span(range), "//", Applicability::Safe);
                self.push(node, node.range(), diagnostic);
            }
            SyntaxKind::OpenComment => {
                self.open_comment = Some(node.range());
                let range = TextRange { start, end: start + 2 };
                let diagnostic = Diagnostic::new(
                    &code::UNCLOSED_BRACKET,
                    self.span(range),
                    "this comment is never closed",
                )
                .help("write `*/` at its end");
                self.push(node, node.range(), diagnostic);
            }
            _ => {}
        }
    }

    /// The `?` of a choice wants a space before it: `a?` is a type, `a?.b` a member.
    pub(super) fn question(&mut self, node: Node<'a>) {
        if !self.after_space(node.range().start) {
            let at = TextRange { start: node.range().start, end: node.range().start };
            let diagnostic = Diagnostic::new(
                &code::SYNTAX,
                self.span(node.range()),
                "`?` wants a space before it",
            )
            .fix("write a space", self.span(at), " ", Applicability::Safe);
            self.push(node, node.range(), diagnostic);
        }
    }

    /// `import ./x.aib`: files are named in quotes, modules of `std` and of named roots are not.
    pub(super) fn import_path(&mut self, node: Node<'a>) {
        let path = self.text(node);
        if path.starts_with('.') || path.ends_with(".aib") {
            let span = self.span(node.range());
            let quoted = format!("\"{path}\"");
            let diagnostic = Diagnostic::new(&code::SYNTAX, span, "the path of a file stands in quotes").fix(
                format!("write `{quoted}`"),
                span,
                quoted,
                Applicability::Safe,
            );
            self.push(node, node.range(), diagnostic);
        }
    }

    pub(super) fn quoted_key(&mut self, node: Node<'a>) {
        let Some(key) = node.parts().next() else { return };
        if let Some(inner) = key.child(SyntaxKind::Interpolation) {
            let title = "the name of a property cannot be computed";
            let diagnostic = Diagnostic::new(&code::SYNTAX, self.span(inner.range()), title)
                .help("an object can have computed keys: `properties = { (key) = value }`");
            self.push(node, key.range(), diagnostic);
        }
    }

    pub(super) fn interpolation(&mut self, node: Node<'a>) {
        let in_line = node.parent().is_some_and(|p| p.kind() == SyntaxKind::LineString);
        if in_line && self.text(node).contains('\n') {
            let start = node.range().start;
            let range = TextRange { start, end: start + 2 };
            let title = "an interpolation in `\"…\"` stays on its line";
            let diagnostic = Diagnostic::new(&code::SYNTAX, self.span(range), title)
                .help("write `\"\"\"…\"\"\"`, or name the value with `let`");
            self.push(node, range, diagnostic);
        }
    }
}
