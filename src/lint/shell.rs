//! What commands of scripts fetch, and what they are given as passwords.
//!
//! Options mean different things to different programs (`mysql -pX` is a password, `mkdir -p x` is none), so each is a row
//! with the programs that it belongs to.

use super::secrets::is_literal;
use crate::check::{Command, Node, Word};

/// Programs that fetch what an address names.
static FETCHERS: &[&str] =
    &["curl", "wget", "aria2c", "invoke-webrequest", "iwr", "invoke-restmethod", "irm", "start-bitstransfer"];
/// Programs that run what they are given.
static RUNNERS: &[&str] = &[
    "sh",
    "bash",
    "dash",
    "zsh",
    "ksh",
    "python",
    "python3",
    "perl",
    "ruby",
    "node",
    "php",
    "pwsh",
    "powershell",
    "iex",
    "invoke-expression",
    "eval",
    "source",
    ".",
];
/// Options of [`FETCHERS`] behind which an address is not what is fetched.
static OTHER_ADDRESSES: &[&str] = &[
    "-x",
    "--proxy",
    "--preproxy",
    "-e",
    "--referer",
    "--referrer",
    "-proxy",
    "--connect-to",
    "-H",
    "--header",
];
/// Hosts that are this machine, or a service of Azure that answers there without encryption only.
static NEAR_HOSTS: &[&str] = &["localhost", "127.", "[::1]", "::1", "0.0.0.0", "169.254.", "168.63.129.16"];

/// The address without encryption from which a command fetches something, if there is one.
pub(super) fn fetches_in_the_clear<'w>(command: &'w Command<'_>) -> Option<&'w str> {
    let (name, args) = command.program()?;
    if !FETCHERS.contains(&name) {
        return None;
    }
    let mut before = "";
    for word in args {
        let other = OTHER_ADDRESSES.iter().any(|option| option.eq_ignore_ascii_case(before));
        before = &word.text;
        let rest = word.text.strip_prefix("http://").or_else(|| word.text.strip_prefix("HTTP://"));
        if let Some(rest) = rest
            && !other
            && !word.redirect
            && !is_near(rest)
        {
            return Some(&word.text);
        }
    }
    None
}

/// Whether a host is near, or not known.
fn is_near(host: &str) -> bool {
    host.is_empty()
        || host.starts_with(['$', '<', '{', '%'])
        || NEAR_HOSTS.iter().any(|near| host.get(..near.len()).is_some_and(|h| h.eq_ignore_ascii_case(near)))
}

/// How a download is run.
pub(super) struct RunsDownload<'w> {
    pub(super) fetched_by: &'w str,
    pub(super) run_by: &'w str,
}

/// What was found of the line that was looked at last: many commands may stand in one, and it may be long.
#[derive(Default)]
pub(super) struct Joins<'w> {
    last: Option<(&'w Node, bool)>,
}

impl<'w> Joins<'w> {
    /// Whether commands of a line may pass each other what they print: a `|` or a parenthesis stands in it.
    fn has(&mut self, line: &'w Node) -> bool {
        if let Some((last, joins)) = self.last
            && std::ptr::eq(last, line)
        {
            return joins;
        }
        let text = line.as_str().map_or("", |text| text);
        let joins = text.replace("||", "").contains('|') || text.contains('(');
        self.last = Some((line, joins));
        joins
    }
}

/// Whether a command runs what itself or the command before it fetches: `curl … | bash`, `bash -c "$(curl …)"`.
pub(super) fn runs_download<'w>(
    joins: &mut Joins<'w>,
    before: Option<&'w Command<'w>>,
    command: &'w Command<'w>,
) -> Option<RunsDownload<'w>> {
    let (run_by, args) = command.program()?;
    if !RUNNERS.contains(&run_by) {
        return None;
    }
    if let Some(fetcher) = args.iter().find_map(substituted) {
        return Some(RunsDownload { fetched_by: fetcher, run_by });
    }
    let before = before.filter(|before| feeds(joins, before, command))?;
    // `(New-Object Net.WebClient).DownloadString('…')`
    if let Some(word) = before.words.iter().find(|w| w.text.eq_ignore_ascii_case(".DownloadString")) {
        return Some(RunsDownload { fetched_by: word.text.trim_start_matches('.'), run_by });
    }
    let (fetched_by, fetched) = before.program()?;
    // A download that goes into a file is not what a shell reads.
    let kept = fetched.iter().any(|w| w.redirect || keeps(&w.text));
    (FETCHERS.contains(&fetched_by) && !kept && reads_input(args))
        .then_some(RunsDownload { fetched_by, run_by })
}

/// Whether what a command prints may be what the next one reads: a `|` or a parenthesis stands between them.
fn feeds<'w>(joins: &mut Joins<'w>, before: &Command<'w>, command: &Command<'w>) -> bool {
    if std::ptr::eq(before.line, command.line) {
        return joins.has(before.line);
    }
    let (Some(from), Some(to)) = (before.line.as_str(), command.line.as_str()) else { return false };
    let end = from.trim_end();
    let goes_on = end.ends_with(['\\', '`']) && to.trim_start().starts_with('|');
    (end.ends_with('|') && !end.ends_with("||")) || goes_on
}

/// The fetcher in a substitution: `"$(curl …)"`.
fn substituted(word: &Word) -> Option<&'static str> {
    let (_, inner) = word.text.split_once("$(").or_else(|| word.text.split_once('`'))?;
    let program = inner.split_whitespace().next()?;
    FETCHERS.iter().copied().find(|f| *f == program)
}

/// Whether an option of a fetcher says that the answer becomes a file.
fn keeps(option: &str) -> bool {
    let long = ["--output", "--remote-name", "-outfile"];
    let short = option.starts_with('-') && !option.starts_with("--") && option.len() <= 8;
    // `wget -qO-` writes to the pipe, `curl -fsSLO` to a file.
    let to_pipe = option.ends_with('-');
    !to_pipe
        && (long.iter().any(|l| option.get(..l.len()).is_some_and(|o| o.eq_ignore_ascii_case(l)))
            || (short && option.ends_with(['o', 'O'])))
}

/// Whether an interpreter with these arguments reads its program from its input: it is given no file and no text.
fn reads_input(args: &[Word]) -> bool {
    let stops = args.iter().position(|w| matches!(w.text.as_str(), "-" | "-s" | "--"));
    let before = args.get(..stops.unwrap_or(args.len())).unwrap_or_default();
    // An empty word stands for a parenthesis: `<(curl …)`.
    let passes = |w: &Word| w.redirect || w.text.is_empty();
    before.iter().all(|w| passes(w) || (w.text.starts_with('-') && w.text != "-c" && w.text != "-e"))
}

/// An option behind which some programs take a password.
struct PasswordOption {
    programs: &'static [&'static str],
    /// The first argument that makes it so, where only one does.
    command: Option<&'static str>,
    option: &'static str,
    form: Form,
}

/// Where the password stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `-pX`, while `-p X` means something else.
    Joined,
    /// `-p X` or `-pX`.
    Either,
    /// `-u user:X` or `-uuser:X`.
    BehindUser,
    /// `-U user%X`.
    BehindPercent,
    /// `-passin pass:X`.
    BehindPass,
}

const fn option(
    programs: &'static [&'static str],
    command: Option<&'static str>,
    option: &'static str,
    form: Form,
) -> PasswordOption {
    PasswordOption { programs, command, option, form }
}

const MYSQL: &[&str] =
    &["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump", "mariadb-admin"];

static PASSWORD_OPTIONS: &[PasswordOption] = &[
    option(MYSQL, None, "-p", Form::Joined),
    option(&["curl"], None, "-u", Form::BehindUser),
    option(&["curl"], None, "-U", Form::BehindUser),
    option(&["curl"], None, "--user", Form::BehindUser),
    option(&["curl"], None, "--proxy-user", Form::BehindUser),
    option(&["docker", "podman", "nerdctl", "buildah", "skopeo"], Some("login"), "-p", Form::Either),
    option(&["helm", "oras", "az", "oc"], Some("login"), "-p", Form::Either),
    option(&["sshpass"], None, "-p", Form::Either),
    option(&["redis-cli"], None, "-a", Form::Either),
    option(&["sqlcmd", "bcp"], None, "-P", Form::Either),
    option(&["unzip", "zip"], None, "-P", Form::Either),
    option(&["useradd", "usermod"], None, "-p", Form::Either),
    option(&["smbclient"], None, "-U", Form::BehindPercent),
    option(&["openssl"], None, "-passin", Form::BehindPass),
    option(&["openssl"], None, "-passout", Form::BehindPass),
];

/// Where a command is given a literal password, in words: "after `mysql -p`".
pub(super) fn literal_password<'w>(
    joins: &mut Joins<'w>,
    before: Option<&Command<'w>>,
    command: &Command<'w>,
) -> Option<String> {
    let (program, args) = command.program()?;
    for row in PASSWORD_OPTIONS.iter().filter(|row| row.programs.contains(&program)) {
        let applies = row.command.is_none_or(|command| args.iter().any(|w| w.text == command));
        if applies && args.iter().enumerate().any(|(at, word)| row.gives(word, args.get(at + 1))) {
            return Some(format!("after `{program} {}`", row.option));
        }
    }
    if program == "net" {
        return net_user(args).then(|| "in `net user`".to_owned());
    }
    piped_password(joins, program, args, (before, command))
}

impl PasswordOption {
    fn gives(&self, word: &Word, next: Option<&Word>) -> bool {
        let joined = word.text.strip_prefix(self.option).filter(|rest| !rest.is_empty());
        let next = next.filter(|_| word.text == self.option && self.form != Form::Joined);
        // `--user=x:y`; a short option has its value at once.
        let joined = match self.option.starts_with("--") {
            true => joined.and_then(|rest| rest.strip_prefix('=')),
            false => joined,
        };
        let Some(value) = joined.or(next.map(|w| w.text.as_str())) else { return false };
        match self.form {
            Form::Joined | Form::Either => is_literal(value),
            Form::BehindUser => behind(value, ':'),
            Form::BehindPercent => behind(value, '%'),
            Form::BehindPass => value.strip_prefix("pass:").is_some_and(is_literal),
        }
    }
}

/// Whether a literal stands behind a user's name.
fn behind(value: &str, between: char) -> bool {
    value.split_once(between).is_some_and(|(user, password)| !user.is_empty() && is_literal(password))
}

/// `net user NAME PASSWORD`; `*` asks, and what begins with `/` is an option.
fn net_user(args: &[Word]) -> bool {
    let plain: Vec<&str> = args.iter().map(|w| w.text.as_str()).take_while(|t| !t.starts_with('/')).collect();
    matches!(plain.as_slice(), [user, _, password] if user.eq_ignore_ascii_case("user") && is_literal(password))
}

/// `echo 'user:X' | chpasswd`, `echo X | passwd --stdin user`, `echo X | docker login --password-stdin`.
fn piped_password<'w>(
    joins: &mut Joins<'w>,
    program: &str,
    args: &[Word],
    (before, command): (Option<&Command<'w>>, &Command<'w>),
) -> Option<String> {
    let has = |option: &str| args.iter().any(|w| w.text == option);
    let for_user = program == "chpasswd" && !has("-e") && !has("--encrypted");
    if for_user && args.iter().any(|w| behind(&w.text, ':')) {
        return Some("for `chpasswd`".to_owned());
    }
    if !for_user && !has("--stdin") && !has("--password-stdin") {
        return None;
    }
    let (printer, printed) = before.filter(|before| feeds(joins, before, command))?.program()?;
    if !matches!(printer, "echo" | "printf" | "write-output") {
        return None;
    }
    let printed = || printed.iter().filter(|w| !w.redirect && !w.text.starts_with('-'));
    let given = match for_user {
        true => printed().any(|w| behind(w.text.trim(), ':')),
        false => printed().any(|w| !w.text.contains('%') && is_literal(w.text.trim())),
    };
    given.then(|| format!("for `{program}`"))
}
