//! A password that the service refused: services lock accounts that try one again and again.

use core::time::Duration;

use crate::{
    error::{Error, ErrorKind},
    exchange::whole_seconds,
    platform::Instant,
};

/// A refused password is not sent again for this long, and twice as long after each further refusal.
const FIRST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// The API key and the password.
type Secrets = (String, String);

/// What was refused last, and until when it is not sent again.
#[derive(Default)]
pub(super) struct Lockout(Option<Refused>);

struct Refused {
    secrets: Secrets,
    error: Error,
    at: Instant,
    pause: Duration,
}

impl Lockout {
    /// Refuses what was refused a moment ago; other secrets may be right.
    pub(super) fn check(&self, secrets: &Secrets, now: Instant) -> Result<(), Error> {
        let Some(refused) = self.0.as_ref().filter(|refused| refused.secrets == *secrets) else {
            return Ok(());
        };
        let left = refused.pause.saturating_sub(now.since(refused.at));
        if left.is_zero() {
            return Ok(());
        }
        let mut error = refused.error.clone();
        error.message = format!(
            "{} The same password is not sent again for {} s, so that the account is not locked; `tokens.clear()` or \
             `tokens.authenticate()` tries at once.",
            error.message,
            whole_seconds(left)
        );
        Err(error)
    }

    /// Remembers a refusal; anything else that came of a login says nothing of the password, or that it is right.
    pub(super) fn note<T>(&mut self, secrets: Secrets, came: &Result<T, Error>, now: Instant) {
        match came {
            Ok(_) => self.0 = None,
            Err(error) if is_of_the_password(error) => {
                let again = self.0.take().filter(|refused| refused.secrets == secrets);
                let pause = again.map_or(FIRST, |refused| refused.pause.saturating_mul(2).min(LONGEST));
                self.0 = Some(Refused {
                    secrets,
                    error: error.clone(),
                    at: now,
                    pause,
                });
            }
            Err(_) => {}
        }
    }

    /// Forgets what was refused.
    pub(super) fn clear(&mut self) {
        self.0 = None;
    }
}

/// By its status, or by what a success without a token says.
fn is_of_the_password(error: &Error) -> bool {
    match &error.kind {
        ErrorKind::Decode { body_text, path, .. } => path.is_some() && !body_text.is_empty(),
        _ => matches!(error.status(), Some(400 | 401 | 403 | 422 | 423)),
    }
}
