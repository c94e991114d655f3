//! A rule, and how it reports.

use crate::{
    finding::FindingCode,
    finding::{Finding, Severity},
};

/// One rule about one kind of thing. The table of these is the documentation.
pub(crate) struct Rule<T: ?Sized> {
    pub code: FindingCode,
    pub severity: Severity,
    /// What triggers it, for the documentation.
    pub title: &'static str,
    /// Who says so.
    pub source: &'static str,
    pub check: fn(&T, &mut Report<'_>),
}

/// Where a rule puts what it finds.
pub(crate) struct Report<'r> {
    code: FindingCode,
    severity: Severity,
    source: &'static str,
    findings: &'r mut Vec<Finding>,
}

impl Report<'_> {
    /// Adds a finding: what it is about, and one sentence.
    pub(crate) fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.findings.push(Finding {
            severity: self.severity,
            code: self.code,
            message: message.into(),
            field: Some(field.into()),
            source: Some(self.source),
        });
    }

    /// Adds a finding if the thing is so.
    pub(crate) fn add_if(&mut self, is_so: bool, field: impl Into<String>, message: impl FnOnce() -> String) {
        if is_so {
            self.add(field, message());
        }
    }
}

/// Applies every rule of a table.
pub(crate) fn apply<T: ?Sized>(rules: &[Rule<T>], subject: &T, findings: &mut Vec<Finding>) {
    for rule in rules {
        let Rule {
            code, severity, source, ..
        } = *rule;
        (rule.check)(
            subject,
            &mut Report {
                code,
                severity,
                source,
                findings,
            },
        );
    }
}

/// A row of the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleDoc {
    /// Stable, for programs.
    pub code: FindingCode,
    /// What happens if nothing is changed.
    pub severity: Severity,
    /// What triggers it.
    pub title: &'static str,
    /// Who says so.
    pub source: &'static str,
}

/// The rows of a table.
pub(super) fn rows<T: ?Sized>(rules: &[Rule<T>]) -> Vec<RuleDoc> {
    rules
        .iter()
        .map(
            |&Rule {
                 code,
                 severity,
                 title,
                 source,
                 ..
             }| RuleDoc {
                code,
                severity,
                title,
                source,
            },
        )
        .collect()
}
