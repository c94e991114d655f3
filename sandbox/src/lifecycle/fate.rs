//! What becomes of an order.

/// A domain that chooses what becomes of an order whose common name is it or below it.
#[derive(Clone, Copy, Debug)]
pub struct FateName {
    /// The domain: `rejected.example`.
    pub domain: &'static str,
    /// What becomes of the order.
    pub meaning: &'static str,
}

/// Declares the fates, each with its domain, which is reserved (RFC 2606), so that no real order is hit.
macro_rules! fates {
    ($(#[doc = $meaning:literal] $Fate:ident = $domain:literal,)+) => {
        /// Chosen by the common name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Fate {
            /// Like every order that no other fate is chosen for.
            Issued,
            $(#[doc = $meaning] $Fate,)+
        }

        /// The domains that choose a fate; every other valid order is issued.
        pub const FATES: &[FateName] = &[$(FateName { domain: $domain, meaning: $meaning.trim_ascii() },)+];

        const BY_DOMAIN: &[(&str, Fate)] = &[$(($domain, Fate::$Fate),)+];
    };
}

fates! {
    /// `DIGI_REJECTED` within minutes.
    Rejected = "rejected.example",
    /// `DIGI_FAILED` within seconds.
    Failed = "failed.example",
    /// `DIGI_NEEDS_APPROVAL` for a day, then approved.
    NeedsApproval = "needs-approval.example",
    /// A day in `DIGI_PROCESSING`; a reissue is a day in `DIGI_REISSUE_PENDING`.
    Slow = "slow.example",
    /// `DIGI_NEEDS_CSR` until it expires.
    NeedsCsr = "needs-csr.example",
    /// `DIGI_WAITING_PICKUP` until it expires.
    WaitingPickup = "waiting-pickup.example",
    /// `DIGI_PENDING` until it expires.
    Never = "never.example",
    /// `CREATED` until it expires.
    Unreceived = "unreceived.example",
    /// Issued; a reissue is `DIGI_REISSUE_FAILED` within minutes.
    ReissueFailed = "reissue-failed.example",
    /// Issued; a reissue stays `REISSUE_PENDING`.
    ReissueStuck = "reissue-stuck.example",
    /// Issued; a reissue stays `REISSUE_REQUEST_PENDING`.
    ReissueUnreceived = "reissue-unreceived.example",
}

impl Fate {
    pub(super) fn of(common_name: &str) -> Self {
        let name = common_name.to_ascii_lowercase();
        let is_at_or_below = |domain: &str| {
            let above = name.strip_suffix(domain);
            above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
        };
        let chosen = BY_DOMAIN.iter().find(|(domain, _)| is_at_or_below(domain));
        chosen.map_or(Self::Issued, |(_, fate)| *fate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fate_is_chosen_at_a_domain_and_below_it_and_not_beside_it() {
        for (name, fate) in [
            ("slow.example", Fate::Slow),
            ("www.Slow.example", Fate::Slow),
            ("*.reissue-failed.example", Fate::ReissueFailed),
            ("notslow.example", Fate::Issued),
            ("slow.example.com", Fate::Issued),
        ] {
            assert_eq!(Fate::of(name), fate, "{name}");
        }
    }
}
