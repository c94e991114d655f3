//! The client as a whole, against the sandbox and against servers that behave badly, under a clock that jumps.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::print_stderr,
    clippy::unchecked_time_subtraction,
    clippy::unwrap_used,
    reason = "a test may panic: that is how it fails"
)]

mod bodies;
mod call;
mod calls;
mod errors;
mod events;
mod fault_table;
mod fixtures;
mod giving_up;
mod life_of_an_order;
mod limits;
mod lists;
mod long_texts;
mod money;
mod once;
mod one_limit;
mod options;
mod proxied;
mod readings;
mod remembered;
mod renewals;
mod replies;
mod retry;
mod retry_after;
mod rules;
mod secrets;
mod simulation;
mod slow_store;
mod timeouts;
mod token;
mod token_store;
mod waiting;
mod waiting_for_many;
mod world;

#[path = "../support/given.rs"]
mod given;
#[path = "../support/memory.rs"]
mod memory;
#[path = "../support/random.rs"]
mod random;
#[allow(dead_code, reason = "each test crate uses its own part of it")]
#[path = "../limiter/servers.rs"]
mod servers;
#[path = "../support/virtual_platform.rs"]
mod virtual_platform;
