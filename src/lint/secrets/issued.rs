//! Credentials that their form tells: issuers give them a prefix, or parts of known lengths.

use std::ops::Range;

use super::{after_each, is_literal};
use crate::base::TextRange;

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

/// A credential that stands in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::lint) struct Credential {
    /// What it is.
    pub(in crate::lint) what: &'static str,
    /// Where it stands.
    pub(in crate::lint) range: TextRange,
}

/// The credentials of forms that nothing else has, in their order.
pub(in crate::lint) fn credentials(text: &str) -> Vec<Credential> {
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

#[cfg(test)]
mod tests {
    use super::credentials;

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
    }
}
