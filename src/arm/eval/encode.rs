//! Encodings: base64, URIs, JSON, GUIDs.

use uuid::Uuid;

use super::super::json::read_json;
use super::Value;

/// The namespace of the template function `guid`.
const GUID_NAMESPACE: Uuid = Uuid::from_u128(0x11fb_06fb_712d_4ddd_98c7_e71b_bd58_8830);

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Computes what the template function `guid` does: a version 5 UUID of the parts joined by `-`.
pub fn uuid_guid(parts: &[&str]) -> String {
    Uuid::new_v5(&GUID_NAMESPACE, parts.join("-").as_bytes()).to_string()
}

/// `guid`.
pub(in crate::arm) fn guid(args: &[Value]) -> Option<Value> {
    let parts = args.iter().map(|arg| if let Value::Str(text) = arg { Some(&**text) } else { None });
    Some(uuid_guid(&parts.collect::<Option<Vec<_>>>()?).into())
}

/// `base64`, of the UTF-8 bytes.
pub(in crate::arm) fn base64(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    Some(encode(text.as_bytes()).into())
}

/// `base64ToString`.
pub(in crate::arm) fn base64_to_string(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    decode(text).map(Value::from)
}

/// `base64ToJson`.
pub(in crate::arm) fn base64_to_json(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    read_json(&decode(text)?)
}

/// `json`.
pub(in crate::arm) fn json(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    read_json(text)
}

/// `dataUri`.
pub(in crate::arm) fn data_uri(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    Some(format!("data:text/plain;charset=utf8;base64,{}", encode(text.as_bytes())).into())
}

/// `dataUriToString`, of a base64 URI in UTF-8.
pub(in crate::arm) fn data_uri_to_string(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    let (kind, data) = text.strip_prefix("data:")?.split_once(";base64,")?;
    matches!(kind, "" | "text/plain;charset=utf8" | "text/plain;charset=utf-8")
        .then(|| decode(data).map(Value::from))?
}

/// `uri`, of what needs no normalisation: a lower-case http address without port, query or dot segments.
pub(in crate::arm) fn uri(args: &[Value]) -> Option<Value> {
    let [Value::Str(base), Value::Str(relative)] = args else { return None };
    let scheme = ["https://", "http://"].into_iter().find(|scheme| base.starts_with(scheme))?;
    let rest = base.strip_prefix(scheme)?;
    let (host, path) = match rest.find('/') {
        Some(at) => (rest.get(..at)?, rest.get(at..)?),
        None => (rest, "/"),
    };
    let host_fits = host.starts_with(|c: char| c.is_ascii_lowercase())
        && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    if !host_fits || relative.is_empty() || !is_plain_path(path) || !is_plain_path(relative) {
        return None;
    }
    let folder = if relative.starts_with('/') { "" } else { path.get(..=path.rfind('/')?)? };
    Some(format!("{scheme}{host}{folder}{relative}").into())
}

fn is_plain_path(path: &str) -> bool {
    path.bytes().all(|b| b == b'/' || is_unreserved(b))
        && !path.contains("//")
        && !path.split('/').any(|segment| matches!(segment, "." | ".."))
}

fn is_unreserved(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~')
}

/// `uriComponent`: everything but the unreserved characters of RFC 3986 escaped.
pub(in crate::arm) fn uri_component(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if is_unreserved(b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    Some(out.into())
}

/// `uriComponentToString`; what is no escape stays.
pub(in crate::arm) fn uri_component_to_string(args: &[Value]) -> Option<Value> {
    let [Value::Str(text)] = args else { return None };
    let mut bytes = Vec::with_capacity(text.len());
    let mut left = text.as_bytes();
    while let Some((first, rest)) = left.split_first() {
        let escaped = match (first, rest) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        left = if escaped.is_some() { rest.get(2..)? } else { rest };
    }
    String::from_utf8(bytes).ok().map(Value::from)
}

fn hex(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = chunk.iter().copied().chain([0, 0]).map(u32::from);
        let word = (0..3).fold(0, |word, _| word << 8 | group.next().unwrap_or(0));
        for digit in 0..4_usize {
            let index = usize::try_from(word >> (18 - 6 * digit) & 63).unwrap_or(0);
            let character = DIGITS.get(index).copied().filter(|_| digit <= chunk.len());
            out.push(char::from(character.unwrap_or(b'=')));
        }
    }
    out
}

/// Decodes padded base64 that holds UTF-8.
fn decode(text: &str) -> Option<String> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let padding = text.len() - digits.len();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut bits) = (0_u32, 0_u32);
    for b in digits.bytes() {
        let digit = u32::try_from(DIGITS.iter().position(|digit| *digit == b)?).ok()?;
        word = (word << 6 | digit) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 0xFF).ok()?);
        }
    }
    let whole = matches!((padding, bits), (0, 0) | (1, 2) | (2, 4));
    if whole { String::from_utf8(bytes).ok() } else { None }
}
