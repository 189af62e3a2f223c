//! Told waits on made days, and the form of a real centre's table.

use std::path::Path;

use turno_model::Plan;

use super::{DayLoad, Rule, WaitDayFigures, bank_days, live, made_day};

fn quito() -> Plan {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/quito");
    turno_config::load(&folder).expect("the first site is valid").0
}

#[test]
fn about_four_of_five_callers_are_answered_within_what_they_are_told_at_each_load() {
    let plan = quito();
    for load in DayLoad::ALL {
        let mut sum = WaitDayFigures::default();
        (1..=8).for_each(|seed| sum.add(&live(&made_day(&plan, load, 1_500, seed))));
        let [turno, others @ ..] = sum.scores.map(|score| score.coverage().expect("callers wait"));
        assert!((0.75..=0.85).contains(&turno), "{load:?}: {turno}");
        assert!(others.iter().all(|other| *other < 0.5), "{load:?}: {others:?} of {:?}", Rule::ALL);
    }
}

#[test]
fn a_line_that_is_no_call_is_named_and_calls_that_end_in_the_menu_are_left_out() {
    let head = "date,type,vru_entry,vru_exit,vru_time,q_start,q_exit,q_time,outcome,ser_start,ser_exit,ser_time,server\n";
    let calls = "2010-08-01,PS,9:00:00,9:00:10,10,9:00:10,9:00:40,30,AGENT,9:00:40,9:03:40,180,AVI\n\
                 2010-08-01,PS,9:01:00,9:01:09,9,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER\n\
                 2010-08-01,IN,9:01:00,9:01:09,9,9:01:09,9:02:09,60,HANG,0:00:00,0:00:00,0,NO_SERVER\n";
    let days = bank_days(&quito(), &format!("{head}{calls}"), 1).expect("three calls");
    assert_eq!((days.len(), days[0].day.calls.len(), days[0].day.plan.agents.len()), (1, 2, 1));
    let refused = bank_days(&quito(), &format!("{head}{calls}nonsense\n"), 1).expect_err("no call");
    assert!(refused.contains("line 5") && refused.contains("nonsense"), "{refused}");
}
