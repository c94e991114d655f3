//! Renewals: what is planned of an estate, and runs against the sandbox that are ended anywhere and continued.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::large_futures,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::panic_in_result_fn,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unchecked_time_subtraction,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test may panic: that is how it fails"
)]

/// An estate of thousands is made of millions of small texts, which the usual allocator takes half as long again for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod crashes;
mod driver;
mod estate;
mod journal;
mod plans;
mod runs;
mod simulation;

#[allow(dead_code, reason = "each test crate uses its own part of it")]
#[path = "../client/call.rs"]
mod call;
#[allow(dead_code, reason = "each test crate uses its own part of it")]
#[path = "../client/fixtures.rs"]
mod fixtures;
#[path = "../support/memory.rs"]
mod memory;
#[path = "../support/random.rs"]
mod random;
#[path = "../support/virtual_platform.rs"]
mod virtual_platform;
#[allow(dead_code, reason = "each test crate uses its own part of it")]
#[path = "../client/world.rs"]
mod world;
