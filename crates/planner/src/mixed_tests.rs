//! A mixed day in one room against silos.

use super::*;

fn days(team: Team, count: u64) -> [ChannelFigures; 4] {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab");
    let plan = turno_config::load(&folder).expect("the lab plan is valid").0;
    let mut sums = [ChannelFigures::default(); 4];
    for seed in 1..=count {
        let day = mixed_day(&plan, &MixedLoad::default(), team, seed);
        sums.iter_mut().zip(&day).for_each(|(sum, figures)| sum.add(figures));
    }
    sums
}

fn share(figures: &ChannelFigures) -> f64 {
    figures.in_time as f64 / figures.came as f64
}

#[test]
fn one_room_by_deadlines_keeps_every_target_and_lets_nobody_wait_who_writes() {
    let (silos, room) = (days(Team::Silos, 3), days(Team::ByDeadline, 3));
    assert_eq!(silos.map(|it| it.came), room.map(|it| it.came), "the same contacts");
    assert!(room.iter().all(|it| share(it) >= 0.8), "{room:?}");
    for (kind, channel) in MIXED.iter().enumerate().skip(1) {
        assert!(room[kind].waited < silos[kind].waited, "{channel:?}: {room:?} {silos:?}");
    }
}

#[test]
fn silos_are_as_large_as_their_work() {
    let shares = shares(&MixedLoad::default());
    assert_eq!(shares.iter().sum::<u32>(), 20);
    assert!(shares[0] > shares[1] && shares.iter().all(|count| *count > 0), "{shares:?}");
}

#[test]
fn callers_in_one_room_that_keeps_agents_for_them_are_answered_as_soon_as_in_silos() {
    let (silos, spread, keeping) = (days(Team::Silos, 3), days(Team::ByDeadline, 3), days(Team::Keeping, 3));
    assert!(share(&spread[0]) < share(&silos[0]), "without, they wait longer: {spread:?} {silos:?}");
    assert!(share(&keeping[0]) > share(&silos[0]), "{keeping:?} {silos:?}");
    for (kind, channel) in MIXED.iter().enumerate().skip(1) {
        assert!(share(&keeping[kind]) >= share(&silos[kind]), "{channel:?}: {keeping:?} {silos:?}");
    }
}

#[test]
fn calls_beside_conversations_put_them_aside() {
    let (keeping, interrupted) = (days(Team::Keeping, 1), days(Team::Interrupted, 1));
    assert!(share(&interrupted[0]) >= share(&keeping[0]), "{interrupted:?} {keeping:?}");
    assert!(keeping[1].put_aside == 0.0 && interrupted[1].put_aside > 0.0, "{interrupted:?} {keeping:?}");
}
