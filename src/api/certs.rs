//! The service's own CSR parser (guide 7.3).

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    call::{Call, Method, Refused, Request},
    model::{Model, view},
};

view! {
    /// A CSR as the service reads it. *Inferred*: the guide lists what it holds, not the fields' names.
    pub struct ServerCsr {
        /// The CSR, PEM.
        csr: String = "csr",
        /// CN.
        common_name: String = "commonName",
        /// O.
        organization_name: String = "organizationName",
        /// OU.
        organization_unit: String = "organizationUnit",
        /// L; some replies name it `locale`.
        locality: String = "locality",
        /// L, by its other name.
        locale: String = "locale",
        /// ST.
        state: String = "state",
        /// C.
        country: String = "country",
        /// The subject's email address.
        email: String = "email",
        /// The signature algorithm's name.
        signature_algorithm: String = "signatureAlgorithm",
    }
}

/// `POST /cert/parse` (guide 7.3.1). *Inferred*: that the list stands in `csrs`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ParseCsrs {
    /// The CSRs, PEM.
    pub csrs: Vec<String>,
    /// Sent in place of `{"csrs": …}`, which nobody has confirmed.
    #[serde(default)]
    pub body: Option<Value>,
}

impl Call for ParseCsrs {
    type Reply = Vec<Model<ServerCsr>>;

    fn request(&self) -> Result<Request, Refused> {
        let body = self.body.clone().unwrap_or_else(|| json!({ "csrs": self.csrs }));
        Ok(Request::new(Method::Post, "/cert/parse").with_body(body))
    }
}
