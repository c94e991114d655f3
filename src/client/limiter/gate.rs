//! What a 429 does: the gate closes for all, one probe finds out whether the server serves again, and the limit
//! is lowered for a while, since our own log had room and somebody else must share the key.
//!
//! An *episode* lasts from the first 429 until a probe is answered with anything else.

use core::time::Duration;

use super::queue::Ticket;
use crate::platform::Instant;

/// The longest wait. A service that names a longer one is asked again after this, by one probe: should it refuse that too,
/// nothing is sent for another hour.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// Waits between probes when the server names none: 1, 2, 4 … seconds.
const FIRST_BACK_OFF: Duration = Duration::from_secs(1);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(60);

/// Whether a request may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    Open,
    /// Closed until then; afterwards one probe passes.
    At(Instant),
    /// A probe is under way: its answer decides.
    AwaitProbe,
}

#[derive(Debug)]
pub(super) struct Gate {
    configured: u32,
    adaptive: bool,
    /// The lowered limit rises by one after each of these.
    step: Duration,
    lowered: Option<Lowered>,
    episode: Option<Episode>,
}

/// A limit below the configured one, and the moment from which it rises again.
#[derive(Clone, Copy, Debug)]
struct Lowered {
    limit: u32,
    from: Instant,
}

#[derive(Debug)]
struct Episode {
    closed_until: Instant,
    refused_probes: u32,
    probe: Option<Ticket>,
    /// What the server let through in the window before, and of what was still in flight when it first refused.
    accepted: u32,
    limit_before: u32,
}

impl Gate {
    /// `step`: the time in which a lowered limit rises by one.
    pub(super) const fn new(configured: u32, adaptive: bool, step: Duration) -> Self {
        Self {
            configured,
            adaptive,
            step,
            lowered: None,
            episode: None,
        }
    }

    /// From now on, another limit.
    pub(super) const fn set(&mut self, configured: u32, adaptive: bool, step: Duration) {
        self.configured = configured;
        self.adaptive = adaptive;
        self.step = step;
    }

    /// Whether it stands as if there had never been a 429.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.episode.is_none() && self.limit(now) >= self.configured
    }

    pub(super) fn opening(&self, now: Instant) -> Opening {
        match &self.episode {
            Some(episode) if episode.probe.is_some() => Opening::AwaitProbe,
            Some(episode) if now < episode.closed_until => Opening::At(episode.closed_until),
            _ => Opening::Open,
        }
    }

    /// How long nothing passes; zero when a probe may.
    pub(super) fn closed_for(&self, now: Instant) -> Duration {
        self.episode
            .as_ref()
            .map_or(Duration::ZERO, |episode| episode.closed_until.since(now))
    }

    /// A request passes; in an episode it is the probe.
    pub(super) fn pass(&mut self, ticket: Ticket) {
        if let Some(episode) = &mut self.episode {
            episode.probe = Some(ticket);
        }
    }

    /// A 429. Those that were sent before the gate closed neither lengthen the back-off nor lower the limit again,
    /// but a wait that the server names counts, whichever answer named it.
    pub(super) fn refused(&mut self, ticket: Ticket, hint: Option<Duration>, accepted: u32, now: Instant) {
        let limit_before = self.limit(now);
        let hint = hint.map(|hint| hint.min(LONGEST_WAIT));
        let Some(episode) = &mut self.episode else {
            let closed_until = now.after(wait(hint, 0));
            self.episode = Some(Episode {
                closed_until,
                refused_probes: 0,
                probe: None,
                accepted,
                limit_before,
            });
            self.lower(now);
            return;
        };
        let wait = if episode.probe == Some(ticket) {
            episode.probe = None;
            episode.refused_probes = episode.refused_probes.saturating_add(1);
            wait(hint, episode.refused_probes)
        } else {
            hint.unwrap_or_default()
        };
        episode.closed_until = episode.closed_until.max(now.after(wait));
    }

    /// Any answer but a 429. The probe's ends the episode; the others were sent before it and say how much the
    /// server let through.
    pub(super) fn answered(&mut self, ticket: Ticket, now: Instant) {
        let Some(episode) = &mut self.episode else { return };
        if episode.probe == Some(ticket) {
            self.episode = None;
            if let Some(lowered) = &mut self.lowered {
                lowered.from = now;
            }
        } else {
            episode.accepted = episode.accepted.saturating_add(1);
            self.lower(now);
        }
    }

    /// A request was given up: if it was the probe, the next one takes its place.
    pub(super) fn left(&mut self, ticket: Ticket) {
        if let Some(episode) = &mut self.episode {
            episode.probe = episode.probe.filter(|&probe| probe != ticket);
        }
    }

    /// The next probe need not wait.
    pub(super) fn open(&mut self, now: Instant) {
        if let Some(episode) = &mut self.episode {
            episode.closed_until = episode.closed_until.min(now);
        }
    }

    /// The limit at a moment.
    pub(super) fn limit(&self, now: Instant) -> u32 {
        let Some(lowered) = self.lowered else {
            return self.configured;
        };
        lowered
            .limit
            .saturating_add(self.steps(lowered, now))
            .min(self.configured)
    }

    /// The limit that the next request is held to. An episode's first probe goes when its wait is over, whatever was
    /// sent before: the 429 may have been a chance one. The later ones keep to the lowered limit.
    pub(super) fn limit_of_next(&self, now: Instant) -> u32 {
        match &self.episode {
            Some(episode) if episode.refused_probes == 0 => self.configured,
            _ => self.limit(now),
        }
    }

    /// When the limit rises next, if it does.
    pub(super) fn rises_at(&self, now: Instant) -> Option<Instant> {
        let lowered = self
            .lowered
            .filter(|_| self.episode.is_none() && self.limit(now) < self.configured)?;
        Some(
            lowered
                .from
                .after(self.step.saturating_mul(self.steps(lowered, now).saturating_add(1))),
        )
    }

    /// By how many steps the limit has risen. It does not during an episode.
    fn steps(&self, lowered: Lowered, now: Instant) -> u32 {
        if self.episode.is_some() {
            return 0;
        }
        let nanos = |span: Duration| u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
        let steps = nanos(now.since(lowered.from)).checked_div(nanos(self.step));
        steps.map_or(u32::MAX, |steps| u32::try_from(steps).unwrap_or(u32::MAX))
    }

    /// To 0.7 of what the server let through in a window, but by half at most: a process that has sent little knows
    /// little, and must not crawl because of a chance 429. A limit that is still too high is halved by the next one.
    fn lower(&mut self, now: Instant) {
        let Some(episode) = self.episode.as_ref().filter(|_| self.adaptive) else {
            return;
        };
        let limit = episode.accepted.saturating_mul(7).div_euclid(10);
        let half = episode.limit_before.div_euclid(2);
        let limit = limit.max(half).clamp(1, episode.limit_before.max(1));
        self.lowered = Some(Lowered { limit, from: now });
    }
}

/// The wait that the server named, but never less than the back-off after so many refused probes: a server that keeps
/// naming too short a wait is not asked faster than one that names none.
fn wait(hint: Option<Duration>, refused_probes: u32) -> Duration {
    let back_off = FIRST_BACK_OFF
        .saturating_mul(2_u32.saturating_pow(refused_probes))
        .min(LONGEST_BACK_OFF);
    hint.unwrap_or_default().max(back_off)
}
