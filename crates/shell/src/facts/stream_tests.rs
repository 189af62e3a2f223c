//! Readers get each fact once, in order, or learn how many are missing, whatever happens to readers, files and turno.

use std::collections::BTreeMap;
use std::sync::Arc;

use core::time::Duration;

use prometheus::Registry;
use proptest::prelude::*;
use turno_ground::Moment;
use turno_ledger::Ledger;
use turno_model::{Fact, Gap, Position};

use crate::disk::tests::House;
use crate::disk::tests::failing::{Disk, Health};
use crate::disk::{FactFiles, Standing};
use crate::facts::FactsHub;
use crate::facts::batch::Batch;
use crate::facts::batch::Facts;
use crate::facts::capture_buffer::CapturedMessages;
use crate::facts::live::LiveRoom;
use crate::facts::reader::{FactsReader, Given};
use crate::facts::stream::{Begin, FactStream, NoPlace};
use crate::metrics::facts::FactsMeters;

const NAME: &str = "test";

/// So small that readers are behind all the time.
const ROOM: LiveRoom = LiveRoom { batches: 3, facts: 9 };

/// The readers' end of one run.
struct Hall {
    hub: FactsHub,
    place: Position,
}

impl Hall {
    fn open(begin: Position, house: &House, has_files: bool) -> Self {
        let files = has_files.then(|| FactFiles::new(&(Arc::clone(&house.disk) as _)));
        let registry = Registry::new();
        let stream = FactStream::new(begin, files, FactsMeters::new(&registry), ROOM);
        let ledger = Ledger::new(Arc::clone(&house.plan), house.now);
        let hub = FactsHub::new(&registry, &house.plan, None, ledger, Arc::new(stream));
        Self { hub, place: begin }
    }

    fn hand_over(&mut self, before: Position, facts: Facts) {
        self.hub.catch_up(&mut self.place, before);
        let batch = Batch::new(before, Arc::new(facts));
        self.hub.take(&mut self.place, batch, &mut CapturedMessages::new());
    }
}

/// A reader, its position while it is away, and what it got.
struct Guest {
    reader: Option<FactsReader>,
    begin: Position,
    place: Position,
    got: Vec<(Position, Moment, Fact)>,
    gaps: Vec<Gap>,
}

impl Guest {
    fn new(begin: Position) -> Self {
        Self { reader: None, begin, place: begin, got: Vec::new(), gaps: Vec::new() }
    }

    /// Returns and continues at its position. Facts that are too old count as missing.
    fn come_back(&mut self, stream: &Arc<FactStream>) {
        self.reader = match FactsReader::open(Arc::clone(stream), NAME, Begin::After(self.place)) {
            Ok(reader) => Some(reader),
            Err(NoPlace::TooOld(oldest)) => {
                self.gaps.push(Gap { after: self.place, until: oldest, facts: None });
                self.place = oldest;
                FactsReader::open(Arc::clone(stream), NAME, Begin::After(oldest)).ok()
            }
            Err(no_place) => panic!("{no_place:?}"),
        };
    }

    /// Reads once; returns whether there was something.
    fn read(&mut self, stream: &Arc<FactStream>) -> bool {
        if self.reader.is_none() {
            self.come_back(stream);
        }
        let reader = self.reader.as_mut().expect("it came back");
        let given = reader.read().expect("the files can be read");
        self.place = reader.place();
        match given {
            Some(Given::Facts(batch)) => {
                assert_eq!(batch.last(), self.place);
                self.got.extend(batch.placed().map(|(place, at, fact)| (place, at, fact.clone())));
                true
            }
            Some(Given::Missing(gap)) => {
                assert_eq!(gap.until, self.place);
                self.gaps.push(gap);
                true
            }
            None => false,
        }
    }
}

/// A turno with its readers, over several runs.
struct World {
    house: House,
    hall: Hall,
    has_files: bool,
    /// Facts that were not handed over yet.
    batch: (Position, Facts),
    /// All facts that were recorded.
    happened: BTreeMap<Position, (Moment, Fact)>,
    guests: Vec<Guest>,
    /// Runs that ended while nothing could be written.
    cut_short: Vec<Moment>,
}

impl World {
    fn new(has_files: bool) -> Self {
        let house = House::open(Arc::new(Disk::new()));
        let begin = house.journal.last_fact();
        let hall = Hall::open(begin, &house, has_files);
        let guests = (0..3).map(|_| Guest::new(begin)).collect();
        let batch = (begin, Facts::new());
        let cut_short = Vec::new();
        let mut world = Self { house, hall, has_files, batch, happened: BTreeMap::new(), guests, cut_short };
        // Each run begins with a fact.
        world.step(0);
        world.hand_over();
        world
    }

    fn step(&mut self, key: u64) {
        let before = self.house.journal.last_fact();
        self.house.step(key);
        let numbered = (1..).map(|number| before.plus(number)).zip(self.house.last.iter().cloned());
        self.happened.extend(numbered);
        self.batch.1.extend(self.house.last.iter().cloned());
    }

    fn hand_over(&mut self) {
        let next = (self.house.journal.last_fact(), Facts::new());
        let (before, facts) = core::mem::replace(&mut self.batch, next);
        self.hall.hand_over(before, facts);
    }

    /// Drops a batch, as when the queue to the facts thread is full.
    fn leave_out(&mut self) {
        self.batch = (self.house.journal.last_fact(), Facts::new());
    }

    fn killed(mut self) -> Self {
        let run = self.house.journal.last_fact().run;
        if !self.has_files || self.house.sign.standing() != Standing::Kept {
            self.cut_short.push(run);
        }
        self.guests.iter_mut().for_each(|guest| guest.reader = None);
        let house = self.house.killed();
        let begin = house.journal.last_fact();
        let hall = Hall::open(begin, &house, self.has_files);
        let mut world = Self { house, hall, batch: (begin, Facts::new()), ..self };
        world.step(0);
        world
    }

    fn read(&mut self, guest: usize, times: u64) {
        let guest = &mut self.guests[guest % 3];
        (0..times).all(|_| guest.read(self.hall.hub.stream()));
    }

    fn end(&mut self) {
        self.hand_over();
        (0..3).for_each(|guest| self.read(guest, u64::MAX));
    }

    /// Asserts that each reader has every fact once, in order, or was told that it is missing.
    fn judge(&self) {
        for guest in &self.guests {
            assert!(guest.got.is_sorted_by(|one, other| one.0 < other.0), "out of order, or twice");
            for (place, at, fact) in &guest.got {
                assert_eq!(self.happened.get(place), Some(&(*at, fact.clone())), "at {place}");
            }
            let got: BTreeMap<Position, ()> = guest.got.iter().map(|(place, ..)| (*place, ())).collect();
            for place in self.happened.keys().filter(|place| **place > guest.begin) {
                let is_told = guest.gaps.iter().any(|gap| gap.after < *place && *place <= gap.until);
                assert!(!(is_told && got.contains_key(place)), "{place} was told to be missing, and is not");
                let is_lost = self.cut_short.contains(&place.run);
                assert!(is_told || is_lost || got.contains_key(place), "{place} was lost without a word");
            }
            for gap in &guest.gaps {
                let missing =
                    self.happened.range(..=gap.until).filter(|(place, _)| **place > gap.after).count();
                assert!(gap.facts.is_none_or(|facts| facts == missing as u64), "{gap:?}, and not {missing}");
            }
        }
    }

    fn gaps(&self) -> usize {
        self.guests.iter().map(|guest| guest.gaps.len()).sum()
    }
}

#[test]
fn a_reader_that_slept_through_a_day_gets_every_fact_of_it_and_then_what_comes() {
    // Wound: a reader that left a thousand batches unread lost its position and all facts that it missed.
    let mut world = World::new(true);
    for key in 0..200 {
        world.step(key);
        world.hand_over();
    }
    world.read(0, u64::MAX);
    assert_eq!(world.guests[0].got.len(), 402);
    world.step(1);
    world.end();
    world.judge();
    assert_eq!(world.gaps(), 0);
}

#[test]
fn a_reader_goes_on_after_turno_was_killed_from_the_position_that_it_wrote_down() {
    let mut world = World::new(true);
    for round in 0..4 {
        (0..40).for_each(|key| world.step(key));
        world.hand_over();
        world.read(round, 3);
        // Facts that are written but not handed over.
        (0..5).for_each(|key| world.step(key));
        world = world.killed();
    }
    world.end();
    world.judge();
    assert_eq!(world.gaps(), 0);
    assert!(world.guests.iter().all(|guest| guest.got.len() == 2 * (4 * 46 + 1)), "some facts are not there");
}

#[test]
fn without_a_journal_a_slow_reader_hears_how_many_facts_it_missed() {
    let mut world = World::new(false);
    (0..3).for_each(|guest| world.read(guest, 1));
    for key in 0..20 {
        world.step(key);
        world.hand_over();
    }
    world.end();
    world.judge();
    for guest in &world.guests {
        assert_eq!(guest.gaps.iter().filter_map(|gap| gap.facts).sum::<u64>() + guest.got.len() as u64, 42);
        assert!(!guest.gaps.is_empty());
    }
}

#[test]
fn a_position_that_is_too_old_or_not_of_this_site_is_answered_with_one_that_can_be_had() {
    let mut world = World::new(false);
    for key in 0..20 {
        world.step(key);
        world.hand_over();
    }
    let (begin, newest) = (world.guests[0].begin, world.hall.place);
    let open = |begin| world.hall.hub.stream().place_of(begin);
    let Err(NoPlace::TooOld(oldest)) = open(Begin::After(begin)) else { panic!("it is not in memory") };
    assert_eq!(open(Begin::After(oldest)).ok(), Some(oldest));
    assert_eq!(open(Begin::Oldest).ok(), Some(oldest));
    assert!(matches!(open(Begin::After(newest.plus(1))), Err(NoPlace::Ahead(at)) if at == newest));
    assert_eq!(open(Begin::Now).ok(), Some(newest));
}

#[test]
fn facts_for_which_there_was_no_room_on_their_way_are_in_the_figures_all_the_same() {
    // Wound: the ledger's thread was slow for a moment, and the day's figures lacked the facts that it missed.
    let mut world = World::new(true);
    for key in 1..60 {
        world.step(key);
        if key % 3 == 0 { world.hand_over() } else { world.leave_out() }
    }
    let last = world.house.journal.last_fact();
    world.hall.hub.catch_up(&mut world.hall.place, last);
    let arrived =
        world.hall.hub.books.lock().expect("nobody panicked").ledger.day(world.house.now).line.arrived;
    assert_eq!(arrived, 60);
    world.end();
    world.judge();
    assert_eq!(world.gaps(), 0);
}

#[test]
fn readers_are_counted_by_how_far_they_are_behind_and_by_what_they_missed() {
    let mut world = World::new(false);
    world.read(0, 1);
    for key in 0..20 {
        world.step(key);
        world.hand_over();
    }
    world.read(0, 2);
    let meters = world.hall.hub.stream().meters();
    world.hall.hub.stream().refresh();
    let text = meters.shown();
    assert!(text.contains("missing test 34"), "{text}");
    assert!(text.contains("behind test 4"), "{text}");
}

fn moves(most: usize) -> impl Strategy<Value = Vec<(u8, u64)>> {
    proptest::collection::vec((0u8..16, 0u64..40), 1..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn each_reader_gets_each_fact_once_whatever_comes_between(moves in moves(300)) {
        let mut world = World::new(true);
        for (what, key) in moves {
            match what {
                0..6 => world.step(key),
                6..9 => world.hand_over(),
                9 => world.leave_out(),
                10 => world.house.pass(Duration::from_secs(1)),
                11 => world = world.killed(),
                12 => world.guests[usize::try_from(key).unwrap_or(0) % 3].reader = None,
                guest => world.read(guest.into(), key % 5),
            }
        }
        world.end();
        world.judge();
        prop_assert_eq!(world.gaps(), 0);
    }

    #[test]
    fn whatever_the_disk_does_no_fact_is_lost_without_a_word(moves in moves(300)) {
        let mut world = World::new(true);
        for (what, key) in moves {
            match what {
                0..6 => world.step(key),
                6..9 => world.hand_over(),
                9 => world.house.disk.set(Health::Full { room: key * 50 }),
                10 => world.house.pass(Duration::from_secs(1)),
                11 if key < 10 => world = world.killed(),
                11 => world.house.disk.set(Health::Fine),
                12 => world.guests[usize::try_from(key).unwrap_or(0) % 3].reader = None,
                guest => world.read(guest.into(), key % 5),
            }
        }
        world.end();
        world.judge();
    }
}
