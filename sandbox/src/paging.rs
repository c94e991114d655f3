//! Pages of a list: `page` from 0, `size`, `sort=field,asc|desc`.

use core::cmp::Reverse;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::http::Response;
use crate::query::Query;
use crate::readings::{EmptyList, EmptyPage, FirstPage, PageForm, PageNumber, PageSize, PastLastPage, Readings};
use crate::refusal::Refusal;

/// The size of a page where none is asked for.
const DEFAULT_SIZE: u32 = 20;
/// The largest page. A larger `size` gets this one, as the reply's `page.size` says; the service's own bound is unknown.
const MAX_SIZE: u32 = 200;
/// The largest `size` that is taken where larger ones are refused.
const LARGEST_TAKEN: u32 = 50;

/// What rows are sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Number(Option<u64>),
    Text(String),
}

/// A field that a list can be sorted by, and how to read it.
pub(crate) type Sortable<T> = (&'static str, fn(&T) -> Key);

/// Which page, in which order, and what a page is.
#[derive(Debug)]
pub(crate) struct Paging<T> {
    page: u64,
    size: u64,
    sort: Option<Sort<T>>,
    readings: Readings,
}

/// By what to sort.
#[derive(Debug)]
struct Sort<T> {
    key: fn(&T) -> Key,
    is_descending: bool,
}

impl<T> Paging<T> {
    /// Reads the query; what is wrong goes to its checker.
    pub(crate) fn of(query: &Query<'_>, readings: &Readings, sortable: &[Sortable<T>]) -> Self {
        let names = sortable.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let expectation = format!("must be one of {names}, then perhaps ,asc or ,desc");
        let asked = query.number("size", 1).unwrap_or(DEFAULT_SIZE);
        if readings.page_size == PageSize::Refused && asked > LARGEST_TAKEN {
            query.problem("size", "INVALID_VALUE", "is too large");
        }
        let size = match readings.page_size {
            PageSize::Capped => asked.min(DEFAULT_SIZE),
            PageSize::Ignored => DEFAULT_SIZE,
            PageSize::Honoured | PageSize::Fewer | PageSize::Refused => asked.min(MAX_SIZE),
        };
        Self {
            page: query.number("page", 0).unwrap_or(0).into(),
            size: size.into(),
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
            readings: *readings,
        }
    }

    /// The page of these rows, each written by `render`, as the body of a reply.
    pub(crate) fn respond<'t, R: Serialize>(
        &self,
        rows: impl Iterator<Item = &'t T>,
        render: impl Fn(&'t T) -> R,
    ) -> Result<Response, Refusal>
    where
        T: 't,
    {
        self.respond_as("content", rows, render)
    }

    /// The same with the items under this name.
    pub(crate) fn respond_as<'t, R: Serialize>(
        &self,
        items: &'static str,
        rows: impl Iterator<Item = &'t T>,
        render: impl Fn(&'t T) -> R,
    ) -> Result<Response, Refusal>
    where
        T: 't,
    {
        let mut rows: Vec<&T> = rows.collect();
        if let Some(Sort { key, is_descending }) = &self.sort {
            // Stable in both directions: rows that are equal stay in the order of their creation.
            if *is_descending {
                rows.sort_by_cached_key(|row| Reverse(key(row)));
            } else {
                rows.sort_by_cached_key(|row| key(row));
            }
        }
        match self.readings.empty_list {
            EmptyList::Empty | EmptyList::NoContent if rows.is_empty() => {
                let is_ok = self.readings.empty_list == EmptyList::Empty;
                return Ok(Response {
                    status: if is_ok { 200 } else { 204 },
                    ..Response::default()
                });
            }
            EmptyList::Missing if rows.is_empty() => return Err(Refusal::not_found("item")),
            _ => {}
        }
        let Place { start, end, info } =
            Layout::of(rows.len(), self.size, &self.readings).place(self.page, &self.readings)?;
        let page = Page {
            items,
            content: rows
                .get(start..end)
                .unwrap_or_default()
                .iter()
                .map(|row| render(row))
                .collect(),
            info,
            form: self.readings.page_form,
        };
        Ok(Response::json(200, &page))
    }
}

/// How a list is cut into pages.
struct Layout {
    total: u64,
    /// How many items a page has, and how many it says that it has.
    held: u64,
    said: u64,
    pages: u64,
    /// The page that is empty, if one before the last is.
    empty: Option<u64>,
}

impl Layout {
    fn of(total: usize, size: u64, readings: &Readings) -> Self {
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        let held = match (readings.page, readings.page_size) {
            (PageNumber::All, _) => total.max(1),
            (_, PageSize::Fewer) => size.div_ceil(2),
            _ => size,
        };
        let full = total.div_ceil(held.max(1));
        let has_empty = readings.empty_page == EmptyPage::BeforeTheLast && full > 1;
        Self {
            total,
            held,
            said: if readings.page == PageNumber::All { held } else { size },
            pages: full.saturating_add(has_empty.into()),
            empty: has_empty.then(|| full.saturating_sub(1)),
        }
    }

    /// What a page with this number has, or why there is no such page.
    fn place(&self, asked: u64, readings: &Readings) -> Result<Place, Refusal> {
        let first = match readings.first_page {
            FirstPage::Zero => 0,
            FirstPage::One => 1,
        };
        let mut index = match readings.page {
            PageNumber::Honoured => asked.saturating_sub(first),
            PageNumber::First | PageNumber::All => 0,
        };
        if index > 0 && index >= self.pages {
            match readings.past_last_page {
                PastLastPage::Empty => {}
                PastLastPage::Last => index = self.pages.saturating_sub(1),
                PastLastPage::Missing => return Err(Refusal::not_found("page")),
                PastLastPage::Refused => {
                    return Err(Refusal::invalid("page", "INVALID_VALUE", "There is no such page."));
                }
            }
        }
        let filled = match self.empty {
            Some(empty) if index > empty => index.saturating_sub(1),
            _ => index,
        };
        let start = filled.saturating_mul(self.held).min(self.total);
        let end = if self.empty == Some(index) {
            start
        } else {
            start.saturating_add(self.held).min(self.total)
        };
        Ok(Place {
            start: usize::try_from(start).unwrap_or(usize::MAX),
            end: usize::try_from(end).unwrap_or(usize::MAX),
            info: PageInfo {
                size: self.said,
                total_elements: self.total,
                total_pages: self.pages,
                number: index.saturating_add(first),
            },
        })
    }
}

/// Which rows a page has, and what it says of itself.
struct Place {
    start: usize,
    end: usize,
    info: PageInfo,
}

/// Where a page is in its list.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    size: u64,
    total_elements: u64,
    total_pages: u64,
    number: u64,
}

/// A page, as replies show it.
struct Page<R> {
    items: &'static str,
    content: Vec<R>,
    info: PageInfo,
    form: PageForm,
}

impl<R: Serialize> Serialize for Page<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.form == PageForm::Bare {
            return self.content.serialize(serializer);
        }
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry(self.items, &self.content)?;
        match self.form {
            PageForm::Nested => fields.serialize_entry("page", &self.info)?,
            PageForm::Flat => {
                fields.serialize_entry("size", &self.info.size)?;
                fields.serialize_entry("totalElements", &self.info.total_elements)?;
                fields.serialize_entry("totalPages", &self.info.total_pages)?;
                fields.serialize_entry("number", &self.info.number)?;
            }
            PageForm::NoCounts | PageForm::Bare => {}
        }
        fields.end()
    }
}
