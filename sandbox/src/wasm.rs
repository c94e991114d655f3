//! The build for JavaScript: conversions and nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{Drop, FaultRule, Options, RateLimit, ReadingError, Readings, Request, Response, Timestamp, User, Window};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface SandboxUser { username: string; password: string; apiKey: string }
export interface SandboxRateLimit { limit: number; windowMs: number; window?: 'fixed' | 'sliding' | 'counter' | 'bucket'; retryAfter?: boolean }
export interface SandboxOptions { seed?: number; now?: number; rateLimit?: SandboxRateLimit | boolean; users?: SandboxUser[]; latencyMs?: number; demo?: boolean; readings?: object }
export interface SandboxResponse { status: number; headers: [string, string][]; body: Uint8Array; delayMs: number; drop?: 'before' | 'after' }
export interface SandboxFault { method?: string; path?: string; times?: number; probability?: number; status?: number; headers?: Record<string, string>; body?: string; delayMs?: number; drop?: 'before' | 'after' }
"#;

/// The options, as JavaScript gives them.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct JsOptions {
    seed: Option<u32>,
    now: Option<f64>,
    rate_limit: Option<JsRateLimit>,
    users: Option<Vec<User>>,
    latency_ms: Option<u32>,
    readings: BTreeMap<String, Option<String>>,
    demo: bool,
}

/// `false` for no limit, `true` for the default one, or a limit.
#[derive(Deserialize)]
#[serde(
    untagged,
    rename_all_fields = "camelCase",
    expecting = "rateLimit must be true, false or { limit, windowMs }, perhaps with window and retryAfter"
)]
enum JsRateLimit {
    Switch(bool),
    Limit {
        limit: u32,
        window_ms: u32,
        window: Option<Window>,
        #[serde(default)]
        retry_after: bool,
    },
}

impl TryFrom<JsOptions> for Options {
    type Error = ReadingError;

    fn try_from(given: JsOptions) -> Result<Self, ReadingError> {
        let default = Self::default();
        // What is `undefined` counts as left out.
        let chosen = given
            .readings
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        let rate_limit = match given.rate_limit {
            None | Some(JsRateLimit::Switch(true)) => default.rate_limit,
            Some(JsRateLimit::Switch(false)) => None,
            Some(JsRateLimit::Limit {
                limit,
                window_ms,
                window,
                retry_after,
            }) => Some(RateLimit {
                limit,
                window_ms: window_ms.into(),
                window,
                retry_after,
            }),
        };
        Ok(Self {
            seed: given.seed.map_or(default.seed, u64::from),
            users: given.users.unwrap_or(default.users),
            rate_limit,
            latency_ms: given.latency_ms.map_or(default.latency_ms, u64::from),
            readings: Readings::of(chosen)?,
            demo: given.demo.then(|| timestamp(given.now.unwrap_or_default())),
        })
    }
}

/// A response, as JavaScript takes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsResponse {
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(serialize_with = "bytes")]
    body: Vec<u8>,
    delay_ms: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    drop: Option<Drop>,
}

impl From<Response> for JsResponse {
    fn from(response: Response) -> Self {
        Self {
            status: response.status,
            headers: response.headers,
            body: response.body,
            delay_ms: u32::try_from(response.delay_ms).unwrap_or(u32::MAX),
            drop: response.drop,
        }
    }
}

/// The service in memory. `now` is milliseconds since 1970, and always the caller's.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Sandbox(crate::Sandbox);

#[wasm_bindgen]
impl Sandbox {
    /// A new service, empty unless `demo` is asked for, which needs `now`.
    ///
    /// # Errors
    /// A text, if the options are not what they should be.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "SandboxOptions | undefined")] options: JsValue,
    ) -> Result<Sandbox, JsValue> {
        let options: Option<JsOptions> = read(options)?;
        let options = options.unwrap_or_default().try_into().map_err(|error| text(&error))?;
        crate::Sandbox::new(options).map(Self).map_err(|error| text(&error))
    }

    /// Answers a request that arrives now.
    ///
    /// # Errors
    /// A text, if the headers are no list of pairs.
    #[wasm_bindgen(unchecked_return_type = "SandboxResponse")]
    pub fn handle(
        &mut self,
        method: &str,
        url: &str,
        #[wasm_bindgen(unchecked_param_type = "[string, string][]")] headers: JsValue,
        body: Option<Vec<u8>>,
        #[wasm_bindgen(js_name = nowMs)] now_ms: f64,
    ) -> Result<JsValue, JsValue> {
        let request = Request {
            headers: read(headers)?,
            body: body.unwrap_or_default(),
            ..Request::new(method, url)
        };
        write(&JsResponse::from(self.0.handle(&request, timestamp(now_ms))))
    }

    /// Makes requests fail from now on.
    ///
    /// # Errors
    /// A text, if the rule is not what it should be.
    pub fn fault(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "SandboxFault")] rule: JsValue,
    ) -> Result<(), JsValue> {
        let rule: FaultRule = read(rule)?;
        self.0.fault(rule);
        Ok(())
    }

    /// Ends all faults.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&mut self) {
        self.0.clear_faults();
    }

    /// What the first user authenticates with.
    ///
    /// # Errors
    /// A text, if there is no user.
    #[wasm_bindgen(unchecked_return_type = "SandboxUser")]
    pub fn credentials(&self) -> Result<JsValue, JsValue> {
        write(self.0.users().first().ok_or_else(|| text(&"the sandbox has no user"))?)
    }

    /// When something will next happen by itself, as of now.
    #[wasm_bindgen(js_name = nextChange)]
    pub fn next_change(&mut self, #[wasm_bindgen(js_name = nowMs)] now_ms: f64) -> Option<f64> {
        self.0.advance(timestamp(now_ms));
        #[allow(clippy::cast_precision_loss, reason = "a Timestamp is below 2^53")]
        self.0.next_change().map(|at| at.ms() as f64)
    }
}

/// Not a number and everything before 1970 is 1970.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and drops parts of a millisecond"
)]
fn timestamp(ms: f64) -> Timestamp {
    Timestamp::from_ms(ms as u64)
}

/// By way of JSON, because only there a word that nobody knows is an error. What is `undefined` counts as left out.
fn read<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    let mut value: Value = serde_wasm_bindgen::from_value(value).map_err(|error| text(&error))?;
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    serde_json::from_value(value).map_err(|error| text(&error))
}

fn write(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::new())
        .map_err(|error| text(&error))
}

fn text(error: &impl core::fmt::Display) -> JsValue {
    JsValue::from_str(&error.to_string())
}

/// As a `Uint8Array` rather than a list of numbers.
fn bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}
