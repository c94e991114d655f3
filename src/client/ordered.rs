//! Maps in the order of their keys, as two lists side by side. They hold some thousands at most, which move in microseconds;
//! a tree for each kind of key would be the largest part of the wasm that repeats.

use std::borrow::Borrow;

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
    keys: Vec<K>,
    values: Vec<V>,
}

impl<K, V> Default for Ordered<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Ordered<K, V> {
    pub(crate) const fn new() -> Self {
        Self {
            keys: Vec::new(),
            values: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(crate) fn keys(&self) -> core::slice::Iter<'_, K> {
        self.keys.iter()
    }

    pub(crate) fn values(&self) -> core::slice::Iter<'_, V> {
        self.values.iter()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.keys.iter().zip(&self.values)
    }
}

/// Where a key is, or else where it belongs: once for all values.
fn place_of<K: Key>(keys: &[K], key: &K::Asked) -> Result<usize, usize> {
    keys.binary_search_by(|other| other.borrow().cmp(key))
}

impl<K: Key, V> Ordered<K, V> {
    pub(crate) fn contains(&self, key: &K::Asked) -> bool {
        place_of(&self.keys, key).is_ok()
    }

    pub(crate) fn get(&self, key: &K::Asked) -> Option<&V> {
        self.values.get(place_of(&self.keys, key).ok()?)
    }

    pub(crate) fn get_mut(&mut self, key: &K::Asked) -> Option<&mut V> {
        self.values.get_mut(place_of(&self.keys, key).ok()?)
    }

    /// Puts a value in; gives the one that was in its place.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match place_of(&self.keys, key.borrow()) {
            Ok(at) => self.values.get_mut(at).map(|before| core::mem::replace(before, value)),
            Err(at) => {
                self.keys.insert(at, key);
                self.values.insert(at, value);
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &K::Asked) -> Option<V> {
        let at = place_of(&self.keys, key).ok()?;
        self.keys.remove(at);
        Some(self.values.remove(at))
    }

    pub(crate) fn first(&self) -> Option<&V> {
        self.values.first()
    }

    pub(crate) fn pop_first(&mut self) -> Option<(K, V)> {
        if self.is_empty() {
            return None;
        }
        Some((self.keys.remove(0), self.values.remove(0)))
    }

    /// The last key that is not above this one.
    pub(crate) fn last_up_to(&self, key: &K::Asked) -> Option<&K> {
        match place_of(&self.keys, key) {
            Ok(at) => self.keys.get(at),
            Err(at) => self.keys.get(at.checked_sub(1)?),
        }
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
    use std::collections::BTreeMap;

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
