//! The key that is made for a new request.

use finding::{Finding, FindingCode};

use crate::{
    given::{self, Given},
    key_failure::KeyFailure,
};

/// The key that a new request wants made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRequest {
    /// On a curve; P-256 if it does not say.
    Ec {
        /// Which one.
        curve: KeyCurve,
    },
    /// With so many bits; 2048 if it does not say.
    Rsa {
        /// How many.
        bits: u32,
    },
}

/// The sizes that every certificate authority accepts.
const RSA_BITS: [u32; 3] = [2048, 3072, 4096];

impl KeyRequest {
    /// Reads it from the `key` of a request, which is absent or an object.
    ///
    /// # Errors
    /// Which field is wrong, or does not go with the algorithm.
    pub fn read(key: &impl Given) -> Result<Self, Finding> {
        if key.is_absent() {
            return Ok(Self::default());
        }
        let [algorithm, curve, bits] = ["algorithm", "curve", "bits"].map(|name| key.field(name));
        let algorithm = if algorithm.is_undefined() {
            None
        } else {
            Some(given::one_of(&algorithm, "key.algorithm", ["EC", "RSA"])?)
        };
        let curve = if curve.is_absent() {
            None
        } else {
            let [p256, p384] = [KeyCurve::P256, KeyCurve::P384];
            let name = given::one_of(&curve, "key.curve", [p256.name(), p384.name()])?;
            Some(if name == p256.name() { p256 } else { p384 })
        };
        let bits = if bits.is_absent() {
            None
        } else {
            let whole = bits.number().and_then(whole);
            Some(whole.ok_or_else(|| given::wrong("key.bits", "a whole number, at least 0"))?)
        };
        match (algorithm, curve, bits) {
            (None, ..) => Err(Finding::argument(
                FindingCode::Required,
                "algorithm",
                "`algorithm` is missing.",
            )),
            (Some("EC"), curve, None) => Ok(Self::Ec {
                curve: curve.unwrap_or_default(),
            }),
            (Some("EC"), ..) => Err(needless("bits", "EC", "a `curve`")),
            (Some(_), None, bits) => Ok(Self::Rsa {
                bits: bits.unwrap_or(2048),
            }),
            (Some(_), ..) => Err(needless("curve", "RSA", "`bits`")),
        }
    }

    /// Whether such a key can be made.
    ///
    /// # Errors
    /// What keeps it from being made.
    pub fn check(self) -> Result<Self, KeyFailure> {
        match self {
            Self::Rsa { bits } if !RSA_BITS.contains(&bits) => Err(KeyFailure::Size),
            _ => Ok(self),
        }
    }
}

fn whole(number: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is in range and whole"
    )]
    ((0.0..=f64::from(u32::MAX)).contains(&number) && number.fract() == 0.0).then_some(number as u32)
}

/// That a key has a field that its algorithm has no use for.
fn needless(field: &str, algorithm: &str, instead: &str) -> Finding {
    let message = format!("`key` must have no `{field}`: a key of the algorithm '{algorithm}' has {instead}.");
    Finding::argument(FindingCode::InvalidOption, "key", message)
}

impl Default for KeyRequest {
    fn default() -> Self {
        Self::Ec {
            curve: KeyCurve::default(),
        }
    }
}

/// The curves that every certificate authority accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyCurve {
    /// P-256.
    #[default]
    P256,
    /// P-384.
    P384,
}

impl KeyCurve {
    /// WebCrypto's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }
}
