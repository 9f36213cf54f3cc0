//! The commands of inline scripts: words outside comments, here-documents and other commands' quotes.
//!
//! Not a shell: just enough to tell `sudo reboot` from `echo "reboot"`. What is in doubt is no command.

use std::collections::VecDeque;

use crate::check::program::Node;

/// The language of a script.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// A POSIX shell.
    Sh,
    /// PowerShell.
    PowerShell,
}

/// A word of a command.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Word {
    /// The text, without quotes.
    pub text: String,
    /// Whether a part of it stood in quotes.
    pub quoted: bool,
    /// Whether the output of the command goes there: it stood after `>`.
    pub redirect: bool,
}

/// A command.
#[derive(Clone, Debug)]
pub struct Command<'a> {
    /// The line in which it begins.
    pub line: &'a Node,
    /// Its words.
    pub words: Vec<Word>,
    /// Whether PowerShell's call operator stands before it.
    called: bool,
    dialect: Dialect,
}

/// The commands of the inline lines of a step. Lines whose text is not known are passed over.
pub fn commands(lines: &[Node], dialect: Dialect) -> Vec<Command<'_>> {
    let mut scanner = Scanner::new(dialect);
    for node in lines {
        match node.as_str() {
            Some(text) => text.split('\n').for_each(|line| scanner.line(node, line)),
            None => scanner.end_command(),
        }
    }
    scanner.end_command();
    scanner.out
}

/// Words of a shell that stand before a command without being one.
static SH_PREFIXES: &[&str] =
    &["if", "then", "elif", "else", "do", "while", "until", "!", "{", "}", "time", "exec", "nohup"];
/// Options of `sudo` and `env` that take a value of their own.
static VALUE_OPTIONS: &[&str] = &["-u", "-g", "-h", "-p", "-C", "-S"];

impl Command<'_> {
    /// The program that runs, in lower case and without folder and `.exe`, with its arguments. Looks through `sudo`, `env`,
    /// `Start-Process` and `cmd /c`. None if it is an expression, or only a look for the command.
    pub fn program(&self) -> Option<(String, &[Word])> {
        let mut words = self.words.as_slice();
        // In PowerShell a quoted word or a variable is a value, unless something says that it is run.
        let mut runs_values = self.called || self.dialect == Dialect::Sh;
        loop {
            let (first, rest) = words.split_first()?;
            let next = match self.dialect {
                _ if first.redirect => Prefix::GoOn(rest),
                Dialect::Sh => sh_prefix(first, rest),
                Dialect::PowerShell => powershell_prefix(first, rest),
            };
            match next {
                Prefix::Starts(next) => {
                    words = next;
                    runs_values = true;
                }
                Prefix::GoOn(next) => words = next,
                Prefix::Nothing => return None,
                Prefix::Program if runs_values || !(first.quoted || first.text.starts_with('$')) => {
                    return Some((base_name(&first.text), rest));
                }
                Prefix::Program => return None,
            }
        }
    }
}

/// What the first word of a command is.
enum Prefix<'w> {
    /// The program itself.
    Program,
    /// Something that runs the program named next.
    Starts(&'w [Word]),
    /// Something that stands before the program.
    GoOn(&'w [Word]),
    /// A sign that no program runs.
    Nothing,
}

fn powershell_prefix<'w>(first: &Word, rest: &'w [Word]) -> Prefix<'w> {
    if first.text.starts_with('$') && !first.quoted && rest.first().is_some_and(|w| w.text == "=") {
        return Prefix::GoOn(rest.get(1..).unwrap_or_default());
    }
    let skip_option = |name: &str| match rest.split_first() {
        Some((w, after)) if w.text.eq_ignore_ascii_case(name) => after,
        _ => rest,
    };
    match base_name(&first.text).as_str() {
        "start-process" | "start" | "saps" => Prefix::Starts(skip_option("-FilePath")),
        "cmd" => Prefix::Starts(skip_option("/c")),
        "return" => Prefix::GoOn(rest),
        _ => Prefix::Program,
    }
}

fn sh_prefix<'w>(first: &Word, rest: &'w [Word]) -> Prefix<'w> {
    let text = first.text.as_str();
    if is_assignment(text) || (!first.quoted && SH_PREFIXES.contains(&text)) {
        return Prefix::GoOn(rest);
    }
    match base_name(text).as_str() {
        "sudo" | "env" => Prefix::Starts(skip_options(rest)),
        // `command -v reboot` only looks whether there is such a command.
        "command" if rest.first().is_some_and(|w| w.text.starts_with('-')) => Prefix::Nothing,
        "command" => Prefix::Starts(rest),
        _ => Prefix::Program,
    }
}

fn skip_options(mut words: &[Word]) -> &[Word] {
    while let Some((first, rest)) = words.split_first() {
        let takes_value = VALUE_OPTIONS.contains(&first.text.as_str());
        if !first.text.starts_with('-') {
            break;
        }
        words = if takes_value { rest.get(1..).unwrap_or_default() } else { rest };
    }
    words
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

fn base_name(text: &str) -> String {
    let name = text.rsplit(['/', '\\']).next().unwrap_or(text).to_lowercase();
    name.strip_suffix(".exe").map(str::to_owned).unwrap_or(name)
}

enum Mode {
    Plain,
    Quote(char),
    /// Up to a line with this text.
    Here(String),
    BlockComment,
}

struct Scanner<'a> {
    dialect: Dialect,
    mode: Mode,
    out: Vec<Command<'a>>,
    words: Vec<Word>,
    word: Option<Word>,
    redirect: bool,
    called: bool,
    start: Option<&'a Node>,
    /// The commands around the parentheses that are open.
    outer: Vec<Outer<'a>>,
    /// The ends of the here-documents that begin after this line.
    documents: VecDeque<String>,
}

struct Outer<'a> {
    words: Vec<Word>,
    called: bool,
    start: Option<&'a Node>,
    /// The commands found when the parenthesis opened.
    found: usize,
}

type Chars<'t> = std::iter::Peekable<std::str::Chars<'t>>;

impl<'a> Scanner<'a> {
    fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            mode: Mode::Plain,
            out: Vec::new(),
            words: Vec::new(),
            word: None,
            redirect: false,
            called: false,
            start: None,
            outer: Vec::new(),
            documents: VecDeque::new(),
        }
    }

    fn line(&mut self, node: &'a Node, text: &str) {
        let mut text = text.trim_end_matches('\r');
        if let Mode::Here(end) = &self.mode {
            let trimmed = text.trim_start();
            match self.dialect {
                Dialect::Sh if trimmed.trim_end() == *end => {
                    self.mode = self.next_document();
                    return;
                }
                Dialect::PowerShell if trimmed.starts_with(end.as_str()) => {
                    text = trimmed.get(end.len()..).unwrap_or_default();
                    self.mode = Mode::Plain;
                }
                _ => return,
            }
        }
        let mut chars = text.chars().peekable();
        let mut continued = false;
        while let Some(c) = chars.next() {
            continued = match &self.mode {
                Mode::Plain => self.plain(node, c, &mut chars),
                Mode::Quote(quote) => {
                    let quote = *quote;
                    self.quoted(c, quote, &mut chars)
                }
                Mode::BlockComment => {
                    if c == '#' && chars.next_if_eq(&'>').is_some() {
                        self.mode = Mode::Plain;
                    }
                    false
                }
                Mode::Here(_) => break,
            };
        }
        if matches!(self.mode, Mode::Quote(_)) {
            self.add('\n');
        } else if !continued {
            self.end_command();
        }
        if matches!(self.mode, Mode::Plain) {
            self.mode = self.next_document();
        }
    }

    fn next_document(&mut self) -> Mode {
        self.documents.pop_front().map_or(Mode::Plain, Mode::Here)
    }

    /// Reads one character outside quotes; whether the line goes on behind its end.
    fn plain(&mut self, node: &'a Node, c: char, chars: &mut Chars<'_>) -> bool {
        let escape = if self.dialect == Dialect::Sh { '\\' } else { '`' };
        match c {
            c if c == escape => match chars.next() {
                Some(next) => self.begin(node).text.push(next),
                None => return true,
            },
            '#' if self.word.is_none() => chars.by_ref().for_each(drop),
            c if c.is_whitespace() => self.end_word(),
            '@' if self.dialect == Dialect::PowerShell => self.here_string(node, chars),
            '\'' | '"' => {
                self.begin(node).quoted = true;
                self.mode = Mode::Quote(c);
            }
            '$' if chars.peek() == Some(&'{') => {
                let text: String = chars.by_ref().take_while(|&c| c != '}').collect();
                self.begin(node).text.push_str(&format!("${text}}}"));
            }
            '>' => self.redirection(chars),
            '<' => self.input(chars),
            '&' if chars.next_if_eq(&'>').is_some() => self.redirection(chars),
            '&' if self.dialect == Dialect::PowerShell && self.words.is_empty() && self.word.is_none() => {
                self.called = true;
            }
            ';' | '|' | '&' => self.end_command(),
            '{' | '}' if self.dialect == Dialect::PowerShell => self.end_command(),
            '(' => self.open(node),
            ')' => self.close(node),
            c => self.begin(node).text.push(c),
        }
        false
    }

    fn quoted(&mut self, c: char, quote: char, chars: &mut Chars<'_>) -> bool {
        let escape = match (self.dialect, quote) {
            (Dialect::Sh, '"') => Some('\\'),
            (Dialect::PowerShell, '"') => Some('`'),
            _ => None,
        };
        if Some(c) == escape {
            if let Some(next) = chars.next() {
                self.add(next);
            }
        } else if c == quote {
            // A doubled quote stands for itself in PowerShell.
            if self.dialect == Dialect::PowerShell && chars.next_if_eq(&quote).is_some() {
                self.add(quote);
            } else {
                self.mode = Mode::Plain;
            }
        } else {
            self.add(c);
        }
        false
    }

    /// PowerShell's `@'` and `@"` at the end of a line begin a here-string.
    fn here_string(&mut self, node: &'a Node, chars: &mut Chars<'_>) {
        let rest: String = chars.clone().collect();
        match rest.trim_end() {
            "'" | "\"" => {
                chars.by_ref().for_each(drop);
                self.begin(node).quoted = true;
                self.mode = Mode::Here(format!("{}@", rest.trim_end()));
            }
            _ => self.begin(node).text.push('@'),
        }
    }

    fn redirection(&mut self, chars: &mut Chars<'_>) {
        // The number before `>` is a stream, not a word.
        if self.word.as_ref().is_some_and(|w| w.text.chars().all(|c| c.is_ascii_digit() || c == '*')) {
            self.word = None;
        }
        self.end_word();
        while chars.next_if(|&c| c == '>' || c == '&' || c == '|').is_some() {}
        self.redirect = true;
    }

    fn input(&mut self, chars: &mut Chars<'_>) {
        self.end_word();
        if self.dialect == Dialect::PowerShell {
            if chars.next_if_eq(&'#').is_some() {
                self.mode = Mode::BlockComment;
            }
            return;
        }
        if chars.next_if_eq(&'<').is_none() || chars.next_if_eq(&'<').is_some() {
            return;
        }
        chars.next_if_eq(&'-');
        while chars.next_if_eq(&' ').is_some() {}
        let mut end = String::new();
        while let Some(c) = chars.next_if(|c| !c.is_whitespace() && !";|&<>()".contains(*c)) {
            if !"'\"\\".contains(c) {
                end.push(c);
            }
        }
        self.documents.push_back(end);
    }

    fn open(&mut self, node: &'a Node) {
        self.begin(node);
        self.end_word();
        let outer = Outer {
            words: std::mem::take(&mut self.words),
            called: self.called,
            start: self.start.take(),
            found: self.out.len(),
        };
        self.called = false;
        self.outer.push(outer);
    }

    fn close(&mut self, node: &'a Node) {
        let Some(outer) = self.outer.pop() else {
            // The pattern of a `case`.
            self.word = None;
            self.words.clear();
            self.start = None;
            return;
        };
        let empty = self.words.is_empty() && self.word.is_none() && self.out.len() == outer.found;
        self.end_command();
        if empty && self.dialect == Dialect::Sh {
            // `name()` declares a function.
            return;
        }
        (self.words, self.called, self.start) = (outer.words, outer.called, outer.start.or(Some(node)));
        // What stands behind the parenthesis is no command word.
        self.words.push(Word { quoted: true, ..Word::default() });
    }

    fn begin(&mut self, node: &'a Node) -> &mut Word {
        self.start.get_or_insert(node);
        let redirect = std::mem::take(&mut self.redirect);
        self.word.get_or_insert_with(|| Word { redirect, ..Word::default() })
    }

    fn add(&mut self, c: char) {
        self.word.get_or_insert_default().text.push(c);
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take().filter(|w| w.quoted || !w.text.is_empty()));
    }

    fn end_command(&mut self) {
        self.end_word();
        self.redirect = false;
        let words = std::mem::take(&mut self.words);
        let called = std::mem::take(&mut self.called);
        if let Some(line) = self.start.take()
            && !words.is_empty()
        {
            self.out.push(Command { line, words, called, dialect: self.dialect });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, commands};
    use crate::check::program::{Node, Origin};

    /// The programs that run, with their arguments.
    fn programs(dialect: Dialect, script: &str) -> Vec<String> {
        let lines: Vec<Node> = script.lines().map(|l| Node::str(l, Origin::default())).collect();
        let show = |(name, args): (String, &[super::Word])| {
            let args: Vec<&str> = args.iter().map(|w| w.text.as_str()).collect();
            format!("{name} {}", args.join(" ")).trim().to_owned()
        };
        commands(&lines, dialect).iter().filter_map(|c| c.program()).map(show).collect()
    }

    #[test]
    fn shell_commands_are_found_where_they_run() {
        let sh = |s| programs(Dialect::Sh, s);
        assert_eq!(sh("sudo -E /sbin/reboot now"), ["reboot now"]);
        assert_eq!(sh("X=1 sudo -u root shutdown -r +1 # later"), ["shutdown -r +1"]);
        assert_eq!(
            sh("test -e x && reboot || echo 'no reboot; here'"),
            ["test -e x", "reboot", "echo no reboot; here"]
        );
        assert_eq!(sh("# reboot"), [""; 0]);
        assert_eq!(sh("cat <<EOF >/etc/x\nreboot\nEOF\ndate"), ["cat /etc/x", "date"]);
        assert_eq!(sh("command -v reboot >/dev/null"), [""; 0]);
        assert_eq!(sh("reboot() {\n  echo no\n}"), ["echo no"]);
        assert_eq!(sh("case $x in\n  reboot) date ;;\nesac"), ["case $x in", "date", "esac"]);
        assert_eq!(sh("echo $(id -u) reboot"), ["id -u", "echo $  reboot"]);
        assert_eq!(sh("echo \"a\nreboot\" 2>&1"), ["echo a\nreboot 1"]);
        assert_eq!(sh("apt-get install -y \\\n  reboot"), ["apt-get install -y reboot"]);
    }

    #[test]
    fn powershell_commands_are_found_where_they_run() {
        let ps = |s| programs(Dialect::PowerShell, s);
        assert_eq!(
            ps("& \"$env:SystemRoot\\System32\\Sysprep\\Sysprep.exe\" /oobe /generalize"),
            ["sysprep /oobe /generalize"]
        );
        assert_eq!(ps("if ($x) { Restart-Computer -Force }"), ["if", "restart-computer -Force"]);
        assert_eq!(ps("'Restart-Computer'"), [""; 0]);
        assert_eq!(ps("Start-Process -FilePath C:\\sysprep.exe -Wait"), ["sysprep -Wait"]);
        assert_eq!(ps("cmd.exe /c shutdown /r"), ["shutdown /r"]);
        assert_eq!(ps("<# Restart-Computer #> Get-Date # Restart-Computer"), ["get-date"]);
        assert_eq!(ps("$s = @'\nRestart-Computer\n'@\nGet-Date"), ["get-date"]);
        assert_eq!(
            ps("((Get-Content x) -replace 'Sysprep.exe /generalize','y') | Set-Content x"),
            ["get-content x", "set-content x"]
        );
    }
}
