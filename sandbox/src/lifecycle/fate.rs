//! What becomes of an order.

/// Chosen by the common name: at or below these domains, which are reserved (RFC 2606), so that no real order is hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Issued,
    Rejected,
    Failed,
    NeedsApproval,
    Slow,
    NeedsCsr,
    WaitingPickup,
    Never,
    ReissueFailed,
    ReissueStuck,
}

impl Fate {
    pub(super) fn of(common_name: &str) -> Self {
        let name = common_name.to_ascii_lowercase();
        let mut labels = name.rsplit('.');
        match (labels.next(), labels.next()) {
            (Some("example"), Some("rejected")) => Self::Rejected,
            (Some("example"), Some("failed")) => Self::Failed,
            (Some("example"), Some("needs-approval")) => Self::NeedsApproval,
            (Some("example"), Some("slow")) => Self::Slow,
            (Some("example"), Some("needs-csr")) => Self::NeedsCsr,
            (Some("example"), Some("waiting-pickup")) => Self::WaitingPickup,
            (Some("example"), Some("never")) => Self::Never,
            (Some("example"), Some("reissue-failed")) => Self::ReissueFailed,
            (Some("example"), Some("reissue-stuck")) => Self::ReissueStuck,
            _ => Self::Issued,
        }
    }
}
