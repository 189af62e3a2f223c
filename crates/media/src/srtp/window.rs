//! Replay protection: which packets of a source were received before (RFC 3711, 3.3.2).

/// How far behind the highest index a packet may come: 2.5 seconds of voice.
const WINDOW_PACKETS: u64 = 128;

/// The highest index, and a bit for each of the last 128.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    highest: u64,
    /// Bit n: the packet n before the highest was received.
    seen: u128,
}

impl Window {
    /// A window whose first packet has this index.
    pub(crate) const fn new(index: u64) -> Self {
        Self { highest: index, seen: 1 }
    }

    /// A window that admits nothing up to this index: what was received before a restart is not known one by one.
    pub(crate) const fn closed(index: u64) -> Self {
        Self { highest: index, seen: u128::MAX }
    }

    /// The highest index received.
    pub(crate) const fn highest(&self) -> u64 {
        self.highest
    }

    /// Whether a packet with this index is new.
    pub(crate) const fn admits(&self, index: u64) -> bool {
        if index > self.highest {
            return true;
        }
        let behind = self.highest - index;
        behind < WINDOW_PACKETS && self.seen & (1 << behind) == 0
    }

    /// Records a packet that was admitted.
    pub(crate) const fn take(&mut self, index: u64) {
        if index > self.highest {
            let ahead = index - self.highest;
            self.seen = if ahead < WINDOW_PACKETS { self.seen << ahead } else { 0 };
            self.highest = index;
        }
        let behind = self.highest - index;
        if behind < WINDOW_PACKETS {
            self.seen |= 1 << behind;
        }
    }
}

/// The index of a packet from its sequence number, nearest to the highest index (RFC 3711, 3.3.1 and appendix A).
/// `None` if it would be before the first.
pub(crate) const fn index_near(highest: u64, sequence: u16) -> Option<u64> {
    let rollover = highest >> 16;
    let last = (highest & 0xffff) as u16;
    let rollover = if last < 0x8000 && sequence > last && sequence - last > 0x8000 {
        match rollover.checked_sub(1) {
            Some(before) => before,
            None => return None,
        }
    } else if last >= 0x8000 && last - 0x8000 > sequence {
        rollover + 1
    } else {
        rollover
    };
    Some((rollover << 16) | sequence as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_counts_once_and_not_when_it_is_very_late() {
        // RFC 3711, 3.3.2.
        let mut window = Window::new(1_000);
        assert!(!window.admits(1_000));
        window.take(1_010);
        assert!(window.admits(1_005) && !window.admits(1_010) && !window.admits(1_000));
        window.take(1_005);
        assert!(!window.admits(1_005));
        assert!(window.admits(1_010 - 127) && !window.admits(1_010 - 128));
        window.take(5_000);
        assert!(!window.admits(1_010) && window.admits(4_999) && !window.admits(5_000));
    }

    #[test]
    fn the_index_goes_up_with_each_wrap_and_back_with_a_late_packet() {
        // RFC 3711, appendix A.
        let at = |rollover: u64, sequence: u64| (rollover << 16) | sequence;
        assert_eq!(index_near(at(0, 65_530), 3), Some(at(1, 3)));
        assert_eq!(index_near(at(1, 3), 65_530), Some(at(0, 65_530)));
        assert_eq!(index_near(at(7, 100), 50), Some(at(7, 50)));
        assert_eq!(index_near(at(0, 3), 65_530), None, "before the beginning there is nothing");
        assert_eq!(index_near(at(0, 0x8000), 0), Some(at(0, 0)));
        assert_eq!(index_near(at(0, 0x8001), 0), Some(at(1, 0)));
        assert_eq!(index_near(at(3, 0), 0x8000), Some(at(3, 0x8000)));
        assert_eq!(index_near(at(3, 0), 0x8001), Some(at(2, 0x8001)));
    }
}
