//! Phones that watch agents and queues (RFC 6665; RFC 4235).

use std::net::SocketAddr;

use turno_tests::stage::{Stage, answering, millis, plan, ringing, secs, value};

use crate::raw::{HERE, Raw, last_status};

const DIALOG: &str = "Event: dialog\r\nExpires: 600\r\n";

/// The phone of Bea, played by hand.
pub(crate) struct Watcher {
    pub(crate) address: SocketAddr,
    number: u32,
}

impl Watcher {
    pub(crate) fn new(stage: &mut Stage) -> Self {
        let bea = stage.agent("a002", answering(secs(2)));
        Self { address: stage.is_played_by_hand(bea), number: 0 }
    }

    /// Sends SUBSCRIBE, and returns all that comes back.
    pub(crate) fn asks(&mut self, stage: &mut Stage, user: &str, call_id: &str, extra: &str) -> Vec<String> {
        self.number += 1;
        let (uri, branch) = (format!("sip:{user}@turno"), format!("{call_id}{}", self.number));
        let raw = Raw {
            method: "SUBSCRIBE",
            uri: &uri,
            branch: &branch,
            call_id,
            cseq: self.number,
            from: "<sip:a002@turno>",
            to: &format!("<{uri}>"),
            extra,
            ..Raw::default()
        };
        stage.throw_in(self.address, raw.text_from(self.address).as_bytes());
        self.reads(stage)
    }

    /// What has come since, each NOTIFY answered.
    pub(crate) fn reads(&self, stage: &mut Stage) -> Vec<String> {
        stage.run_for(millis(100));
        let letters = stage.letters_to(self.address);
        for notify in letters.iter().filter(|letter| letter.starts_with("NOTIFY")) {
            let headers: Vec<String> = ["Via", "From", "To", "Call-ID", "CSeq"]
                .into_iter()
                .map(|name| format!("{name}: {}\r\n", value(notify, name).expect("it is there")))
                .collect();
            let answer = format!("SIP/2.0 200 OK\r\n{}Content-Length: 0\r\n\r\n", headers.concat());
            stage.throw_in(self.address, answer.as_bytes());
        }
        letters
    }

    /// The states that the documents have shown since, each with its number.
    fn sees(&self, stage: &mut Stage) -> Vec<String> {
        let mut seen = Vec::new();
        loop {
            let letters = self.reads(stage);
            if letters.is_empty() {
                return seen;
            }
            seen.extend(letters.iter().filter_map(|letter| shown(letter)));
            // A NOTIFY whose answer came late was sent again.
            seen.dedup();
        }
    }
}

/// The number and the state in a NOTIFY.
fn shown(letter: &str) -> Option<String> {
    let between = |from: &str, to: &str| {
        let (_, rest) = letter.split_once(from)?;
        Some(rest.split_once(to)?.0.to_owned())
    };
    Some(format!("{} {}", between("dialog-info\" version=\"", "\"")?, between("<state>", "</state>")?))
}

#[test]
fn a_lamp_flashes_while_the_agents_phone_rings_and_is_lit_during_the_call() {
    let mut stage = Stage::new();
    let ana = stage.agent("a001", ringing());
    let mut bea = Watcher::new(&mut stage);
    let letters = bea.asks(&mut stage, "a001", "lamp", DIALOG);
    assert_eq!(last_status(&letters), Some(200));
    assert_eq!(letters.iter().filter_map(|letter| shown(letter)).collect::<Vec<_>>(), ["0 terminated"]);
    let call = stage.call("7001", "0991234567");
    assert_eq!(bea.sees(&mut stage), ["1 early"]);
    let rings = stage.rings_at(ana);
    stage.answers(rings);
    assert_eq!(bea.sees(&mut stage), ["2 confirmed"]);
    stage.hangs_up(call);
    assert_eq!(bea.sees(&mut stage), ["3 terminated"]);
    stage.forgets_confusions();
    stage.run_for(secs(700));
    let last = stage.letters_to(bea.address);
    assert!(last.iter().any(|letter| letter.contains("terminated;reason=timeout")), "{last:?}");
    stage.finish();
}

#[test]
fn a_lamp_of_a_queue_flashes_while_somebody_waits() {
    let mut stage = Stage::new();
    let mut bea = Watcher::new(&mut stage);
    let letters = bea.asks(&mut stage, "7001", "lamp", DIALOG);
    assert!(letters.iter().any(|letter| shown(letter).as_deref() == Some("0 terminated")), "{letters:?}");
    let call = stage.call("7001", "0991234567");
    assert_eq!(bea.sees(&mut stage), ["1 early"]);
    stage.hangs_up(call);
    assert_eq!(bea.sees(&mut stage), ["2 terminated"]);
    stage.forgets_confusions();
    stage.run_for(secs(700));
    stage.take_letters();
    stage.finish();
}

#[test]
fn who_may_not_or_can_not_watch_hears_why() {
    let mut stage = Stage::with(|plan| plan.sip.subscriptions_max = 1);
    let mut bea = Watcher::new(&mut stage);
    let cases = [
        ("a999", DIALOG, 404),
        ("a001", "Event: presence\r\n", 489),
        ("a001", "Event: dialog\r\nExpires: 5\r\n", 423),
    ];
    for (place, (user, extra, expected)) in cases.into_iter().enumerate() {
        let letters = bea.asks(&mut stage, user, &format!("case{place}"), extra);
        assert_eq!(last_status(&letters), Some(expected), "{user} {extra}");
    }
    assert_eq!(last_status(&bea.asks(&mut stage, "a001", "first", DIALOG)), Some(200));
    assert_eq!(
        last_status(&bea.asks(&mut stage, "a003", "second", DIALOG)),
        Some(503),
        "one lamp is the limit"
    );
    let again = bea.asks(&mut stage, "a001", "after_a_start", DIALOG);
    assert_eq!(last_status(&again), Some(200), "the phone has started again: its old lamp makes room");
    let stranger = SocketAddr::new([127, 20, 98, 7].into(), 5060);
    let raw = Raw { method: "SUBSCRIBE", uri: "sip:a001@turno", extra: DIALOG, ..Raw::default() };
    stage.throw_in(HERE, raw.text().as_bytes());
    stage.run_for(millis(100));
    assert_eq!(last_status(&stage.letters_to(HERE)), Some(403), "a carrier watches nobody");
    let raw = Raw { call_id: "no", branch: "no", ..raw };
    let outside = SocketAddr::new([127, 99, 98, 7].into(), stranger.port());
    stage.throw_in(outside, raw.text_from(outside).as_bytes());
    stage.run_for(millis(100));
    assert_eq!(last_status(&stage.letters_to(outside)), Some(401), "a stranger is challenged");
    stage.forgets_confusions();
    stage.run_for(secs(700));
    stage.take_letters();
    stage.finish();
}

#[test]
fn a_lamp_outlives_a_kill_and_shows_what_has_changed_meanwhile() {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let mut bea = Watcher::new(&mut stage);
    bea.asks(&mut stage, "a001", "lamp", DIALOG);
    let call = stage.call("7001", "0991234567");
    stage.talks_to(call, ana);
    assert!(bea.sees(&mut stage).iter().any(|shown| shown.ends_with("confirmed")));
    stage.crashes(secs(1));
    assert!(bea.sees(&mut stage).is_empty(), "nothing has changed");
    stage.hangs_up(call);
    let seen = bea.sees(&mut stage);
    assert!(seen.len() == 1 && seen[0].ends_with("terminated"), "{seen:?}");
    let mut without_ana = plan::site();
    without_ana.agents.remove(0);
    stage.replans(without_ana);
    stage.run_for(millis(100));
    let last = stage.letters_to(bea.address);
    assert!(last.iter().any(|letter| letter.contains("terminated;reason=noresource")), "{last:?}");
    stage.forgets_confusions();
    stage.run_for(secs(700));
    stage.take_letters();
    stage.finish();
}
