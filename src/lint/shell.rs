//! What commands of scripts fetch, and what they are given as passwords.
//!
//! Options mean different things to different programs (`mysql -pX` is a password, `mkdir -p x` is none), so each is a row
//! with the programs that it belongs to.

use super::secrets::{is_literal, names_password};
use crate::base::TextRange;
use crate::script::{Assignment, Command, HOLE, Script, Through, Word, is_shell, reads_program};

/// Programs that fetch what an address names.
static FETCHERS: &[&str] =
    &["curl", "wget", "aria2c", "invoke-webrequest", "iwr", "invoke-restmethod", "irm", "start-bitstransfer"];
/// Methods of .NET that do.
static FETCHING_METHODS: &[&str] = &[".downloadstring", ".downloadfile", ".downloaddata"];
/// Programs other than shells that run what they are given.
static INTERPRETERS: &[&str] = &[
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

/// Whether a command fetches what an address names.
pub(super) fn is_fetcher(command: &Command) -> bool {
    command.program().is_some_and(|(name, _)| FETCHERS.contains(&name) || FETCHING_METHODS.contains(&name))
}

/// The address without encryption from which a command fetches something, if there is one.
pub(super) fn fetches_in_the_clear(command: &Command) -> Option<&Word> {
    let (_, args) = command.program().filter(|_| is_fetcher(command))?;
    let mut before = "";
    for word in args {
        let other = names_another(before);
        before = &word.text;
        let address = word.text.split_once("://");
        let rest = address.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("http")).map(|(_, rest)| rest);
        if let Some(rest) = rest
            && !other
            && word.redirect.is_none()
            && !is_near(rest)
        {
            return Some(word);
        }
    }
    None
}

/// Options behind which a fetcher writes a file, letter case aside, and such that say so alone.
static INTO_FILES: &[&str] =
    &["-o", "--output", "--output-document", "-outfile", "-out", "-destination", "-p"];
/// Programs that write a file unless they are told otherwise.
static FILE_FETCHERS: &[&str] = &["wget", "aria2c", "start-bitstransfer", ".downloadfile"];
/// Ends of addresses of what is no program, but says whose programs are trusted, or where they are.
static NO_PROGRAMS: &[&str] = &[".asc", ".gpg", ".key", ".pub", ".pem", ".crt", ".repo", ".list", ".sources"];

/// The address from which a command fetches a program or an archive into a file, if there surely is one.
pub(super) fn fetches_a_file(command: &Command) -> Option<&Word> {
    let (name, args) = command.program().filter(|_| is_fetcher(command))?;
    let option = |word: &&Word| !word.quoted && word.text.starts_with('-');
    let names_file = |word: &Word| {
        let is_named =
            INTO_FILES.iter().any(|o| o.eq_ignore_ascii_case(&word.text)) || word.text == "--remote-name";
        // `-fsSLO`: the last letter of several.
        is_named || (name == "curl" && !word.text.starts_with("--") && word.text.ends_with(['o', 'O']))
    };
    // `wget -qO- x | …`, `wget --spider x`, `curl -o /dev/null x`
    let is_discarded = |word: &Word| {
        matches!(word.text.as_str(), "-" | "/dev/null" | "--spider")
            || word.text.ends_with("O-")
            || word.text == "-I"
    };
    let writes = FILE_FETCHERS.contains(&name)
        || args.iter().filter(option).any(names_file)
        || args.iter().any(|w| w.is_output() && !w.text.starts_with("/dev/"));
    if !writes || args.iter().any(is_discarded) {
        return None;
    }
    let mut before = "";
    args.iter().find(|word| {
        let other = names_another(before);
        before = &word.text;
        let rest =
            word.text.split_once("://").filter(|(scheme, _)| scheme.to_lowercase().starts_with("http"));
        let path = word.text.split(['?', '#']).next().unwrap_or_default().to_lowercase();
        let is_program = !NO_PROGRAMS.iter().any(|end| path.ends_with(end));
        !other && is_program && word.redirect.is_none() && rest.is_some_and(|(_, rest)| !is_near(rest))
    })
}

/// Whether an address behind an option of a program that fetches is not what it fetches.
pub(super) fn names_another(option: &str) -> bool {
    OTHER_ADDRESSES.iter().any(|other| other.eq_ignore_ascii_case(option))
}

/// Whether a host is near, or not known.
fn is_near(host: &str) -> bool {
    host.is_empty()
        || host.starts_with(['$', '`', '<', '{', '%', HOLE])
        || NEAR_HOSTS.iter().any(|near| host.get(..near.len()).is_some_and(|h| h.eq_ignore_ascii_case(near)))
}

/// Whether a command may run what its script does not show: a file, an address, what an interpreter is given.
pub(super) fn runs_unseen(command: &Command) -> bool {
    let Some((name, args)) = command.program() else { return true };
    let at = command.words.len().checked_sub(args.len() + 1);
    let is_path =
        at.and_then(|at| command.words.get(at)).is_none_or(|word| word.text.contains(['/', '\\', '$']));
    command.wraps.is_none() && (is_path || is_shell(name) || INTERPRETERS.contains(&name))
}

/// How a download is run.
pub(super) struct RunsDownload {
    pub(super) fetched_by: String,
    pub(super) run_by: String,
    /// Where both commands stand.
    pub(super) range: TextRange,
}

/// Whether a command runs what another one fetches: `curl … | bash`, `bash -c "$(curl …)"`, `bash <(curl …)`, `$x = irm …; iex $x`.
pub(super) fn runs_download(script: &Script, text: &str, command: &Command) -> Option<RunsDownload> {
    let (run_by, args) = command.program()?;
    if !is_shell(run_by) && !INTERPRETERS.contains(&run_by) && !is_versioned(run_by) {
        return None;
    }
    let given = command.reads.iter().filter_map(|read| {
        let source = script.commands.get(read.command)?;
        let runs = match read.through {
            Through::Input => false,
            Through::File => is_program_of(args, source.range),
            Through::Argument => is_code_of(run_by, args, source.range),
        };
        runs.then_some(source)
    });
    let piped = if reads_program(args) { script.sources(command) } else { Vec::new() };
    let kept = kept_in_variable(script, text, command, run_by, args);
    let (fetched_by, place) = given.chain(piped).chain(kept).find_map(|c| Some((fetches(c)?, c.range)))?;
    Some(RunsDownload { fetched_by, run_by: run_by.to_owned(), range: command.range.cover(place) })
}

/// The command whose output the variable holds that PowerShell evaluates: `iex $x`, `Invoke-Expression $($x.Content)`.
fn kept_in_variable<'s>(
    script: &'s Script,
    text: &str,
    command: &Command,
    run_by: &str,
    args: &[Word],
) -> Option<&'s Command> {
    let word = args.iter().find(|w| !w.text.starts_with('-') || w.quoted)?;
    let written = word.text.strip_prefix("$(").and_then(|t| t.strip_suffix(')')).unwrap_or(&word.text);
    let name = written.strip_prefix('$').filter(|_| matches!(run_by, "iex" | "invoke-expression"))?;
    let name = name.strip_suffix(".Content").or_else(|| name.strip_suffix(".content")).unwrap_or(name);
    let is_name = |a: &&Assignment| a.name.eq_ignore_ascii_case(name) && a.range.start < command.range.start;
    let set = script.assignments.iter().filter(is_name).max_by_key(|a| a.range.start)?;
    // What stands on the right of it, in parentheses or not.
    let is_value = |c: &&Command| {
        let between = text.get(set.range.end as usize..c.range.start as usize).map(str::trim_start);
        let value = between.and_then(|between| between.strip_prefix('='));
        value.is_some_and(|rest| rest.chars().all(|c| matches!(c, '(' | ' ')))
    };
    script.commands.iter().find(|c| is_value(c) && fetches(c).is_some())
}

/// Whether a program is an interpreter whose name ends in its version: `python3.11`.
fn is_versioned(name: &str) -> bool {
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    plain.len() < name.len() && matches!(plain, "python" | "perl" | "ruby" | "php" | "node")
}

/// The program of a command, if it fetches something and passes it on.
fn fetches(command: &Command) -> Option<String> {
    let (name, args) = command.program()?;
    if name == ".downloadstring" {
        return command.words.first().map(|w| w.text.trim_start_matches('.').to_owned());
    }
    // A download that goes into a file is not what a shell reads.
    let kept = args.iter().any(|w| w.is_output() || keeps(&w.text));
    (FETCHERS.contains(&name) && !kept).then(|| name.to_owned())
}

/// Whether the first argument that is no option is at a place: `bash <(curl …)`.
fn is_program_of(args: &[Word], place: TextRange) -> bool {
    let first = args.iter().find(|w| w.redirect.is_none() && !w.text.starts_with('-'));
    first.is_some_and(|w| w.range.contains(place))
}

/// Whether the argument at a place is code, and not what a program is given: `bash -c "$(…)"`, but not `bash x.sh "$(…)"`.
fn is_code_of(run_by: &str, args: &[Word], place: TextRange) -> bool {
    let Some(at) = args.iter().position(|w| w.range.contains(place)) else { return false };
    let evaluates = matches!(run_by, "eval" | "iex" | "invoke-expression");
    let before = at.checked_sub(1).and_then(|at| args.get(at)).map_or("", |w| w.text.as_str());
    let is_option =
        before.starts_with('-') && !before.starts_with("--") && before.to_lowercase().contains(['c', 'e']);
    evaluates || is_option
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
    /// `-H 'Authorization: Bearer X'`.
    Header,
    /// `-d '{"password":"X"}'`.
    Json,
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
    option(&["curl"], None, "-H", Form::Header),
    option(&["curl"], None, "--header", Form::Header),
    option(&["wget"], None, "--header", Form::Header),
    option(&["curl"], None, "-d", Form::Json),
    option(&["curl"], None, "--data", Form::Json),
    option(&["curl"], None, "--data-raw", Form::Json),
    option(&["curl"], None, "--json", Form::Json),
    option(&["cmdkey"], None, "/pass:", Form::Joined),
    option(&["schtasks"], None, "/rp", Form::Either),
    option(&["keytool"], None, "-storepass", Form::Either),
    option(&["keytool"], None, "-keypass", Form::Either),
    option(&["az"], Some("keyvault"), "--value", Form::Either),
    option(&["reg"], Some("DefaultPassword"), "/d", Form::Either),
];

/// Where a command is given a literal password, in words ("after `mysql -p`"), and the place of it.
pub(super) fn literal_password(script: &Script, command: &Command) -> Option<(String, TextRange)> {
    let (program, args) = command.program()?;
    for row in PASSWORD_OPTIONS.iter().filter(|row| row.programs.contains(&program)) {
        let applies = row.command.is_none_or(|command| args.iter().any(|w| w.text == command));
        let given = args.iter().enumerate().find_map(|(at, word)| row.given(word, args.get(at + 1)));
        if let Some(range) = given.filter(|_| applies) {
            let command = row.command.map(|command| format!(" {command}")).unwrap_or_default();
            return Some((format!("after `{program}{command} {}`", row.option), range));
        }
    }
    if let Some(range) = for_sudo(script, command) {
        return Some(("for `sudo -S`".to_owned(), range));
    }
    match program {
        "net" | "net1" => {
            let user = net_user(args).map(|range| ("in `net user`".to_owned(), range));
            return user.or_else(|| net_use(args).map(|range| ("in `net use`".to_owned(), range)));
        }
        "setx" | ".setenvironmentvariable" => {
            let [name, value, ..] = args else { return None };
            let is_password = names_password(&name.text) && is_literal(&value.text) && value.is_known();
            return is_password.then(|| (format!("for `{}`", name.text), value.range));
        }
        _ => {}
    }
    if let Some(range) = secured(script, command, program, args) {
        return Some(("for `ConvertTo-SecureString`".to_owned(), range));
    }
    if let Some((option, value)) = quoted_option(args) {
        return Some((format!("after `{}`", option.text), value.range));
    }
    let range = read_password(script, command, program, args)?;
    let named = match args.iter().find(|w| !w.text.starts_with('-')) {
        Some(word) if word.text == "login" => format!("{program} login"),
        _ => program.to_owned(),
    };
    Some((format!("for `{named}`"), range))
}

/// `echo X | sudo -S …`
fn for_sudo(script: &Script, command: &Command) -> Option<TextRange> {
    let mut words = command.words.iter().filter(|w| w.redirect.is_none());
    words.next().filter(|w| w.text == "sudo")?;
    let asks_input = words
        .take_while(|w| w.text.starts_with('-'))
        .any(|w| w.text == "--stdin" || (w.text.contains('S') && !w.text.starts_with("--")));
    let source = *script.sources(command).first().filter(|_| asks_input)?;
    let (printer, printed) = source.program()?;
    let mut given = printed.iter().filter(|w| w.redirect.is_none() && !w.text.starts_with('-'));
    let (word, rest) = (given.next()?, given.next());
    let is_password =
        is_printer(printer) && rest.is_none() && word.is_known() && is_literal(word.text.trim());
    is_password.then_some(word.range)
}

/// `'X' | ConvertTo-SecureString -AsPlainText -Force`
fn secured(script: &Script, command: &Command, program: &str, args: &[Word]) -> Option<TextRange> {
    let is_plain = || args.iter().any(|w| w.text.to_lowercase().starts_with("-asp"));
    if program != "convertto-securestring" || !is_plain() {
        return None;
    }
    let printed = || {
        let (printer, printed) = script.sources(command).first()?.program()?;
        let mut given = printed.iter().filter(|w| w.redirect.is_none() && !w.text.starts_with('-'));
        let (word, rest) = (given.next()?, given.next());
        (is_printer(printer) && rest.is_none()).then_some(word)
    };
    let word = command.input.as_ref().or_else(printed)?;
    (word.is_known() && is_literal(word.text.trim())).then_some(word.range)
}

/// `'--password', 'X'` among the arguments that PowerShell gives to a program as a list.
fn quoted_option(args: &[Word]) -> Option<(&Word, &Word)> {
    args.iter().zip(args.iter().skip(1)).find(|(option, value)| {
        let is_option = option.quoted && option.text.starts_with("--") && names_password(&option.text);
        is_option
            && value.quoted
            && option.range != value.range
            && value.is_known()
            && is_literal(&value.text)
    })
}

/// `net use Z: \\HOST\SHARE /user:NAME PASSWORD`
fn net_use(args: &[Word]) -> Option<TextRange> {
    let first = args.first().filter(|w| w.text.eq_ignore_ascii_case("use"))?;
    let has_user = args.iter().any(|w| w.text.to_lowercase().starts_with("/user:"));
    let is_share = |w: &Word| w.text.starts_with("\\\\");
    let has_share = args.iter().any(is_share);
    let is_other = |w: &&Word| {
        !std::ptr::eq(*w, first)
            && w.redirect.is_none()
            && !w.text.starts_with('/')
            && !w.text.ends_with(':')
            && !is_share(w)
    };
    let password = args.iter().find(is_other).filter(|_| has_user && has_share)?;
    (password.is_known() && is_literal(&password.text)).then_some(password.range)
}

impl PasswordOption {
    /// The place of the password that an argument is, or the one behind it.
    fn given(&self, word: &Word, next: Option<&Word>) -> Option<TextRange> {
        let joined = word.text.strip_prefix(self.option).filter(|rest| !rest.is_empty());
        let next = next.filter(|_| word.text == self.option && self.form != Form::Joined);
        // `--user=x:y`; a short option has its value at once.
        let joined = match self.option.starts_with("--") {
            true => joined.and_then(|rest| rest.strip_prefix('=')),
            false => joined,
        };
        let range = if joined.is_some() { word.range } else { next?.range };
        let value = joined.or(next.map(|w| w.text.as_str()))?;
        let is_given = match self.form {
            Form::Joined | Form::Either => is_literal(value),
            Form::BehindUser => behind(value, ':'),
            Form::BehindPercent => behind(value, '%'),
            Form::BehindPass => value.strip_prefix("pass:").is_some_and(is_literal),
            Form::Header => in_header(value),
            Form::Json => in_json(value),
        };
        is_given.then_some(range)
    }
}

/// Headers that carry nothing but a token, and what stands before it.
static TOKEN_HEADERS: &[(&str, &[&str])] = &[
    ("authorization", &["bearer ", "basic ", "token "]),
    ("private-token", &[""]),
    ("x-vault-token", &[""]),
];

/// Whether a header carries a literal token: `Authorization: Bearer X`.
fn in_header(header: &str) -> bool {
    let Some((name, value)) = header.split_once(':') else { return false };
    let (name, value) = (name.trim().to_lowercase(), value.trim());
    let schemes = TOKEN_HEADERS.iter().find(|(header, _)| *header == name).map(|(_, schemes)| *schemes);
    schemes.into_iter().flatten().any(|scheme| {
        let begins = value.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
        let token = value.get(scheme.len()..).unwrap_or_default().trim();
        begins && token.len() >= 8 && !token.contains(' ') && is_literal(token)
    })
}

/// Whether a member of an object in JSON is a literal password.
fn in_json(text: &str) -> bool {
    let parts: Vec<&str> = text.split('"').collect();
    parts.windows(3).any(|part| match part {
        [name, between, value] => between.trim() == ":" && names_password(name) && is_literal(value),
        _ => false,
    })
}

/// Whether a literal stands behind a user's name.
fn behind(value: &str, between: char) -> bool {
    value.split_once(between).is_some_and(|(user, password)| !user.is_empty() && is_literal(password))
}

/// `net user NAME PASSWORD`; `*` asks, and what begins with `/` is an option.
fn net_user(args: &[Word]) -> Option<TextRange> {
    let plain: Vec<&Word> =
        args.iter().take_while(|w| !w.text.starts_with('/') && w.redirect.is_none()).collect();
    match plain.as_slice() {
        [user, _, password] if user.text.eq_ignore_ascii_case("user") && is_literal(&password.text) => {
            Some(password.range)
        }
        _ => None,
    }
}

/// Programs that print what they are given.
static PRINTERS: &[&str] = &["echo", "printf", "write-output"];

/// Whether a program prints what it is given.
pub(super) fn is_printer(program: &str) -> bool {
    PRINTERS.contains(&program) || program == "write-host"
}

/// `echo 'user:X' | chpasswd`, `passwd --stdin user <<< X`, `echo X | docker login --password-stdin`.
fn read_password(script: &Script, command: &Command, program: &str, args: &[Word]) -> Option<TextRange> {
    let has = |option: &str| args.iter().any(|w| w.text == option);
    let for_user = program == "chpasswd" && !has("-e") && !has("--encrypted");
    if !for_user && !has("--stdin") && !has("--password-stdin") {
        return None;
    }
    let is_password = |w: &&Word| match for_user {
        true => w.text.lines().any(|line| behind(line.trim(), ':')),
        false => !w.text.contains('%') && is_literal(w.text.trim()),
    };
    if let Some(input) = &command.input {
        return Some(input.range).filter(|_| is_password(&input));
    }
    let sources = script.sources(command);
    let (printer, printed) = sources.first()?.program()?;
    if printer == "cat" {
        let document = sources.first()?.input.as_ref()?;
        return Some(document.range).filter(|_| is_password(&document));
    }
    let mut given = printed.iter().filter(|w| w.redirect.is_none() && !w.text.starts_with('-'));
    given.find(is_password).map(|w| w.range).filter(|_| PRINTERS.contains(&printer))
}
