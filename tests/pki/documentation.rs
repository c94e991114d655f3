//! `docs/findings.md` is generated from the tables of rules.

use std::{fmt::Write as _, path::PathBuf};

use markmonitor_certs::pki::{FindingCode, Severity, rules};

fn generated() -> String {
    let mut page = String::from(
        "# Findings\n\nWhat `inspectCsr`, `checkOrder`, `parseBundle` and `createCsr` say about a certificate request, an order and a bundle. \
         *Error*: the certificate authority will refuse it. *Warning*: it may not be what was meant. *Info*: worth knowing. Codes \
         are stable.\n\nBR is the CA/Browser Forum's Baseline Requirements for TLS server certificates, version 2.2.6; \
         EV Guidelines are its Guidelines for extended validation. The guide is Markmonitor's of the Certs API, and what no \
         document says was seen of the service.\n\n\
         Generated from the rules in `src/pki/rules` by `UPDATE_DOCS=1 cargo test --test pki documentation`.\n",
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
    page
}

#[test]
fn the_page_of_findings_is_current() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, generated()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == generated(),
        "docs/findings.md is out of date: UPDATE_DOCS=1 cargo test --test pki documentation"
    );
}

#[test]
fn every_code_is_that_of_one_row_and_every_row_is_on_the_page() {
    let mut of_rows: Vec<FindingCode> = rules()
        .into_iter()
        .flat_map(|(_, rows)| rows)
        .map(|row| row.code)
        .collect();
    of_rows.sort_unstable();
    let mut all = FindingCode::ALL.to_vec();
    all.sort_unstable();
    assert_eq!(of_rows, all);
    let page = generated();
    for code in all {
        assert_eq!(page.matches(&format!("| `{code}` |")).count(), 1, "{code}");
    }
}

/// Documents that anyone can open, and the service itself.
const DOCUMENTS: [&str; 9] = [
    "BR ",
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
