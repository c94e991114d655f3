//! Readings: what the service may do where nobody can say what it does.
//!
//! `table` names them, `choice` chooses among them. Each is read where its matter is: a field of [`Readings`] in the file
//! of that concern. `wire` rewrites what is the same in every reply.

mod choice;
mod reading;
mod table;
mod wire;

pub use choice::ReadingError;
pub use reading::{Reading, ReadingValue};
pub use table::{READINGS, Readings};

pub(crate) use table::*;
pub(crate) use wire::rewrite;
