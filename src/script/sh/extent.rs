//! How far a substitution reaches: from behind its `$(`, `${` or backquote to what ends it.
//!
//! brush's tokens end where their words end, but say nothing of what lies within them. The scan is iterative and linear.

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Paren,
    Brace,
    Double,
    Backquote,
}

/// Where the `)` stands that ends what begins at `from`, behind its `(`; the end of the text if nothing does.
pub(super) fn to_paren(text: &str, from: usize) -> usize {
    scan(text, from, Open::Paren)
}

/// The same for `}`.
pub(super) fn to_brace(text: &str, from: usize) -> usize {
    scan(text, from, Open::Brace)
}

/// Where the next backquote stands that isn't escaped.
pub(super) fn to_backquote(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'`' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

fn scan(text: &str, from: usize, first: Open) -> usize {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut open = vec![first];
    let mut documents: Vec<&str> = Vec::new();
    let mut at = from;
    while at < bytes.len() {
        let Some(&top) = open.last() else { return at };
        let is_code = matches!(top, Open::Paren | Open::Backquote);
        let begins_word = at == from || b" \t\n;&|(".contains(&byte(at.wrapping_sub(1)));
        match byte(at) {
            b'\\' => at += 1,
            b'\'' if top != Open::Double => at = find(bytes, at + 1, b'\''),
            b'"' if top == Open::Double => _ = open.pop(),
            b'"' => open.push(Open::Double),
            b'`' if top == Open::Backquote => _ = open.pop(),
            b'`' => open.push(Open::Backquote),
            b'$' if byte(at + 1) == b'(' => {
                open.push(Open::Paren);
                at += 1;
            }
            b'$' if byte(at + 1) == b'{' => {
                open.push(Open::Brace);
                at += 1;
            }
            b'(' if top == Open::Paren => open.push(Open::Paren),
            b')' if top == Open::Paren => {
                open.pop();
            }
            b'}' if top == Open::Brace => {
                open.pop();
            }
            b'#' if is_code && begins_word => at = find(bytes, at, b'\n').saturating_sub(1),
            b'<' if is_code && byte(at + 1) == b'<' => {
                let (tag, end) = document_tag(text, at + 2);
                documents.extend(tag);
                at = end.saturating_sub(1);
            }
            b'\n' if is_code && !documents.is_empty() => {
                for tag in documents.drain(..) {
                    at = behind_document(text, at + 1, tag).saturating_sub(1);
                }
            }
            _ => {}
        }
        if open.is_empty() {
            return at.min(text.len());
        }
        at += 1;
    }
    text.len()
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|b| *b == wanted).map_or(bytes.len(), |at| from + at)
}

/// The word that ends a here-document whose `<<` ends at `from`, and where it ends.
fn document_tag(text: &str, from: usize) -> (Option<&str>, usize) {
    let rest = text.get(from..).unwrap_or_default();
    if rest.starts_with('<') {
        return (None, from + 1);
    }
    let lead = rest.len() - rest.trim_start_matches(['-', ' ', '\t']).len();
    let rest = rest.get(lead..).unwrap_or_default();
    let length = rest.find([' ', '\t', '\n', ';', '&', '|', '<', '>', ')']).unwrap_or(rest.len());
    let tag = rest.get(..length).unwrap_or_default().trim_matches(['\'', '"', '\\']);
    ((!tag.is_empty()).then_some(tag), from + lead + length)
}

/// Where the line behind a here-document begins.
fn behind_document(text: &str, from: usize, tag: &str) -> usize {
    let mut at = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        at += line.len();
        if line.trim() == tag {
            break;
        }
    }
    at
}

/// Whether a `case` or a here-document stands in a substitution. brush ends `$(case x in a) b;; esac)` at the first `)`, and so
/// do scans here; `$(cat <<E)` it reads on behind its end. Where that may be what is wrong, nothing is.
pub(super) fn may_mislead(text: &str) -> bool {
    /// So many substitutions are looked at; nobody writes more of them before the first with a `case`.
    const MANY: usize = 64;
    let misleads = |inner: &str| {
        inner.split_whitespace().any(|word| word == "case") || inner.replace("<<<", "").contains("<<")
    };
    let may = text.contains("esac") || text.contains("<<");
    let mut openings = text.match_indices("$(").take(MANY);
    may && openings.any(|(at, _)| text.get(at + 2..to_paren(text, at + 2)).is_some_and(misleads))
}
