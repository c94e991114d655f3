//! A rule, and how it reports.

use core::fmt;

use finding::{Finding, FindingCode, Severity};

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

/// What rules find. A request may have tens of thousands of names, each with the same flaw: of one code so many findings are
/// kept as somebody may read, and the last of them says how many more there are.
#[derive(Default)]
pub(crate) struct Findings {
    kept: Vec<Finding>,
    /// How many there were of each code: so few that to look them through is quickest.
    counts: Vec<(FindingCode, usize)>,
}

impl Findings {
    /// Of one code. No certificate authority takes many more names than this.
    const MOST: usize = 100;

    /// Counts one more, and whether it is to be kept.
    fn is_wanted(&mut self, code: FindingCode) -> bool {
        let Some((_, count)) = self.counts.iter_mut().find(|(counted, _)| *counted == code) else {
            self.counts.push((code, 1));
            return true;
        };
        *count = count.saturating_add(1);
        *count <= Self::MOST
    }

    /// All that were kept.
    pub(crate) fn all(mut self) -> Vec<Finding> {
        for (code, count) in self.counts {
            let more = count.saturating_sub(Self::MOST);
            let last = self.kept.iter_mut().rfind(|finding| finding.code == code);
            if let Some(last) = last.filter(|_| more > 0) {
                let counted = format!(" The same is so of {more} more.");
                last.message.push_str(&counted);
            }
        }
        self.kept
    }
}

/// Where a rule puts what it finds.
pub(crate) struct Report<'r> {
    code: FindingCode,
    severity: Severity,
    source: &'static str,
    findings: &'r mut Findings,
}

impl Report<'_> {
    /// Adds a finding: what it is about, and one sentence.
    ///
    /// The sentence comes unwritten: what writes it is compiled once, and not for each rule.
    pub(crate) fn add(&mut self, field: &dyn fmt::Display, sentence: fmt::Arguments<'_>) {
        if !self.findings.is_wanted(self.code) {
            return;
        }
        self.findings.kept.push(Finding {
            severity: self.severity,
            code: self.code,
            message: in_brief(sentence.to_string()),
            field: Some(field.to_string()),
            source: Some(self.source),
        });
    }
}

/// A sentence with what nobody reads cut out of it: a number of thousands of digits, a label of a megabyte.
fn in_brief(message: String) -> String {
    /// In octets; no name, OID or number that is right has as many.
    const LONGEST_WORD: usize = 254;
    if message.len() <= LONGEST_WORD {
        return message;
    }
    let brief = |word: &str| match word.char_indices().nth(64) {
        Some((end, _)) if word.len() > LONGEST_WORD => [word.get(..end).unwrap_or_default(), "…"].concat(),
        _ => word.to_owned(),
    };
    message.split(' ').map(brief).collect::<Vec<String>>().join(" ")
}

/// Applies every rule of a table.
pub(crate) fn apply<T: ?Sized>(rules: &[Rule<T>], subject: &T, findings: &mut Findings) {
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
