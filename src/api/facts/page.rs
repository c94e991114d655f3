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
    /// Items per page as the service said it, if it did.
    #[serde(skip)]
    pub told_size: Option<u64>,
    /// The page number as the service said it, if it did.
    #[serde(skip)]
    pub echoed: Option<u64>,
    /// The number of pages as the service said it, if it did.
    #[serde(skip)]
    pub told_pages: Option<u64>,
    /// The number of items as the service said it, if it did.
    #[serde(skip)]
    pub told_total: Option<u64>,
    /// Whether the service said by a word of its own that no page follows, or that one does.
    #[serde(skip)]
    pub last: Option<bool>,
}

impl PageInfo {
    /// Whether no page follows the one of this number, as far as the service says; it counts pages from 0, or from 1.
    #[must_use]
    pub fn told_last(&self, number: u64, from_one: bool) -> Option<bool> {
        let before = number.saturating_add(u64::from(!from_one));
        let by_items = || {
            let size = self.told_size.filter(|size| *size > 0)?;
            Some(before.saturating_mul(size) >= self.told_total?)
        };
        let by_pages = self.told_pages.map(|pages| before >= pages);
        self.last.or(by_pages).or_else(by_items)
    }
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

    /// Whether the page counts no items.
    #[must_use]
    pub(crate) fn says_nothing_is_there(self) -> bool {
        let info = self.info(0);
        info.told_total.or(info.told_pages) == Some(0)
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
        // None beside some is no count: a service that does not count may say so.
        let told = |count: Option<Count>| count.map(|count| count.0).filter(|count| *count > 0 || held == 0);
        let echoed = counts.number.map(|count| count.0);
        let number = echoed.unwrap_or_default();
        let told_size = counts.size.map(|count| count.0);
        let size = told_size.unwrap_or(held);
        let told_total = told(counts.total_elements);
        let total_elements = told_total.unwrap_or_else(|| number.saturating_mul(size).saturating_add(held));
        let total_pages = told(counts.total_pages);
        PageInfo {
            size,
            total_elements,
            number,
            total_pages: total_pages.unwrap_or_else(|| match size {
                0 => 1,
                size => total_elements.div_ceil(size).max(1),
            }),
            told_size,
            echoed,
            told_pages: total_pages,
            told_total,
            last: self.last,
        }
    }

    /// Where a bare list is: it is its own only page.
    #[must_use]
    pub fn of_bare_list(held: usize) -> PageInfo {
        Self::default().info(held)
    }
}
