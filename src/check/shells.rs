//! The code that stands before a step's own: how a shell quotes, exports, and fetches secrets.

use std::borrow::Cow;

use super::natives::{POWERSHELL_QUOTES, Quotes, SH_QUOTES};
use super::value::{Kind, Value};
use crate::schema::Os;

/// How a shell quotes, exports and fetches.
pub(crate) struct Shell {
    pub(crate) os: Os,
    /// What single quotes become within single quotes.
    pub(crate) quotes: Quotes,
    /// Before and after the quoted value of a variable; `{}` is its name.
    pub(crate) export: (&'static str, &'static str),
    /// Lines that define the function that fetches a secret.
    pub(crate) fetch: &'static [&'static str],
    /// Before and after the three quoted arguments: vault, secret, identity; `{}` is the variable, `{exit}` the code
    /// that ends the step.
    pub(crate) call: (&'static str, &'static str),
    /// Lines that take the function away.
    pub(crate) forget: &'static [&'static str],
}

/// POSIX shell and PowerShell. The token comes from the instance metadata service of the VM and the secret from Key
/// Vault's REST API; neither is printed, written to a file or put on a command line.
///
/// A secret that can't be read ends the step. In the shell `export X=$(…)` would hide the failure, and so would `&&`,
/// for `-e` looks at the last command of such a list only. What a caller tests runs without `-e`, so each line of the
/// function sees to its own failures.
///
/// The metadata service answers on the VM alone, and Microsoft asks that proxies be bypassed for it; a proxy of the
/// step's `env` is for the vault. The PowerShell is 5.1, which has no `-NoProxy` and no retries, and on Windows Server
/// 2016 speaks TLS 1.0 until it is told otherwise (3072 is TLS 1.2; 0 leaves it to the system).
/// <https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#proxies>
pub(crate) static SHELLS: &[Shell] = &[
    Shell {
        os: Os::Linux,
        quotes: SH_QUOTES,
        export: ("export {}=", ""),
        fetch: &[
            "aib_secret() {",
            "  aib_token=$(curl -fsS --noproxy '*' --retry 5 -H Metadata:true \"http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net&msi_res_id=$3\" | sed -n 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/p') || aib_token=",
            "  [ -n \"$aib_token\" ] || { echo \"aib: the VM got no token for Key Vault with identity $3\" >&2; return 1; }",
            "  aib_answer=$(printf 'header = \"Authorization: Bearer %s\"\\n' \"$aib_token\" | curl -fsS --retry 5 -K - \"$1/secrets/$2?api-version=7.4\") || { echo \"aib: can't read secret $2 of $1\" >&2; return 1; }",
            "  if command -v jq >/dev/null 2>&1; then aib_value=$(printf '%s' \"$aib_answer\" | jq -er .value) || aib_value=",
            "  elif command -v python3 >/dev/null 2>&1; then aib_value=$(printf '%s' \"$aib_answer\" | python3 -c 'import json,sys; print(json.load(sys.stdin)[\"value\"] or \"\")') || aib_value=",
            "  else echo \"aib: reading a secret needs jq or python3 on the build VM\" >&2; return 1; fi",
            "  [ -n \"$aib_value\" ] || { echo \"aib: secret $2 of $1 has no value\" >&2; return 1; }",
            "  printf '%s\\n' \"$aib_value\"",
            "}",
        ],
        call: ("{}=$(aib_secret ", ") || exit {exit}; export {}"),
        forget: &["unset -f aib_secret"],
    },
    Shell {
        os: Os::Windows,
        quotes: POWERSHELL_QUOTES,
        export: ("$env:{} = ", ""),
        fetch: &[
            "function Get-AibSecret($Vault, $Name, $Identity) {",
            "  $ErrorActionPreference = 'Stop'",
            "  if ([int][Net.ServicePointManager]::SecurityProtocol) { [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072 }",
            "  $direct = New-Object Microsoft.PowerShell.Commands.WebRequestSession",
            "  $direct.Proxy = New-Object Net.WebProxy",
            "  foreach ($wait in 1, 2, 4, 8, 16, 0) {",
            "    try {",
            "      $failed = 'the VM got no token for Key Vault with identity ' + $Identity",
            "      $token = (Invoke-RestMethod -UseBasicParsing -WebSession $direct -Headers @{ Metadata = 'true' } -Uri ('http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net&msi_res_id=' + $Identity)).access_token",
            "      if (-not $token) { throw 'the answer holds none' }",
            "      $failed = 'can''t read secret ' + $Name + ' of ' + $Vault",
            "      $value = (Invoke-RestMethod -UseBasicParsing -Headers @{ Authorization = 'Bearer ' + $token } -Uri ($Vault + '/secrets/' + $Name + '?api-version=7.4')).value",
            "      if (-not $value) { throw 'it has no value' }",
            "      return $value",
            "    } catch {",
            "      if (-not $wait) { throw ('aib: ' + $failed + ': ' + $_) }",
            "      Start-Sleep -Seconds $wait",
            "    }",
            "  }",
            "}",
        ],
        call: ("try { $env:{} = Get-AibSecret ", " } catch { Write-Host $_; exit {exit} }"),
        forget: &["Remove-Item Function:Get-AibSecret"],
    },
];

/// The code that ends a step whose secrets can't be read: the first that does not count as success. Nobody writes the
/// one that is taken where only Azure knows what counts.
pub(crate) fn failing_code(valid: Option<&Value>) -> i64 {
    const UNUSUAL: i64 = 5_201;
    let Some(valid) = valid else { return 1 };
    let Kind::List(items) = &valid.kind else { return UNUSUAL };
    let mut known = Vec::new();
    for item in items.iter() {
        let Kind::Int(code) = item.kind else { return UNUSUAL };
        known.push(code);
    }
    (1..).find(|code| !known.contains(code)).unwrap_or(UNUSUAL)
}

/// A script without the code that fetches its secrets, which the compiler put there.
pub fn without_fetch(text: &str) -> Cow<'_, str> {
    let code = SHELLS.iter().find_map(|shell| {
        let (first, last) = (shell.fetch.first()?, shell.forget.last()?);
        let start = text.find(first)?;
        let end = start + text.get(start..)?.find(last)? + last.len();
        Some((text.get(..start)?, text.get(end..)?))
    });
    code.map_or(Cow::Borrowed(text), |(before, after)| Cow::Owned(format!("{before}{after}")))
}
