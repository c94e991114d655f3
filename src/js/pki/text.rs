//! Texts on their way in.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type TextEncoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextEncoder;
    #[wasm_bindgen(method, js_name = encodeInto)]
    fn encode_into(this: &TextEncoder, text: &JsString, octets: &mut [u8]) -> Progress;

    type Progress;
    #[wasm_bindgen(method, getter)]
    fn written(this: &Progress) -> usize;
}

/// Longer texts are not requests, and room for the most that they could become is too much to ask for.
const MAX_AT_ONCE: u32 = 1 << 20;

/// The octets of a text. What wasm-bindgen does for a text by itself looks at each character in JavaScript.
pub(super) fn utf8(text: &JsString) -> String {
    thread_local! {
        static ENCODER: TextEncoder = TextEncoder::new();
    }
    if text.length() > MAX_AT_ONCE {
        return text.into();
    }
    // No unit of UTF-16 becomes more than three octets.
    let most = usize::try_from(text.length()).unwrap_or_default().saturating_mul(3);
    let mut octets = vec![0; most];
    let written = ENCODER.with(|encoder| encoder.encode_into(text, &mut octets).written());
    octets.truncate(written);
    // It is UTF-8, so that this never loses anything.
    String::from_utf8(octets).unwrap_or_default()
}
