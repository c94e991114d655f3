//! What a certificate authority will say: one small function a rule, and one table of them.

use super::{
    Finding,
    bundle::{BundleContext, Chain},
};

/// What is wrong with a bundle.
pub(crate) fn of_bundle(_chain: &Chain<'_>, _context: &BundleContext<'_>) -> Vec<Finding> {
    Vec::new()
}
