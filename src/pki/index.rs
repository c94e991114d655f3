//! Things found again by their octets or their text. The one map of this crate: each further kind of map, and each kind of sort,
//! is kilobytes of wasm.

use std::collections::BTreeMap;

/// Places of things by what they are looked up by, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index(BTreeMap<Vec<u8>, Vec<usize>>);

impl Index {
    /// Adds a place, and says whether it is the first of its key.
    pub(crate) fn add(&mut self, key: &[u8], place: usize) -> bool {
        let places = self.0.entry(key.to_vec()).or_default();
        places.push(place);
        places.len() == 1
    }

    /// Adds a text without a place, and says whether it is new.
    pub(crate) fn insert(&mut self, text: &str) -> bool {
        self.add(text.as_bytes(), 0)
    }

    /// The places of a key, in the order in which they were added.
    pub(crate) fn places(&self, key: &[u8]) -> &[usize] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// Whether a text is there.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.0.contains_key(text.as_bytes())
    }

    /// All keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.0.keys().map(Vec::as_slice)
    }

    /// All keys, which are texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.keys().map(|key| str::from_utf8(key).unwrap_or_default())
    }
}

/// What a function makes of each. `collect` would make it where the things are, which takes several times as much wasm.
pub(crate) fn each<T, U>(things: Vec<T>, make: fn(T) -> U) -> Vec<U> {
    let mut results = Vec::with_capacity(things.len());
    for thing in things {
        results.push(make(thing));
    }
    results
}

/// Puts things into the order of their places in the input; of those at one place, the first stays the first.
pub(crate) fn in_order<T>(things: &mut Vec<T>, place: fn(&T) -> usize) {
    let mut index = Index::default();
    for (at, thing) in things.iter().enumerate() {
        index.add(&place(thing).to_be_bytes(), at);
    }
    let mut taken = each(core::mem::take(things), Some);
    for at in index.0.values().flatten() {
        things.extend(taken.get_mut(*at).and_then(Option::take));
    }
}
