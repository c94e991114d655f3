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

/// A certificate whose beginning nothing shows lives no longer than is allowed since 15 March 2026.
const LONGEST_LIFE: Ms = 200 * DAY;
/// The most days that a public certificate lives, from 15 March of 2029, 2027 and 2026 on (SC-081v3) and before (SC31).
pub(crate) const LIVES: [(Ms, Ms); 4] = [
    (1_868_227_200_000, 47 * DAY),
    (1_805_068_800_000, 100 * DAY),
    (1_773_532_800_000, LONGEST_LIFE),
    (Ms::MIN, 398 * DAY),
];
/// An order waits so long for its certificate, at most.
const LONGEST_WAIT: Ms = 30 * DAY;

/// How long a certificate lives at the most that is issued then.
fn longest_life(issued: Ms) -> Ms {
    let rule = LIVES.iter().find(|(from, _)| *from <= issued);
    rule.map_or(LONGEST_LIFE, |(_, life)| *life)
}

/// When the certificate of an order that was placed then has ended at the latest.
#[must_use]
pub fn ended_by(created: Ms) -> Ms {
    created
        .saturating_add(LONGEST_WAIT)
        .saturating_add(longest_life(created))
}

/// When a certificate is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// From then on.
    pub at: Ms,
    /// The rule asks for an earlier day.
    pub is_held_back: bool,
}

impl At {
    /// From when on a certificate with this life is due. `said`: by the caller's function; `is_chosen`: by its order's id a
    /// caller has asked for this one, which its successor does not have.
    ///
    /// By a number that is near a certificate's life each one would be due as soon as it is issued, and another ordered every
    /// night. So half of a life has to be over: of its own, or of that of a new one, where certificates live less by then.
    #[must_use]
    pub fn due(self, life: Ms, not_after: Ms, said: Option<Ms>, is_chosen: bool, now: Ms) -> Due {
        let asked = match (self, said) {
            (Self::Named(Rule::Function), Some(said)) => said,
            _ => not_after.saturating_sub(self.asked_of(life)),
        };
        let mut at = asked;
        // A third of any life is less than all of the next one.
        if !is_chosen && self != Self::Named(Rule::Third) {
            // The later it is, the less a new one lives.
            for _ in LIVES {
                let new_life = new_life(life, not_after, at.max(now));
                at = at.max(not_after.saturating_sub(most_left(life.min(new_life))));
            }
        }
        Due {
            at,
            is_held_back: at.saturating_sub(asked) >= DAY,
        }
    }

    /// How much of a life is left when it is due, while all certificates live so long.
    #[must_use]
    pub fn left_of(self, life: Ms) -> Ms {
        self.asked_of(life).min(most_left(life))
    }

    fn asked_of(self, life: Ms) -> Ms {
        match self {
            Self::Named(_) => life.div_euclid(3),
            Self::Days(count) => time::days(count),
        }
    }
}

const fn most_left(life: Ms) -> Ms {
    life.div_euclid(2)
}

/// How long a certificate lives, by its beginning, or else by when it was ordered.
#[must_use]
pub fn life(from: Option<Ms>, not_after: Ms) -> Ms {
    let life = from.map(|from| not_after.saturating_sub(from));
    life.filter(|life| *life > 0)
        .unwrap_or_else(|| longest_life(not_after).min(LONGEST_LIFE))
}

/// How long the successor of a certificate lives that is issued then: one that keeps to no rule has one that keeps to none.
#[must_use]
pub fn new_life(life: Ms, not_after: Ms, issued: Ms) -> Ms {
    if life > longest_life(not_after.saturating_sub(life)).saturating_add(DAY) {
        return life;
    }
    longest_life(issued)
}

#[cfg(test)]
mod tests {
    use api::facts::{Date, Fact as _};

    use super::*;

    fn day(text: &str) -> Ms {
        time::of(&Date::read(&text.into()).unwrap()).unwrap()
    }

    #[test]
    fn nothing_is_due_before_half_of_a_life_is_over() {
        let third = At::Named(Rule::Third);
        for (at, from, until, now, due, is_held_back) in [
            (
                At::Days(30.0),
                "2026-04-01",
                "2026-10-18",
                "2026-04-02",
                "2026-09-18",
                false,
            ),
            (
                At::Days(150.0),
                "2026-04-01",
                "2026-10-18",
                "2026-04-02",
                "2026-07-10",
                true,
            ),
            (
                At::Days(60.0),
                "2029-04-01",
                "2029-05-18",
                "2029-04-02",
                "2029-04-24",
                true,
            ),
            (third, "2029-04-01", "2029-05-17", "2029-04-02", "2029-05-01", false),
            // Ordered before the rule changes, when a new one lives 200 days, and after it.
            (
                At::Days(90.0),
                "2026-10-01",
                "2027-04-19",
                "2027-01-01",
                "2027-01-19",
                false,
            ),
            (
                At::Days(90.0),
                "2026-12-20",
                "2027-07-08",
                "2027-01-01",
                "2027-05-19",
                true,
            ),
            (
                At::Days(100.0),
                "2026-11-20",
                "2027-06-08",
                "2027-01-01",
                "2027-02-28",
                false,
            ),
            (
                At::Days(100.0),
                "2026-11-20",
                "2027-06-08",
                "2027-03-16",
                "2027-04-19",
                true,
            ),
            (third, "2027-03-01", "2027-09-17", "2027-04-01", "2027-07-12", false),
            // One that lives six days, and one whose half ends with February of a leap year.
            (third, "2026-05-01", "2026-05-07", "2026-05-02", "2026-05-05", false),
            (
                At::Days(30.0),
                "2026-05-01",
                "2026-05-07",
                "2026-05-02",
                "2026-05-04",
                true,
            ),
            (
                At::Days(90.0),
                "2028-01-10",
                "2028-04-19",
                "2028-01-11",
                "2028-02-29",
                true,
            ),
            // One that lives longer than any public one.
            (
                At::Days(300.0),
                "2026-04-01",
                "2029-04-01",
                "2026-05-01",
                "2028-06-05",
                false,
            ),
        ] {
            let (from, until) = (day(from), day(until));
            let found = at.due(life(Some(from), until), until, None, false, day(now));
            assert!(
                (found.at - day(due)).abs() < DAY,
                "{at:?}, {due}: {}",
                time::iso(found.at)
            );
            assert_eq!(found.is_held_back, is_held_back, "{at:?}, {due}");
        }
    }

    #[test]
    fn a_function_is_held_back_too_and_a_chosen_order_is_not() {
        let (from, until, now) = (day("2029-04-01"), day("2029-05-18"), day("2029-04-02"));
        let at = At::Named(Rule::Function);
        let due = |said, is_chosen| at.due(until - from, until, Some(said), is_chosen, now);
        let half = Due {
            at: until - (until - from).div_euclid(2),
            is_held_back: true,
        };
        assert_eq!(due(until - 60 * DAY, false), half);
        assert_eq!(
            due(until - 60 * DAY, true),
            Due {
                at: until - 60 * DAY,
                is_held_back: false
            }
        );
        assert_eq!(
            due(until - 9 * DAY, false),
            Due {
                at: until - 9 * DAY,
                is_held_back: false
            }
        );
    }

    #[test]
    fn where_nothing_shows_the_beginning_of_a_life_it_is_a_short_one() {
        for (until, days) in [
            ("2026-04-01", 200),
            ("2027-03-14", 200),
            ("2027-03-15", 100),
            ("2029-04-01", 47),
        ] {
            assert_eq!(life(None, day(until)), days * DAY, "{until}");
        }
    }
}
