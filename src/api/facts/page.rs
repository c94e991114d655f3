//! Where a page is in its list, in the forms in which services of this kind say it.

use serde::Serialize;

use super::fact::{Count, facts};

facts! {
    /// What a page says of itself: nested in `page`, or beside the items.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct PageFacts {
        page: Option<Counts> = "page",
        size: Option<Count> = "size",
        total_elements: Option<Count> = "totalElements",
        total_pages: Option<Count> = "totalPages",
        number: Option<Count> = "number",
        last: Option<bool> = "last",
    }
}

facts! {
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    struct Counts {
        size: Option<Count> = "size",
        total_elements: Option<Count> = "totalElements",
        total_pages: Option<Count> = "totalPages",
        number: Option<Count> = "number",
    }
}

/// Where a page is in its list; what the service left out is worked out from the rest.
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
    /// The page number as the service said it, if it did.
    #[serde(skip)]
    pub echoed: Option<u64>,
    /// Whether the service said that no page follows, or that one does.
    #[serde(skip)]
    pub last: Option<bool>,
}

impl PageFacts {
    /// Whether the page says all of where it is, nested in `page`.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.page.as_ref().is_some_and(|page| {
            let counts = [page.size, page.total_elements, page.total_pages, page.number];
            counts.iter().all(Option::is_some)
        })
    }

    /// Where a page of so many items is.
    #[must_use]
    pub fn info(self, held: usize) -> PageInfo {
        let counts = self.page.unwrap_or(Counts {
            size: self.size,
            total_elements: self.total_elements,
            total_pages: self.total_pages,
            number: self.number,
        });
        let held = u64::try_from(held).unwrap_or(u64::MAX);
        let echoed = counts.number.map(|count| count.0);
        let number = echoed.unwrap_or_default();
        let size = counts.size.map_or(held, |count| count.0);
        let total_elements = counts
            .total_elements
            .map_or_else(|| number.saturating_mul(size).saturating_add(held), |count| count.0);
        let total_pages = counts.total_pages.map(|count| count.0);
        PageInfo {
            size,
            total_elements,
            number,
            total_pages: total_pages.unwrap_or_else(|| match size {
                0 => 1,
                size => total_elements.div_ceil(size).max(1),
            }),
            echoed,
            last: self
                .last
                .or_else(|| total_pages.map(|total| number.saturating_add(1) >= total)),
        }
    }

    /// Where a bare list is: it is its own only page.
    #[must_use]
    pub fn of_bare_list(held: usize) -> PageInfo {
        let only = Self {
            last: Some(true),
            ..Self::default()
        };
        only.info(held)
    }
}
