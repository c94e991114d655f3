//! Who may have issued whom, found by their names: a bundle may be a trust store with thousands of certificates.

use super::{certificate::SignedCertificate, name::Name};
use crate::index::Index;

/// Certificates, with those of one subject and those of one issuer at hand.
pub(crate) struct Relatives<'c, 'a> {
    pub all: &'c [SignedCertificate<'a>],
    /// By what their names are compared by, the subjects' with a mark before, in the order of the input.
    places: Index,
}

impl<'c, 'a> Relatives<'c, 'a> {
    pub(crate) fn of(all: &'c [SignedCertificate<'a>]) -> Self {
        let mut places = Index::default();
        for (index, one) in all.iter().enumerate() {
            places.add(subject(&one.subject).as_bytes(), index);
            places.add(one.issuer.folded().as_bytes(), index);
        }
        Self { all, places }
    }

    /// Those with this subject.
    pub(crate) fn called(
        &self,
        name: &Name,
    ) -> impl Iterator<Item = (usize, &'c SignedCertificate<'a>)> + use<'_, 'c, 'a> {
        self.found(&subject(name))
    }

    /// Those that name this one as their issuer.
    pub(crate) fn issued_by<'x>(
        &'x self,
        issuer: &'x SignedCertificate<'a>,
    ) -> impl Iterator<Item = (usize, &'c SignedCertificate<'a>)> + use<'x, 'c, 'a> {
        self.found(&issuer.subject.folded())
            .filter(|(_, one)| issuer.issued(one))
    }

    /// Those that this one may name as its issuer.
    pub(crate) fn issuers_of<'x>(
        &'x self,
        one: &'x SignedCertificate<'a>,
    ) -> impl Iterator<Item = (usize, &'c SignedCertificate<'a>)> + use<'x, 'c, 'a> {
        self.called(&one.issuer).filter(|(_, issuer)| issuer.issued(one))
    }

    fn found(&self, name: &str) -> impl Iterator<Item = (usize, &'c SignedCertificate<'a>)> + use<'_, 'c, 'a> {
        let places = self.places.places(name.as_bytes()).iter();
        places.filter_map(|index| Some((*index, self.all.get(*index)?)))
    }
}

/// No attribute begins with it.
fn subject(name: &Name) -> String {
    format!(">{}", name.folded())
}
