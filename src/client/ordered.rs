//! Maps in the order of their keys, which share one tree for each kind of key. A tree for each kind of value as well would be
//! the largest part of the wasm that repeats.

use core::ops::Bound;
use std::{borrow::Borrow, collections::BTreeMap};

use slab::Slab;

/// A key of two numbers: the first counts before the second.
pub(crate) type Place = (u64, u64);

/// What a map can be ordered by.
pub(crate) trait Key: Ord + Clone + Borrow<Self::Asked> {
    /// What is asked for.
    type Asked: Ord + ?Sized;
}

impl Key for String {
    type Asked = str;
}

impl Key for Place {
    type Asked = Self;
}

/// A map in the order of its keys.
#[derive(Debug)]
pub(crate) struct Ordered<K, V> {
    places: BTreeMap<K, usize>,
    values: Slab<V>,
}

impl<K, V> Default for Ordered<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Ordered<K, V> {
    pub(crate) const fn new() -> Self {
        Self {
            places: BTreeMap::new(),
            values: Slab::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.places.keys()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.places.values().filter_map(|place| self.values.get(*place))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let entry = |(key, place): (_, &usize)| Some((key, self.values.get(*place)?));
        self.places.iter().filter_map(entry)
    }
}

impl<K: Key, V> Ordered<K, V> {
    pub(crate) fn contains(&self, key: &K::Asked) -> bool {
        self.places.contains_key(key)
    }

    pub(crate) fn get(&self, key: &K::Asked) -> Option<&V> {
        self.values.get(*self.places.get(key)?)
    }

    pub(crate) fn get_mut(&mut self, key: &K::Asked) -> Option<&mut V> {
        self.values.get_mut(*self.places.get(key)?)
    }

    /// Puts a value in; gives the one that was in its place.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        if let Some(before) = self.get_mut(key.borrow()) {
            return Some(core::mem::replace(before, value));
        }
        let place = self.values.insert(value);
        self.places.insert(key, place);
        None
    }

    pub(crate) fn remove(&mut self, key: &K::Asked) -> Option<V> {
        let place = self.places.remove(key)?;
        self.values.try_remove(place)
    }

    pub(crate) fn first(&self) -> Option<&V> {
        self.values().next()
    }

    pub(crate) fn pop_first(&mut self) -> Option<(K, V)> {
        let (key, place) = self.places.pop_first()?;
        Some((key, self.values.try_remove(place)?))
    }

    /// The last key that is not above this one.
    pub(crate) fn last_up_to(&self, key: &K::Asked) -> Option<&K> {
        let below = self
            .places
            .range::<K::Asked, _>((Bound::Unbounded, Bound::Included(key)));
        below.map(|(key, _)| key).next_back()
    }

    /// Keeps the values that are to stay.
    pub(crate) fn retain(&mut self, mut stays: impl FnMut(&V) -> bool) {
        let gone = self.iter().filter(|(_, value)| !stays(value));
        let gone: Vec<K> = gone.map(|(key, _)| key.clone()).collect();
        for key in gone {
            self.remove(key.borrow());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Beside the map of the standard library, with keys and values drawn by a linear congruential generator.
    #[test]
    fn it_holds_what_a_tree_of_values_would() {
        let (mut ours, mut theirs) = (Ordered::default(), BTreeMap::new());
        let mut drawn = 1_u64;
        let mut below = |bound: u64| {
            drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (drawn >> 33) % bound
        };
        for value in 0..5_000_u64 {
            let key = (below(9), below(9));
            match below(6) {
                0 | 1 => assert_eq!(ours.insert(key, value), theirs.insert(key, value)),
                2 => assert_eq!(ours.remove(&key), theirs.remove(&key)),
                3 => {
                    ours.retain(|value| value % 7 != key.0);
                    theirs.retain(|_, value| *value % 7 != key.0);
                }
                4 => assert_eq!(
                    ours.last_up_to(&key),
                    theirs.range(..=key).next_back().map(|(last, _)| last)
                ),
                _ if value % 10 == 0 => assert_eq!(ours.pop_first(), theirs.pop_first()),
                _ => assert_eq!(ours.get_mut(&key), theirs.get_mut(&key)),
            }
            assert_eq!(ours.contains(&key), theirs.contains_key(&key));
            assert_eq!(ours.first(), theirs.values().next());
            assert!(ours.iter().eq(&theirs) && ours.keys().eq(theirs.keys()));
            assert_eq!((ours.len(), ours.is_empty()), (theirs.len(), theirs.is_empty()));
        }
    }
}
