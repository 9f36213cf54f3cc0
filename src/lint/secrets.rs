//! Credentials in literals: what their issuers make them look like, and values after words such as `--password`.
//!
//! Hand-written scans, each linear in the text. Values that are variables, commands or placeholders are no credentials.

use std::ops::Range;

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
fn path(c: char) -> bool {
    alnum(c) || c == '/'
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
    token("npm_", "a token of npm's", alnum, 36),
    token("pypi-", "a token of PyPI's", base64_url, 50),
    token("hvs.", "a token of HashiCorp Vault's", base64_url, 24),
    token("AIza", "a key of Google's API", base64_url, 35),
    token("https://hooks.slack.com/services/T", "a webhook of Slack's", path, 30),
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

/// A credential that stands in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Credential {
    /// What it is.
    pub(super) what: &'static str,
    /// Where it stands.
    pub(super) range: TextRange,
}

/// The credentials of forms that nothing else has, in their order.
pub(super) fn credentials(text: &str) -> Vec<Credential> {
    let mut found: Vec<Credential> = Vec::new();
    if text.len() < SHORTEST {
        return found;
    }
    // Most texts lack one of the bytes of a form, which is seen sooner than that they lack the form.
    let mut held = [false; 256];
    for byte in text.bytes() {
        if let Some(held) = held.get_mut(usize::from(byte)) {
            *held = true;
        }
    }
    let holds = |bytes: &str| bytes.bytes().all(|b| held.get(usize::from(b)).is_some_and(|held| *held));
    let mut each = |what: &'static str, find: &dyn Fn(&str) -> Option<Range<usize>>| {
        let mut from = 0;
        while let Some(range) = text.get(from..).and_then(find).filter(|range| !range.is_empty()) {
            let at = TextRange::new(from + range.start, from + range.end);
            from += range.end;
            let is_same = |c: &Credential| text.get(c.range.to_usize()) == text.get(at.to_usize());
            if !found.iter().any(|c| c.range.overlaps(at) || is_same(c)) {
                found.push(Credential { what, range: at });
            }
        }
    };
    if holds("-BEGIN") {
        each("a private key", &private_key);
    }
    for form in FORMS.iter().filter(|form| holds(form.prefix)) {
        each(form.what, &|text| form.place_in(text));
    }
    for shape in SHAPES.iter().filter(|shape| holds(shape.bytes)) {
        each(shape.what, &shape.find);
    }
    found.sort_by_key(|c| c.range.start);
    found
}

/// A form that more than one rule describes.
struct Shape {
    what: &'static str,
    /// The bytes that are in each.
    bytes: &'static str,
    find: fn(&str) -> Option<Range<usize>>,
}

static SHAPES: &[Shape] = &[
    Shape { what: "a JSON web token", bytes: "eyJ.", find: json_web_token },
    Shape { what: "a key of SendGrid's", bytes: "SG.", find: send_grid },
    Shape { what: "a client secret of Entra ID", bytes: "8Q~", find: client_secret },
    Shape { what: "a connection string with a password", bytes: ";=", find: connection_password },
    Shape { what: "a user name and password in an address", bytes: "://@", find: user_info },
];

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
        let end = at(value)? + value.len();
        // The quote behind it where one stands before it.
        let quoted =
            text.get(..at(value)?)?.ends_with(['"', '\'']) && text.get(end..)?.starts_with(['"', '\'']);
        let range = TextRange::new(at(word)?, end + usize::from(quoted));
        Some(Self { word, range })
    }
}

/// The literal passwords behind words such as `--password`.
pub(super) fn passwords(text: &str) -> impl Iterator<Item = Password<'_>> {
    let mut from = 0;
    let named = std::iter::from_fn(move || next_password(text, &mut from));
    secure_string(text).into_iter().chain(named)
}

/// The next one behind a place, which goes on.
fn next_password<'t>(text: &'t str, from: &mut usize) -> Option<Password<'t>> {
    while let Some(word) = words_from(text, *from) {
        *from = word.end;
        let key = text.get(word.start..word.end)?;
        if !names_password(key) {
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

/// Whether an option or a variable is called as one that holds a password.
pub(super) fn names_password(name: &str) -> bool {
    PASSWORD_WORDS.iter().any(|word| names(name.trim_start_matches(['-', '/']), word))
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
    /// Where a text holds it.
    fn place_in(&self, text: &str) -> Option<Range<usize>> {
        if text.len() < self.prefix.len() + self.least {
            return None;
        }
        after_each(text, self.prefix).find_map(|(before, after)| {
            let value = run(after, self.follows);
            let is_one = (self.before == Before::Anything || !before.ends_with(alnum))
                && value.chars().count() >= self.least
                && !is_dummy(value);
            is_one.then(|| before.len()..before.len() + self.prefix.len() + value.len())
        })
    }
}

/// What a text begins with, as far as its characters are of a kind.
fn run(text: &str, kind: fn(char) -> bool) -> &str {
    text.find(|c| !kind(c)).and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Whether a value only shows what one looks like: documentation's, or one character over and over.
fn is_dummy(value: &str) -> bool {
    let mut chars = value.chars();
    let first = chars.next();
    value.to_uppercase().contains("EXAMPLE") || chars.all(|c| Some(c) == first)
}

/// What stands before and after each place where a text holds another one.
fn after_each<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
    // Nearly always there is no such place, and `contains` sees that much sooner.
    let places = text.contains(needle).then(|| text.match_indices(needle)).into_iter().flatten();
    places.filter_map(move |(at, _)| Some((text.get(..at)?, text.get(at + needle.len()..)?)))
}

fn private_key(text: &str) -> Option<Range<usize>> {
    const BEGIN: &str = "-----BEGIN ";
    after_each(text, BEGIN).find_map(|(before, after)| {
        let (kind, _) = after.split_once("-----")?;
        let is_key =
            kind.len() < 40 && (kind.ends_with("PRIVATE KEY") || kind.ends_with("PRIVATE KEY BLOCK"));
        is_key.then(|| before.len()..before.len() + BEGIN.len() + kind.len() + 5)
    })
}

fn json_web_token(text: &str) -> Option<Range<usize>> {
    let part = |s: &str| s.len() >= 10 && s.chars().all(base64_url);
    after_each(text, "eyJ").find_map(|(before, after)| {
        let token = run(after, |c| base64_url(c) || c == '.');
        let mut parts = token.split('.');
        let (head, body, signature) = (parts.next(), parts.next(), parts.next());
        let is_one = !before.ends_with(base64_url)
            && head.is_some_and(part)
            && body.is_some_and(|b| b.starts_with("eyJ") && part(b))
            && signature.is_some_and(part);
        is_one.then(|| before.len()..before.len() + 3 + token.len())
    })
}

/// `SG.` and two parts of 22 and 43 characters.
fn send_grid(text: &str) -> Option<Range<usize>> {
    after_each(text, "SG.").find_map(|(before, after)| {
        let (id, rest) = after.split_once('.')?;
        let key = run(rest, base64_url);
        let is_one = !before.ends_with(alnum)
            && id.len() == 22
            && id.chars().all(base64_url)
            && key.len() == 43
            && !is_dummy(key);
        is_one.then(|| before.len()..before.len() + 3 + id.len() + 1 + key.len())
    })
}

/// Three characters, `8Q~` and 34 more.
fn client_secret(text: &str) -> Option<Range<usize>> {
    let is_part = |c: char| base64_url(c) || c == '~' || c == '.';
    after_each(text, "8Q~").find_map(|(before, after)| {
        let value = run(after, |c| base64_url(c) || c == '~' || c == '.');
        let lead = before.len() - before.trim_end_matches(is_part).len();
        (lead == 3 && value.len() == 34 && !is_dummy(value))
            .then(|| before.len() - 3..before.len() + 3 + value.len())
    })
}

/// `Server=…;User ID=…;Password=…`
fn connection_password(text: &str) -> Option<Range<usize>> {
    if !text.contains(';') {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if !has(&["server=", "data source=", "host="]) || !has(&["password=", "pwd="]) {
        return None;
    }
    let mut at = 0;
    for part in lower.split(';') {
        let lead = part.len() - part.trim_start().trim_start_matches(['"', '\'']).len();
        let given = part.get(lead..).unwrap_or_default().trim_end();
        let value = given.strip_prefix("password=").or_else(|| given.strip_prefix("pwd="));
        if value.is_some_and(|v| is_literal(v.trim_end_matches(['"', '\'']))) {
            return Some(at + lead..at + lead + given.trim_end_matches(['"', '\'']).len());
        }
        at += part.len() + 1;
    }
    None
}

/// `https://user:password@host`
fn user_info(text: &str) -> Option<Range<usize>> {
    after_each(text, "://").find_map(|(before, after)| {
        let authority = after.split(['/', '?', '#', ' ', '"', '\'']).next().unwrap_or_default();
        let (info, _) = authority.rsplit_once('@')?;
        let (user, password) = info.split_once(':')?;
        let start = before.len() + 3;
        (!user.is_empty() && is_literal(password)).then(|| start..start + info.len())
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
        && !value.starts_with(['-', '/', '~', '.', '(', '[', '@', '\\', '*', '{', '<'])
        && !value.contains("://")
        && !WORDS.contains(&value.to_lowercase().as_str())
}

fn is_variable(value: &str) -> bool {
    value.is_empty() || value.contains(['$', '`']) || value.starts_with('%') || has_placeholder(value)
}

#[cfg(test)]
mod tests {
    use super::{Password, credentials, passwords, shared_access_signature};

    fn password(text: &str) -> Option<Password<'_>> {
        passwords(text).next()
    }

    #[test]
    fn credentials_are_known_by_their_form() {
        let hex = "0123456789abcdef0123456789abcdef0123456789abcdef";
        for text in [
            "-----BEGIN RSA PRIVATE KEY-----",
            &format!("AccountName=x;AccountKey={hex}=="),
            &format!("export T=ghp_{}", hex.get(..36).unwrap()),
            "AKIAIOSFODNN7ABCDEFG",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----",
            &format!("npm_{}", hex.get(..36).unwrap()),
            &format!("pypi-{hex}{hex}"),
            &format!("hvs.{hex}"),
            &format!("SG.{}.{}", hex.get(..22).unwrap(), hex.get(..43).unwrap()),
            &format!("AIza{}", hex.get(..35).unwrap()),
            &format!("https://hooks.slack.com/services/T01234567/B01234567/{}", hex.get(..24).unwrap()),
            &format!("x=abc8Q~{}", hex.get(..34).unwrap()),
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
            "Server=db;User ID=sa;Password=hunter22;",
            "git clone https://me:hunter22@example.com/x",
        ] {
            assert!(!credentials(text).is_empty(), "{text}");
        }
        for text in [
            "-----BEGIN CERTIFICATE-----",
            "AccountKey=$KEY",
            "ghp_short",
            "AKIAIOSFODNN7EXAMPLE",
            &format!("ghp_{}", "x".repeat(36)),
            "https://hooks.slack.com/services/T0/B0/x",
            "SG.a.b",
            "-----BEGIN PGP PUBLIC KEY BLOCK-----",
            "MAKIAIOSFODNN7EXAMPLEX",
            "Server=db;User ID=sa;Password=$PASSWORD;",
            "https://example.com:8080/x@y",
            "https://me:${TOKEN}@example.com/x",
            "eyJ.eyJ.x",
        ] {
            assert_eq!(credentials(text), [], "{text}");
        }
        assert!(shared_access_signature("https://x.blob.core.windows.net/a?sv=1&sig=abc%2Bdefgh"));
        assert!(!shared_access_signature("https://x.blob.core.windows.net/a?sv=1&sig=$SIGNATURE"));
        assert!(!shared_access_signature("x --config=sig=abcdefghijkl"));
    }

    #[test]
    fn the_credential_itself_is_the_place() {
        let hex = "0123456789abcdef0123456789abcdef0123456789abcdef";
        for (text, place) in [
            (format!("export T=ghp_{hex} x"), format!("ghp_{hex}")),
            ("git clone https://me:hunter22@example.com/x".into(), "me:hunter22".into()),
            ("x 'Server=db;Password=hunter22'".into(), "Password=hunter22".to_owned()),
            ("echo -----BEGIN RSA PRIVATE KEY----- x".into(), "-----BEGIN RSA PRIVATE KEY-----".into()),
            (format!("x=abc8Q~{}", hex.get(..34).unwrap()), format!("abc8Q~{}", hex.get(..34).unwrap())),
        ] {
            let range = credentials(&text).first().map(|c| c.range.to_usize());
            assert_eq!(range.and_then(|r| text.get(r)), Some(place.as_str()), "{text}");
        }
        let found = password("x='a' PASSWORD='hunter22' y").map(|p| p.range.to_usize());
        assert_eq!(found, Some(6..25));
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
            "foo --password {pass}",
            "foo --password {{pass}}",
            "foo --password '{{ x }}'",
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
