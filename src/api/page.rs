//! Pages of lists, in the three forms in which services of this kind send them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    call::{Query, Reply, Unreadable, json},
    model::{Model, View, kind_of},
};

/// Which page of a list to ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(default, expecting = "an object")]
pub struct Paging {
    /// The page's number, counted from 0.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub page: Option<u64>,
    /// Items per page; the largest that the service takes is unknown.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub size: Option<u64>,
    /// A field, and after a comma `asc` or `desc`.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub sort: Option<String>,
}

impl Paging {
    pub(super) fn add_to(&self, query: Query) -> Query {
        query
            .with("page", self.page)
            .with("size", self.size)
            .with("sort", self.sort.as_ref())
    }
}

/// Where a page stands in its list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Items per page.
    pub size: u64,
    /// Items in the whole list.
    pub total_elements: u64,
    /// Pages in the whole list.
    pub total_pages: u64,
    /// This page's number, counted from 0.
    pub number: u64,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The page's items.
    pub content: Vec<Model<T>>,
    /// Where it stands; what the service left out is worked out from the rest.
    pub page: PageInfo,
    /// The page number as the service said it, if it did.
    pub echoed: Option<u64>,
    /// Whether the service said that no page follows, or that one does.
    pub last: Option<bool>,
}

impl<T: View + Default> Reply for Page<T> {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        match json(body)? {
            Value::Array(items) => Ok(Self::new(items, &Map::new(), Some(true))),
            Value::Object(mut envelope) => {
                let items = match envelope.remove("content") {
                    Some(Value::Array(items)) => items,
                    None | Some(Value::Null) => Vec::new(),
                    Some(other) => {
                        return Err(Unreadable {
                            message: format!("expected a list of items, found {}", kind_of(&other)),
                            path: Some("$.content".into()),
                        });
                    }
                };
                let last = envelope.get("last").and_then(Value::as_bool);
                match envelope.get("page") {
                    Some(Value::Object(page)) => Ok(Self::new(items, page, last)),
                    _ => Ok(Self::new(items, &envelope, last)),
                }
            }
            other => Err(Unreadable {
                message: format!("expected a page of a list, found {}", kind_of(&other)),
                path: Some("$".into()),
            }),
        }
    }
}

impl<T: View + Default> Page<T> {
    fn new(items: Vec<Value>, counts: &Map<String, Value>, last: Option<bool>) -> Self {
        let count = |name| counts.get(name).and_then(Value::as_u64);
        let held = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let echoed = count("number");
        let number = echoed.unwrap_or_default();
        let size = count("size").unwrap_or(held);
        let total_elements = count("totalElements").unwrap_or_else(|| number.saturating_mul(size).saturating_add(held));
        let total_pages = count("totalPages");
        Self {
            content: items.into_iter().map(Model::from).collect(),
            last: last.or_else(|| total_pages.map(|total| number.saturating_add(1) >= total)),
            page: PageInfo {
                size,
                total_elements,
                number,
                total_pages: total_pages.unwrap_or_else(|| match size {
                    0 => 1,
                    size => total_elements.div_ceil(size).max(1),
                }),
            },
            echoed,
        }
    }
}
