//! Draws the faults of a scenario: kills, a full disk, a lost journal, clock jumps, edits, missing descriptors,
//! successors. Each kind has an Rng of its own, so that adding one does not change the rest of a seed.

use core::time::Duration;

use turno_ground::Rng;

use crate::action::{Action, Loss, Mishap, Shift, Standstill, Temper};
use crate::death::Crash;
use crate::draws::{SPAN_MICROS, one_of};
use crate::edit::Edit;
use crate::plan_mutation;

/// How often the engine is killed at most.
const DEATHS_MAX: u64 = 60;
/// How often the journal is lost at most.
const LOSSES_MAX: u64 = 4;
/// How often the site is edited at most.
const EDITS_MAX: u64 = 8;
/// How often descriptors run out at most, after the first time.
const SHORTAGES_MAX: u64 = 4;
/// How many successors come at most.
const RENEWALS_MAX: u64 = 6;
/// The steps of a hand-over at which something may go wrong.
const MOMENTS: u64 = 14;
/// How often agents move at most, after the first time.
const MOVES_MAX: u64 = 16;
/// How often clocks jump at most.
const JUMPS_MAX: u64 = 6;

/// In every other scenario the engine is killed a few times, mostly for as long as a restart takes. In some, the disk
/// is full for a while.
pub(crate) fn deaths(seed: u64) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x6b69_6c6c);
    let many = one_of(&[0, 0, 0, 0, 1, 2, 6, DEATHS_MAX], &mut rng);
    let fills_up = rng.below(8) == 0;
    let full = Duration::from_micros(rng.below(SPAN_MICROS));
    let full = fills_up.then(|| (full, Action::DiskFillsUp(Duration::from_micros(rng.below(SPAN_MICROS)))));
    (0..many)
        .map(|_| {
            let at = Duration::from_micros(rng.below(SPAN_MICROS));
            let longest = one_of(&[200, 200, 200, 3_000, 3_000, 40_000], &mut rng);
            let down = Duration::from_millis(rng.below(longest));
            (at, Action::Dies(death(&mut rng), down))
        })
        .chain(full)
        .collect()
}

/// In one scenario of eight, the journal or a part of it is removed while turno writes, and the engine is killed some
/// time later. In half of these the disk is also full at the beginning.
pub(crate) fn losses(seed: u64) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x6c6f_7373);
    if rng.below(8) > 0 {
        return Vec::new();
    }
    let many = 1 + rng.below(LOSSES_MAX);
    let mut actions = Vec::new();
    if rng.below(2) == 0 {
        // The disk was full when the engine began.
        let span = Duration::from_micros(rng.below(SPAN_MICROS / 4));
        actions.push((Duration::ZERO, Action::DiskFillsUp(span)));
    }
    for _ in 0..many {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        let losses =
            [Loss::Folder, Loss::FolderForAnother, Loss::Segment, Loss::SegmentIsCut, Loss::Checkpoint];
        actions.push((at, Action::DiskLoses(one_of(&losses, &mut rng))));
        let later = Duration::from_millis(rng.below(60_000));
        actions.push((at + later, Action::Dies(death(&mut rng), Duration::from_millis(rng.below(200)))));
    }
    actions
}

/// In one scenario of three, clocks jump: the engine stands still for a while, the wall clock is set, or the machine
/// restarts and has only the wall clock.
pub(crate) fn jumps(seed: u64) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x6a75_6d70);
    if rng.below(3) > 0 {
        return Vec::new();
    }
    let many = 1 + rng.below(JUMPS_MAX);
    let mut actions = Vec::new();
    for _ in 0..many {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        match rng.below(4) {
            0 => {
                let longest = one_of(&[1_000, 20_000, 120_000, 600_000], &mut rng);
                let span = Duration::from_millis(rng.below(longest));
                let what = if rng.below(2) == 0 { Standstill::Process } else { Standstill::Machine };
                actions.push((at, Action::StandsStill(span, what)));
            }
            1 => actions.push((at, Action::ClockIsSet(shift(&mut rng)))),
            _ => {
                // A machine that restarts often has a wrong clock.
                if rng.below(2) == 0 {
                    actions.push((at, Action::ClockIsSet(shift(&mut rng))));
                }
                let down = Duration::from_millis(rng.below(20_000));
                actions.push((at, Action::MachineDies(death(&mut rng), down)));
            }
        }
    }
    actions
}

/// In one scenario of four the site is edited while people wait and talk, often with a kill at it or soon after.
pub(crate) fn edits(seed: u64) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x6564_6974);
    if rng.below(4) > 0 {
        return Vec::new();
    }
    let many = 1 + rng.below(EDITS_MAX);
    let mut actions = Vec::new();
    for _ in 0..many {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        let down = Duration::from_millis(rng.below(3_000));
        let death = death(&mut rng);
        let soon = Duration::from_micros(rng.below(3_000_000));
        match rng.below(4) {
            // The engine is killed at the edit itself.
            0 => actions.push((at, Action::Dies(death, down))),
            1 => actions.push((at + soon, Action::Dies(death, down))),
            _ => {}
        }
        actions.push((at, Action::Edits(edit(&mut rng))));
    }
    actions
}

/// In one scenario of four descriptors run out for a while, once or a few times: no media port can be opened.
pub(crate) fn shortages(seed: u64) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x656d_6669);
    if rng.below(4) > 0 {
        return Vec::new();
    }
    (0..=rng.below(SHORTAGES_MAX))
        .map(|_| {
            let at = Duration::from_micros(rng.below(SPAN_MICROS));
            let longest = one_of(&[100, 3_000, 20_000, 60_000], &mut rng);
            (at, Action::DescriptorsRunOut(Duration::from_millis(rng.below(longest))))
        })
        .collect()
}

/// In one scenario of four successors take over, fail or are killed meanwhile, or the old engine is.
pub(crate) fn renewals(seed: u64) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x7265_6e65);
    if rng.below(4) > 0 {
        return Vec::new();
    }
    let many = 1 + rng.below(RENEWALS_MAX);
    (0..many)
        .map(|_| {
            let at = Duration::from_micros(rng.below(SPAN_MICROS));
            let moment = u8::try_from(rng.below(MOMENTS)).unwrap_or(0);
            let mishap = match rng.below(5) {
                0 => Mishap::Nothing,
                1 => Mishap::SuccessorFails(moment),
                2 => Mishap::SuccessorIsKilled(moment),
                3 => Mishap::SuccessorIsSilent(moment),
                _ => Mishap::OldIsKilled(moment),
            };
            (at, Action::Renews(mishap))
        })
        .collect()
}

/// In one scenario of eight the plan has media ports for this few legs.
pub(crate) fn narrow_ports(seed: u64) -> Option<u16> {
    let mut rng = Rng::new(seed ^ 0x706f_7274);
    let is_narrow = rng.below(8) == 0;
    is_narrow.then(|| u16::try_from(2 + rng.below(9)).unwrap_or(2))
}

/// In one scenario of four agents sit down at other desks, free ones and each other's, and leave again.
pub(crate) fn moves(seed: u64) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x7365_6174);
    if rng.below(4) > 0 {
        return Vec::new();
    }
    let mut place = |most: u64| usize::try_from(rng.below(most)).unwrap_or(0);
    (0..=place(MOVES_MAX))
        .map(|_| {
            let at = Duration::from_micros(u64::try_from(place(SPAN_MICROS)).unwrap_or(0));
            let agent = place(8);
            let action = match place(3) {
                0 => Action::AgentSits(agent, None),
                // The last desks have no owner.
                1 => Action::AgentSits(agent, Some(place(2))),
                _ => Action::AgentSits(agent, Some(place(8))),
            };
            (at, action)
        })
        .collect()
}

/// In one scenario of four an agent's phone rejects the offered media for a while, with one of several status codes.
pub(crate) fn unfit(seed: u64) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x756e_6669);
    if rng.below(4) > 0 {
        return Vec::new();
    }
    let agent = usize::try_from(rng.below(8)).unwrap_or(0);
    let at = Duration::from_micros(rng.below(SPAN_MICROS));
    let until = at + Duration::from_millis(rng.below(30_000));
    let status = one_of(&[415, 420, 488, 606], &mut rng);
    let ring = Duration::from_millis(rng.below(2_000));
    vec![
        (at, Action::AgentIs(agent, Temper::Refusing(status))),
        (until, Action::AgentIs(agent, Temper::Prompt(ring))),
    ]
}

fn edit(rng: &mut Rng) -> Edit {
    let place = |rng: &mut Rng| usize::try_from(rng.below(8)).unwrap_or(0);
    match rng.below(12) {
        0 | 1 => Edit::AgentGoes(place(rng)),
        2..=4 => Edit::AgentComes,
        5 => Edit::Skill(place(rng), place(rng), None),
        6 => Edit::Skill(place(rng), place(rng), Some(u8::try_from(1 + rng.below(3)).unwrap_or(1))),
        7 => Edit::QueueComes(place(rng)),
        8 => Edit::QueueGoes(place(rng)),
        _ => Edit::Setting(plan_mutation::draw_one(rng)),
    }
}

fn death(rng: &mut Rng) -> Crash {
    match rng.below(5) {
        0 => Crash::BeforeWriting,
        1 => Crash::AfterWriting,
        2 => Crash::Writing(u16::try_from(rng.below(2_000)).unwrap_or(0)),
        _ => Crash::Sending(u8::try_from(1 + rng.below(6)).unwrap_or(1)),
    }
}

/// From seconds to most of a day, each order of magnitude with equal probability.
fn shift(rng: &mut Rng) -> Shift {
    let longest = one_of(&[2_000, 30_000, 600_000, 7_200_000, 80_000_000], rng);
    let span = Duration::from_millis(rng.below(longest));
    if rng.below(2) == 0 { Shift::Forward(span) } else { Shift::Back(span) }
}
