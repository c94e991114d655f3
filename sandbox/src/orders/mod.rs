//! Orders and the certificate of each (guide 7.4).

mod actions;
mod create;
mod download;
mod form;
mod list;
mod prices;
mod reply;
mod shown;

pub(crate) use actions::*;
pub(crate) use create::create;
pub(crate) use download::download;
pub(crate) use list::{get, list};
pub(crate) use prices::prices;
