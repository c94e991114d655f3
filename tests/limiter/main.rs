//! The limiter: its rule against brute force, the whole of it against many kinds of server, and the part that calls
//! wait on under a clock that jumps.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test may panic: that is how it fails; what it measures is worth printing"
)]

mod estimate;
mod front;
mod hostile;
mod lanes;
mod machine;
mod remembered;
mod rule;
mod servers;
mod shared;
mod sharing;
mod simulation;
mod zoo;

#[path = "../support/memory.rs"]
mod memory;
#[path = "../support/virtual_platform.rs"]
mod virtual_platform;

use std::time::Duration;

use markmonitor_certs::{
    api::Form,
    client::platform::{HttpRequest, Instant},
};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

fn at(span: Duration) -> Instant {
    Instant::from_origin(span)
}

fn request() -> HttpRequest {
    HttpRequest {
        method: "GET",
        url: "https://api.example/".to_owned(),
        headers: Vec::new(),
        body: None,
        form: Form::Any,
        limit: u64::MAX,
    }
}
