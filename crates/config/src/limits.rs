//! Defaults and ranges of every duration and number: what docs/CONFIG.md says is tested against this.

use core::time::Duration;

/// A key that takes a duration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanRule {
    pub(crate) key: &'static str,
    pub(crate) default: Option<Duration>,
    pub(crate) min: Duration,
    pub(crate) max: Duration,
}

/// A key that takes a whole number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WholeRule {
    pub(crate) key: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) default: Option<u32>,
    pub(crate) min: u32,
    pub(crate) max: u32,
}

const DAY: u64 = 86_400;
const HOUR: u64 = 3600;

const fn span(key: &'static str, default: u64, min: u64, max: u64) -> SpanRule {
    SpanRule {
        key,
        default: Some(Duration::from_secs(default)),
        min: Duration::from_secs(min),
        max: Duration::from_secs(max),
    }
}

const fn whole(key: &'static str, unit: &'static str, default: u32, min: u32, max: u32) -> WholeRule {
    WholeRule { key, unit, default: Some(default), min, max }
}

pub(crate) const EXPIRES_MIN: SpanRule = span("expires_min", 60, 10, HOUR);
pub(crate) const EXPIRES_MAX: SpanRule = span("expires_max", HOUR, 60, DAY);
pub(crate) const EXPIRES_DEFAULT: SpanRule = span("expires_default", 600, 10, DAY);
pub(crate) const OPTIONS_INTERVAL: SpanRule = span("options_interval", 30, 1, HOUR);
/// RFC 4028, 4: nothing under 90 seconds.
pub(crate) const SESSION_EXPIRES: SpanRule = span("session_expires", 1800, 90, DAY);
/// RFC 4028, 5: nothing under 90 seconds.
pub(crate) const MIN_SE: SpanRule = span("min_se", 90, 90, HOUR);
pub(crate) const INACTIVITY: SpanRule = span("inactivity", 60, 5, HOUR);
pub(crate) const RING: SpanRule = span("ring", 15, 1, 120);
pub(crate) const RONA_COOL_DOWN: SpanRule = span("rona_cool_down", 30, 0, HOUR);
pub(crate) const HOLD_MAX: SpanRule = span("hold_max", 120, 1, HOUR);
pub(crate) const ACW: SpanRule = span("acw", 20, 0, HOUR);
pub(crate) const HANDLING_TARGET: SpanRule = span("handling_target", 180, 1, 4 * HOUR);
pub(crate) const HANDLING_WARNING: SpanRule = span("handling_warning", 30, 0, HOUR);
pub(crate) const WAIT_TARGET: SpanRule = span("wait_target", 20, 1, HOUR);
pub(crate) const SHORT_ABANDON: SpanRule = span("short_abandon", 5, 0, 60);
pub(crate) const WAIT_MAX: SpanRule = SpanRule { default: None, ..span("wait_max", 0, 1, 4 * HOUR) };
pub(crate) const MENU_WAIT: SpanRule = span("wait", 5, 1, 60);
pub(crate) const TRUNK_EXPIRES: SpanRule = span("expires", 600, 60, DAY);
pub(crate) const HANDSHAKE: SpanRule = span("handshake", 5, 1, 60);
pub(crate) const LOOK_INTERVAL: SpanRule = span("look_interval", 60, 1, HOUR);

pub(crate) const DELAY_MAX: SpanRule = SpanRule {
    key: "delay_max",
    default: Some(Duration::from_millis(50)),
    min: Duration::from_millis(5),
    max: Duration::from_secs(2),
};
pub(crate) const BAN: SpanRule = span("ban", 300, 1, DAY);
pub(crate) const BAN_MAX: SpanRule = span("ban_max", DAY, 1, 30 * DAY);

pub(crate) const CONTACTS_PER_SEAT: WholeRule = whole("contacts_per_seat_max", "contacts", 4, 1, 16);
pub(crate) const OPTIONS_MISSES: WholeRule = whole("options_misses_max", "misses", 2, 1, 10);
pub(crate) const REQUESTS_PER_SOURCE: WholeRule =
    whole("requests_per_source_max", "requests a second", 50, 1, 100_000);
pub(crate) const CALLS_PER_SOURCE: WholeRule =
    whole("calls_per_source_max", "new calls a second", 10, 1, 100_000);
pub(crate) const OFFENCES_MAX: WholeRule = whole("offences_max", "offences", 10, 1, 1000);
/// In mebibytes.
pub(crate) const TRACE_MEMORY: WholeRule = whole("memory", "MiB", 64, 1, 4096);
pub(crate) const TRACE_MESSAGES: WholeRule = whole("messages", "messages", 200_000, 100, 10_000_000);
pub(crate) const HANDSHAKES: WholeRule = whole("handshakes_max", "handshakes", 256, 1, 8_192);
/// In mebibytes.
pub(crate) const SEGMENT: WholeRule = whole("segment", "MiB", 16, 1, 1024);
pub(crate) const FACTS_DAYS: WholeRule = whole("facts_days", "days", 30, 1, 3660);
pub(crate) const DRAIN_MAX: SpanRule = span("drain_max", 1800, 1, DAY);
pub(crate) const PRIORITY: WholeRule = whole("priority", "(higher is served first)", 0, 0, 255);
pub(crate) const LENGTH_MAX: WholeRule = whole("length_max", "contacts", 200, 1, 10_000);
pub(crate) const LEVEL: WholeRule = WholeRule { default: None, ..whole("skills", "(1 is best)", 1, 1, 16) };
pub(crate) const AUX_DIGIT: WholeRule = WholeRule { default: None, ..whole("digit", "(one key)", 0, 0, 9) };
pub(crate) const PORT: WholeRule = WholeRule { default: None, ..whole("port", "(a port)", 0, 1, 65_535) };
pub(crate) const RTP_PORT: WholeRule =
    WholeRule { default: None, ..whole("ports", "(a port)", 0, 1024, 65_535) };

/// RTP ports unless the plan says otherwise.
pub(crate) const RTP_PORTS: (u16, u16) = (20_000, 29_999);
/// Fewest RTP ports: two legs with RTP and RTCP each.
pub(crate) const RTP_PORTS_MIN: u16 = 4;
/// Longest name of anything, in characters: it becomes a label in metrics.
pub(crate) const NAME_LENGTH_MAX: usize = 64;
/// Longest text for people, in characters.
pub(crate) const TEXT_LENGTH_MAX: usize = 200;
/// Most seats of one range.
pub(crate) const SEATS_PER_RANGE_MAX: u64 = 10_000;
/// Most agents of a plan.
pub(crate) const AGENTS_MAX: usize = 10_000;
/// Most queues of a plan.
pub(crate) const QUEUES_MAX: usize = 1_000;
/// Most bytes of one file.
pub(crate) const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Most files of a folder.
pub(crate) const FILES_MAX: usize = 100;

#[cfg(test)]
pub(crate) const SPANS: [SpanRule; 24] = [
    EXPIRES_MIN,
    EXPIRES_MAX,
    EXPIRES_DEFAULT,
    OPTIONS_INTERVAL,
    SESSION_EXPIRES,
    MIN_SE,
    INACTIVITY,
    RING,
    RONA_COOL_DOWN,
    HOLD_MAX,
    ACW,
    HANDLING_TARGET,
    HANDLING_WARNING,
    WAIT_TARGET,
    SHORT_ABANDON,
    WAIT_MAX,
    MENU_WAIT,
    TRUNK_EXPIRES,
    DELAY_MAX,
    BAN,
    BAN_MAX,
    HANDSHAKE,
    LOOK_INTERVAL,
    DRAIN_MAX,
];

#[cfg(test)]
pub(crate) const WHOLES: [WholeRule; 12] = [
    CONTACTS_PER_SEAT,
    OPTIONS_MISSES,
    REQUESTS_PER_SOURCE,
    CALLS_PER_SOURCE,
    OFFENCES_MAX,
    PRIORITY,
    LENGTH_MAX,
    TRACE_MEMORY,
    TRACE_MESSAGES,
    HANDSHAKES,
    SEGMENT,
    FACTS_DAYS,
];
