//! How much faster than life a demo runs.

use core::time::Duration;

use turno_ground::Rng;

/// Seconds of the site's day for one second of the demo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Speed(f64);

/// The fastest demo: beyond it a talk is shorter than the prompts before it.
pub(crate) const FASTEST: f64 = 30.0;

impl Speed {
    /// `speed` between 1 (life) and [`FASTEST`].
    pub(crate) fn new(speed: f64) -> Self {
        Self(speed.clamp(1.0, FASTEST))
    }

    /// A span of the site's day as it passes in the demo.
    pub(crate) fn real(self, span: Duration) -> Duration {
        span.div_f64(self.0)
    }

    /// A span of the demo as it counts in the site's day.
    pub(crate) fn day(self, span: Duration) -> Duration {
        span.mul_f64(self.0)
    }

    /// The number, for people.
    pub(crate) fn factor(self) -> f64 {
        self.0
    }

    /// So many seconds of the site's day, between `low` and `high`.
    pub(crate) fn between(self, low: f64, high: f64, rng: &mut Rng) -> Duration {
        self.real(Duration::from_secs_f64(low + (high - low) * rng.fraction()))
    }

    /// Exponentially distributed seconds of the site's day: how long until the next caller, or until one gives up.
    pub(crate) fn exponential(self, mean: f64, rng: &mut Rng) -> Duration {
        let seconds = -mean * (1.0 - rng.fraction()).ln();
        self.real(Duration::from_secs_f64(seconds.min(mean * 8.0)))
    }

    /// A talk: most near two minutes, some long; about one in six passes three minutes.
    pub(crate) fn talk(self, rng: &mut Rng) -> Duration {
        let spread: f64 = (0..6).map(|_| rng.fraction()).sum::<f64>() / 6.0;
        let seconds = 120.0 * ((spread - 0.5) * 3.2).exp();
        self.real(Duration::from_secs_f64(seconds))
    }
}

/// A span as minutes and seconds.
pub(crate) fn clock(span: Duration) -> String {
    let seconds = span.as_secs();
    if seconds < 3600 {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    } else {
        format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talks_look_like_a_day_of_the_line() {
        // The design's load: about two and a half minutes on average, and a visible share beyond three.
        let (speed, mut rng) = (Speed::new(1.0), Rng::new(7));
        let talks: Vec<f64> = (0..4_000).map(|_| speed.talk(&mut rng).as_secs_f64()).collect();
        let mean = talks.iter().sum::<f64>() / 4_000.0;
        let late = talks.iter().filter(|talk| **talk > 180.0).count();
        assert!((115.0..150.0).contains(&mean), "{mean}");
        assert!((200..1_000).contains(&late), "{late} of 4000");
    }

    #[test]
    fn an_hour_is_told_with_its_hour() {
        assert_eq!(clock(Duration::from_secs(181)), "3:01");
        assert_eq!(clock(Duration::from_secs(3_661)), "1:01:01");
    }
}
