//! Literal values behind words that name a password.

use super::is_literal;
use crate::base::TextRange;

/// A literal password that stands in a text.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::lint) struct Password<'t> {
    /// The word in front of it: `--password`.
    pub(in crate::lint) word: &'t str,
    /// Where both stand.
    pub(in crate::lint) range: TextRange,
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
pub(in crate::lint) fn passwords(text: &str) -> impl Iterator<Item = Password<'_>> {
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
pub(in crate::lint) fn names_password(name: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::{Password, passwords};

    fn password(text: &str) -> Option<Password<'_>> {
        passwords(text).next()
    }

    #[test]
    fn both_the_word_and_the_value_are_the_place() {
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
