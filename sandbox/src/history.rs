//! What happened to an organization, a contact or an order: the operations `….history.list` and `….history.get`.

use crate::call::Call;
use crate::http::Response;
use crate::paging::{Key, Paging};
use crate::query::Query;
use crate::refusal::Refusal;
use crate::validate::Checker;
use crate::world::{Entry, History};

/// `organizations.history.list` (guide 7.1.4).
pub(crate) fn list_of_organization(call: &mut Call<'_>) -> Result<Response, Refusal> {
    list(&call.organization(call.ids.id)?.history, call)
}

/// `organizations.history.get` (guide 7.1.5).
pub(crate) fn get_of_organization(call: &mut Call<'_>) -> Result<Response, Refusal> {
    get(&call.organization(call.ids.id)?.history, call)
}

/// `contacts.history.list` (guide 7.2.6).
pub(crate) fn list_of_contact(call: &mut Call<'_>) -> Result<Response, Refusal> {
    list(&call.contact(call.ids.id)?.history, call)
}

/// `contacts.history.get` (guide 7.2.7).
pub(crate) fn get_of_contact(call: &mut Call<'_>) -> Result<Response, Refusal> {
    get(&call.contact(call.ids.id)?.history, call)
}

/// `orders.history.list` (guide 7.4.6).
pub(crate) fn list_of_order(call: &mut Call<'_>) -> Result<Response, Refusal> {
    list(&call.order(call.ids.id)?.history, call)
}

/// `orders.history.get` (guide 7.4.7).
pub(crate) fn get_of_order(call: &mut Call<'_>) -> Result<Response, Refusal> {
    get(&call.order(call.ids.id)?.history, call)
}

/// The entries of a user, or with a text in them.
fn list(history: &History, call: &Call<'_>) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let query = Query::of_list(&checker, call);
    let paging = Paging::of(
        &query,
        call.readings,
        &[("dateCreated", |entry: &Entry| {
            Key::Number(Some(entry.date_created.ms()))
        })],
    );
    let user = query.text("userId").map(str::to_owned);
    let text = query.text("text").map(str::to_lowercase);
    checker.finish()?;
    let rows = history.iter().filter(|entry| {
        user.as_ref().is_none_or(|user| entry.user_name.as_ref() == Some(user))
            && text
                .as_ref()
                .is_none_or(|text| entry.text.to_lowercase().contains(text))
    });
    paging.respond(rows, |entry| entry)
}

fn get(history: &History, call: &Call<'_>) -> Result<Response, Refusal> {
    let mut entries = history.iter();
    let entry = entries
        .find(|entry| entry.id == call.ids.history_id)
        .ok_or_else(|| Refusal::not_found("history entry"))?;
    Ok(Response::json(200, entry))
}
