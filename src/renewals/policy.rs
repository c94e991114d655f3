//! When a certificate is due, and what is replaced besides.

use serde::{Deserialize, Serialize};

use crate::time::{self, DAY, Ms};

/// What a caller wants renewed, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Policy {
    /// When a certificate is due.
    pub at: At,
    /// What is done about revoked certificates.
    pub revoked: Revoked,
    /// Whether several certificates of the same names are in use side by side: then one replaces another only if its comments
    /// say so.
    pub parallel: bool,
    /// What has ended without a successor is listed for so many days after its end.
    pub ended: f64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            at: At::default(),
            revoked: Revoked::default(),
            parallel: false,
            ended: 90.0,
        }
    }
}

impl Policy {
    /// What ended before is not listed any more.
    #[must_use]
    pub fn forgotten(&self, now: Ms) -> Ms {
        now.saturating_sub(time::days(self.ended))
    }
}

/// When a certificate is due.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum At {
    /// By a rule that has a name.
    Named(Rule),
    /// So many days before its end.
    Days(f64),
}

/// A rule for when a certificate is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    /// When a third of its life is left.
    Third,
    /// When the caller's function says so, which is asked elsewhere.
    Function,
}

/// What is done about revoked certificates: they were revoked on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Revoked {
    /// They are listed.
    #[default]
    List,
    /// They are replaced.
    Replace,
}

impl Default for At {
    fn default() -> Self {
        Self::Named(Rule::Third)
    }
}

/// The most days that a public certificate may live, the last rule first: from 15 March of 2029, 2027 and 2026 on (ballot
/// SC-081v3).
pub(crate) const LIVES: [(Ms, u32); 3] = [
    (1_868_227_200_000, 47),
    (1_805_068_800_000, 100),
    (1_773_532_800_000, LONGEST),
];
/// How many a certificate lives where nothing says when it began: the most that is allowed.
const LONGEST: u32 = 200;
/// The most days before (ballot SC31).
const ONCE: u32 = 398;
/// An order waits so long for its certificate, at most.
const LONGEST_WAIT: Ms = 30 * DAY;

/// When the certificate of an order that was placed then has ended at the latest.
#[must_use]
pub fn ended_by(created: Ms) -> Ms {
    let rule = LIVES.iter().find(|(from, _)| *from <= created);
    let life = rule.map_or(ONCE, |(_, days)| *days);
    created.saturating_add(LONGEST_WAIT).saturating_add(span(life))
}

impl At {
    /// From when on a certificate with this life is due, unless the caller's function has said it.
    #[must_use]
    pub fn due(self, not_before: Option<Ms>, not_after: Ms, said: Option<Ms>) -> Ms {
        if let (Self::Named(Rule::Function), Some(said)) = (self, said) {
            return said;
        }
        not_after.saturating_sub(self.left_of(life(not_before, not_after)))
    }

    /// How much of a life is left when it is due.
    #[must_use]
    pub fn left_of(self, life: Ms) -> Ms {
        match self {
            Self::Named(_) => life.div_euclid(3),
            Self::Days(count) => time::days(count),
        }
    }
}

/// How long a certificate lives.
#[must_use]
pub fn life(not_before: Option<Ms>, not_after: Ms) -> Ms {
    let life = not_before.map(|from| not_after.saturating_sub(from));
    life.filter(|life| *life > 0).unwrap_or_else(|| span(LONGEST))
}

/// So many days.
pub(crate) fn span(days: u32) -> Ms {
    Ms::from(days).saturating_mul(DAY)
}
