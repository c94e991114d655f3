//! Readings: what the service may do where nobody can say what it does.
//!
//! `table` names them, `choice` chooses among them. Each is read where its matter is: a field of [`Readings`] in the file
//! of that concern. `wire` rewrites what is the same in every reply.

mod choice;
mod table;
mod wire;

pub use choice::{Reading, ReadingError, ReadingValue};
pub use table::{READINGS, Readings};

pub(crate) use table::*;
pub(crate) use wire::rewrite;
