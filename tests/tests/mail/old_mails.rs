//! A mailbox in which fifty thousand mails lie.
#![expect(clippy::disallowed_methods, reason = "a test on real sockets measures real time")]

use std::fs;
use std::sync::Arc;
use std::time::Instant;

use crate::coming::mail;
use crate::post::Shelf;
use crate::servers::Servers;
use crate::{open, settings};

/// Kilobytes of memory that this process holds.
pub(crate) fn held_kb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux says it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn fifty_thousand_old_mails_are_left_alone_and_the_next_one_comes_at_once() {
    let Some(servers) = Servers::start() else { return };
    servers.fill("atencion", |folder| {
        let first = folder.join("0000000.x.y:2,S");
        fs::write(&first, mail("old")).expect("a mail");
        for number in 1..50_000 {
            fs::hard_link(&first, folder.join(format!("{number:07}.x.y:2,S"))).expect("another name for it");
        }
    });
    let shelf = Arc::new(Shelf::default());
    let (before, begin) = (held_kb(), Instant::now());
    let running = open(&settings(&servers, "atencion@quito.example"), &shelf);
    println!("open after {:?}", begin.elapsed());
    servers.send("vecina@example.org", "atencion@quito.example", &mail("new"));
    let (incoming, _) = shelf.mail(1);
    assert_eq!(incoming.external, "new@example.org");
    println!("the new one after {:?}; {} kB more memory", begin.elapsed(), held_kb().saturating_sub(before));
    assert!(held_kb().saturating_sub(before) < 32 * 1024);
    running.stop();
    assert_eq!(shelf.held().taken.len(), 1);
}
