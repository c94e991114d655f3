//! What decides about an organization (guide 7.1).

use super::{date::Date, fact::facts};

facts! {
    /// An organization, as far as anything is decided by it.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct OrganizationFacts {
        /// Its validations. One holds 13 months (guide 7.1).
        pub validations: Vec<ValidationFacts> = "validations",
    }
}

facts! {
    /// A validation of an organization.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct ValidationFacts {
        /// What it is for: `OV` or `EV`.
        pub kind: Option<String> = "type",
        /// Where it is, such as `PENDING`.
        pub status: Option<String> = "status",
        /// Until when it holds.
        pub date_validated_until: Option<Date> = "dateValidatedUntil",
    }
}
