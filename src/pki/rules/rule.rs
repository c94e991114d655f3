//! A rule, and how it reports.

use crate::{
    finding::FindingCode,
    finding::{Finding, Severity},
};

/// One rule about one kind of thing. The table of these is the documentation.
pub(crate) struct Rule<T: ?Sized> {
    pub code: FindingCode,
    pub severity: Severity,
    #[cfg_attr(target_arch = "wasm32", expect(dead_code, reason = "it is for the documentation"))]
    pub title: Title,
    /// Who says so.
    pub source: &'static str,
    pub check: fn(&T, &mut Report<'_>),
}

/// What triggers a rule, for the documentation. The wasm has no use for it, and does not contain it.
#[derive(Clone, Copy)]
pub(crate) struct Title {
    #[cfg(not(target_arch = "wasm32"))]
    pub text: &'static str,
}

/// The text of a [`Title`].
macro_rules! title {
    ($text:literal) => {
        $crate::rules::rule::Title {
            #[cfg(not(target_arch = "wasm32"))]
            text: $text,
        }
    };
}
pub(crate) use title;

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
#[cfg(not(target_arch = "wasm32"))]
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
#[cfg(not(target_arch = "wasm32"))]
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
                title: title.text,
                source,
            },
        )
        .collect()
}
