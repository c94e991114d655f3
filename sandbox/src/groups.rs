//! Groups: what an account divides its orders into. Outside the guide, and never changed by a call.

use crate::auth::Account;
use crate::call::Call;
use crate::clock::Timestamp;
use crate::http::Response;
use crate::paging::{Key, Paging, Sortable};
use crate::query::Query;
use crate::random::Random;
use crate::refusal::Refusal;
use crate::validate::Checker;
use crate::world::{Group, World};

/// The names and descriptions of the groups of an account that has no others.
pub(crate) const DEFAULT: &[(&str, &str)] = &[("Default", "Orders that belong nowhere else.")];

/// When the groups were created, before any sandbox begins: 2024-04-18.
const CREATED: Timestamp = Timestamp::from_ms(1_713_398_400_000);

const SORTABLE: &[Sortable<Group>] = &[
    ("name", |group| Key::Text(group.name.to_lowercase())),
    ("dateCreated", |group| Key::Number(Some(group.date_created.ms()))),
    ("dateUpdated", |group| Key::Number(Some(group.date_updated.ms()))),
];

/// Gives an account its groups.
pub(crate) fn found(world: &mut World, account: Account, ids: &mut Random, groups: &[(&str, &str)]) {
    for (name, description) in groups {
        let id = ids.uuid();
        let group = Group {
            id,
            account,
            name: (*name).to_owned(),
            description: (*description).to_owned(),
            date_created: CREATED,
            date_updated: CREATED,
        };
        world.groups.insert(id, group);
    }
}

/// `groups.list`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let paging = Paging::of(&Query::of_list(&checker, call), call.readings, SORTABLE);
    checker.finish()?;
    let groups = call.world.groups.iter();
    let own = groups.filter(|group| group.account == call.caller.account);
    // The items are under another name than those of other pages.
    paging.respond_as("groups", own, |group| group)
}
