//! One page of a list.

use std::rc::Rc;

use api::{
    BodyRef,
    facts::{PageFacts, PageInfo},
    reply::BodyKind,
};

use crate::{events::ResponseInfo, exchange::Reply};

/// One page of a list: what the service sent, and what was read of it.
pub struct Page {
    /// The whole reply.
    pub body: BodyRef,
    /// How it was answered.
    pub response: ResponseInfo,
    /// Where the page is in its list; what the service left out is worked out from the rest.
    pub info: PageInfo,
    /// Whether the reply has the form that callers know: `content`, and in `page` all of where it is.
    has_usual_form: bool,
    /// The list of its items; nothing where there is none.
    pub(super) content: Option<BodyRef>,
    /// The reply is the list itself, and says nothing of pages.
    pub(super) is_bare: bool,
    /// The places of the items that an earlier page had already, ascending.
    pub(super) repeated: Vec<usize>,
    /// The place of the first item that has no id.
    pub(super) unnamed: Option<usize>,
}

impl Page {
    /// Reads a reply whose items are in this field, or which is the list itself.
    #[must_use]
    pub fn of(reply: Reply, items: &str) -> Self {
        let Reply { body, info: response } = reply;
        let is_bare = body.kind() == BodyKind::List;
        let content = if is_bare {
            Some(Rc::clone(&body))
        } else {
            body.field(items).filter(|content| content.kind() == BodyKind::List)
        };
        let held = content.as_ref().map_or(0, |content| content.count());
        let facts = if is_bare { PageFacts::default() } else { body.page() };
        let has_usual_form = items == "content" && content.is_some() && facts.is_complete();
        let info = if is_bare {
            PageFacts::of_bare_list(held)
        } else {
            facts.info(held)
        };
        Self {
            has_usual_form,
            body,
            response,
            info,
            content,
            is_bare,
            repeated: Vec::new(),
            unnamed: None,
        }
    }

    /// The place of the first item that has no id, by which it could be known.
    #[must_use]
    pub const fn unnamed(&self) -> Option<usize> {
        self.unnamed
    }

    /// Whether callers get the very reply: it has the form that they know, and no item of an earlier page.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.has_usual_form && self.repeated.is_empty()
    }

    /// How many items came, those included that an earlier page had.
    #[must_use]
    pub fn came(&self) -> usize {
        self.content.as_ref().map_or(0, |content| content.count())
    }

    /// The list of all items that came.
    #[must_use]
    pub const fn content(&self) -> Option<&BodyRef> {
        self.content.as_ref()
    }

    /// The places of the items that an earlier page had already, ascending.
    #[must_use]
    pub fn repeated(&self) -> &[usize] {
        &self.repeated
    }

    /// The items that no earlier page had.
    pub fn items(&self) -> impl Iterator<Item = BodyRef> + '_ {
        let is_new = |at: &usize| self.repeated.binary_search(at).is_err();
        (0..self.came())
            .filter(is_new)
            .filter_map(|at| self.content.as_ref()?.item(at))
    }
}
