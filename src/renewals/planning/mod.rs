//! How a plan is made: the account is read list by list, each order judged, and what would be ordered checked.

mod block;
mod judge;
mod lists;
mod planner;
mod settings;

pub use block::request_of;
pub use lists::fields;
pub use planner::Planner;
pub use settings::Settings;
