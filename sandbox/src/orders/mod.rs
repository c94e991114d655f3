//! Orders and the certificate of each (guide 7.4).

mod actions;
mod create;
mod download;
mod form;
mod list;
mod prices;
mod reply;

pub(crate) use actions::{
    cancel, reissue, revoke, send_certificate_email, send_dcv_email, update_additional_emails, validate_domains,
};
pub(crate) use create::create;
pub(crate) use download::download;
pub(crate) use list::{get, list};
pub(crate) use prices::prices;
