//! What Windows PowerShell 5.1 refuses and newer versions, or other shells, take.
//!
//! Two kinds of evidence count: nodes of a tree without any error, which are exact; and, where the tree has one, its first error
//! if the text there is of a form that is nothing else. All else that the grammar does not understand may be its own lack.
//! <https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_pipeline_chain_operators>

use tree_sitter::Node;

use super::faults::{is_code, is_doubtful};
use super::words::bytes;
use crate::base::TextRange;
use crate::script::model::{Fault, FaultKind};

/// The first thing that is surely refused.
pub(super) fn first(root: Node<'_>, text: &str) -> Option<Fault> {
    if is_doubtful(text) {
        return None;
    }
    let found =
        if root.has_error() { at_error(root, text) } else { nodes(root).find_map(|n| of_node(n, text)) };
    found.filter(|fault| is_code(text, fault.at.start as usize))
}

fn refused(at: usize, length: usize, what: &'static str, instead: &'static str) -> Fault {
    let kind = FaultKind::Refused { what, instead };
    Fault { kind, at: TextRange::new(at, at + length), opened: None, stops: true }
}

/// All nodes of a tree, each before those within it.
fn nodes(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let mut cursor = root.walk();
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        let node = cursor.node();
        if !cursor.goto_first_child() {
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    done = true;
                    break;
                }
            }
        }
        Some(node)
    })
}

/// What a node of a tree without errors says.
fn of_node(node: Node<'_>, text: &str) -> Option<Fault> {
    let range = bytes(node, text);
    let written = text.get(range.clone())?;
    match node.kind() {
        "pipeline_chain_tail" if written == "&&" => Some(refused(
            range.start,
            2,
            "`&&`",
            "write the second command in `if ($?) { … }` on the next line",
        )),
        "pipeline_chain_tail" if written == "||" => Some(refused(
            range.start,
            2,
            "`||`",
            "write the second command in `if (-not $?) { … }` on the next line",
        )),
        "try_statement" => {
            let mut cursor = node.walk();
            let is_whole = node
                .named_children(&mut cursor)
                .any(|c| matches!(c.kind(), "catch_clauses" | "finally_clause"));
            // Should the grammar not know some form of it for what it is.
            let follows: String = text.get(range.end..)?.trim_start().chars().take(8).collect();
            let follows = follows.to_lowercase();
            let is_whole = is_whole || ["catch", "finally", "#", "<#"].iter().any(|t| follows.starts_with(t));
            let what = "`try` without `catch` or `finally`";
            (!is_whole).then(|| refused(range.start, 3, what, "write `catch { … }` behind it"))
        }
        _ => None,
    }
}

/// What the first error of a tree surely is.
fn at_error(root: Node<'_>, text: &str) -> Option<Fault> {
    if let Some(fault) = unfinished(text) {
        return Some(fault);
    }
    let error = nodes(root).filter(|n| n.is_error() && n.kind() == "ERROR").find(|n| n.parent().is_some());
    let error = error.or_else(|| nodes(root).find(Node::is_error))?;
    let range = bytes(error, text);
    let written = text.get(range.clone())?.trim_start();
    let start = range.end - written.len();
    let (before, from) = text.split_at_checked(start)?;
    let parent = error.parent().map_or("", |parent| parent.kind());
    if parent == "if_statement" && written.trim_end().eq_ignore_ascii_case("then") {
        return Some(refused(start, 4, "`then`", "remove it: `if (…) { … }`"));
    }
    if before.trim_end().ends_with('}')
        && keyword(from, "else").is_some_and(|rest| keyword(rest.trim_start(), "if").is_some())
    {
        return Some(refused(start, 4, "`else if`", "write `elseif`"));
    }
    loop_of_shell(before, from, start)
        .or_else(|| comma(error, written, text, start))
        .or_else(|| null_operator(root, text))
}

/// What follows a word, letter case aside.
fn keyword<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (first, rest) = text.split_at_checked(word.len())?;
    (first.eq_ignore_ascii_case(word) && rest.starts_with(char::is_whitespace)).then_some(rest)
}

/// `for i in …`, `if [ … ]`, `while read x`: a line that begins as in other shells.
fn loop_of_shell(before: &str, from: &str, at: usize) -> Option<Fault> {
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let (earlier, indent) = before.split_at_checked(line)?;
    let goes_on = |c: char| !(c.is_alphanumeric() || matches!(c, '}' | ')' | ';' | '\'' | '"' | '{'));
    if !indent.trim().is_empty() || earlier.trim_end().ends_with(goes_on) {
        return None;
    }
    let word = |text: &str| text.split_whitespace().nth(1).is_some_and(|w| w.eq_ignore_ascii_case("in"));
    let row = if keyword(from, "for").is_some_and(word) {
        (3, "`for … in` without brackets", "write `foreach ($i in …) { … }`")
    } else if keyword(from, "foreach").is_some_and(word) {
        (7, "`foreach … in` without brackets", "write `foreach ($i in …) { … }`")
    } else if keyword(from, "if").is_some_and(|rest| rest.trim_start().starts_with(['[', '$'])) {
        (2, "`if` without brackets", "write `if (…) { … }`")
    } else if keyword(from, "while").is_some_and(|rest| rest.trim_start().starts_with(['[', '$'])) {
        (5, "`while` without brackets", "write `while (…) { … }`")
    } else {
        return None;
    };
    let (length, what, instead) = row;
    Some(refused(at, length, what, instead))
}

/// `@{ a = 1, b = 2 }`: the error is the name, and the comma and the `=` may be a part of it.
fn comma(error: Node<'_>, written: &str, text: &str, at: usize) -> Option<Fault> {
    let (comma, name) = match written.strip_prefix(',') {
        Some(rest) => (at, rest.trim_start()),
        None => (text.get(..at)?.trim_end().strip_suffix(',')?.len(), written),
    };
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let rest = name.trim_start_matches(is_name).trim();
    let follows = text.get(at + written.len()..)?.trim_start();
    let is_set = rest == "=" || (rest.is_empty() && follows.starts_with('=') && !follows.starts_with("=="));
    let mut around = std::iter::successors(error.parent(), Node::parent);
    let is_one = name.starts_with(is_name) && is_set;
    let what = "`,` between the entries of a table";
    (is_one && around.any(|n| n.kind() == "hash_literal_expression"))
        .then(|| refused(comma, 1, what, "write `;`, or each on a line of its own"))
}

/// `$x = $a ?? $b`, `$a ??= $b`, `return $a ? $b : $c`: what stands in front begins the line and is no command.
fn null_operator(root: Node<'_>, text: &str) -> Option<Fault> {
    let is_mark = |t: &str| !t.trim().is_empty() && t.trim().chars().all(|c| c == '?');
    let mark = nodes(root).find(|n| n.is_error() && text.get(bytes(*n, text)).is_some_and(is_mark))?;
    let end = text.get(..bytes(mark, text).end)?.trim_end().len();
    let before = text.get(..end)?.trim_end_matches('?');
    let at = before.len();
    let line = before.get(before.rfind('\n').map_or(0, |n| n + 1)..)?;
    let after = text.get(at..)?.lines().next()?;
    let operand = line.trim();
    let given = operand
        .split_once('=')
        .filter(|(name, _)| is_variable(name.trim()))
        .map(|(_, value)| value)
        .or_else(|| keyword(operand, "return"));
    let is_value = is_variable(given.unwrap_or(operand).trim());
    if !is_value || !line.ends_with(char::is_whitespace) {
        return None;
    }
    let by_hand = "write `if ($null -eq …) { … }`";
    if after.starts_with("??= ") {
        return given.is_none().then(|| refused(at, 3, "`??=`", by_hand));
    }
    given?;
    match after {
        after if after.starts_with("?? ") => Some(refused(at, 2, "`??`", by_hand)),
        after if after.starts_with("? ") && after.contains(" : ") => {
            Some(refused(at, 1, "`? :`", "write `if (…) { … } else { … }`"))
        }
        _ => None,
    }
}

/// `$x`, `$x.y`, `$env:X`
fn is_variable(text: &str) -> bool {
    let name = text.strip_prefix('$').unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':'))
}

/// `$x = 1 +` and `dir |` at the end of the text.
fn unfinished(text: &str) -> Option<Fault> {
    let end = text.trim_end();
    let line = end.get(end.rfind('\n').map_or(0, |n| n + 1)..)?.trim();
    let last = end.chars().next_back()?;
    let at = end.len() - last.len_utf8();
    let is_apart = end.get(..at)?.ends_with(' ');
    let value =
        line.split_once('=').filter(|(name, _)| is_variable(name.trim())).map(|(_, value)| value.trim());
    let computes = value.is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit() || "$\"'(".contains(c)));
    let is_open = match last {
        '+' | '-' | '*' | '/' => is_apart && computes,
        '|' => is_apart && !end.ends_with("||"),
        _ => false,
    };
    let kind = FaultKind::Unfinished { after: last.to_string() };
    is_open.then(|| Fault { kind, at: TextRange::new(at, end.len()), opened: None, stops: true })
}
