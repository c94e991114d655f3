//! Until a run knows what is to be done: the lock, the journal, the estate.

use serde_json::Value;

use super::{Pending, Run};
use crate::{ask::Ask, journal::State, planning::Planner};

impl Run {
    pub(super) fn start(&mut self) -> Ask {
        #[expect(clippy::cast_precision_loss, reason = "a window is no millennium")]
        let pause = crate::time::days(self.settings.random * self.settings.window_ms as f64 / 86_400_000.0);
        if pause <= 0 {
            return self.lock();
        }
        self.pending = Pending::Window;
        Ask::Sleep {
            until_ms: self.now.saturating_add(pause),
        }
    }

    pub(super) fn lock(&mut self) -> Ask {
        self.pending = Pending::Lock;
        Ask::Lock
    }

    pub(super) fn locked(&mut self, answer: &Value) -> Ask {
        if answer.get("held") != Some(&Value::Bool(true)) {
            self.is_lost = true;
            return self.done();
        }
        // Without them nobody knows what was ordered.
        let entries = answer.get("entries").and_then(Value::as_array);
        let entries: Option<Vec<&str>> = entries.and_then(|all| all.iter().map(Value::as_str).collect());
        let Some(entries) = entries else {
            return self
                .lost("The entries of the journal cannot be read: this run has stopped before it did anything.");
        };
        self.state = State::of(&entries);
        if let Some(entries) = self.state.kept(&entries, self.now) {
            self.pending = Pending::Replace(entries.clone());
            return Ask::Replace { entries };
        }
        self.look_at_estate()
    }

    pub(super) fn replaced(&mut self, entries: &[String], answer: &Value) -> Ask {
        if answer.get("replaced") == Some(&Value::Bool(true)) {
            self.state = State::of(entries);
        }
        self.look_at_estate()
    }

    fn look_at_estate(&mut self) -> Ask {
        self.planner = Planner::new(self.settings.plan.clone(), self.state.clone());
        let ask = self.planner.begin(self.now);
        self.planning(ask)
    }

    pub(super) fn planning(&mut self, ask: Ask) -> Ask {
        match ask {
            Ask::Plan(plan) => self.planned(*plan),
            ask => {
                self.pending = Pending::Plan;
                ask
            }
        }
    }
}
