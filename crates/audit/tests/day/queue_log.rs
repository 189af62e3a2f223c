//! The queue_log of simulated days: each call that enters a queue leaves it once, each talk ends once, and its figures are the
//! history's.

use std::collections::BTreeMap;

use turno_model::{Fact, PassingChange};
use turno_queue_log::{LogNames, QueueLog};

use crate::stage::Site;

const EXITS: [&str; 4] = ["ABANDON", "EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY"];
const ENDS: [&str; 4] = ["COMPLETECALLER", "COMPLETEAGENT", "BLINDTRANSFER", "ATTENDEDTRANSFER"];

#[test]
fn each_call_leaves_its_queue_once_and_each_talk_ends_once() {
    // Wound: a call counted twice after a transfer, and an answered one shown as abandoned.
    let site = Site::new("queue-log", 32);
    let (names, mut log, mut lines) = (LogNames::new(&site.plan, None), QueueLog::default(), Vec::new());
    for (at, fact) in &site.facts {
        log.take(&names, *at, fact, &mut |line| lines.push(line));
    }
    let mut waits: BTreeMap<String, bool> = BTreeMap::new();
    let mut talks: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for line in &lines {
        let fields: Vec<&str> = line.split('|').collect();
        let (call, agent, event) = (fields[1].to_owned(), fields[3].to_owned(), fields[4]);
        *counts.entry(event.to_owned()).or_default() += 1;
        if event == "ENTERQUEUE" {
            assert_ne!(waits.insert(call, true), Some(true), "it entered twice: {line}");
        } else if EXITS.contains(&event) {
            assert_eq!(waits.insert(call, false), Some(true), "it waits in no queue: {line}");
        } else if event == "CONNECT" {
            waits.insert(call.clone(), false);
            *talks.entry((call, agent)).or_default() += 1;
        } else if ENDS.contains(&event) {
            let talk = talks.get_mut(&(call, agent)).filter(|talk| **talk > 0);
            *talk.unwrap_or_else(|| panic!("nobody talks: {line}")) -= 1;
        }
    }
    let by_phone = "v.contact IN (SELECT contact FROM contact WHERE channel IN ('voice', 'callback'))";
    let count = |text: &str| site.texts(text)[0].parse::<i64>().expect("a number");
    let abandoned = count(&format!(
        "SELECT CAST(count(*) AS TEXT) FROM visit v WHERE v.outcome = 'abandoned' AND {by_phone}"
    ));
    // A call that an agent gave back enters again in the log, and goes on with its answered visit in the history.
    let is_back = |fact: &Fact| matches!(fact, Fact::Passing(it) if it.change == PassingChange::Returned);
    let back = i64::try_from(site.facts.iter().filter(|(_, fact)| is_back(fact)).count()).expect("few");
    let left = counts.get("ABANDON").copied().unwrap_or(0);
    assert!(
        (abandoned..=abandoned + back).contains(&left),
        "{left} left, {abandoned} and {back}: {counts:?}"
    );
    let talked = count(&format!("SELECT CAST(count(*) AS TEXT) FROM talk v WHERE {by_phone}"));
    assert_eq!(counts.get("CONNECT").copied().unwrap_or(0), talked, "{counts:?}");
    assert!(counts.len() > 12 && abandoned > 10 && talked > 50, "{counts:?}");
}
