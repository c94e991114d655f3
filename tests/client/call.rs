//! Calls written as sentences: `call("orders.get").id(ID)`.

use markmonitor_certs::{
    api::{Arguments, Endpoint, Request, Service, request::RequestOptions},
    client::{Error, endpoint},
};
use serde_json::{Map, Value};

/// A call and its arguments.
#[derive(Clone)]
pub struct Call {
    of: Of,
    arguments: Arguments,
}

#[derive(Clone)]
enum Of {
    Endpoint(&'static Endpoint),
    Any(RequestOptions),
}

/// A call by its name.
pub fn call(operation: &str) -> Call {
    of(endpoint(operation).unwrap_or_else(|error| panic!("{}", error.message)))
}

/// A call of this endpoint.
pub fn of(endpoint: &'static Endpoint) -> Call {
    Call {
        of: Of::Endpoint(endpoint),
        arguments: Arguments::default(),
    }
}

/// A call that has no name.
pub fn request(method: &str, path: &str) -> Call {
    Call {
        of: Of::Any(RequestOptions {
            method: Some(method.into()),
            path: Some(path.into()),
            ..RequestOptions::default()
        }),
        arguments: Arguments::default(),
    }
}

impl Call {
    pub fn id(self, id: impl Into<String>) -> Self {
        self.at("id", id)
    }

    pub fn history_id(self, id: impl Into<String>) -> Self {
        self.at("historyId", id)
    }

    fn at(mut self, name: &str, id: impl Into<String>) -> Self {
        self.arguments.path.insert(name.into(), id.into().into());
        self
    }

    /// The query, that of paging included.
    pub fn filter(mut self, filter: Value) -> Self {
        self.arguments.query.extend(fields(filter));
        self
    }

    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.arguments.body = Some(body.into().to_string());
        self
    }

    /// Of which service the path is.
    pub fn service(mut self, service: Service) -> Self {
        match &mut self.of {
            Of::Any(options) => options.service = Some(service),
            Of::Endpoint(endpoint) => panic!("{} has its service", endpoint.operation),
        }
        self
    }

    pub fn request(self) -> Result<Request, Error> {
        Ok(match self.of {
            Of::Endpoint(endpoint) => endpoint.request(self.arguments)?,
            Of::Any(options) => RequestOptions {
                query: Some(self.arguments.query),
                ..options
            }
            .request(self.arguments.body)?,
        })
    }

    /// The endpoint and what is asked of it.
    pub fn parts(self) -> (&'static Endpoint, Arguments) {
        match self.of {
            Of::Endpoint(endpoint) => (endpoint, self.arguments),
            Of::Any(options) => panic!("{} has no name", options.path.unwrap_or_default()),
        }
    }
}

/// The fields of an object.
pub fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        other => panic!("{other} is not an object"),
    }
}
