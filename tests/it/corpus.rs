//! Every template of the collection beside the project, where there is one: nothing breaks, and each place is right.

use std::fs;
use std::path::{Path, PathBuf};

use aib::base::FileId;
use aib::diag::Severity;
use aib::json;

use crate::check_json::check;
use crate::project::templates_in;

/// All JSON files below the folders beside the project; none where they are absent.
fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root.ancestors().map(|p| p.join("shared")).find(|p| p.join("corpus/arm").is_dir());
    let Some(shared) = shared else { return Vec::new() };
    templates_in(&shared)
}

#[test]
fn real_templates_are_checked_at_the_right_places() {
    let files = files();
    if files.is_empty() {
        eprintln!("skipped: there is no collection of templates beside the project");
        return;
    }
    let (mut checked, mut broken, mut findings) = (0, 0, 0);
    for path in &files {
        let text = fs::read_to_string(path).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if json::read(FileId(0), text).is_err() {
            broken += 1;
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy();
        let Some(result) = check(&name, text) else { continue };
        checked += 1;
        findings += result.found.len();
        result.holds_its_places();
        result.mends_stay_json();
        for d in result.found.iter().filter(|d| d.severity == Severity::Error) {
            let at = result.map.text_of(d.span());
            let placeholder = at.len() < 200 && at.contains('<') && at.contains('>');
            assert!(!placeholder, "{name}: an error about a placeholder: {} {at}", d.title);
        }
    }
    eprintln!("{} files: {checked} checked with {findings} findings, {broken} broken", files.len());
    assert!(checked * 2 > files.len(), "{checked} of {}", files.len());
}
