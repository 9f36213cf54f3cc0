//! Credentials in literals: what their issuers make them look like, and values after words such as `--password`.
//!
//! Hand-written scans, each linear in the text. Values that are variables, commands or placeholders are no credentials.

use crate::arm::Expr;
use crate::base::{TextRange, has_placeholder};
use crate::check::{Node, NodeKind};

/// A form that an issuer gives its credentials.
struct Form {
    /// What it is, for messages.
    what: &'static str,
    /// What it begins with.
    prefix: &'static str,
    /// Which characters follow.
    follows: fn(char) -> bool,
    /// How many of them there are at least.
    least: usize,
    /// What must stand before it.
    before: Before,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Anything,
    /// No letter or digit: the form begins a word.
    NoWord,
}

fn alnum(c: char) -> bool {
    c.is_ascii_alphanumeric()
}
fn upper(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit()
}
fn base64(c: char) -> bool {
    alnum(c) || "+/=".contains(c)
}
fn base64_url(c: char) -> bool {
    alnum(c) || c == '_' || c == '-'
}

const fn token(prefix: &'static str, what: &'static str, follows: fn(char) -> bool, least: usize) -> Form {
    Form { what, prefix, follows, least, before: Before::NoWord }
}

static FORMS: &[Form] = &[
    Form {
        what: "an account key",
        prefix: "AccountKey=",
        follows: base64,
        least: 40,
        before: Before::Anything,
    },
    Form {
        what: "a shared access key",
        prefix: "SharedAccessKey=",
        follows: base64,
        least: 40,
        before: Before::Anything,
    },
    token("ghp_", "a GitHub token", alnum, 36),
    token("gho_", "a GitHub token", alnum, 36),
    token("ghu_", "a GitHub token", alnum, 36),
    token("ghs_", "a GitHub token", alnum, 36),
    token("ghr_", "a GitHub token", alnum, 36),
    token("github_pat_", "a GitHub token", base64_url, 36),
    token("glpat-", "a GitLab token", base64_url, 20),
    token("xoxb-", "a Slack token", base64_url, 20),
    token("xoxp-", "a Slack token", base64_url, 20),
    token("xoxa-", "a Slack token", base64_url, 20),
    token("xoxr-", "a Slack token", base64_url, 20),
    token("xoxs-", "a Slack token", base64_url, 20),
    token("AKIA", "an AWS access key", upper, 16),
    token("ASIA", "an AWS access key", upper, 16),
];

/// The texts of a node that are known: the text, or the literals of an expression.
pub(super) fn texts(node: &Node, f: &mut dyn FnMut(&str)) {
    match &node.kind {
        NodeKind::Str(text) => f(text),
        NodeKind::Expr(expr) => expr.walk(&mut |part| {
            if let Expr::Str(text) = part {
                f(text);
            }
        }),
        _ => {}
    }
}

/// A credential of a form that nothing else has: what it is.
pub(super) fn credential(text: &str) -> Option<&'static str> {
    if text.len() < SHORTEST {
        return None;
    }
    // Most texts lack one of the bytes of a form, which is seen sooner than that they lack the form.
    let mut held = [false; 256];
    for byte in text.bytes() {
        if let Some(held) = held.get_mut(usize::from(byte)) {
            *held = true;
        }
    }
    let holds = |bytes: &str| bytes.bytes().all(|b| held.get(usize::from(b)).is_some_and(|held| *held));
    if holds("-BEGIN") && private_key(text) {
        return Some("a private key");
    }
    let issued = FORMS.iter().find(|form| holds(form.prefix) && form.occurs_in(text));
    if let Some(form) = issued {
        return Some(form.what);
    }
    if holds("eyJ.") && json_web_token(text) {
        return Some("a JSON web token");
    }
    if holds(";=") && connection_password(text) {
        return Some("a connection string with a password");
    }
    (holds("://@") && user_info(text)).then_some("a user name and password in an address")
}

/// The length of `a://b:word@c`: no credential comes in a shorter text.
const SHORTEST: usize = 12;

/// Whether a text holds a SAS, the signed query that stands for a storage key.
pub(super) fn shared_access_signature(text: &str) -> bool {
    after_each(text, "sig=").any(|(before, value)| {
        let value = value.split(['&', '"', '\'', ' ']).next().unwrap_or_default();
        before.ends_with(['?', '&']) && value.len() >= 8 && !is_variable(value)
    })
}

/// A literal password that stands in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Password<'t> {
    /// The word in front of it: `--password`.
    pub(super) word: &'t str,
    /// Where both stand.
    pub(super) range: TextRange,
}

impl<'t> Password<'t> {
    /// A word of a text, and a value behind it.
    fn new(text: &'t str, word: &'t str, value: &'t str) -> Option<Self> {
        let at = |part: &str| part.as_ptr().addr().checked_sub(text.as_ptr().addr());
        let range = TextRange::new(at(word)?, at(value)? + value.len());
        Some(Self { word, range })
    }
}

/// The first literal password behind a word such as `--password`.
pub(super) fn password(text: &str) -> Option<Password<'_>> {
    if let Some(found) = secure_string(text) {
        return Some(found);
    }
    let mut from = 0;
    while let Some(word) = words_from(text, from) {
        from = word.end;
        let key = text.get(word.start..word.end)?;
        if !PASSWORD_WORDS.iter().any(|w| names(key.trim_start_matches('-'), w)) {
            continue;
        }
        let rest = text.get(word.end..).unwrap_or_default();
        let is_option = key.starts_with('-');
        if let Some(value) = value_after(rest, is_option)
            && is_literal(value)
        {
            return Password::new(text, key, value);
        }
    }
    None
}

/// Whether a name is a word, or ends in it after `_` or `-`; letter case aside.
fn names(name: &str, word: &str) -> bool {
    let same = |(a, b): (&u8, &u8)| a.eq_ignore_ascii_case(b) || (*a == b'-' && *b == b'_');
    let (name, word) = (name.as_bytes(), word.as_bytes());
    let Some(before) = name.len().checked_sub(word.len()) else { return false };
    name.iter().skip(before).zip(word).all(same)
        && before.checked_sub(1).and_then(|i| name.get(i)).is_none_or(|b| matches!(b, b'_' | b'-'))
}

static PASSWORD_WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "pgpassword",
    "secret",
    "token",
    "apikey",
    "api_key",
    "accesskey",
    "access_key",
    "account_key",
];

impl Form {
    fn occurs_in(&self, text: &str) -> bool {
        text.len() >= self.prefix.len() + self.least
            && after_each(text, self.prefix).any(|(before, after)| {
                (self.before == Before::Anything || !before.ends_with(alnum))
                    && after.chars().take_while(|&c| (self.follows)(c)).count() >= self.least
            })
    }
}

/// What stands before and after each place where a text holds another one.
fn after_each<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
    // Nearly always there is no such place, and `contains` sees that much sooner.
    let places = text.contains(needle).then(|| text.match_indices(needle)).into_iter().flatten();
    places.filter_map(move |(at, _)| Some((text.get(..at)?, text.get(at + needle.len()..)?)))
}

fn private_key(text: &str) -> bool {
    after_each(text, "-----BEGIN ").any(|(_, after)| {
        after.split_once("-----").is_some_and(|(kind, _)| kind.len() < 40 && kind.ends_with("PRIVATE KEY"))
    })
}

fn json_web_token(text: &str) -> bool {
    let part = |s: &str| s.len() >= 10 && s.chars().all(base64_url);
    after_each(text, "eyJ").any(|(before, after)| {
        let mut parts = after.split(|c| !base64_url(c) && c != '.').next().unwrap_or_default().split('.');
        let (head, body, signature) = (parts.next(), parts.next(), parts.next());
        !before.ends_with(base64_url)
            && head.is_some_and(part)
            && body.is_some_and(|b| b.starts_with("eyJ") && part(b))
            && signature.is_some_and(part)
    })
}

/// `Server=…;User ID=…;Password=…`
fn connection_password(text: &str) -> bool {
    if !text.contains(';') {
        return false;
    }
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    has(&["server=", "data source=", "host="])
        && has(&["password=", "pwd="])
        && lower.split(';').any(|part| {
            let part = part.trim().trim_start_matches(['"', '\'']);
            let value = part.strip_prefix("password=").or_else(|| part.strip_prefix("pwd="));
            value.is_some_and(|v| is_literal(v.trim_end_matches(['"', '\''])))
        })
}

/// `https://user:password@host`
fn user_info(text: &str) -> bool {
    after_each(text, "://").any(|(_, after)| {
        let authority = after.split(['/', '?', '#', ' ', '"', '\'']).next().unwrap_or_default();
        let pair = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
        pair.is_some_and(|(user, password)| !user.is_empty() && is_literal(password))
    })
}

/// `ConvertTo-SecureString 'literal' -AsPlainText`
fn secure_string(text: &str) -> Option<Password<'_>> {
    const COMMAND: &str = "ConvertTo-SecureString";
    let at = find(text, COMMAND).filter(|_| find(text, "-AsPlainText").is_some())?;
    let word = text.get(at..at + COMMAND.len())?;
    let rest = text.get(at + COMMAND.len()..)?.trim_start();
    let rest = rest.strip_prefix("-String").unwrap_or(rest).trim_start();
    let quote = rest.chars().next().filter(|c| "'\"".contains(*c))?;
    let value = rest.get(1..)?.split(quote).next()?;
    is_literal(value).then(|| Password::new(text, word, value))?
}

/// Where a text holds another one, letter case aside.
fn find(text: &str, needle: &str) -> Option<usize> {
    let needle = needle.as_bytes();
    let begins = |at: &[u8]| at.iter().zip(needle).take(1).all(|(a, b)| a.eq_ignore_ascii_case(b));
    text.as_bytes().windows(needle.len()).position(|at| begins(at) && at.eq_ignore_ascii_case(needle))
}

struct Place {
    start: usize,
    end: usize,
}

/// The next run of characters that names are made of.
fn words_from(text: &str, from: usize) -> Option<Place> {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let rest = text.as_bytes().get(from..)?;
    let before = rest.iter().position(is_name)?;
    let start = from + before;
    let length = rest.iter().skip(before).take_while(|b| is_name(b)).count();
    Some(Place { start, end: start + length })
}

/// The value behind a password word: after `=` or `:` at once, or, for an option, after a space.
fn value_after(rest: &str, is_option: bool) -> Option<&str> {
    let after = match rest.chars().next()? {
        '=' | ':' => rest.get(1..)?,
        ' ' if is_option => rest.trim_start(),
        // `$password = 'literal'`
        ' ' => {
            let value = rest.trim_start().strip_prefix('=')?.trim_start();
            return value.starts_with(['\'', '"']).then(|| quoted(value)).flatten();
        }
        _ => return None,
    };
    match after.starts_with(['\'', '"']) {
        true => quoted(after),
        false => after.split(|c: char| c.is_whitespace() || ";&|\"')}<>,".contains(c)).next(),
    }
}

fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next()?;
    text.get(1..)?.split(quote).next()
}

/// Whether a value is the secret itself: no variable, option, path, address or placeholder.
pub(super) fn is_literal(value: &str) -> bool {
    const WORDS: &[&str] = &["true", "false", "yes", "no", "null", "none", "prompt", "stdin"];
    value.len() >= 4
        && !is_variable(value)
        && !value.starts_with(['-', '/', '~', '.', '(', '[', '@', '\\', '*'])
        && !value.contains("://")
        && !WORDS.contains(&value.to_lowercase().as_str())
}

fn is_variable(value: &str) -> bool {
    value.is_empty() || value.contains(['$', '`']) || value.starts_with('%') || has_placeholder(value)
}

#[cfg(test)]
mod tests {
    use super::{credential, password, shared_access_signature};

    #[test]
    fn credentials_are_known_by_their_form() {
        let hex = "0123456789abcdef0123456789abcdef0123456789abcdef";
        for text in [
            "-----BEGIN RSA PRIVATE KEY-----",
            &format!("AccountName=x;AccountKey={hex}=="),
            &format!("export T=ghp_{}", hex.get(..36).unwrap()),
            "AKIAIOSFODNN7EXAMPLE",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
            "Server=db;User ID=sa;Password=hunter22;",
            "git clone https://me:hunter22@example.com/x",
        ] {
            assert!(credential(text).is_some(), "{text}");
        }
        for text in [
            "-----BEGIN CERTIFICATE-----",
            "AccountKey=$KEY",
            "ghp_short",
            "MAKIAIOSFODNN7EXAMPLEX",
            "Server=db;User ID=sa;Password=$PASSWORD;",
            "https://example.com:8080/x@y",
            "https://me:${TOKEN}@example.com/x",
            "eyJ.eyJ.x",
        ] {
            assert_eq!(credential(text), None, "{text}");
        }
        assert!(shared_access_signature("https://x.blob.core.windows.net/a?sv=1&sig=abc%2Bdefgh"));
        assert!(!shared_access_signature("https://x.blob.core.windows.net/a?sv=1&sig=$SIGNATURE"));
        assert!(!shared_access_signature("x --config=sig=abcdefghijkl"));
    }

    #[test]
    fn passwords_are_known_by_the_word_before_them() {
        for (text, word) in [
            ("curl --password hunter22", "--password"),
            ("export DB_PASSWORD='hunter22'", "DB_PASSWORD"),
            ("net use x -Password \"hunter22\"", "-Password"),
            ("$password = 'hunter22'", "password"),
            ("PGPASSWORD=hunter22 psql -h db", "PGPASSWORD"),
            ("ConvertTo-SecureString 'hunter22' -AsPlainText -Force", "ConvertTo-SecureString"),
        ] {
            assert_eq!(password(text).map(|p| p.word), Some(word), "{text}");
        }
        for text in [
            "docker login --password-stdin",
            "export DB_PASSWORD=\"$PASSWORD\"",
            "TOKEN=$(curl -s x)",
            "PasswordAuthentication no",
            "--password <password>",
            "--token-file /run/token",
            "--password /run/password",
            "$password = Read-Host",
            "passwd: all",
            "sudo passwd -l root",
            "ConvertTo-SecureString $password -AsPlainText",
        ] {
            assert_eq!(password(text), None, "{text}");
        }
    }
}
