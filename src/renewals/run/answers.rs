//! What follows from an answer.

use api::facts::{CertFacts, Fact as _, OrderFacts, OrderStatus, StatusKind};
use serde_json::Value;

use super::{
    Code, Pending, Run, Then,
    check::checked,
    found::found_among,
    reply::{done, error_of, reason, text},
};
use crate::{
    ask::Ask,
    estate::{Aside, Known},
    journal::{RenewalState, Step},
    policy::Policy,
};

impl Run {
    pub(super) fn keyed(&mut self, id: &str, answer: &Value) -> Ask {
        let csr = text(answer, "csr");
        if csr.is_empty() {
            let error = error_of(answer);
            return self.fail(
                id,
                Code::KeyFailed,
                format!("No key was made: {}", reason(error)),
                error,
            );
        }
        let step = Step::Keyed {
            csr,
            key: answer.get("key").and_then(Value::as_str).map(str::to_owned),
        };
        self.write(id, step, Then::Go)
    }

    pub(super) fn placed(&mut self, id: &str, answer: &Value) -> Ask {
        let error = error_of(answer);
        if !error.is_null() {
            return self.refused(id, error);
        }
        if answer.get("kind").and_then(Value::as_str) == Some("notSent") {
            return self.write(id, Step::NotPlaced, Then::Go);
        }
        let order = answer.get("order").unwrap_or(&Value::Null);
        let new_order = text(order, "id");
        self.in_vain = 0;
        match answer.get("kind").and_then(Value::as_str) {
            Some("placed" | "givenBack") if !new_order.is_empty() => self.is_there(id, new_order, order),
            Some("differs") if !new_order.is_empty() => {
                let differences = answer.get("differences").and_then(Value::as_array);
                let is_of_our_key = differences.is_some_and(|all| !all.iter().any(|what| what == "key"));
                if is_of_our_key {
                    return self.is_there(id, new_order, order);
                }
                let message = format!("The order {new_order} renews it already, and was placed elsewhere.");
                self.tell(id, Code::Superseded, message, &Value::Null);
                self.write(id, Step::Superseded { new_order }, Then::Go)
            }
            _ => {
                let message = text(answer, "message");
                let step = Step::Unknown {
                    message: message.clone(),
                };
                let message = format!("An order for it may have been placed, and nobody knows: {message}");
                self.todo.push_back((id.to_owned(), step));
                self.tell(id, Code::Unknown, message, &Value::Null);
                self.advance()
            }
        }
    }

    fn is_there(&mut self, id: &str, new_order: String, order: &Value) -> Ask {
        let local = self.local(id);
        local.is_asked = true;
        local.is_seen = true;
        local.shows_cert = order.get("cert").is_some_and(Value::is_object);
        if self.next_look <= self.now {
            self.next_look = self.now.saturating_add(self.settings.min_delay_ms);
        }
        self.write(id, Step::Placed { new_order }, Then::Go)
    }

    /// It was not placed, that is certain.
    fn refused(&mut self, id: &str, error: &Value) -> Ask {
        let message = reason(error);
        match text(error, "code").as_str() {
            "unauthorized" | "token_expired" | "session_ended" => {
                self.stopped = Some(format!("the service lets nobody in: {message}"));
            }
            "bad_request" | "invalid" | "conflict" | "not_found" => self.in_vain = 0,
            _ => self.placed_in_vain(&message),
        }
        self.local(id).is_stuck = true;
        if let Some(once_id) = self.state.get(id).and_then(|renewal| renewal.once_id.as_ref()) {
            self.placed.remove(once_id);
        }
        let told = format!("It was not ordered: {message}");
        self.todo.push_back((id.to_owned(), Step::Refused { message }));
        self.tell(id, Code::Refused, told, &Value::Null);
        self.advance()
    }

    pub(super) fn published(&mut self, ids: &[String], answer: &Value) -> Ask {
        for id in ids {
            let failed = answer.get("failed").and_then(|failed| failed.get(id));
            match failed
                .filter(|failed| !failed.is_null())
                .map_or_else(|| done(answer), Err)
            {
                Ok(()) => self.todo.push_back((id.clone(), Step::Published)),
                // It may be issued all the same, when its domains are validated already.
                Err(error) => {
                    let message = format!("Control of its domains could not be shown: {}", reason(error));
                    self.todo.push_back((
                        id.clone(),
                        Step::Failed {
                            message: message.clone(),
                        },
                    ));
                    // Until the next look.
                    self.local(id).shows_cert = false;
                    let tries = &mut self.local(id).in_vain;
                    *tries = tries.saturating_add(1);
                    self.tell(id, Code::DcvFailed, message, error);
                }
            }
        }
        self.advance()
    }

    pub(super) fn looked(&mut self, ids: &[String], answer: &Value) -> Ask {
        self.pause();
        for id in ids {
            self.local(id).is_asked = true;
        }
        let renewed = self.renewed_by();
        for order in answer.get("orders").and_then(Value::as_array).into_iter().flatten() {
            let facts = OrderFacts::read(order).unwrap_or_default();
            let id = facts.id.as_ref().and_then(|new_order| renewed.get(new_order));
            if let Some(id) = id.filter(|id| ids.contains(id)) {
                self.take_look(id, order, &facts);
            }
        }
        for missing in answer.get("missing").and_then(Value::as_array).into_iter().flatten() {
            if let Some(id) = renewed.get(&text(missing, "id")) {
                let message = format!("Its new order cannot be looked at: {}", text(missing, "message"));
                self.todo.push_back((
                    id.clone(),
                    Step::Failed {
                        message: message.clone(),
                    },
                ));
                self.local(id).is_stuck = true;
                self.tell(id, Code::LookFailed, message, &Value::Null);
            }
        }
        self.advance()
    }

    fn take_look(&mut self, id: &str, order: &Value, facts: &OrderFacts) {
        let state = self.state.get(id).map(|renewal| renewal.state);
        let is_revoked = facts.cert.as_ref().is_some_and(CertFacts::is_revoked_or_to_be);
        let needs_person = facts
            .status
            .as_ref()
            .is_some_and(|status| status.kind() == StatusKind::NeedsPerson);
        let has_ended = facts.status.as_ref().is_some_and(OrderStatus::has_ended);
        let has_cert = facts.is_issued() || facts.status == Some(OrderStatus::ReissueFailed);
        let status = facts.status_text().unwrap_or_default().to_owned();
        let local = self.local(id);
        local.is_seen = true;
        local.shows_cert = order.get("cert").is_some_and(Value::is_object);
        if matches!(state, Some(RenewalState::Delivered | RenewalState::Revoking)) {
            return;
        }
        if is_revoked || has_ended {
            let how = if is_revoked {
                "is revoked"
            } else {
                "has ended without a certificate"
            };
            let message = format!("Its new order {how} ({status})");
            self.todo.push_back((
                id.to_owned(),
                Step::Lost {
                    message: message.clone(),
                },
            ));
            self.local(id).is_stuck = true;
            self.tell(
                id,
                Code::Lost,
                format!("{message}. Another one is placed by a later run."),
                &Value::Null,
            );
        } else if has_cert {
            if state == Some(RenewalState::Placed) {
                self.todo.push_back((id.to_owned(), Step::Issued));
            }
        } else if needs_person && !core::mem::replace(&mut self.local(id).is_told, true) {
            let message = format!("Its new order stands still until a person acts ({status}).");
            self.tell(id, Code::NeedsAction, message, &Value::Null);
        }
    }

    pub(super) fn searched(&mut self, answer: &Value) -> Ask {
        let orders = answer.get("orders").and_then(Value::as_array);
        let policy = Policy::default();
        let aside = Aside {
            is_open: true,
            ..Aside::default()
        };
        let known = orders
            .into_iter()
            .flatten()
            .filter_map(|order| Known::of(order, self.now, &policy, aside));
        let known: Vec<Known> = known.collect();
        for id in self.order.clone() {
            let Some(renewal) = self.state.get(&id).filter(|renewal| renewal.state.is_unknown()) else {
                continue;
            };
            if let Some(step) = found_among(known.iter(), renewal, &id) {
                self.todo.push_back((id, step));
            }
        }
        self.advance()
    }

    pub(super) fn downloaded(&mut self, id: &str, answer: &Value) -> Ask {
        let Some(what) = self.state.get(id).map(|renewal| renewal.what.clone()) else {
            return self.advance();
        };
        let error = error_of(answer);
        if !error.is_null() {
            let message = format!("Its certificate could not be had: {}", reason(error));
            return self.fail(id, Code::DownloadFailed, message, error);
        }
        match checked(answer, &what, self.now) {
            Ok(not_after) => {
                self.local(id).is_at_hand = true;
                self.write(id, Step::Checked { not_after }, Then::Go)
            }
            Err(why) => {
                let message = format!("Its certificate is not delivered: {why}");
                self.fail(id, Code::CheckFailed, message, &Value::Null)
            }
        }
    }

    pub(super) fn delivered(&mut self, id: &str, answer: &Value) -> Ask {
        if let Err(error) = done(answer) {
            let message = format!("It was not delivered: {}", reason(error));
            return self.fail(id, Code::DeliverFailed, message, error);
        }
        self.local(id).is_delivered = true;
        self.write(id, Step::Delivered, Then::Go)
    }

    pub(super) fn revoked(&mut self, id: &str, answer: &Value) -> Ask {
        if let Err(error) = done(answer) {
            let message = format!("The old certificate was not revoked: {}", reason(error));
            return self.fail(id, Code::RevokeFailed, message, error);
        }
        self.write(id, Step::Done, Then::Go)
    }

    pub(super) fn hooked(&mut self, what: &'static str, answer: &Value) -> Ask {
        if let Err(error) = done(answer) {
            let message = format!("What runs once for all that was {what} failed: {}", reason(error));
            self.tell("", Code::HookFailed, message.clone(), error);
            if what == "renewed" {
                self.hook_failure = Some(message);
            }
            return self.finish();
        }
        if what == "renewed" {
            return self.write("", Step::Told, Then::Go);
        }
        self.finish()
    }

    /// Something failed that is tried again by the next run.
    fn fail(&mut self, id: &str, code: Code, message: String, error: &Value) -> Ask {
        self.local(id).is_stuck = true;
        self.todo.push_back((
            id.to_owned(),
            Step::Failed {
                message: message.clone(),
            },
        ));
        self.tell(id, code, message, error);
        self.pending = Pending::Nothing;
        self.advance()
    }
}
