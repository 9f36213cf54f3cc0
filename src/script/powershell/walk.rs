//! From tree-sitter's tree to commands.

use tree_sitter::Node;

use super::words::{bytes, word};
use crate::base::TextRange;
use crate::script::model::{
    Assignment, Command, Dialect, Function, Reach, Read, Redirect, Script, Through, Variable, Within, Word,
};
use crate::script::place::Place;
use crate::script::program::Program as Runs;
use crate::script::sh::Context;

/// How deep the walk goes: some twenty brackets, which scripts don't reach.
const MAX_DEPTH: usize = 100;

type Scope = Option<usize>;
type Output = Option<usize>;

/// Takes the commands of a tree over; gives the command whose output is that of the last.
pub(super) fn script(
    root: Node<'_>,
    text: &str,
    place: Place,
    context: Context,
    out: &mut Script,
) -> Option<usize> {
    Walk { text, place, out, depth: 0 }.visit(root, context.scope)
}

struct Walk<'t, 's> {
    text: &'t str,
    place: Place,
    out: &'s mut Script,
    depth: usize,
}

impl Walk<'_, '_> {
    fn range(&self, node: Node<'_>) -> TextRange {
        let bytes = bytes(node, self.text);
        self.place.range(bytes.start, bytes.end)
    }

    fn visit(&mut self, node: Node<'_>, scope: Scope) -> Output {
        let node = without_layers(node);
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let output = self.construct(node, scope);
        self.depth -= 1;
        output
    }

    fn construct(&mut self, node: Node<'_>, scope: Scope) -> Output {
        match node.kind() {
            "pipeline_chain" => self.pipeline(node, scope),
            "command" => self.command(node, scope),
            "assignment_expression" => self.assignment(node, scope),
            "invokation_expression" => self.method(node, scope),
            "function_statement" => self.function(node, scope),
            "variable" => {
                self.variable(node, scope);
                None
            }
            "script_block_expression" => self.children_in(Within::Block, node, scope),
            "sub_expression" => self.children_in(Within::Substitution, node, scope),
            "script_parameter" | "class_method_parameter" => self.parameter(node, scope),
            "if_statement" | "elseif_clause" | "else_clause" | "while_statement" | "for_statement"
            | "foreach_statement" | "do_statement" | "switch_statement" | "trap_statement"
            | "catch_clause" => self.branches(node, scope),
            "ERROR" => self.broken(node, scope),
            "comment" => None,
            _ => self.children(node, scope),
        }
    }

    fn children(&mut self, node: Node<'_>, scope: Scope) -> Output {
        let mut cursor = node.walk();
        node.named_children(&mut cursor).filter_map(|child| self.visit(child, scope)).last()
    }

    fn children_in(&mut self, kind: Within, node: Node<'_>, scope: Scope) -> Output {
        let inner = self.out.open(kind, scope);
        self.children(node, inner)
    }

    fn branches(&mut self, node: Node<'_>, scope: Scope) -> Output {
        let mut last = None;
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            let kind = match child.kind() {
                "statement_block" | "switch_body" => Within::Branch,
                "elseif_clauses" | "elseif_clause" | "else_clause" => {
                    last = self.visit(child, scope).or(last);
                    continue;
                }
                "variable" if node.kind() == "foreach_statement" => {
                    self.target(child, scope);
                    continue;
                }
                _ => Within::Condition,
            };
            let inner = self.out.open(kind, scope);
            last = self.visit(child, inner).or(last);
        }
        last
    }

    fn pipeline(&mut self, node: Node<'_>, scope: Scope) -> Output {
        let mut before: Output = None;
        let mut literal: Option<Word> = None;
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            let child = without_layers(child);
            let output = self.visit(child, scope);
            // The output goes to the command itself, not to those in its arguments.
            if child.kind() == "command"
                && let Some(command) = output.and_then(|at| self.out.commands.get_mut(at))
            {
                command.reads.extend(before.map(|command| Read { command, through: Through::Input }));
                command.input = literal.take();
            }
            literal = is_literal(child.kind()).then(|| word(inner_literal(child), self.text, self.place));
            before = output;
        }
        before
    }

    fn command(&mut self, node: Node<'_>, scope: Scope) -> Output {
        let mut parts = Parts::default();
        let mut called = false;
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "command_invokation_operator" => called = true,
                "command_elements" => self.elements(child, scope, &mut parts),
                "command_argument_sep" | "comment" => {}
                _ => self.argument(child, scope, &mut parts),
            }
        }
        self.push(node, parts, called, scope)
    }

    fn push(&mut self, node: Node<'_>, parts: Parts, called: bool, scope: Scope) -> Output {
        let program = Runs::of_powershell(&parts.words, called);
        self.set_by_command(&parts.words, scope);
        self.add(node, parts, program, scope)
    }

    fn add(&mut self, node: Node<'_>, parts: Parts, program: Option<Runs>, scope: Scope) -> Output {
        // The grammar takes the white space before a `|` for the command's.
        let bytes = bytes(node, self.text);
        let length = self.text.get(bytes.clone()).map_or(0, |text| text.trim_end().len());
        self.out.commands.push(Command {
            range: self.place.range(bytes.start, bytes.start + length),
            dialect: Dialect::PowerShell,
            words: parts.words,
            reads: parts.reads,
            input: None,
            scope,
            wraps: None,
            in_other_shell: false,
            program,
        });
        Some(self.out.commands.len() - 1)
    }

    fn elements(&mut self, node: Node<'_>, scope: Scope, parts: &mut Parts) {
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "command_argument_sep" | "comment" => {}
                "redirection" => {
                    let mut inner = child.walk();
                    for file in
                        child.named_children(&mut inner).filter(|c| c.kind() == "redirected_file_name")
                    {
                        let from = parts.words.len();
                        self.elements(file, scope, parts);
                        for word in parts.words.iter_mut().skip(from) {
                            word.redirect = Some(Redirect::Output);
                        }
                    }
                }
                _ => self.argument(child, scope, parts),
            }
        }
    }

    fn argument(&mut self, node: Node<'_>, scope: Scope, parts: &mut Parts) {
        let node = without_layers(node);
        if node.kind() == "array_literal_expression" && node.named_child_count() > 1 {
            let mut cursor = node.walk();
            for child in node.named_children(&mut cursor) {
                self.argument(child, scope, parts);
            }
            return;
        }
        let literal = inner_literal(node);
        let mut found = word(literal, self.text, self.place);
        if literal.kind() == "parenthesized_expression"
            && let Some(inner) = only_literal(literal)
        {
            found = word(inner, self.text, self.place);
        }
        // `-Name:value`: the grammar gives the value as the next argument.
        if matches!(literal.kind(), "generic_token" | "command_name" | "command_parameter") {
            self.bare_variables(literal, scope);
        } else if let Some(command) = self.visit(node, scope) {
            parts.reads.push(Read { command, through: Through::Argument });
        }
        parts.words.push(found);
    }

    /// `.DownloadString('…')`, `[Environment]::Exit(0)`
    fn method(&mut self, node: Node<'_>, scope: Scope) -> Output {
        let mut parts = Parts::default();
        let mut name = None;
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "member_name" => name = Some(child),
                "argument_list" => self.call_arguments(child, scope, &mut parts),
                _ => _ = self.visit(child, scope),
            }
        }
        let name = name?;
        let text = self.text.get(bytes(name, self.text)).unwrap_or_default();
        let program = Some(Runs::of_method(text));
        let first = Word { range: self.range(name), text: format!(".{text}"), ..Word::default() };
        parts.words.insert(0, first);
        self.set_by_method(&parts.words, scope);
        self.add(node, parts, program, scope)
    }

    fn call_arguments(&mut self, node: Node<'_>, scope: Scope, parts: &mut Parts) {
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            let inner = without_layers(child);
            if inner.kind() == "argument_expression_list" {
                let mut inner_cursor = inner.walk();
                for argument in inner.named_children(&mut inner_cursor) {
                    self.argument(argument, scope, parts);
                }
            } else {
                self.argument(inner, scope, parts);
            }
        }
    }

    fn assignment(&mut self, node: Node<'_>, scope: Scope) -> Output {
        let mut output = None;
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "left_assignment_expression" => self.target(child, scope),
                "assignement_operator" => {}
                _ if only_block(child) => {
                    let name = self.out.assignments.last().map(|a| a.name.clone()).unwrap_or_default();
                    let kept = self.out.open(Within::Kept(name), scope);
                    self.visit(child, kept);
                }
                _ => output = self.visit(child, scope).or(output),
            }
        }
        output
    }

    /// `$x`, `[string]$x`, `$x, $y`; what else stands left of `=` is read.
    fn target(&mut self, node: Node<'_>, scope: Scope) {
        let inner = without_layers(node);
        match inner.kind() {
            "variable" => {
                let (name, environment) = self.name_of(inner);
                let reach = if environment { Reach::Programs } else { Reach::Script };
                let range = self.range(inner);
                self.out.assignments.push(Assignment { name, range, reach, scope });
            }
            "cast_expression" | "array_literal_expression" | "expression_with_unary_operator" => {
                let mut cursor = inner.walk();
                inner.named_children(&mut cursor).for_each(|child| self.target(child, scope));
            }
            _ => _ = self.children(node, scope),
        }
    }

    /// A parameter of a script, a block or a function, with its default.
    fn parameter(&mut self, node: Node<'_>, scope: Scope) -> Output {
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "variable" => self.target(child, scope),
                _ => _ = self.visit(child, scope),
            }
        }
        None
    }

    fn variable(&mut self, node: Node<'_>, scope: Scope) {
        let (name, environment) = self.name_of(node);
        let range = self.range(node);
        self.out.uses.push(Variable { name, environment, may_lack: false, range, scope });
    }

    /// The name of a variable, and whether it is one of the environment.
    fn name_of(&self, node: Node<'_>) -> (String, bool) {
        let written = self.text.get(bytes(node, self.text)).unwrap_or_default();
        name_in(written)
    }

    /// `$x` in an argument without quotes.
    fn bare_variables(&mut self, node: Node<'_>, scope: Scope) {
        let start = bytes(node, self.text).start;
        let text = self.text.get(bytes(node, self.text)).unwrap_or_default();
        for (at, _) in text.match_indices('$') {
            let rest = text.get(at + 1..).unwrap_or_default();
            let length =
                rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(rest.len());
            let (name, environment) = name_in(rest.get(..length).unwrap_or_default());
            if !name.is_empty() {
                let range = self.place.range(start + at, start + at + 1 + length);
                self.out.uses.push(Variable { name, environment, may_lack: false, range, scope });
            }
        }
    }

    fn function(&mut self, node: Node<'_>, scope: Scope) -> Output {
        let mut cursor = node.walk();
        let name = node.named_children(&mut cursor).find(|c| c.kind() == "function_name");
        let text = name.and_then(|n| self.text.get(bytes(n, self.text))).unwrap_or_default().to_owned();
        if let Some(name) = name {
            let range = self.range(name);
            self.out.functions.push(Function { name: text.clone(), range, scope });
        }
        self.children_in(Within::Function(text), node, scope);
        None
    }

    /// What no rule of the grammar fits: its tokens lie side by side, so a command goes on to the end of its line.
    fn broken(&mut self, node: Node<'_>, scope: Scope) -> Output {
        let mut current: Option<(Node<'_>, Parts)> = None;
        let mut last = None;
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            let same_line =
                current.as_ref().is_some_and(|(n, _)| n.start_position().row == child.start_position().row);
            let is_argument =
                matches!(child.kind(), "generic_token" | "command_parameter" | "array_literal_expression");
            match (&mut current, child.kind()) {
                (_, "command_argument_sep") => {}
                (Some((_, parts)), _) if same_line && is_argument => self.argument(child, scope, parts),
                (_, kind) => {
                    if let Some((name, parts)) = current.take() {
                        last = self.push(name, parts, false, scope);
                    }
                    if kind == "command_name" {
                        let mut parts = Parts::default();
                        self.argument(child, scope, &mut parts);
                        current = Some((child, parts));
                    } else {
                        last = self.visit(child, scope).or(last);
                    }
                }
            }
        }
        match current {
            Some((name, parts)) => self.push(name, parts, false, scope),
            None => last,
        }
    }

    /// `Set-Item -Path Env:X …`, `New-Variable -Name x`
    fn set_by_command(&mut self, words: &[Word], scope: Scope) {
        let Some(first) = words.first() else { return };
        for (option, name) in words.iter().zip(words.iter().skip(1)) {
            if is_any(option, VARIABLE_OPTIONS) && name.is_known() {
                let (name, range) = (name.text.trim_start_matches('+').to_owned(), name.range);
                self.out.assignments.push(Assignment { name, range, reach: Reach::Script, scope });
            }
        }
        let is = |names: &[&str]| is_any(first, names);
        if is(&["set-item", "new-item", "si", "ni"]) {
            let set = words.iter().find_map(|w| {
                let (drive, name) = w.text.split_once(':')?;
                drive
                    .eq_ignore_ascii_case("env")
                    .then(|| (name.trim_start_matches(['\\', '/']).to_owned(), w.range))
            });
            if let Some((name, range)) = set {
                self.out.assignments.push(Assignment { name, range, reach: Reach::Programs, scope });
            }
        } else if is(&["set-variable", "new-variable", "sv", "nv"]) {
            let named = words.iter().skip(1).find(|w| !w.text.starts_with('-'));
            if let Some((name, range)) = named.map(|w| (w.text.clone(), w.range)) {
                self.out.assignments.push(Assignment { name, range, reach: Reach::Script, scope });
            }
        }
    }

    /// `[Environment]::SetEnvironmentVariable('X', 'y')`: with `'Machine'` or `'User'` it outlives the script.
    fn set_by_method(&mut self, words: &[Word], scope: Scope) {
        let is_setter = words.first().is_some_and(|w| w.text.eq_ignore_ascii_case(".SetEnvironmentVariable"));
        if let Some(word) = words.get(1).filter(|w| is_setter && w.is_known()) {
            let (name, range) = (word.text.clone(), word.range);
            let outlives = words.get(3).is_some_and(|w| {
                ["machine", "user"].iter().any(|target| w.text.to_lowercase().ends_with(target))
            });
            let reach = if outlives { Reach::Machine } else { Reach::Programs };
            self.out.assignments.push(Assignment { name, range, reach, scope });
        }
    }
}

/// Parameters of any command that name a variable to be set.
static VARIABLE_OPTIONS: &[&str] = &[
    "-outvariable",
    "-ov",
    "-errorvariable",
    "-ev",
    "-warningvariable",
    "-wv",
    "-informationvariable",
    "-iv",
    "-pipelinevariable",
    "-pv",
    "-variable",
    "-sessionvariable",
    "-responseheadersvariable",
    "-statuscodevariable",
];

fn is_any(word: &Word, texts: &[&str]) -> bool {
    texts.iter().any(|text| word.text.eq_ignore_ascii_case(text))
}

/// The words of a command while they are read.
#[derive(Default)]
struct Parts {
    words: Vec<Word>,
    reads: Vec<Read>,
}

/// What stands in the layers of expressions that hold only one other.
fn without_layers(mut node: Node<'_>) -> Node<'_> {
    let is_layer = |kind: &str| {
        kind.ends_with("_expression")
            && !matches!(
                kind,
                "assignment_expression"
                    | "invokation_expression"
                    | "script_block_expression"
                    | "sub_expression"
                    | "parenthesized_expression"
                    | "hash_literal_expression"
                    | "array_expression"
            )
    };
    while is_layer(node.kind())
        && node.child_count() == 1
        && let Some(child) = node.named_child(0)
    {
        node = child;
    }
    node
}

fn is_literal(kind: &str) -> bool {
    kind == "string_literal"
}

/// The literal of a kind of its own that a node of literals holds.
fn inner_literal(node: Node<'_>) -> Node<'_> {
    match node.kind() {
        "string_literal" | "command_name_expr" => node.named_child(0).map_or(node, inner_literal),
        _ => node,
    }
}

/// `('text')`: parentheses around nothing but a literal.
fn only_literal(node: Node<'_>) -> Option<Node<'_>> {
    let mut inner = node;
    while matches!(inner.kind(), "parenthesized_expression" | "pipeline" | "pipeline_chain") {
        if inner.named_child_count() != 1 {
            return None;
        }
        inner = without_layers(inner.named_child(0)?);
    }
    is_literal(inner.kind()).then(|| inner_literal(inner))
}

/// `{ … }`, and nothing around it.
fn only_block(node: Node<'_>) -> bool {
    let mut inner = without_layers(node);
    while matches!(inner.kind(), "pipeline" | "pipeline_chain") && inner.named_child_count() == 1 {
        let Some(child) = inner.named_child(0) else { return false };
        inner = without_layers(child);
    }
    inner.kind() == "script_block_expression"
}

fn name_in(written: &str) -> (String, bool) {
    let name = written.trim_start_matches(['$', '{', '@']).trim_end_matches('}');
    match name.split_once(':') {
        Some((drive, name)) if drive.eq_ignore_ascii_case("env") => (name.to_owned(), true),
        Some((_, name)) => (name.to_owned(), false),
        None => (name.to_owned(), false),
    }
}
