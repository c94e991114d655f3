//! What outlives a client: its token, and the log of its limiter.
#![allow(dead_code, reason = "each test crate uses its own part of it")]

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use markmonitor_certs::client::platform::{KeptToken, LogMemory, Memory};

/// What is kept of one client.
#[derive(Default)]
pub struct Kept {
    token: RefCell<Option<KeptToken>>,
    settled: RefCell<Vec<u64>>,
    in_flight: Cell<u64>,
    is_discarded: Cell<bool>,
}

impl Kept {
    /// What was kept by now: the client goes on, and what it does from here on is not in the copy.
    pub fn copy(&self) -> Rc<Self> {
        Rc::new(Self {
            token: self.token.clone(),
            settled: self.settled.clone(),
            in_flight: self.in_flight.clone(),
            is_discarded: Cell::default(),
        })
    }

    /// Whether it was said that nothing of it is needed.
    pub fn is_discarded(&self) -> bool {
        self.is_discarded.get()
    }

    /// How many moments the log contains.
    pub fn log_length(&self) -> usize {
        self.settled.borrow().len()
    }
}

impl Memory for Kept {
    fn token(&self) -> Option<KeptToken> {
        self.token.borrow().clone()
    }

    fn keep_token(&self, token: Option<&KeptToken>) {
        *self.token.borrow_mut() = token.cloned();
    }
}

impl LogMemory for Kept {
    fn restore(&self) -> (Vec<u64>, u64) {
        (self.settled.borrow().clone(), self.in_flight.get())
    }

    fn keep_in_flight(&self, count: u64) {
        self.in_flight.set(count);
    }

    fn keep_settled(&self, at: u64) {
        self.settled.borrow_mut().push(at);
    }

    fn forget(&self, count: usize) {
        self.settled.borrow_mut().drain(..count);
    }

    fn discard(&self) {
        self.settled.borrow_mut().clear();
        self.is_discarded.set(true);
    }
}
