//! Journals on failing disks: the failure is reported, calls go on, and the journal recovers when the disk does.
#![expect(clippy::disallowed_types, reason = "the lock below is the test's own disk")]

pub(crate) mod failing;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use core::time::Duration;

use bytes::Bytes;
use prometheus::Registry;
use proptest::prelude::*;
use turno_ground::{Moment, Pii};
use turno_journal::SealKeys;
use turno_ledger::Ledger;
use turno_model::{Channel, ContactId, Fact, Plan, Row, RowKey, Step, Table, TurnedAway};

use crate::clock::Clock;
use crate::disk::compactor::{Compactor, Order};
use crate::disk::journal::Journal;
use crate::disk::sign::{JournalSign, Standing};
use crate::disk::tests::failing::{Disk, Health, Mishap};
use crate::disk::{Around, Prepared, Seals, open_volume};
use crate::engine_thread::inbox::inbox;
use crate::facts::batch::Facts;
use crate::small_plan::{loopback, small_plan};

/// A journal on a disk that can fail, with the state that a restart must find.
pub(crate) struct House {
    pub(crate) disk: Arc<Disk>,
    pub(crate) plan: Arc<Plan>,
    pub(crate) journal: Journal,
    compactor: Compactor,
    orders: Receiver<Order>,
    pub(crate) ledger: Ledger,
    pub(crate) sign: JournalSign,
    lives: BTreeMap<RowKey, Bytes>,
    arrived: u64,
    pub(crate) now: Moment,
    /// The facts of the last step.
    pub(crate) last: Facts,
}

fn plan() -> Arc<Plan> {
    let mut plan = small_plan(loopback());
    plan.journal.segment_bytes = 3_000;
    Arc::new(plan)
}

fn seals() -> Seals {
    Seals::of(SealKeys::of([7; 32]), None).expect("random bytes")
}

impl House {
    pub(crate) fn open(disk: Arc<Disk>) -> Self {
        let (plan, clock) = (plan(), Clock::new());
        let opened = open_volume(Arc::clone(&disk) as _, &plan, seals()).expect("a disk that can be read");
        let lives = opened.images().clone();
        let now = opened.recovered.past.until.max(clock.now());
        let (inbox, _) = inbox().expect("a wake-up event");
        let around = Around { clock, inbox: &inbox, registry: &Registry::new() };
        let Prepared { journal, ledger, sign, mut compactor, orders, .. } =
            opened.prepare(&plan, true, around);
        compactor.begin();
        let arrived = ledger.day(now).line.arrived;
        let last = Facts::new();
        Self { disk, plan, journal, compactor, orders, ledger, sign, lives, arrived, now, last }
    }

    pub(crate) fn new() -> Self {
        Self::open(Arc::new(Disk::new()))
    }

    /// A caller is rejected; one row changes and another is deleted.
    pub(crate) fn step(&mut self, key: u64) {
        self.now = self.now + Duration::from_millis(7);
        let contact = ContactId(self.now.as_micros());
        let from = Pii("0991234567".into());
        let arrived = Fact::ContactArrived {
            contact,
            channel: Channel::Voice,
            from,
            dialled: "1800".into(),
            trunk: None,
        };
        let away = Fact::TurnedAway { contact, reason: TurnedAway::Closed };
        // Rows of this table are sealed.
        let name = |key| RowKey { table: Table::Leg, key };
        let form = Bytes::from([&[0x9a], contact.0.to_le_bytes().repeat(10).as_slice()].concat());
        let kept = vec![Row { name: name(key), form: form.clone() }];
        let gone = vec![name(key + 1)];
        self.lives.insert(name(key), form);
        self.lives.remove(&name(key + 1));
        self.arrived += 1;
        self.last = [&arrived, &away].into_iter().map(|fact| (self.now, fact.clone())).collect();
        self.journal.keep(&Step { at: self.now, facts: vec![arrived, away], kept, gone });
        self.journal.write(self.now);
        self.turn();
    }

    fn turn(&mut self) {
        while let Ok(order) = self.orders.try_recv() {
            self.compactor.carry_out(order);
        }
        if self.journal.turn(self.now) {
            let images = self.lives.iter().map(|(name, form)| Row { name: *name, form: form.clone() });
            self.journal.mend(images.collect(), self.now);
        }
    }

    pub(crate) fn pass(&mut self, span: Duration) {
        self.now = self.now + span;
        self.compactor.look();
        (0..6).for_each(|_| self.turn());
    }

    /// Whether the file that a mishap affects exists.
    fn can_suffer(&self, mishap: Mishap) -> bool {
        match mishap {
            Mishap::FileGoes(ending) | Mishap::FileIsAnother(ending) | Mishap::FileIsCut(ending) => {
                self.disk.names().iter().any(|name| name.ends_with(ending))
            }
            Mishap::FolderGoes
            | Mishap::FolderIsAnother
            | Mishap::FolderIsACopy
            | Mishap::SegmentIsZeroed => true,
        }
    }

    /// Lets a check pass before a segment is overwritten: the first one after it was begun notes its header.
    fn is_looked_at_before(&mut self, mishap: Mishap) {
        if mishap == Mishap::SegmentIsZeroed {
            self.pass(Duration::from_secs(1));
        }
    }

    fn may_be_handed_over(&mut self) -> bool {
        let (done, is_whole) = sync_channel(1);
        self.compactor.carry_out(Order::Rest(done));
        is_whole.recv() == Ok(true)
    }

    /// Kills the process and starts another one on the same disk.
    pub(crate) fn killed(self) -> Self {
        let (sign, arrived) = (self.sign.standing(), self.arrived);
        let again = self.killed_after_a_loss_of_facts();
        if sign == Standing::Kept {
            assert_eq!(again.arrived, arrived, "figures were forgotten");
        }
        again
    }

    /// The same where a segment was overwritten: nothing brings its facts back.
    fn killed_after_a_loss_of_facts(self) -> Self {
        let (disk, sign, lives) = (Arc::clone(&self.disk), self.sign.standing(), self.lives.clone());
        disk.set(Health::Fine);
        drop(self);
        let again = Self::open(disk);
        if sign == Standing::Kept {
            assert_eq!(again.lives, lives, "something was forgotten");
        }
        again
    }
}

#[test]
fn whoever_was_there_when_turno_was_killed_is_there_afterwards_and_the_figures_go_on() {
    // Wound: a restart loses everyone who waits (A), marks them abandoned (F), or brings them back as stray calls (O).
    let mut house = House::new();
    for round in 0..5 {
        (0..60).for_each(|key| house.step(key * 3 + round));
        house = house.killed();
    }
    assert_eq!(house.arrived, 300);
    house.ledger.books(house.now).expect("the books balance");
    // Old segments are gone, their content is in two checkpoints, and the facts are kept.
    let names = house.disk.names();
    let count = |ending: &str| names.iter().filter(|name| name.ends_with(ending)).count();
    assert_eq!(count("checkpoint"), 2, "{names:?}");
    assert!(count("segment") <= 6, "{names:?}");
    assert!(count("facts") > 10, "{names:?}");
}

#[test]
fn a_disk_that_is_full_stops_no_call_and_nothing_is_missing_when_there_is_room_again() {
    // Wound: a full disk stopped all calls of a site.
    for health in [Health::Full { room: 0 }, Health::Full { room: 777 }, Health::ReadOnly, Health::Broken] {
        let mut house = House::new();
        (0..20).for_each(|key| house.step(key));
        house.disk.set(health);
        (0..40).for_each(|key| house.step(key));
        house.pass(Duration::from_secs(3));
        assert_eq!(house.sign.standing(), Standing::Failing, "{health:?}");
        assert!(house.sign.words().contains("NOT kept"));
        (20..30).for_each(|key| house.step(key));
        house.disk.set(Health::Fine);
        house.pass(Duration::from_secs(2));
        assert_eq!(house.sign.standing(), Standing::Kept, "{health:?}");
        (25..50).for_each(|key| house.step(key));
        let house = house.killed();
        assert_eq!(house.arrived, 95, "{health:?}");
        house.ledger.books(house.now).expect("the books balance");
    }
}

#[test]
fn a_disk_that_was_full_at_the_start_is_taken_up_when_it_has_room() {
    let disk = Arc::new(Disk::new());
    disk.set(Health::Full { room: 0 });
    let mut house = House::open(disk);
    assert_eq!(house.sign.standing(), Standing::Failing);
    (0..9).for_each(|key| house.step(key));
    house.disk.set(Health::Fine);
    house.pass(Duration::from_secs(2));
    assert_eq!(house.sign.standing(), Standing::Kept);
    assert_eq!(house.killed().arrived, 9);
}

/// All operations that others can do to the folder.
const MISHAPS: [Mishap; 11] = [
    Mishap::FolderGoes,
    Mishap::FolderIsAnother,
    Mishap::FolderIsACopy,
    Mishap::FileGoes("segment"),
    Mishap::FileGoes("checkpoint"),
    Mishap::FileIsAnother("segment"),
    Mishap::FileIsAnother("checkpoint"),
    Mishap::FileIsCut("checkpoint"),
    Mishap::FileGoes("1.segment"),
    Mishap::FileGoes("2.segment"),
    Mishap::SegmentIsZeroed,
];

#[test]
fn a_folder_that_somebody_takes_away_is_noticed_and_everybody_is_in_the_next_one() {
    // Wound: the state folder is deleted while turno runs: every write succeeds, and a restart finds nothing.
    for mishap in MISHAPS {
        for steps in [1, 20, 70] {
            let mut house = House::new();
            (0..steps).for_each(|key| house.step(key));
            if !house.can_suffer(mishap) {
                continue;
            }
            house.is_looked_at_before(mishap);
            house.disk.suffers(mishap);
            // A checkpoint that follows makes a deleted one unnecessary; the contents of a deleted folder are lost.
            let writes_on =
                matches!(mishap, Mishap::FolderGoes | Mishap::FolderIsAnother | Mishap::FolderIsACopy);
            (3..9).filter(|_| writes_on).for_each(|key| house.step(key));
            // It is reported within one check; a second later everything is written again.
            house.pass(Duration::from_secs(1));
            assert_eq!(house.sign.standing(), Standing::Lost, "{mishap:?} after {steps}");
            assert!(house.sign.words().contains("taken away"), "{}", house.sign.words());
            (6..12).for_each(|key| house.step(key));
            house.pass(Duration::from_secs(1));
            assert_eq!(house.sign.standing(), Standing::Kept, "{mishap:?} after {steps}");
            house.step(1);
            house.pass(Duration::from_secs(1));
            assert_eq!(
                house.sign.standing(),
                Standing::Kept,
                "{mishap:?} after {steps}: it is not well for long"
            );
            if mishap == Mishap::SegmentIsZeroed {
                house.killed_after_a_loss_of_facts();
                continue;
            }
            let house = house.killed();
            house.ledger.books(house.now).expect("the books balance");
        }
    }
}

#[test]
fn a_folder_that_was_taken_away_a_moment_ago_is_handed_to_nobody() {
    // Wound: a folder was deleted, and a successor that started before this was noticed began without any calls.
    for mishap in MISHAPS {
        let mut house = House::new();
        (0..20).for_each(|key| house.step(key));
        if !house.can_suffer(mishap) {
            house = House::new();
            (0..70).for_each(|key| house.step(key));
        }
        assert!(house.may_be_handed_over());
        house.is_looked_at_before(mishap);
        house.disk.suffers(mishap);
        assert!(!house.may_be_handed_over(), "{mishap:?}");
        assert!(!house.may_be_handed_over(), "{mishap:?}: it is told once, and is amiss until it is mended");
        house.pass(Duration::from_secs(1));
        house.step(1);
        house.pass(Duration::from_secs(1));
        assert!(house.may_be_handed_over(), "{mishap:?}: everything is written anew");
    }
}

#[test]
fn a_folder_that_goes_from_a_full_disk_comes_back_when_there_is_room() {
    let mut house = House::new();
    (0..20).for_each(|key| house.step(key));
    house.disk.suffers(Mishap::FolderGoes);
    house.disk.set(Health::Full { room: 0 });
    (0..20).for_each(|key| house.step(key));
    house.pass(Duration::from_secs(5));
    assert!(house.sign.words().contains("NOT kept"));
    house.disk.set(Health::Fine);
    house.pass(Duration::from_secs(2));
    assert_eq!(house.sign.standing(), Standing::Kept);
    assert_eq!(house.killed().arrived, 40);
}

#[test]
fn a_plan_that_changed_between_two_runs_keeps_the_figures_of_the_names() {
    let mut house = House::new();
    (0..9).for_each(|key| house.step(key));
    let mut plan = Plan::clone(&house.plan);
    plan.agents.reverse();
    let opened =
        open_volume(Arc::clone(&house.disk) as _, &Arc::new(plan), seals()).expect("a disk that can be read");
    let names = opened.places().expect("names stand at the beginning of each segment").agents;
    assert_eq!(names, house.plan.agents.iter().map(|agent| agent.name.clone()).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_the_disk_does_nothing_is_forgotten_that_was_said_to_be_kept(
        moves in proptest::collection::vec((0u8..13, 0u64..40), 1..160),
    ) {
        let mut house = House::new();
        for (what, key) in moves {
            match what {
                0 => house.disk.set(Health::Full { room: key * 50 }),
                1 => house.disk.set(Health::ReadOnly),
                2 => house.disk.set(Health::Broken),
                3 | 4 => house.disk.set(Health::Fine),
                5 => house = house.killed(),
                6 => house.pass(Duration::from_millis(key * 100)),
                12 => {
                    house.disk.set(Health::Fine);
                    house.pass(Duration::from_secs(2));
                    let folder = MISHAPS[..3][usize::try_from(key).unwrap_or(0) % 3];
                    house.disk.suffers(folder);
                    house.step(key);
                    house.pass(Duration::from_secs(2));
                }
                _ => house.step(key),
            }
        }
        house.disk.set(Health::Fine);
        house.pass(Duration::from_secs(2));
        house.pass(Duration::from_secs(2));
        prop_assert_eq!(house.sign.standing(), Standing::Kept);
        house.step(1);
        let _ = house.killed();
    }
}
