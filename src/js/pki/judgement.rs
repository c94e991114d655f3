//! What is judged but for its signatures, which WebCrypto verifies. That takes time, and this does not: whoever runs it
//! is told what to ask, and answers.

use ::pki::{SignatureStatus, Verification};
use js_sys::Array;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::webcrypto;
use crate::convert::set;

type Question = Result<Verification, SignatureStatus>;
type Concluded = Result<JsValue, JsValue>;
type Conclude = Box<dyn FnOnce(&[SignatureStatus]) -> Concluded>;

/// One thing that is judged.
pub(super) struct Thing {
    questions: std::vec::IntoIter<Question>,
    statuses: Vec<SignatureStatus>,
    conclude: Conclude,
}

impl Thing {
    /// With the questions about its signatures, or what is known without asking. Their status is what it is concluded with.
    pub(super) fn new(
        questions: Vec<Question>,
        conclude: impl FnOnce(&[SignatureStatus]) -> Concluded + 'static,
    ) -> Self {
        Self {
            questions: questions.into_iter(),
            statuses: Vec::new(),
            conclude: Box::new(conclude),
        }
    }

    /// As a property of an object.
    pub(super) fn put_into(self, object: JsValue, name: &'static str) -> Self {
        let conclude = self.conclude;
        Self {
            conclude: Box::new(move |statuses| {
                set(&object, name, &conclude(statuses)?);
                Ok(object)
            }),
            ..self
        }
    }
}

/// Things that are judged, one after the other.
#[wasm_bindgen]
pub struct Judgement {
    things: Box<dyn FnMut() -> Option<Thing>>,
    asked: Option<Thing>,
    values: Array,
}

impl Judgement {
    pub(super) fn of(thing: Thing) -> Self {
        let mut thing = Some(thing);
        Self::of_all(move || thing.take())
    }

    /// Each is made when it is its turn.
    pub(super) fn of_all(things: impl FnMut() -> Option<Thing> + 'static) -> Self {
        Self {
            things: Box::new(things),
            asked: None,
            values: Array::new(),
        }
    }
}

#[wasm_bindgen]
impl Judgement {
    /// What is to be asked next; empty at the end. `holds` is the answer to what was asked before, absent where WebCrypto has
    /// none.
    ///
    /// # Errors
    /// What cannot be concluded, as a plain object.
    pub fn next(&mut self, holds: Option<bool>) -> Result<Array, JsValue> {
        if let Some(thing) = &mut self.asked {
            thing.statuses.push(match holds {
                Some(true) => SignatureStatus::Valid,
                Some(false) => SignatureStatus::Invalid,
                None => SignatureStatus::Unsupported,
            });
        }
        while let Some(mut thing) = self.asked.take().or_else(&mut self.things) {
            for question in thing.questions.by_ref() {
                match question {
                    Ok(question) => {
                        self.asked = Some(thing);
                        return Ok(webcrypto::question(&question));
                    }
                    Err(status) => thing.statuses.push(status),
                }
            }
            self.values.push(&(thing.conclude)(&thing.statuses)?);
        }
        Ok(Array::new())
    }

    /// What came of them.
    #[must_use]
    pub fn values(self) -> Array {
        self.values
    }
}
