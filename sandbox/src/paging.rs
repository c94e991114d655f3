//! Pages of a list: `page` from 0, `size`, `sort=field,asc|desc`.

use core::cmp::Reverse;

use serde::Serialize;

use crate::http::Response;
use crate::query::Query;

/// The size of a page where none is asked for.
const DEFAULT_SIZE: u32 = 20;
/// The largest page. A larger `size` gets this one, as the reply's `page.size` says; the service's own bound is unknown.
const MAX_SIZE: u32 = 200;

/// What rows are sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Number(Option<u64>),
    Text(String),
}

/// A field that a list can be sorted by, and how to read it.
pub(crate) type Sortable<T> = (&'static str, fn(&T) -> Key);

/// A page, as replies show it.
#[derive(Debug, Serialize)]
pub(crate) struct Page<R> {
    pub(crate) content: Vec<R>,
    pub(crate) page: PageInfo,
}

/// Where a page is in its list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    size: u64,
    total_elements: u64,
    total_pages: u64,
    number: u64,
}

/// Which page, and in which order.
#[derive(Debug)]
pub(crate) struct Paging<T> {
    page: u64,
    size: u64,
    sort: Option<Sort<T>>,
}

/// By what to sort.
#[derive(Debug)]
struct Sort<T> {
    key: fn(&T) -> Key,
    is_descending: bool,
}

impl<T> Paging<T> {
    /// Reads the query; what is wrong goes to its checker.
    pub(crate) fn of(query: &Query<'_>, sortable: &[Sortable<T>]) -> Self {
        let names = sortable.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let expectation = format!("must be one of {names}, then perhaps ,asc or ,desc");
        Self {
            page: query.number("page", 0).unwrap_or(0).into(),
            size: query.number("size", 1).unwrap_or(DEFAULT_SIZE).min(MAX_SIZE).into(),
            sort: query.parsed("sort", &expectation, |text| {
                let (field, is_descending) = match text.split_once(',') {
                    None => (text, false),
                    Some((field, "asc")) => (field, false),
                    Some((field, "desc")) => (field, true),
                    Some(_) => return None,
                };
                let (_, key) = sortable.iter().find(|(name, _)| *name == field)?;
                Some(Sort {
                    key: *key,
                    is_descending,
                })
            }),
        }
    }

    /// The page of these rows, each written by `render`, as the body of a reply.
    pub(crate) fn respond<'t, R: Serialize>(
        &self,
        rows: impl Iterator<Item = &'t T>,
        render: impl Fn(&'t T) -> R,
    ) -> Response
    where
        T: 't,
    {
        Response::json(200, &self.page(rows, render))
    }

    /// The page of these rows.
    pub(crate) fn page<'t, R>(&self, rows: impl Iterator<Item = &'t T>, render: impl Fn(&'t T) -> R) -> Page<R>
    where
        T: 't,
    {
        let start = self.page.saturating_mul(self.size);
        let mut total = 0_u64;
        let mut content = Vec::new();
        let mut take = |row: &'t T| {
            if total >= start && total < start.saturating_add(self.size) {
                content.push(render(row));
            }
            total = total.saturating_add(1);
        };
        match &self.sort {
            None => rows.for_each(&mut take),
            Some(Sort { key, is_descending }) => {
                let mut rows: Vec<&T> = rows.collect();
                // Stable in both directions: rows that are equal stay in the order of their creation.
                if *is_descending {
                    rows.sort_by_cached_key(|row| Reverse(key(row)));
                } else {
                    rows.sort_by_cached_key(|row| key(row));
                }
                rows.into_iter().for_each(&mut take);
            }
        }
        Page {
            content,
            page: PageInfo {
                size: self.size,
                total_elements: total,
                total_pages: total.div_ceil(self.size.max(1)),
                number: self.page,
            },
        }
    }
}
