//! The pages of docs that are generated from the code, in part or as a whole: `UPDATE_DOCS=1 cargo test --test documentation` writes them.

#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, reason = "a test may panic")]

mod contract;
mod errors;
mod findings;

use std::path::PathBuf;

/// Holds a page against what the code says now, or writes it.
fn is_current(page: &str, generated: &str) {
    let path = path_of(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, generated).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == generated,
        "{page} is out of date: UPDATE_DOCS=1 cargo test --test documentation"
    );
}

/// What a page says now.
fn page(page: &str) -> String {
    std::fs::read_to_string(path_of(page)).expect("the page can be read")
}

fn path_of(page: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(page)
}
