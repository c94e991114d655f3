//! `docs/findings.md` is generated from the tables of rules.

use std::fmt::Write as _;

use markmonitor_certs::{
    finding::{FindingCode, Severity},
    pki::rules,
};

use crate::is_current;

fn generated() -> String {
    let mut page = String::from(
        "# Findings\n\nWhat `inspectCsr`, `checkOrder`, `parseBundle` and `createCsr` say about a certificate request, an order and a bundle. \
         *Error*: the certificate authority will refuse it. *Warning*: it may not be what was meant. *Info*: worth knowing. Codes \
         are stable.\n\nBR is the CA/Browser Forum's Baseline Requirements for TLS server certificates, version 2.2.6; \
         EV Guidelines are its Guidelines for extended validation. The guide is Markmonitor's of the Certs API, and what no \
         document says was seen of the service.\n\n\
         Generated from the rules in `src/pki/rules` and the codes in `src/finding` by `UPDATE_DOCS=1 cargo test --test documentation`.\n",
    );
    for (subject, rows) in rules() {
        let _ = write!(
            page,
            "\n## {subject}\n\n| code | severity | when | source |\n|---|---|---|---|\n"
        );
        for row in rows {
            let severity = match row.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            };
            let _ = writeln!(
                page,
                "| `{}` | {severity} | {} | {} |",
                row.code.as_str(),
                row.title.replace('*', "\\*"),
                row.source
            );
        }
    }
    page.push_str(
        "\n## A call, its options and its arguments\n\nThese are errors of the call: nothing was sent.\n\n| code | when |\n|---|---|\n",
    );
    for code in FindingCode::ALL {
        if let Some(meaning) = code.meaning() {
            let _ = writeln!(page, "| `{code}` | {meaning} |");
        }
    }
    page
}

#[test]
fn the_page_of_findings_is_current() {
    is_current("docs/findings.md", &generated());
}

#[test]
fn every_code_is_that_of_one_row_or_of_a_call_and_is_on_the_page() {
    let of_calls = FindingCode::ALL.iter().filter(|code| code.meaning().is_some());
    let mut documented: Vec<FindingCode> = rules()
        .into_iter()
        .flat_map(|(_, rows)| rows)
        .map(|row| row.code)
        .chain(of_calls.copied())
        .collect();
    documented.sort_unstable();
    let mut all = FindingCode::ALL.to_vec();
    all.sort_unstable();
    assert_eq!(documented, all);
    let page = generated();
    for code in all {
        assert_eq!(page.matches(&format!("| `{code}` |")).count(), 1, "{code}");
    }
}

/// Documents that anyone can open, and the service itself.
const DOCUMENTS: [&str; 10] = [
    "BR ",
    "Chrome Root Program Policy ",
    "EV Guidelines ",
    "guide ",
    "ISO 3166-1",
    "Mozilla Root Store Policy ",
    "RFC ",
    "seen of the service: ",
    "Web Cryptography API",
    "X.6",
];

#[test]
fn a_source_is_a_document_that_a_user_can_open_or_was_seen_of_the_service() {
    for row in rules().into_iter().flat_map(|(_, rows)| rows) {
        let mut parts = row.source.split(", ");
        let is_document = |part: &str| DOCUMENTS.iter().any(|document| part.starts_with(document));
        // One more section of the document before it.
        let is_section = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
        assert!(parts.next().is_some_and(is_document), "{}: {}", row.code, row.source);
        assert!(
            parts.all(|part| is_document(part) || is_section(part)),
            "{}: {}",
            row.code,
            row.source
        );
    }
}
