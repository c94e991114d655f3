//! Waiting for an order or an organization: nobody is told of changes, so they are looked at now and then (guide 8.2).
//!
//! `wait` is the one loop: it pauses as `pace` says, has a look, and sees how far things are. What counts as the goal is
//! data: `goal` and `change` for orders, `organization`. The looks of all waits of one client meet in `looks`, where a
//! `round` of list calls sees many orders at once.

mod change;
mod end;
mod goal;
mod looks;
mod organization;
mod pace;
mod round;
mod wait;

pub use goal::{CertIdentity, Goal};
pub(crate) use looks::Looks;
pub use pace::WaitOptions;
pub use wait::{Settled, Wait};
