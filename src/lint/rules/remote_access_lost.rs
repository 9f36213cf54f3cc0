//! Commands that cut the connection by which the service runs the steps.

use crate::check::{Phase, StepView};
use crate::diag::{Sink, code};
use crate::lint::calls::{Call, powershell, sh};
use crate::lint::finding::finding;
use crate::lint::within::may_run_here;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::script::{Command, Dialect, Script, Word};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::REMOTE_ACCESS_LOST,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-troubleshoot#the-build-stopped-because-of-context-cancellation",
        on: true,
    },
    check,
};

/// A command that cuts the connection.
struct Cut {
    call: Call,
    /// What it does, behind its name.
    does: &'static str,
    /// What else has to be so, where letter case or the order of arguments counts.
    only: fn(&[Word]) -> bool,
    /// What keeps the connection if it comes before, or behind in the same script, which goes on by itself.
    unless: &'static [Call],
    /// What makes up for it if it follows in the same script: the connection that is there outlives the service.
    until: &'static [Call],
}

const fn cut(call: Call, does: &'static str) -> Cut {
    Cut { call, does, only: |_| true, unless: &[], until: &[] }
}

const fn stops_ssh(call: Call) -> Cut {
    Cut { until: STARTS_SSH, ..cut(call, STOPS) }
}

const SSH: &[&str] = &["ssh", "sshd", "ssh.service", "sshd.service", "ssh.socket", "sshd.socket"];
const WINRM: &[&str] = &["winrm"];
const STOPS: &str = "stops the service by which the build VM is reached";

static STARTS_SSH: &[Call] = &[
    sh(&["systemctl"], &[&["start", "restart", "reload-or-restart"], SSH]),
    sh(&["systemctl"], &[&["enable", "reenable"], &["--now"], SSH]),
    sh(&["service"], &[SSH, &["start", "restart"]]),
];
/// What lets packets in that a later rule or policy drops.
static ACCEPTS: &[Call] = &[sh(&["iptables"], &[&["accept"]]), sh(&["iptables-restore"], &[])];

static CUTS: &[Cut] = &[
    Cut {
        unless: &[sh(&["ufw"], &[&["allow", "limit"]]), sh(&["ufw"], &[&["default"], &["allow"]])],
        ..cut(sh(&["ufw"], &[&["enable"]]), "lets nothing in that no rule allows")
    },
    Cut {
        only: |args| args.iter().any(|w| matches!(w.text.as_str(), "-P" | "--policy")),
        unless: ACCEPTS,
        ..cut(sh(&["iptables"], &[&["input"], &["drop", "reject"]]), "drops whatever no rule accepts")
    },
    Cut {
        only: takes_ssh,
        unless: ACCEPTS,
        ..cut(sh(&["iptables"], &[&["input"], &["drop", "reject"]]), "drops what comes in, SSH included")
    },
    cut(
        sh(&["firewall-cmd"], &[&["--remove-service=ssh", "--remove-port=22/tcp"]]),
        "closes the port of SSH",
    ),
    cut(sh(&["firewall-cmd"], &[&["--panic-on"]]), "drops all connections"),
    stops_ssh(sh(&["systemctl"], &[&["stop", "kill"], SSH])),
    stops_ssh(sh(&["systemctl"], &[&["disable", "mask"], &["--now"], SSH])),
    stops_ssh(sh(&["service"], &[SSH, &["stop"]])),
    cut(
        sh(
            &["apt", "apt-get", "dnf", "yum", "zypper", "tdnf"],
            &[&["remove", "purge", "erase"], &["openssh-server"]],
        ),
        "removes the service by which the build VM is reached",
    ),
    cut(powershell(&["disable-psremoting"], &[]), "ends remoting, by which the build VM is reached"),
    cut(powershell(&["stop-service", "spsv"], &[WINRM]), STOPS),
    cut(powershell(&["set-service"], &[WINRM, &["stopped"]]), STOPS),
    cut(powershell(&["net", "sc"], &[&["stop"], WINRM]), STOPS),
    cut(
        powershell(&["winrm"], &[&["delete"], &["*listener*"]]),
        "takes away where the service by which the build VM is reached listens",
    ),
    cut(
        powershell(&["remove-item", "ri", "rm", "del"], &[&["wsman:*"], &["*\\listener*"]]),
        "takes away where the service by which the build VM is reached listens",
    ),
    // The policy of Windows itself is `blockinbound`: it keeps the rules that let the builder in.
    cut(
        powershell(&["netsh"], &[&["advfirewall"], &["blockinboundalways"]]),
        "lets nothing in, whatever rules allow",
    ),
    cut(
        Call { dialect: Dialect::Sh, ..powershell(&["netsh"], &[&["advfirewall"], &["blockinboundalways"]]) },
        "lets nothing in, whatever rules allow",
    ),
    cut(
        powershell(
            &["set-netfirewallprofile"],
            &[&["-allowinboundrules", "-allowinboundrules:*"], &["false", "*:false"]],
        ),
        "lets nothing in, whatever rules allow",
    ),
    cut(
        powershell(
            &["disable-netfirewallrule", "remove-netfirewallrule"],
            &[&["*winrm*", "*windows remote management*"]],
        ),
        "closes the port of Windows Remote Management",
    ),
];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        check_image(cx, image, sink);
    }
}

fn check_image(cx: &Context<'_>, image: &Image<'_>, sink: &mut Sink) {
    // Which of the cuts are made harmless.
    let mut kept = vec![false; CUTS.len()];
    for (step, script) in image.scripts() {
        let concerned = |command: &&Command| {
            let program = command.program().map(|(program, _)| program);
            program.is_some_and(|program| CUTS.iter().any(|cut| cut.concerns(program)))
        };
        for command in script.commands().iter().filter(concerned) {
            for (cut, kept) in CUTS.iter().zip(&mut kept) {
                *kept |= cut.unless.iter().any(|call| call.is(command));
            }
            let found = CUTS.iter().zip(&kept).find(|(cut, kept)| !**kept && cut.is(command, &script.script));
            if let Some((cut, _)) = found.filter(|_| may_run_here(script, command)) {
                let named = command.program().map_or("", |(name, _)| name);
                let name = command.called().map_or(named, |word| word.text.as_str());
                let d = finding(
                    &code::REMOTE_ACCESS_LOST,
                    &cx.place(script, command.range),
                    format!("`{name}` cuts the connection to the build VM"),
                )
                .here(cut.does)
                .note(through(step))
                .note("the step then ends in \"context canceled\" or \"Communicator ended with: 2300218\", often after a long wait")
                .help("do it at the first start of a VM (cloud-init, a scheduled task), or allow the builder's port before");
                sink.push(d);
            }
        }
    }
}

impl Cut {
    /// Whether it has to do with a program.
    fn concerns(&self, program: &str) -> bool {
        std::iter::once(&self.call).chain(self.unless).any(|call| call.programs.contains(&program))
    }

    fn is(&self, command: &Command, script: &Script) -> bool {
        let args = command.program().map_or(&[][..], |(_, args)| args);
        let follows = |c: &&Command| c.range.start > command.range.start;
        let is_mended = || {
            let mends = |c: &Command| self.until.iter().chain(self.unless).any(|call| call.is(c));
            script.commands.iter().filter(follows).any(mends)
        };
        self.call.is(command) && (self.only)(args) && !is_mended()
    }
}

/// Whether a rule of `iptables` is for all that comes in, or for port 22, from wherever.
fn takes_ssh(args: &[Word]) -> bool {
    let mut words = args.iter().filter(|w| w.redirect.is_none()).map(|w| w.text.as_str());
    let mut adds = false;
    while let Some(word) = words.next() {
        let is_open = match word {
            "-A" | "--append" | "-I" | "--insert" => {
                adds = true;
                words.next() == Some("INPUT")
            }
            "-j" | "--jump" => matches!(words.next(), Some("DROP" | "REJECT")),
            "-p" | "--protocol" => matches!(words.next(), Some("tcp" | "all")),
            "-m" | "--match" => words.next() == Some("tcp"),
            "--dport" | "--destination-port" => words.next() == Some("22"),
            "-t" | "--table" => words.next() == Some("filter"),
            "--reject-with" => words.next().is_some(),
            "-w" | "--wait" => true,
            // The place of what is inserted.
            number => number.parse::<u16>().is_ok(),
        };
        if !is_open {
            return false;
        }
    }
    adds
}

fn through(step: &StepView<'_>) -> &'static str {
    match (step.effect.commands, step.phase) {
        (Some(Dialect::PowerShell), _) => "the service runs the steps through WinRM, on port 5986",
        (_, Phase::Customize | Phase::Validate) => "the service runs the steps through SSH, on port 22",
    }
}
