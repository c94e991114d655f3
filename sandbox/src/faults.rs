//! Faults on purpose, by rule.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::http::{Drop, Request, Response};
use crate::random::Random;

/// Which requests fail, and how.
///
/// With a `status` the fault answers in the service's place and the request has no effect. Without one the
/// service answers, and `headers` and `body` replace parts of its reply. `drop` cuts the connection, `before`
/// the request had its effect or `after`. `delay_ms` holds back whatever comes of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FaultRule {
    /// The method; left out, every one.
    pub method: Option<String>,
    /// A part of the path; left out, every one.
    pub path: Option<String>,
    /// How many requests; left out, all from now on.
    pub times: Option<u64>,
    /// The probability for each request, drawn from the seed; left out, certain.
    pub probability: Option<f64>,
    /// The status to answer with.
    pub status: Option<u16>,
    /// Headers of the answer.
    pub headers: BTreeMap<String, String>,
    /// The body of the answer, as it is.
    pub body: Option<String>,
    /// Milliseconds that the answer is held back.
    pub delay_ms: u64,
    /// When the connection is cut.
    pub drop: Option<Drop>,
}

impl FaultRule {
    fn matches(&self, request: &Request) -> bool {
        self.times != Some(0)
            && self
                .method
                .as_ref()
                .is_none_or(|method| method.eq_ignore_ascii_case(&request.method))
            && self.path.as_ref().is_none_or(|path| request.path.contains(path))
    }

    /// The answer in the service's place, if that is the fault.
    pub(crate) fn answer(&self) -> Option<Response> {
        if self.drop == Some(Drop::Before) {
            return Some(Response {
                drop: self.drop,
                delay_ms: self.delay_ms,
                ..Response::default()
            });
        }
        let status = self.status?;
        (self.drop.is_none()).then(|| {
            self.spoil(Response {
                status,
                ..Response::default()
            })
        })
    }

    /// What becomes of the service's answer.
    pub(crate) fn spoil(&self, mut response: Response) -> Response {
        if let Some(body) = &self.body {
            response.body = body.clone().into_bytes();
        }
        for (name, value) in &self.headers {
            response = response.with_header(name, value);
        }
        response.delay_ms = response.delay_ms.saturating_add(self.delay_ms);
        response.drop = self.drop;
        response
    }
}

/// The rules in force, tried in the order in which they came.
#[derive(Debug)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
    random: Random,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rules: Vec::new(),
            random: Random::new(seed, "faults"),
        }
    }

    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// The first rule that hits this request, counted down.
    pub(crate) fn hit(&mut self, request: &Request) -> Option<FaultRule> {
        let random = &mut self.random;
        let rule = self.rules.iter_mut().find(|rule| {
            rule.matches(request) && rule.probability.is_none_or(|probability| random.chance(probability))
        })?;
        rule.times = rule.times.map(|times| times.saturating_sub(1));
        let hit = rule.clone();
        self.rules.retain(|rule| rule.times != Some(0));
        Some(hit)
    }
}
