//! What came of a run: for people, for programs, for calendars.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Serialize;

use crate::{journal::RenewalState, plan::RenewalItem, time::Ms, urgency::RenewalUrgency, words::words};

words! {
    /// What came of a run, in a word.
    RenewalOutcome {
        /// Nothing was due.
        NothingDue = "nothingDue",
        /// All that was due is delivered.
        Renewed = "renewed",
        /// Nothing failed, and something is not delivered yet.
        Waiting = "waiting",
        /// Something failed, or is blocked, or nobody knows whether it was ordered.
        SomeFailed = "someFailed",
        /// The same, and the end of a certificate is near.
        EndNear = "endNear",
        /// Another run has the journal.
        Locked = "locked",
    }
}

/// A renewal as it is when a run has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct RenewalStatus {
    /// The order that is renewed.
    pub order_id: String,
    /// Its common name.
    pub common_name: String,
    /// The names beside it.
    pub dns_names: Vec<String>,
    /// When the old certificate ends.
    pub not_after: String,
    /// How far the renewal is; absent for one that has not begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub state: Option<RenewalState>,
    /// How near the end is.
    pub urgency: RenewalUrgency,
    /// The new order, once it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub new_order_id: Option<String>,
    /// The name of the order of which nobody knows whether it was placed: what `assumeNotPlaced` takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub once_id: Option<String>,
    /// When the new certificate ends, once it was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub new_not_after: Option<String>,
    /// How the new key is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub key: Option<String>,
    /// How often it failed since something last went well.
    pub failures: u32,
    /// It is not tried again before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub retry_at: Option<String>,
    /// What is wrong, if something is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub message: Option<String>,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct RenewalSummary {
    /// In a word.
    pub outcome: RenewalOutcome,
    /// Orders that this run placed, or may have placed.
    pub orders: usize,
    /// What they cost, as far as their prices are known.
    pub cost: f64,
    /// What is being renewed, or should be, and what was renewed by this run; the one that ends first before the others.
    pub renewals: Vec<RenewalStatus>,
    /// How many certificates are in each state, and of each urgency: for metrics.
    #[cfg_attr(feature = "types", tsify(type = "Record<string, number>"))]
    pub metrics: BTreeMap<String, usize>,
    /// The same for people.
    pub text: String,
    /// What is to come, for a calendar (RFC 5545).
    pub ics: String,
}

pub use {RenewalStatus as Status, RenewalSummary as Summary};

/// What came of a run, for people: a line for each.
///
/// `uncovered`: certificates that are no renewals, and need a look.
pub(crate) fn text<'a>(
    outcome: RenewalOutcome,
    renewals: &[Status],
    uncovered: impl Iterator<Item = &'a RenewalItem>,
) -> String {
    let mut text = String::from(match outcome {
        RenewalOutcome::NothingDue => "Nothing is due.",
        RenewalOutcome::Renewed => "All that was due is renewed.",
        RenewalOutcome::Waiting => "Nothing failed; not all of it is delivered yet.",
        RenewalOutcome::SomeFailed => "SOME CERTIFICATES WERE NOT RENEWED.",
        RenewalOutcome::EndNear => "A CERTIFICATE ENDS SOON, OR HAS ENDED, AND HAS NO SUCCESSOR.",
        RenewalOutcome::Locked => "Another run has the journal: nothing was done.",
    });
    for item in uncovered {
        // It cannot fail: it is a string.
        let _ = write!(text, "\n{}: {}", item.common_name, item.reason);
    }
    for status in renewals {
        let state = status.state.map_or("not begun", RenewalState::as_str);
        // Of one that is done with, the certificate that is in use by now.
        let is_in_use = status.urgency == RenewalUrgency::None;
        let end = status.new_not_after.as_ref().filter(|_| is_in_use);
        let day = end.unwrap_or(&status.not_after).split('T').next().unwrap_or_default();
        let _ = write!(text, "\n{}: {state}, ends on {day}", status.common_name);
        if status.urgency > RenewalUrgency::Due {
            let _ = write!(text, " ({})", status.urgency.as_str());
        }
        if let Some(order) = &status.new_order_id {
            let _ = write!(text, ", new order {order}");
        }
        if let Some(message) = &status.message {
            let _ = write!(text, ": {}", message.trim_end_matches('.'));
        }
        if let Some(once_id) = &status.once_id {
            let _ = write!(
                text,
                ". Look for it at the service; if it is not there, say so with `assumeNotPlaced`, on the command line with \
                 --assume-not-placed {once_id}"
            );
        }
    }
    text
}

/// Something to come.
pub(crate) struct Coming {
    pub(crate) id: String,
    pub(crate) at: Ms,
    pub(crate) what: String,
}

/// What a calendar begins with. With the time zone it is one even if nothing is to come: RFC 5545, 3.6, wants a component.
const HEAD: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//markmonitor-certs//renewals//EN\r\n\
    BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\n\
    TZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

/// A calendar of what is to come.
pub(crate) fn calendar(made: Ms, coming: &[Coming]) -> String {
    let mut text = String::from(HEAD);
    for event in coming {
        let lines = [
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}@markmonitor-certs", event.id),
            format!("DTSTAMP:{}", stamp(made)),
            format!("DTSTART:{}", stamp(event.at)),
            format!("SUMMARY:{}", escaped(&event.what)),
            "TRANSP:TRANSPARENT".to_owned(),
            "END:VEVENT".to_owned(),
        ];
        for line in lines {
            fold(&line, &mut text);
        }
    }
    text.push_str("END:VCALENDAR\r\n");
    text
}

/// `20261126T060000Z`.
fn stamp(ms: Ms) -> String {
    let date = crate::time::iso(ms);
    let date = date.split('.').next().unwrap_or_default();
    let digits: String = date.chars().filter(|c| !matches!(c, '-' | ':')).collect();
    format!("{digits}Z")
}

/// Text of RFC 5545, 3.3.11.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// No line is longer than 75 octets (RFC 5545, 3.1).
fn fold(line: &str, text: &mut String) {
    let mut length = 0_usize;
    for c in line.chars() {
        if length.saturating_add(c.len_utf8()) > 73 {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(c);
        length = length.saturating_add(c.len_utf8());
    }
    text.push_str("\r\n");
}
