//! The token: what is left of it (`life`), how it is fetched once for all who wait (`flights`) and with which password not
//! (`lockout`), and what the clients of one account share (`account`). Its own calls are exchanges; no exchange knows of it.

mod account;
mod flights;
mod life;
mod lockout;

pub(crate) use account::{Account, TokenRenewal};
pub use flights::TokenInfo;
