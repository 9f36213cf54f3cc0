//! `aib check --fix`

use std::collections::BTreeSet;
use std::fs;

use crate::analysis::{self, Input, Mended, Outcome, Request};
use crate::base::{BYTE_ORDER_MARK, plural};
use crate::cli::failure::{self, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::write::{Target, write_all};
use crate::diag::Applicability;

/// A mend may uncover something that can be mended; so often is looked again.
const MAX_ROUNDS: usize = 10;

/// Mends what findings bring mends for, checks again and hands back what is left.
pub(super) fn until_nothing_is_left(
    request: &Request,
    least: Applicability,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    if request.inputs.contains(&Input::Stdin) {
        return Err(failure::cannot_mend_stdin());
    }
    let (mut findings, mut files) = (0, BTreeSet::new());
    let mut outcome = analysis::run(request);
    for _ in 0..MAX_ROUNDS {
        let mended = unchanged(analysis::mended(&outcome, least));
        if mended.is_empty() {
            break;
        }
        outcome = mend(&mended, &outcome, request)?;
        findings += mended.iter().map(|file| file.findings).sum::<usize>();
        files.extend(mended.into_iter().map(|file| file.shown));
    }
    if findings > 0 {
        terminal.tell(&format!(
            "mended {} in {}\n",
            plural(findings, "finding"),
            plural(files.len(), "file")
        ));
    }
    Ok(outcome)
}

/// Writes mends and checks again; puts the files back if that makes more mistakes of the language.
fn mend(mended: &[Mended], before: &Outcome, request: &Request) -> Result<Outcome, Failure> {
    write(mended, |file| &file.after)?;
    let after = analysis::run(request);
    let is_worse = analysis::language_errors(&after) > analysis::language_errors(before);
    if is_worse || !after.unusable.is_empty() {
        write(mended, |file| &file.before)?;
        let names: Vec<&str> = mended.iter().map(|file| file.shown.as_str()).collect();
        return Err(failure::mend_broke(&names));
    }
    Ok(after)
}

/// The files that are still what was checked.
fn unchanged(mended: Vec<Mended>) -> Vec<Mended> {
    let is_same = |file: &Mended| {
        fs::read_to_string(&file.path)
            .is_ok_and(|text| text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text) == file.before)
    };
    mended.into_iter().filter(is_same).collect()
}

/// Writes one form of each file, all or none; a byte order mark stays.
fn write(mended: &[Mended], form: impl Fn(&Mended) -> &str) -> Result<(), Failure> {
    let text = |file: &Mended| {
        let marked = fs::read_to_string(&file.path).is_ok_and(|now| now.starts_with(BYTE_ORDER_MARK));
        if marked { format!("{BYTE_ORDER_MARK}{}", form(file)) } else { form(file).to_string() }
    };
    let texts: Vec<String> = mended.iter().map(text).collect();
    let targets: Vec<Target<'_>> = mended
        .iter()
        .zip(&texts)
        .map(|(file, text)| Target { path: file.path.clone(), shown: file.shown.clone(), text })
        .collect();
    write_all(&targets).map(drop)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::mend;
    use crate::analysis::{self, Input, Mended, Request};

    /// No mend that aib has breaks a file, so this one is made up.
    #[test]
    fn a_file_that_a_mend_broke_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("web.aib");
        let before = "let a = 1\n";
        fs::write(&path, format!("\u{feff}{before}")).unwrap();
        let request = Request { inputs: vec![Input::File(path.clone())], ..Request::default() };
        let outcome = analysis::run(&request);
        let mended = |after: &str| {
            let (before, after) = (before.to_owned(), after.to_owned());
            [Mended { path: path.clone(), shown: "web.aib".to_owned(), before, after, findings: 1 }]
        };
        let failure = mend(&mended("let a = \n"), &outcome, &request).unwrap_err();
        assert!(
            failure.to_string().contains("a mend broke web.aib, which is put back as it was"),
            "{failure}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("\u{feff}{before}"));

        assert!(mend(&mended("let a = 2\n"), &outcome, &request).is_ok());
        assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}let a = 2\n");
    }
}
