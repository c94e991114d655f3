//! Rows by id, in the order of their creation.

use std::collections::BTreeMap;

use uuid::Uuid;

/// A table: found by id, listed in the order of creation.
#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: BTreeMap<u64, T>,
    places: BTreeMap<Uuid, u64>,
    next: u64,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            places: BTreeMap::new(),
            next: 0,
        }
    }
}

impl<T> Table<T> {
    pub(crate) fn insert(&mut self, id: Uuid, row: T) {
        self.places.insert(id, self.next);
        self.rows.insert(self.next, row);
        self.next = self.next.saturating_add(1);
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&T> {
        self.rows.get(self.places.get(&id)?)
    }

    pub(crate) fn get_mut(&mut self, id: Uuid) -> Option<&mut T> {
        self.rows.get_mut(self.places.get(&id)?)
    }

    pub(crate) fn remove(&mut self, id: Uuid) -> Option<T> {
        self.rows.remove(&self.places.remove(&id)?)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.values()
    }
}
