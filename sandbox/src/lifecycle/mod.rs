//! What happens by itself, as time passes.

mod fate;
pub(crate) mod orders;
pub(crate) mod validation;

pub use fate::{FATES, FateName};

use crate::clock::Timestamp;
use crate::world::{Event, World};

/// Lets everything happen that is due by now, each at its own time.
pub(crate) fn advance(world: &mut World, now: Timestamp) {
    while let Some((at, event)) = world.schedule.take_due(now) {
        match event {
            Event::Validate {
                organization,
                kind,
                round,
            } => {
                for order in validation::complete(world, organization, kind, round, at) {
                    orders::proceed(world, &order, at);
                }
            }
            Event::Lapse {
                organization,
                kind,
                round,
            } => validation::lapse(world, organization, kind, round, at),
            Event::Order { order, course, step } => orders::step(world, order, course, step, at),
            Event::CertificateEnds { order } => orders::end_certificate(world, order, at),
        }
    }
}
