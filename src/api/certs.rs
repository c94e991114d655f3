//! The service's own CSR parser (guide 7.3).

use serde::Deserialize;
use serde_json::json;

use super::{
    call::{Call, Method, Refused, Request},
    model::{Model, view},
};

view! {
    /// A CSR as the service reads it. *Inferred*: the guide lists what it holds, not the fields' names.
    pub struct ServerCsr {
        /// The CSR, PEM.
        csr: String,
        /// CN.
        common_name: String,
        /// O.
        organization_name: String,
        /// OU.
        organization_unit: String,
        /// L; some replies name it `locale`.
        locality: String,
        /// L, by its other name.
        locale: String,
        /// ST.
        state: String,
        /// C.
        country: String,
        /// The subject's email address.
        email: String,
        /// The signature algorithm's name.
        signature_algorithm: String,
    }
}

/// `POST /cert/parse` (guide 7.3.1). *Inferred*: that the list stands in `csrs`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ParseCsrs {
    /// The CSRs, PEM.
    pub csrs: Vec<String>,
}

impl Call for ParseCsrs {
    type Reply = Vec<Model<ServerCsr>>;

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request::new(Method::Post, "/cert/parse").with_body(json!({ "csrs": self.csrs })))
    }
}
