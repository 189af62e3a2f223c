//! Random draws of arrivals, talk times and patience.

use core::time::Duration;

use turno_ground::Rng;

/// The length of a step of an arrival shape.
const HALF_HOUR: f64 = 1800.0;

/// Shares of a day's calls by half hour, from 07:30 to 16:30, in a US bank's call centre in 2003. Source: the data set
/// `bank_calls` of the R package fpp3, summed over its weekdays.
const BANK: [f64; 18] = [
    0.0211, 0.0326, 0.0431, 0.0603, 0.0663, 0.0669, 0.0667, 0.0654, 0.0636, 0.0617, 0.0606, 0.0590, 0.0584,
    0.0572, 0.0570, 0.0553, 0.0541, 0.0508,
];
/// When that day begins, in minutes since midnight.
const BANK_BEGIN: u32 = 450;

/// The shape of a day: how calls are spread over its half hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// (Minutes since midnight, share), in order.
    halves: Vec<(u32, f64)>,
}

impl Shape {
    /// An office day, as in the call centre of a bank.
    pub fn bank() -> Self {
        let halves = (0u32..).zip(BANK).map(|(place, share)| (BANK_BEGIN + place * 30, share)).collect();
        Self { halves }
    }

    /// The same number in each half hour.
    pub fn flat() -> Self {
        Self { halves: (0..48).map(|place| (place * 30, 1.0)).collect() }
    }

    /// Parses lines of `hh:mm[:ss],share[,...]`; the last number of a line is the share. The first line is the header
    /// and is skipped.
    ///
    /// # Errors
    /// A sentence that names the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut halves = Vec::new();
        for (number, line) in text.lines().enumerate().skip(1) {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let half = half(line).ok_or_else(|| {
                format!(
                    "line {}: `{line}` is not a time of day and a share, such as `08:30,0.043`",
                    number + 1
                )
            })?;
            halves.push(half);
        }
        halves.sort_by_key(|(minute, _)| *minute);
        if halves.iter().all(|(_, share)| *share <= 0.0) {
            return Err("no half hour has a share above zero".to_owned());
        }
        Ok(Self { halves })
    }

    /// The share of a day's calls that comes in its busiest half hour, if the day opens and lasts so.
    pub fn peak_share(&self, opens: u32, lasts: Duration) -> f64 {
        let closes = opens + u32::try_from(lasts.as_secs() / 60).unwrap_or(u32::MAX);
        let open = self.halves.iter().filter(|(minute, _)| (opens..closes).contains(&(minute + 15)));
        let (sum, peak) =
            open.fold((0.0, 0.0_f64), |(sum, peak), (_, share)| (sum + share, peak.max(*share)));
        if sum > 0.0 { peak / sum } else { 0.0 }
    }

    /// The moments of `calls` calls in a day that opens at this minute and lasts for `lasts`, in order. Parts of the
    /// shape outside of that time are ignored.
    pub fn draw(&self, opens: u32, lasts: Duration, calls: usize, rng: &mut Rng) -> Vec<Duration> {
        let begin = f64::from(opens) * 60.0;
        let end = begin + lasts.as_secs_f64();
        let mut parts: Vec<(f64, f64, f64)> = Vec::new();
        let mut sum = 0.0;
        for &(minute, share) in &self.halves {
            let from = (f64::from(minute) * 60.0).max(begin);
            let to = (f64::from(minute) * 60.0 + HALF_HOUR).min(end);
            if to > from && share > 0.0 {
                sum += share * (to - from) / HALF_HOUR;
                parts.push((sum, from, to));
            }
        }
        if parts.is_empty() {
            parts.push((1.0, begin, end));
            sum = 1.0;
        }
        let mut moments: Vec<Duration> = (0..calls)
            .map(|_| {
                let throw = rng.fraction() * sum;
                let place = parts.partition_point(|(upto, _, _)| *upto <= throw).min(parts.len() - 1);
                let (_, from, to) = parts[place];
                micros(from + rng.fraction() * (to - from) - begin)
            })
            .collect();
        moments.sort_unstable();
        moments
    }
}

/// A distribution of time spans.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spans {
    /// Exponential with this mean.
    Exponential(Duration),
    /// Log-normal with this mean and this standard deviation of the logarithm. Real handling times are close to it: a
    /// bank's in 1999 had 0.98.
    LogNormal(Duration, f64),
    /// Patience as observed: exponential with this mean, but one caller in twenty leaves around 15 s, when the music
    /// becomes tedious, and one in twenty around 60 s.
    Observed(Duration),
}

/// The share of one in twenty.
const HASTY: f64 = 0.05;

impl Spans {
    /// The mean; without the hasty callers, for observed patience.
    pub const fn mean(&self) -> Duration {
        match *self {
            Self::Exponential(mean) | Self::LogNormal(mean, _) | Self::Observed(mean) => mean,
        }
    }

    /// Draws a span.
    pub fn draw(&self, rng: &mut Rng) -> Duration {
        match *self {
            Self::Exponential(mean) => exponential(mean, rng),
            Self::LogNormal(mean, sigma) => {
                let mu = mean.as_secs_f64().ln() - sigma * sigma / 2.0;
                micros((mu + sigma * normal(rng)).exp())
            }
            Self::Observed(mean) => match rng.fraction() {
                throw if throw < HASTY => micros((15.0 + 3.0 * normal(rng)).max(1.0)),
                throw if throw < 2.0 * HASTY => micros((60.0 + 6.0 * normal(rng)).max(1.0)),
                _ => exponential(mean, rng),
            },
        }
    }
}

fn exponential(mean: Duration, rng: &mut Rng) -> Duration {
    micros(-(1.0 - rng.fraction()).ln() * mean.as_secs_f64())
}

/// A standard normal number, by the Box-Muller method.
fn normal(rng: &mut Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.fraction()).ln()).sqrt();
    radius * (core::f64::consts::TAU * rng.fraction()).cos()
}

fn half(line: &str) -> Option<(u32, f64)> {
    let (time, rest) = line.split_once(',')?;
    let mut parts = time.split(':');
    let (hours, minutes): (u32, u32) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let share: f64 = rest.rsplit(',').next()?.trim().parse().ok()?;
    (hours < 24 && minutes < 60 && share.is_finite() && share >= 0.0).then_some((hours * 60 + minutes, share))
}

fn micros(seconds: f64) -> Duration {
    // The engine counts in whole microseconds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "spans of a day, not below zero"
    )]
    let micros = (seconds.max(0.0) * 1e6) as u64;
    Duration::from_micros(micros)
}

#[cfg(test)]
#[path = "arrivals_tests.rs"]
mod tests;
