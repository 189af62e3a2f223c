//! The engine thread's sign of life, and the state of the media ports, for health checks.

use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use turno_engine::PortsSeen;
use turno_ground::Moment;
use turno_media_plan::Want;

/// An engine without a sign of life for this long is stuck: it gives one every second.
const SILENCE_SPAN_MAX: Duration = Duration::from_secs(5);

/// The state of the media ports when the thread last published it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VoicesSign {
    /// Free ports are available.
    Well,
    /// All ports are in use.
    UsedUp,
    /// No more ports can be opened, because the process has no more descriptors.
    DescriptorsUsedUp,
    /// A resource ran out lately.
    Want(Want),
}

/// The wants, in the order of their stored numbers.
const WANTS: [Want; 5] = [Want::Descriptors, Want::SystemFiles, Want::System, Want::Address, Want::Streams];

impl VoicesSign {
    /// The state from the engine's figures.
    pub(crate) fn of(seen: &PortsSeen) -> Self {
        match seen.want {
            Some(want) => Self::Want(want),
            None if seen.refuses_callers && seen.is_short_of_descriptors => Self::DescriptorsUsedUp,
            None if seen.refuses_callers => Self::UsedUp,
            None => Self::Well,
        }
    }

    /// The state in words, for health checks.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Well => "ok".to_owned(),
            Self::UsedUp => {
                "all media ports that may be open are in use: new calls hear 503, and callers in line are served as soon as \
                 one is free"
                    .to_owned()
            }
            Self::DescriptorsUsedUp => {
                "all media ports that this process has descriptors for are in use: new calls hear 503, and callers in line are \
                 served as soon as one is free; raise LimitNOFILE of the unit or `ulimit -n`"
                    .to_owned()
            }
            Self::Want(want) => format!("media ports can't be opened, or could not lately: {}", want.words()),
        }
    }

    fn number(self) -> u8 {
        match self {
            Self::Well => 0,
            Self::UsedUp => 1,
            Self::DescriptorsUsedUp => 2,
            Self::Want(want) => {
                let place = WANTS.iter().position(|it| *it == want).unwrap_or(0);
                u8::try_from(place + 3).unwrap_or(3)
            }
        }
    }

    fn of_number(number: u8) -> Self {
        match number {
            0 => Self::Well,
            1 => Self::UsedUp,
            2 => Self::DescriptorsUsedUp,
            more => WANTS.get(usize::from(more) - 3).map_or(Self::Well, |want| Self::Want(*want)),
        }
    }
}

/// When the engine thread last gave a sign of life, and the state of the media ports; cheap to clone.
#[derive(Clone)]
pub(crate) struct Watchdog(Arc<(AtomicU64, AtomicU8)>);

impl Watchdog {
    /// With a sign of life at `now`.
    pub(crate) fn new(now: Moment) -> Self {
        Self(Arc::new((AtomicU64::new(now.as_micros()), AtomicU8::new(0))))
    }

    /// Gives a sign of life.
    pub(crate) fn beat(&self, now: Moment) {
        self.0.0.store(now.as_micros(), Ordering::Relaxed);
    }

    /// Stores the state of the media ports.
    pub(crate) fn sees(&self, voices: VoicesSign) {
        self.0.1.store(voices.number(), Ordering::Relaxed);
    }

    /// The state of the media ports.
    pub(crate) fn voices(&self) -> VoicesSign {
        VoicesSign::of_number(self.0.1.load(Ordering::Relaxed))
    }

    /// Whether the thread gave a sign of life lately.
    pub(crate) fn is_alive(&self, now: Moment) -> bool {
        now.since(Moment::from_micros(self.0.0.load(Ordering::Relaxed))) <= SILENCE_SPAN_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_without_room_says_so_in_words_and_why() {
        let watchdog = Watchdog::new(Moment::from_secs(100));
        assert_eq!(watchdog.voices().words(), "ok");
        for want in WANTS {
            let seen = PortsSeen { want: Some(want), free: 3, ..PortsSeen::default() };
            watchdog.sees(VoicesSign::of(&seen));
            assert!(watchdog.voices().words().contains(want.words()));
        }
        let full = PortsSeen { refuses_callers: true, ..PortsSeen::default() };
        watchdog.sees(VoicesSign::of(&full));
        assert_eq!(watchdog.voices(), VoicesSign::UsedUp);
        watchdog.sees(VoicesSign::of(&PortsSeen { is_short_of_descriptors: true, ..full }));
        assert_eq!(watchdog.voices(), VoicesSign::DescriptorsUsedUp);
        assert!(watchdog.voices().words().contains("descriptors"));
    }

    #[test]
    fn an_engine_that_stands_still_is_no_longer_healthy() {
        let watchdog = Watchdog::new(Moment::from_secs(100));
        assert!(watchdog.is_alive(Moment::from_secs(105)));
        assert!(!watchdog.is_alive(Moment::from_secs(106)));
        watchdog.beat(Moment::from_secs(106));
        assert!(watchdog.is_alive(Moment::from_secs(107)));
    }
}
