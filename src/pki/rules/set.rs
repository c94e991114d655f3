//! Sets, made without a sort.

use std::collections::BTreeSet;

/// The set of these values, filled one by one: `collect` sorts them first, and each kind of sort is kilobytes of wasm.
pub(super) fn set_of<T: Ord>(values: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(values);
    set
}
