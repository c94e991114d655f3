//! Who may have issued whom, found by all that tells it: a bundle may be a trust store with thousands of certificates, or have
//! as many of one name.

use super::{
    certificate::{SignedCertificate, may_have_signed},
    name::Name,
};
use crate::{index::Index, key::algorithm::Scheme};

/// In the place of a key identifier or a serial number: that there is none, that it does not matter, and that no list has it.
/// All others are in hex.
const NONE: &str = "-";
const ANY: &str = "*";
const NO: &str = "!";

/// Certificates, each with its place.
pub(crate) type Related<'c, 'a> = Vec<(usize, &'c SignedCertificate<'a>)>;

/// Certificates, with those of one subject and those of one issuer at hand.
pub(crate) struct Relatives<'c, 'a> {
    pub all: &'c [SignedCertificate<'a>],
    /// By subject, and by each list that they are in: authorities first, in the order of the input.
    places: Index,
    /// The kinds of key, and of signature, that there are.
    kinds: Vec<Option<Scheme>>,
}

impl<'c, 'a> Relatives<'c, 'a> {
    pub(crate) fn of(all: &'c [SignedCertificate<'a>]) -> Self {
        let (mut places, mut kinds) = (Index::default(), Vec::new());
        for is_authority in [true, false] {
            for (index, one) in all.iter().enumerate() {
                if one.is_authority() != is_authority {
                    continue;
                }
                let (kind, signature) = (one.key.scheme(), one.signed.scheme());
                let (key, serial) = (one.subject_key_identifier().unwrap_or(NONE), one.serial.to_hex());
                let [wanted, wanted_serial] = one.wanted().map(|wanted| wanted.unwrap_or(NONE));
                let mut of_it = lists(">", &[kind], [key, ANY], [&serial, ANY], &one.subject);
                of_it.append(&mut lists(
                    "<",
                    &[signature],
                    [wanted, ANY],
                    [wanted_serial, NO],
                    &one.issuer,
                ));
                of_it.push(one.subject.folded());
                for list in of_it {
                    places.add(list.as_bytes(), index);
                }
                for kind in [kind, signature] {
                    if !kinds.contains(&kind) {
                        kinds.push(kind);
                    }
                }
            }
        }
        Self { all, places, kinds }
    }

    /// Those with this subject.
    pub(crate) fn called(&self, name: &Name) -> Related<'c, 'a> {
        self.members(&[name.folded()], usize::MAX)
    }

    /// Those that this one may name as its issuer, of each list no more than so many.
    pub(crate) fn issuers_of(&self, one: &SignedCertificate<'a>, most: usize) -> Related<'c, 'a> {
        self.members(&self.lists_of_issuers(one), most)
    }

    /// Whether it issued another one.
    pub(crate) fn issued_another(&self, one: &SignedCertificate<'a>) -> bool {
        let two = self.members(&self.lists_of_issued(one), 2);
        two.iter().any(|(_, other)| other.der != one.der)
    }

    /// The lists of those that name this one as their issuer. Who follows them from one to the next needs each but once: of
    /// many with one name, all have the same.
    pub(crate) fn lists_of_issued(&self, issuer: &SignedCertificate<'a>) -> Vec<String> {
        let kind = issuer.key.scheme();
        let mut kinds = self.kinds.clone();
        kinds.retain(|signature| may_have_signed(kind, *signature));
        let keys = keys(issuer.subject_key_identifier());
        lists("<", &kinds, keys, [&issuer.serial.to_hex(), NONE], &issuer.subject)
    }

    /// The same of those that this one may name as its issuer.
    pub(crate) fn lists_of_issuers(&self, one: &SignedCertificate<'a>) -> Vec<String> {
        let (signature, [key, serial]) = (one.signed.scheme(), one.wanted());
        let mut kinds = self.kinds.clone();
        kinds.retain(|kind| may_have_signed(*kind, signature));
        lists(">", &kinds, keys(key), [serial.unwrap_or(ANY), NO], &one.issuer)
    }

    /// The certificates of some lists, of each no more than so many.
    pub(crate) fn members(&self, lists: &[String], most: usize) -> Related<'c, 'a> {
        let mut members = Vec::new();
        for list in lists {
            for index in self.places.places(list.as_bytes()).iter().take(most) {
                members.extend(self.all.get(*index).map(|one| (*index, one)));
            }
        }
        members
    }
}

/// The key identifiers that go with one.
fn keys(id: Option<&str>) -> [&str; 2] {
    id.map_or([ANY, NO], |id| [id, NONE])
}

/// Lists of what has each of these. No name begins with a mark.
fn lists(mark: &str, kinds: &[Option<Scheme>], keys: [&str; 2], serials: [&str; 2], name: &Name) -> Vec<String> {
    let (mut lists, name) = (Vec::new(), name.folded());
    for kind in kinds {
        for key in keys {
            for serial in serials {
                let mut list = [mark, key, "\n", serial, "\n", &name].concat();
                list.push(char::from(kind.map_or(b'-', |kind| b'A'.saturating_add(kind as u8))));
                lists.push(list);
            }
        }
    }
    lists
}
