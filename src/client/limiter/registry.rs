//! One limit for each service and API key in a process: the service counts an account's calls, not a client's.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use api::digest::digest;
use sha2::{Digest, Sha256};

use super::{
    limit::{Limit, Shared},
    machine::{Limiter, Options},
    shared::{SharedLog, Sharing},
};
use crate::{
    ordered::Ordered,
    platform::{Instant, LogMemory},
};

thread_local! {
    /// Kept until nothing that was sent counts any more, whether or not there is a client: one that is made for each web
    /// request has to find what the last one sent, and the gate that a 429 closed.
    static LIMITS: Registry = const { Registry { limits: RefCell::new(Ordered::new()), sweep_at: Cell::new(16) } };
}

struct Registry {
    limits: RefCell<Ordered<String, Rc<Limit>>>,
    /// With so many, those that are over are looked for.
    sweep_at: Cell<usize>,
}

/// What of a limit outlives the core, by the limit's name.
pub type Memories = Box<dyn Fn(&str) -> Rc<dyn LogMemory>>;

/// Where a client finds the limit that it shares.
pub struct Seat {
    /// The origin of the service: scheme, host and port, however they were spelt.
    pub origin: String,
    /// Sets services apart that are not told apart by their address, such as several in memory.
    pub service: String,
    /// The same in the whole process, and secret outside: nobody who sees a limit's name can try keys for it.
    pub salt: String,
    /// What of a limit outlives the core, by the limit's name.
    pub memory: Memories,
    /// Where several processes have their log. Its store is a part of `service`: clients of another one have another limit.
    pub sharing: Option<Sharing>,
}

impl Seat {
    /// The limit of a key, or of those whose key only a proxy knows.
    pub(super) fn limit(&self, key: Option<&str>, options: &Options, now: Instant) -> Rc<Limit> {
        let name = self.name(key);
        LIMITS.with(|registry| {
            registry.sweep(now);
            let mut limits = registry.limits.borrow_mut();
            if let Some(limit) = limits.get(&name) {
                if let (Some(shared), Some(sharing)) = (&limit.shared, &self.sharing) {
                    shared.log.join(sharing);
                }
                return Rc::clone(limit);
            }
            let memory = (self.memory)(&name);
            let limit = Limit::new(Limiter::remembering(options, memory, now), self.shared(key));
            limits.insert(name, Rc::clone(&limit));
            limit
        })
    }

    /// The log of all processes that have this key.
    fn shared(&self, key: Option<&str>) -> Option<Shared> {
        let mut sharing = self.sharing.clone()?;
        if let Some(key) = key {
            // Not the limit's name: its salt is this process's own.
            sharing.key = format!("{} {}", sharing.key, digest(&[&sharing.key, key]));
        }
        Some(Shared::new(SharedLog::new(sharing)))
    }

    /// A digest: keys are secret, and this is kept.
    fn name(&self, key: Option<&str>) -> String {
        let account = if key.is_some() { "key" } else { "proxy" };
        // Boxed and finished in place: its buffer holds the key, and what is allocated is wiped, unlike the stack.
        let mut hasher = Box::new(Sha256::new());
        for part in [
            &self.salt,
            &self.origin,
            &self.service,
            account,
            key.unwrap_or_default(),
        ] {
            // Its length first, so that no two lists of parts read the same.
            hasher.update(part.len().to_be_bytes());
            hasher.update(part);
        }
        let digest = hasher.finalize_reset();
        digest.iter().map(|byte| char::from(*byte)).collect()
    }
}

impl Registry {
    /// Forgets the limits that nobody uses and that stand as new ones would. Looked for when there are twice as many as were
    /// left the last time, so that a client costs the same however many there are.
    fn sweep(&self, now: Instant) {
        let mut limits = self.limits.borrow_mut();
        if limits.len() < self.sweep_at.get() {
            return;
        }
        limits.retain(|limit| {
            let limiter = limit.limiter.borrow();
            let stays = Rc::strong_count(limit) > 1 || !limiter.is_over(now);
            if !stays {
                limiter.discard();
            }
            stays
        });
        self.sweep_at.set(limits.len().saturating_mul(2).max(16));
    }
}
