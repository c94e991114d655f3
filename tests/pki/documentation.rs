//! `docs/findings.md` is generated from the tables of rules.

use std::{fmt::Write as _, path::PathBuf};

use markmonitor_certs::pki::{Severity, rules};

fn generated() -> String {
    let mut page = String::from(
        "# Findings\n\nWhat `inspectCsr`, `checkOrder` and `parseBundle` say about a certificate request, an order and a bundle. \
         *Error*: the certificate authority will refuse it. *Warning*: it may surprise you. *Info*: worth knowing. Codes \
         are stable.\n\nBR is the CA/Browser Forum's Baseline Requirements for TLS server certificates, version 2.2.6. \
         The service is Markmonitor's.\n\n\
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
