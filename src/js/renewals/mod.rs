//! Renewals: what is asked leaves as JSON text, and answers come in as it.

use ::renewals::{
    Ask, Planner, Run,
    journal::State,
    plan::{Settings, fields},
    time::Ms,
};
use serde::Serialize;
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
    /// A text: the facade has made the settings.
    pub fn plan(settings: &str, entries: &str) -> Result<Self, JsValue> {
        let settings: Settings = serde_json::from_str(settings).map_err(|error| refused(&error))?;
        let entries: Vec<String> = serde_json::from_str(entries).unwrap_or_default();
        let planner = Planner::new(settings, State::of(entries));
        Ok(Self::new(Of::Plan {
            planner: Box::new(planner),
            has_begun: false,
        }))
    }

    /// Carries a plan out.
    ///
    /// # Errors
    /// A text: the facade has made the settings.
    pub fn run(settings: &str) -> Result<Self, JsValue> {
        let settings = serde_json::from_str(settings).map_err(|error| refused(&error))?;
        Ok(Self::new(Of::Run(Box::new(Run::new(settings)))))
    }

    /// Takes a page of what was asked for: a JSON list. `due`: when each is due by the caller's function, in milliseconds
    /// since 1970, a JSON list. Whether the next page is wanted.
    pub fn page(&mut self, now: f64, page: &[u8], due: &str) -> bool {
        let page: Value = serde_json::from_slice(page).unwrap_or_default();
        let due: Vec<Option<f64>> = serde_json::from_str(due).unwrap_or_default();
        let due: Vec<Option<Ms>> = due.into_iter().map(|due| due.map(whole)).collect();
        self.room.for_page();
        match &mut self.of {
            Of::Plan { planner, .. } => planner.page(whole(now), &page, &due),
            Of::Run(run) => run.page(whole(now), &page, &due),
        }
    }

    /// Takes the answer to what was asked last, and returns what is asked next, with what happened before: `{ ask, events }`.
    /// The first answer says nothing.
    pub fn next(&mut self, now: f64, answer: &str) -> String {
        let (now, answer) = (whole(now), serde_json::from_str(answer).unwrap_or(Value::Null));
        self.room.for_answer();
        match &mut self.of {
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
        }
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

/// Settings that cannot be read, which the facade has made.
fn refused(error: &serde_json::Error) -> JsValue {
    JsValue::from_str(&format!("The options of the renewals cannot be used: {error}."))
}
