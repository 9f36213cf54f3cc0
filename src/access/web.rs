//! The report as one page for a browser, that needs nothing else.

use pulldown_cmark::{Event, Options, Parser, html};

use super::markdown::to_markdown;
use super::report::Report;

/// How the page looks, in light and dark.
const STYLE: &str = include_str!("page.css");

/// The page.
pub fn to_html(report: &Report) -> String {
    let text = to_markdown(report);
    // Nothing that comes from a file can bring marks of its own.
    let events = Parser::new_ext(&text, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        other => other,
    });
    let mut body = String::new();
    html::push_html(&mut body, events);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>Rights for image builds</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}
