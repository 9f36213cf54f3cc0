//! `aib fmt`, run as people run it.

use std::fs;

use super::cli::Place;

const LOOSE: &str = "let a  =  1 // one\n";
const TIDY: &str = "let a = 1 // one\n";

#[test]
fn files_and_folders_are_rewritten() {
    let place = Place::with(&[
        ("loose.aib", LOOSE),
        ("tidy.aib", TIDY),
        ("sub/loose.aib", LOOSE),
        ("sub/.hidden.aib", LOOSE),
        ("sub/ignored.aib", LOOSE),
        ("sub/.ignore", "ignored.aib\n"),
        ("sub/other.txt", LOOSE),
    ]);
    let before = fs::metadata(place.path("tidy.aib")).unwrap().modified().unwrap();
    let ran = place.run(&["fmt", "loose.aib", "tidy.aib", "sub", "./loose.aib"]).code(0);
    assert_eq!(ran.out, "");
    ran.tells("formatted loose.aib and sub/loose.aib; 1 file was formatted already");
    for (name, text) in [("loose.aib", TIDY), ("sub/loose.aib", TIDY), ("tidy.aib", TIDY)] {
        assert_eq!(place.read(name), text, "{name}");
    }
    for name in ["sub/.hidden.aib", "sub/ignored.aib", "sub/other.txt"] {
        assert_eq!(place.read(name), LOOSE, "{name}");
    }
    assert_eq!(fs::metadata(place.path("tidy.aib")).unwrap().modified().unwrap(), before);
    place.run(&["fmt", "."]).code(0).tells("3 files were formatted already");
}

#[test]
fn check_lists_and_diff_shows() {
    let place = Place::with(&[("loose.aib", LOOSE), ("sub/loose.aib", LOOSE), ("tidy.aib", TIDY)]);
    let ran = place.run(&["fmt", ".", "--check"]).code(1).tells("2 files would be formatted");
    assert_eq!(ran.out, "loose.aib\nsub/loose.aib\n");
    let diff = "--- loose.aib\n+++ loose.aib\n@@ -1 +1 @@\n-let a  =  1 // one\n+let a = 1 // one\n";
    assert_eq!(place.run(&["fmt", "loose.aib", "tidy.aib", "--diff"]).code(0).quiet().out, diff);
    let ran = place.run(&["fmt", "loose.aib", "--check", "--diff"]).code(1);
    assert_eq!(ran.out, diff);
    assert_eq!(place.run(&["fmt", "tidy.aib", "--check"]).code(0).quiet().out, "");
    assert_eq!(place.run(&["fmt", "tidy.aib", "--check", "--diff"]).code(0).quiet().out, "");
    assert_eq!(place.read("loose.aib"), LOOSE);
}

#[test]
fn standard_input_becomes_standard_output() {
    let place = Place::with(&[("loose.aib", LOOSE)]);
    assert_eq!(place.run_with(&["fmt", "-"], &[], LOOSE).code(0).quiet().out, TIDY);
    assert_eq!(place.run_with(&["fmt", "-"], &[], "").code(0).quiet().out, "");
    assert_eq!(place.run_with(&["fmt", "-", "--check"], &[], LOOSE).code(1).out, "<stdin>\n");
    assert_eq!(place.run_with(&["fmt", "-", "--check"], &[], TIDY).code(0).quiet().out, "");
    let ran = place.run_with(&["fmt", "-", "loose.aib"], &[], LOOSE).code(2);
    assert_eq!(ran.out, "");
    ran.tells("no file can stand beside it");
    assert_eq!(place.read("loose.aib"), LOOSE);
}

#[test]
fn what_is_broken_stays_and_is_named() {
    let place = Place::with(&[("broken.aib", "let a  =  1\nlet b  =\nlet c  =  3\n")]);
    let ran = place.run(&["fmt", "broken.aib"]).code(0);
    ran.tells("what has no meaning in broken.aib stays as it is: `aib check` says more");
    assert_eq!(place.read("broken.aib"), "let a = 1\nlet b  =\nlet c = 3\n");
}

#[test]
fn what_cannot_be_used_keeps_everything_as_it_is() {
    let place = Place::with(&[("loose.aib", LOOSE), ("empty/x.txt", "")]);
    place.write("bytes.aib", [0xff, 0xfe]);
    place.run(&["fmt", "loose.aib", "missing.aib"]).code(2).tells("missing.aib");
    place.run(&["fmt", "loose.aib", "bytes.aib"]).code(2).tells("UTF-8");
    place.run(&["fmt", "loose.aib", "empty"]).code(2).tells("below `empty`");
    place.run(&["fmt"]).code(2).tells("<FILE|DIR>");
    assert_eq!(place.read("loose.aib"), LOOSE);
}

#[test]
fn line_breaks_stay_what_they_are() {
    let place = Place::with(&[("windows.aib", "let a  = 1\r\nlet b = '''\r\n   x\r\n'''\r\n")]);
    place.run(&["fmt", "windows.aib"]).code(0);
    assert_eq!(place.read("windows.aib"), "let a = 1\r\nlet b = '''\r\n  x\r\n'''\r\n");
    place.run(&["fmt", "windows.aib", "--check"]).code(0);
    place.write("marked.aib", "\u{feff}let a  = 1\n");
    place.run(&["fmt", "marked.aib"]).code(0);
    assert_eq!(place.read("marked.aib"), "\u{feff}let a = 1\n");
}

/// A link stays one: what it points at is rewritten.
#[cfg(unix)]
#[test]
fn links_are_followed() {
    let place = Place::with(&[("real/loose.aib", LOOSE)]);
    std::os::unix::fs::symlink("real/loose.aib", place.path("link.aib")).unwrap();
    place.run(&["fmt", "link.aib"]).code(0).tells("formatted link.aib");
    assert!(fs::symlink_metadata(place.path("link.aib")).unwrap().is_symlink());
    assert_eq!(place.read("real/loose.aib"), TIDY);
}

#[test]
fn only_sources_are_written_anew() {
    let place = Place::with(&[("ok.json", "{\"a\":1}"), ("x.txt", "let a=1\n")]);
    for name in ["ok.json", "x.txt"] {
        let before = place.read(name);
        place.run(&["fmt", name]).code(2).tells("is no .aib file");
        assert_eq!(place.read(name), before);
    }
    place.run(&["fmt", "."]).code(2).tells("there is no .aib file below `.`");
}
