//! Renewals: what is asked leaves as JSON text, and answers come in as it.

use ::renewals::{
    Ask, Planner, Run,
    journal::State,
    planning::{Settings, fields},
    time::Ms,
};
use api::json::{Unreadable, read_lossy};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use wasm_bindgen::prelude::*;

/// The names of the fields of lists that are looked at, as a JSON list: what else there is need not be handed in.
#[wasm_bindgen(js_name = renewalFields)]
pub fn renewal_fields() -> String {
    text(&fields())
}

/// A plan in the making, or a run.
#[wasm_bindgen]
pub struct Renewals {
    of: Of,
    room: Room,
}

enum Of {
    Plan { planner: Box<Planner>, has_begun: bool },
    Run(Box<Run>),
}

/// What is asked, and what happened before.
#[derive(Serialize)]
struct Told<'a> {
    ask: &'a Ask,
    events: &'a [::renewals::run::Event],
}

#[wasm_bindgen]
impl Renewals {
    /// Makes a plan. `entries`: those of the journal, as a JSON list.
    ///
    /// # Errors
    /// A text: what cannot be read, which the facade has written.
    pub fn plan(settings: &str, entries: &str) -> Result<Self, JsValue> {
        let settings: Settings = typed("their options", settings)?;
        let entries: Vec<String> = typed("the entries of the journal", entries)?;
        let planner = Planner::new(settings, State::of(entries));
        Ok(Self::new(Of::Plan {
            planner: Box::new(planner),
            has_begun: false,
        }))
    }

    /// Carries a plan out.
    ///
    /// # Errors
    /// A text: what cannot be read, which the facade has written.
    pub fn run(settings: &str) -> Result<Self, JsValue> {
        let settings = typed("their options", settings)?;
        Ok(Self::new(Of::Run(Box::new(Run::new(settings)))))
    }

    /// Takes a page of what was asked for: a JSON list. `due`: when each is due by the caller's function, in milliseconds
    /// since 1970, a JSON list. Whether the next page is wanted.
    ///
    /// # Errors
    /// A text: what cannot be read. A page that counted as empty would hide what is due.
    pub fn page(&mut self, now: f64, page: &[u8], due: &str) -> Result<bool, JsValue> {
        let page = untyped("a page of a list", core::str::from_utf8(page).unwrap_or_default())?;
        let due: Vec<Option<f64>> = typed("when the orders of a page are due", due)?;
        let due: Vec<Option<Ms>> = due.into_iter().map(|due| due.map(whole)).collect();
        self.room.for_page();
        Ok(match &mut self.of {
            Of::Plan { planner, .. } => planner.page(whole(now), &page, &due),
            Of::Run(run) => run.page(whole(now), &page, &due),
        })
    }

    /// Takes the answer to what was asked last, and returns what is asked next, with what happened before: `{ ask, events }`.
    /// The first answer says nothing.
    ///
    /// # Errors
    /// A text: the answer cannot be read. One that counted as nothing would hide that something failed.
    pub fn next(&mut self, now: f64, answer: &str) -> Result<String, JsValue> {
        let (now, answer) = (whole(now), untyped("an answer", answer)?);
        self.room.for_answer();
        Ok(match &mut self.of {
            Of::Plan { planner, has_begun } => {
                let ask = if core::mem::replace(has_begun, true) {
                    planner.next(now, &answer)
                } else {
                    planner.begin(now)
                };
                text(&Told { ask: &ask, events: &[] })
            }
            Of::Run(run) => {
                let ask = run.next(now, &answer);
                let events = run.take_events();
                text(&Told {
                    ask: &ask,
                    events: &events,
                })
            }
        })
    }
}

impl Renewals {
    fn new(of: Of) -> Self {
        Self {
            of,
            room: Room::default(),
        }
    }
}

/// The memory that the allocator has: at the last page, and at the last answer.
#[derive(Default)]
struct Room {
    at_page: usize,
    at_answer: usize,
}

impl Room {
    /// Whenever the memory has grown, it grows by a half more at once: however little it grows, that costs milliseconds, and the
    /// allocator does it for every 64 KB.
    fn for_page(&mut self) {
        self.at_page = grown_since(self.at_page, 32_768);
    }

    /// What comes of all pages takes about as much as they do.
    fn for_answer(&mut self) {
        self.at_answer = grown_since(self.at_answer, 65_536);
        self.at_page = self.at_answer;
    }
}

/// Makes room, of so many bytes for each page that there is, if there are more than there were. How many pages there are then.
fn grown_since(before: usize, bytes: usize) -> usize {
    let pages = core::arch::wasm32::memory_size::<0>();
    if pages != before {
        let mut room: Vec<u8> = Vec::new();
        // Where there is none, an allocation that is needed will tell.
        let _ = room.try_reserve_exact(pages.saturating_mul(bytes));
        core::hint::black_box(&room);
    }
    core::arch::wasm32::memory_size::<0>()
}

fn text(value: &impl Serialize) -> String {
    // It cannot fail: there are strings for keys.
    serde_json::to_string(value).unwrap_or_default()
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
const fn whole(number: f64) -> Ms {
    number as Ms
}

/// What the facade has written as JSON. `JSON.stringify` writes half a surrogate pair as an escape, which no text of Rust can hold:
/// it is read as U+FFFD, as in replies.
fn untyped(what: &str, text: &str) -> Result<Value, JsValue> {
    read_lossy(text).map_err(|why: Unreadable| refused(what, why.in_words()))
}

fn typed<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, JsValue> {
    serde_json::from_value(untyped(what, text)?).map_err(|error| refused(what, &error.to_string()))
}

fn refused(what: &str, why: &str) -> JsValue {
    JsValue::from_str(&format!("Renewals cannot read {what}: {why}."))
}
