//! The top-level domains that there are, and the domains under which registries let others have names: IANA's root zone, and
//! the ICANN part of the Public Suffix List. `tools/suffixes.mjs` makes the table, and says what its lines are.

use der::find;

/// The table, with its lines in order.
pub(crate) struct Suffixes {
    /// Of the list: `2026-08-12`.
    pub date: &'static str,
    /// One for each top-level domain, which it begins with.
    lines: Vec<&'static str>,
}

impl Suffixes {
    pub(crate) fn of(table: &'static str) -> Self {
        let mut lines = table.lines();
        Self {
            date: lines.next().unwrap_or_default(),
            lines: lines.collect(),
        }
    }

    /// Whether there is such a top-level domain; in lower case.
    pub(crate) fn has_tld(&self, tld: &str) -> bool {
        self.rules_under(tld).is_some()
    }

    /// Whether anyone can have names under this domain, of two labels or more; in lower case.
    pub(crate) fn is_public(&self, domain: &str) -> bool {
        self.has_rule(domain, |rule, under| {
            rule == under || rule.strip_prefix('*').is_some_and(|rule| is_any_label_and(under, rule))
        }) && !self.has_rule(domain, |rule, under| rule.strip_prefix('!') == Some(under))
    }

    /// Whether a wildcard would cover domains under which anyone can have names.
    pub(crate) fn is_above_public(&self, domain: &str) -> bool {
        let is_above = |rule: &str, under: &str| rule.strip_prefix("*.") == Some(under);
        self.is_public(domain) || self.has_rule(domain, is_above)
    }

    /// Whether there is such a rule, which is asked about with what the domain is without its top-level domain.
    fn has_rule(&self, domain: &str, is_such: fn(&str, &str) -> bool) -> bool {
        let Some((under, tld)) = domain.rsplit_once('.') else {
            return false;
        };
        self.rules_under(tld)
            .is_some_and(|mut rules| rules.any(|rule| is_such(rule, under)))
    }

    fn rules_under(&self, tld: &str) -> Option<core::str::Split<'static, char>> {
        let first = |line: &'static str| line.split(' ').next().unwrap_or_default();
        let at = self.lines.binary_search_by(|line| first(line).cmp(tld)).ok()?;
        let mut words = self.lines.get(at)?.split(' ');
        words.next();
        Some(words)
    }
}

/// Whether a name is one label and then this, which is empty or begins with a dot.
fn is_any_label_and(name: &str, rest: &str) -> bool {
    name.strip_suffix(rest)
        .is_some_and(|label| !label.is_empty() && !find::has(label, '.'))
}

#[cfg(test)]
mod tests {
    use super::Suffixes;

    const TABLE: &str = "2026-01-02\nck !www *\ncom\njp *.kobe !city.kobe co\nuk co\nzw";

    #[test]
    fn rules_are_looked_up_as_the_list_says() {
        let suffixes = Suffixes::of(TABLE);
        assert_eq!(suffixes.date, "2026-01-02");
        for tld in ["ck", "com", "jp", "uk", "zw"] {
            assert!(suffixes.has_tld(tld), "{tld}");
        }
        for tld in ["", "c", "co", "comm", "2026-01-02", "zz"] {
            assert!(!suffixes.has_tld(tld), "{tld}");
        }
        for domain in ["co.uk", "a.ck", "x.kobe.jp"] {
            assert!(
                suffixes.is_public(domain) && suffixes.is_above_public(domain),
                "{domain}"
            );
        }
        for domain in [
            "uk",
            "a.co.uk",
            "xco.uk",
            "www.ck",
            "city.kobe.jp",
            "a.b.kobe.jp",
            ".kobe.jp",
            "co.zz",
        ] {
            assert!(
                !suffixes.is_public(domain) && !suffixes.is_above_public(domain),
                "{domain}"
            );
        }
        assert!(!suffixes.is_public("kobe.jp") && suffixes.is_above_public("kobe.jp"));
    }
}
