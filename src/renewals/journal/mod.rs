//! What was done, and what was about to be: an entry is written before each step and after it. The state is what the entries
//! add up to, so that a run that ended anywhere is continued where it was.

mod entry;
mod renewal;
mod state;

pub use entry::{Entry, Step, What};
pub use renewal::{Renewal, RenewalState};
pub use state::State;
