//! Texts that stand for others. Templates that a later tool fills in hold them, and so do templates in documentation.

/// What surrounds the name in a placeholder, and whether only letters, digits, `_`, `-`, `.` and spaces make a name.
const FORMS: &[(&str, &str, bool)] =
    &[("<", ">", false), ("$(", ")", false), ("{", "}", true), ("%", "%", true), ("__", "__", true)];

/// Longer texts between the marks are no names.
const MAX_NAME: usize = 80;

/// Whether a text holds a placeholder: `<region>`, `{name}`, `$(name)`, `%name%`, `__name__`. One that is never closed
/// counts where it begins the text, as in `<pathToFile`, since no value begins so.
pub fn has_placeholder(text: &str) -> bool {
    // Most texts hold none of the marks.
    let marked = text.bytes().any(|b| matches!(b, b'<' | b'$' | b'{' | b'%' | b'_'));
    marked && (text.starts_with('<') || FORMS.iter().any(|form| has_form(text, *form)))
}

fn has_form(text: &str, (open, close, strict): (&str, &str, bool)) -> bool {
    text.match_indices(open).any(|(at, _)| {
        let rest = text.get(at + open.len()..).unwrap_or("");
        let end = rest.char_indices().nth(MAX_NAME).map_or(rest.len(), |(end, _)| end);
        let near = rest.get(..end).unwrap_or(rest);
        near.split_once(close).is_some_and(|(name, _)| is_name(name, strict))
    })
}

fn is_name(name: &str, strict: bool) -> bool {
    if !strict {
        return !name.trim().is_empty() && !name.contains('\n');
    }
    // `%C3%` and `%20b%` are parts of an encoded URL.
    name.len() > 2
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-. ".contains(c))
}

#[cfg(test)]
mod tests {
    use super::has_placeholder;

    #[test]
    fn placeholders_are_told_from_values() {
        for text in [
            "<region1>",
            "a/<b>/c",
            "<<namePrefix>>",
            "<pathToFile",
            "{updated_vmsize}",
            "/subscriptions/{subscription-id}/x",
            "{updated_aci_subnet}}",
            "$(region)",
            "it-$(Build.BuildId)",
            "%region%",
            "__region__",
            "{} {name}",
        ] {
            assert!(has_placeholder(text), "{text}");
        }
        let long = format!("{{{}}}", "x".repeat(200));
        for text in [
            "westeurope",
            "a < b",
            "{}",
            "{1,64}",
            "$()",
            "https://example.com/a%20b%20c%C3%A9%C3",
            "a__b",
            "____",
            "x{ y",
            long.as_str(),
        ] {
            assert!(!has_placeholder(text), "{text}");
        }
    }
}
