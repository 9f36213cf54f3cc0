//! Programs that ask before they install, as a table, and what answers them in advance.

use crate::script::{Command, Dialect, HOLE, Word};

/// A program that asks, unless it is told the answer.
pub(super) struct Asker {
    /// Its names, in lower case.
    pub(super) programs: &'static [&'static str],
    /// What it is told to do when it asks; empty if it always asks.
    pub(super) verbs: &'static [&'static str],
    /// Its options before the verb that take a value of their own.
    value_options: &'static [&'static str],
    /// How its options are written.
    style: Style,
    /// Options that answer, or by which nothing is asked.
    answers: &'static [&'static str],
    /// Texts that answer wherever they stand: in an option, in an earlier command, in a file that is written.
    pub(super) settled_by: &'static [&'static str],
    /// What answers if it is written behind the verb.
    pub(super) answer: &'static str,
    /// Why it asks.
    pub(super) why: &'static str,
}

/// How options are written.
#[derive(Clone, Copy)]
enum Style {
    /// `-qy`, `--yes`: the letters that answer alone or among others, one that answers if it is there twice, and those
    /// behind which a value begins.
    Letters { answer: &'static str, twice: Option<char>, value: &'static str },
    /// Whole words.
    Words,
    /// `/qn`: a beginning is enough. Something must be said to be installed or removed.
    Msi,
    /// Parameters of PowerShell, which may be cut short.
    Parameters,
}

const GIVES_UP: &str = "a step has no terminal: the question is never answered, and the command gives up";
const WAITS: &str =
    "nobody sees the question: the command fails, or waits until the time of the whole build is over";

/// "Chocolatey CLI commands": confirm, no operation, help.
const CHOCO_ANSWERS: &[&str] =
    &["-y", "/y", "--yes", "--confirm", "--noop", "--whatif", "-whatif", "--what-if", "-?", "--help", "-h"];

/// apt: apt-get(8): "-qq implies -y"; apt-private/private-install.cc asks if it installs or removes more than what is named.
/// dnf(8), zypper(8), tdnf(8); microdnf never asks. add-apt-repository asks at a terminal only. msiexec: Standard Installer
/// Command-Line Options. choco: "Chocolatey CLI commands, -y". Install-Module: about the untrusted PSGallery and the provider
/// NuGet, PowerShellGet's documentation. PSWindowsUpdate: -AcceptAll.
static ASKERS: &[Asker] = &[
    Asker {
        programs: &["apt", "apt-get", "aptitude"],
        verbs: &[
            "install",
            "remove",
            "purge",
            "upgrade",
            "dist-upgrade",
            "full-upgrade",
            "safe-upgrade",
            "dselect-upgrade",
            "autoremove",
            "autopurge",
            "build-dep",
            "satisfy",
        ],
        value_options: &["-o", "-c", "-t", "-a", "--option", "--config-file", "--target-release"],
        style: Style::Letters { answer: "ydsvh", twice: Some('q'), value: "octaP" },
        answers: &[
            "--yes",
            "--assume-yes",
            "--force-yes",
            "--assume-no",
            "--trivial-only",
            "--simulate",
            "--just-print",
            "--dry-run",
            "--recon",
            "--no-act",
            "--download-only",
            "--print-uris",
            "--version",
            "--help",
            "--config-file",
        ],
        settled_by: &["assume-yes", "quiet=2", "apt.conf", "apt_config"],
        answer: "-y",
        why: "apt asks as soon as it installs or removes more than what is named; a step has no terminal, so the question is never \
              answered, and apt gives up: `Abort.`",
    },
    Asker {
        programs: &["dnf", "dnf5", "yum", "tdnf"],
        verbs: &[
            "install",
            "localinstall",
            "groupinstall",
            "update",
            "upgrade",
            "update-minimal",
            "upgrade-minimal",
            "distro-sync",
            "reinstall",
            "downgrade",
            "remove",
            "erase",
            "groupremove",
            "autoremove",
            "swap",
        ],
        value_options: &[
            "-c",
            "-d",
            "-e",
            "-x",
            "-R",
            "--repo",
            "--repoid",
            "--enablerepo",
            "--disablerepo",
            "--exclude",
            "--setopt",
            "--releasever",
            "--installroot",
        ],
        style: Style::Letters { answer: "yhv", twice: None, value: "cdexR" },
        answers: &["--assumeyes", "--assumeno", "--downloadonly", "--help", "--version"],
        settled_by: &["assumeyes", "dnf.conf", "yum.conf", "tdnf.conf"],
        answer: "-y",
        why: GIVES_UP,
    },
    Asker {
        programs: &["zypper"],
        verbs: &["install", "in", "update", "up", "patch", "dist-upgrade", "dup", "remove", "rm"],
        value_options: &["-R", "-D", "-C", "--root", "--reposd-dir", "--cache-dir"],
        style: Style::Letters { answer: "nyDh", twice: None, value: "" },
        answers: &[
            "--non-interactive",
            "--non-interactive-include-reboot-patches",
            "--no-confirm",
            "--dry-run",
            "--help",
        ],
        settled_by: &["zypper.conf"],
        answer: "-y",
        why: GIVES_UP,
    },
    Asker {
        programs: &["pip", "pip3"],
        verbs: &["uninstall"],
        value_options: &[],
        style: Style::Letters { answer: "yh", twice: None, value: "r" },
        answers: &["--yes", "--help"],
        settled_by: &["pip.conf", "pip_no_input", "pip_yes"],
        answer: "-y",
        why: GIVES_UP,
    },
    Asker {
        programs: &["conda", "mamba"],
        verbs: &["install", "create", "update", "upgrade", "remove", "uninstall"],
        value_options: &[],
        style: Style::Letters { answer: "ydh", twice: None, value: "ncp" },
        answers: &["--yes", "--dry-run", "--help"],
        settled_by: &["always_yes", "condarc"],
        answer: "-y",
        why: GIVES_UP,
    },
    Asker {
        programs: &["choco"],
        verbs: &["install", "upgrade", "uninstall"],
        value_options: &[],
        style: Style::Words,
        answers: CHOCO_ANSWERS,
        settled_by: &["allowGlobalConfirmation"],
        answer: "-y",
        why: WAITS,
    },
    Asker {
        programs: &["cinst", "cup", "cuninst"],
        verbs: &[],
        value_options: &[],
        style: Style::Words,
        answers: CHOCO_ANSWERS,
        settled_by: &["allowGlobalConfirmation"],
        answer: "-y",
        why: WAITS,
    },
    Asker {
        programs: &["winget"],
        verbs: &["install", "add", "upgrade", "update"],
        value_options: &[],
        style: Style::Words,
        answers: &[
            "--accept-source-agreements",
            "--accept-package-agreements",
            "--disable-interactivity",
            "--source",
            "-s",
            "-?",
            "--help",
        ],
        settled_by: &[],
        answer: "--accept-source-agreements --accept-package-agreements",
        why: WAITS,
    },
    Asker {
        programs: &["msiexec"],
        verbs: &[],
        value_options: &[],
        style: Style::Msi,
        answers: &["/q", "-q", "/passive", "-passive", "/?", "/a", "-a"],
        settled_by: &[],
        answer: "/qn",
        why: "without it msiexec shows windows in a session that nobody sees, and waits for them until the time of the whole build is over",
    },
    Asker {
        programs: &["install-module", "install-script", "install-package", "install-packageprovider"],
        verbs: &[],
        value_options: &[],
        style: Style::Parameters,
        answers: &[
            "-force",
            "-forcebootstrap",
            "-confirm",
            "-whatif",
            "-trustrepository",
            "-repository",
            "-source",
        ],
        settled_by: &["trusted"],
        answer: "-Force",
        why: WAITS,
    },
    Asker {
        programs: &["install-windowsupdate", "get-wuinstall"],
        verbs: &[],
        value_options: &[],
        style: Style::Parameters,
        answers: &[
            "-acceptall",
            "-confirm",
            "-whatif",
            "-forceinstall",
            "-download",
            "-hide",
            "-schedulejob",
        ],
        settled_by: &[],
        answer: "-AcceptAll",
        why: WAITS,
    },
];

/// A question that a command asks.
pub(super) struct Question<'c> {
    pub(super) asker: &'static Asker,
    /// What it is told to do, if the answer depends on that.
    pub(super) verb: Option<&'c Word>,
}

/// The question that a command asks, unless its own words answer it or are not known.
pub(super) fn question(command: &Command) -> Option<Question<'_>> {
    let (program, args) = command.program()?;
    let asker = ASKERS.iter().find(|asker| asker.programs.contains(&program))?;
    if asker.is_for(command.dialect) {
        let verb = asker.verb(args);
        let asks = asker.verbs.is_empty() || verb.is_some();
        return (asks && !asker.is_answered(args)).then_some(Question { asker, verb });
    }
    None
}

impl Asker {
    /// Whether it is a program of the systems on which a language is at home.
    fn is_for(&self, dialect: Dialect) -> bool {
        matches!(self.style, Style::Letters { .. }) || dialect == Dialect::PowerShell
    }

    /// What it is told to do, if it asks about that.
    fn verb<'w>(&self, args: &'w [Word]) -> Option<&'w Word> {
        let mut is_value = false;
        let verb = args.iter().filter(|w| w.redirect.is_none()).find(|word| {
            let skip = is_value || word.text.starts_with('-');
            is_value = self.value_options.contains(&word.text.as_str());
            !skip
        })?;
        self.verbs.contains(&verb.text.as_str()).then_some(verb)
    }

    fn is_answered(&self, args: &[Word]) -> bool {
        let given = || args.iter().filter(|w| w.redirect.is_none());
        let in_words = given().any(|w| self.may_hold_an_answer(w));
        in_words
            || match self.style {
                Style::Letters { answer, twice, value } => {
                    let times: usize = given().map(|w| letters(&w.text, twice, value)).sum();
                    times > 1 || given().any(|w| has_letter(&w.text, answer, value) || self.names(&w.text))
                }
                Style::Words => given().any(|w| self.names(&w.text)),
                Style::Msi => {
                    let begins = |w: &Word| self.answers.iter().any(|a| begins(&w.text, a));
                    !given().any(|w| is_msi_action(&w.text)) || given().any(begins)
                }
                Style::Parameters => self.is_parameter_given(args),
            }
    }

    /// Whether a word is an option that answers: `--yes`, `--yes=true`.
    fn names(&self, text: &str) -> bool {
        let name = text.split_once('=').map_or(text, |(name, _)| name);
        self.answers.iter().any(|answer| answer.eq_ignore_ascii_case(name))
            || self.settled_by.iter().any(|t| text.to_ascii_lowercase().contains(&t.to_ascii_lowercase()))
    }

    /// Whether a word is not known well enough to say that it holds no option.
    fn may_hold_an_answer(&self, word: &Word) -> bool {
        if word.text.contains(HOLE) {
            return true;
        }
        let begins_unknown = word.expansions.first().is_some_and(|part| part.start == 0);
        let is_list = word.text.contains("$@") || word.text.contains("[@]") || word.text.starts_with('@');
        match self.style {
            Style::Letters { .. } => is_list || (begins_unknown && !word.quoted),
            Style::Words => is_list || begins_unknown,
            // What ends like a package is a path, whatever it begins with.
            Style::Msi => {
                let path = word.text.trim_matches(['"', '\'']).to_ascii_lowercase();
                let is_open = !word.expansions.is_empty() || path.contains(['%', '$']) || is_list;
                is_open && !path.ends_with(".msi") && !path.ends_with(".msp")
            }
            // A variable is never taken for a parameter, a table of parameters is.
            Style::Parameters => word.text.starts_with('@'),
        }
    }

    fn is_parameter_given(&self, args: &[Word]) -> bool {
        args.iter().enumerate().any(|(at, word)| {
            let name = word.text.split(':').next().unwrap_or_default();
            let is_short_for = |answer: &&&str| name.len() > 2 && begins(answer, name);
            let found = self.answers.iter().find(is_short_for);
            let value = args.get(at + 1).map_or("", |next| next.text.as_str());
            // The gallery that everybody has is the one that asks.
            found.is_some_and(|answer| *answer != "-repository" || !value.eq_ignore_ascii_case("PSGallery"))
        })
    }
}

/// Whether a text begins with another one, without regard to letter case.
fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|t| t.eq_ignore_ascii_case(with))
}

/// What msiexec is told to do: to install, to remove, to patch.
fn is_msi_action(text: &str) -> bool {
    let actions = ["i", "x", "p", "package", "uninstall", "update"];
    let name = text.strip_prefix(['/', '-']);
    name.is_some_and(|name| {
        // `/x{11111111-…}` has its value at once.
        let name = name.split('{').next().unwrap_or_default();
        actions.iter().any(|action| action.eq_ignore_ascii_case(name))
    })
}

/// The letters of `-qy`, up to one that takes a value.
fn short<'t>(text: &'t str, value: &'t str) -> impl Iterator<Item = char> + 't {
    let letters = text.strip_prefix('-').filter(|rest| !rest.starts_with('-')).unwrap_or_default();
    letters.chars().take_while(move |c| !value.contains(*c))
}

fn has_letter(text: &str, letters: &str, value: &str) -> bool {
    short(text, value).any(|c| letters.contains(c))
}

/// How often a letter is given: `-qq`, `-q=2`, `--quiet`.
fn letters(text: &str, letter: Option<char>, value: &str) -> usize {
    let Some(letter) = letter else { return 0 };
    if text == "-q=2" || text == "--quiet=2" {
        return 2;
    }
    short(text, value).filter(|c| *c == letter).count() + usize::from(text == "--quiet")
}
