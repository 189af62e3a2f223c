//! Two phones in pages of Chromium talk to each other through turno: Opus passed on as it is, also over kills.

use turno_tests::wire::{Baresip, Pages, Server, dominant_hertz, is_missing};

/// An API and browser phones.
const BROWSER: (&str, &str) = ("[http]", "[api]\nlisten = \"127.0.0.1:8081\"\n\n[browser]\n\n[http]");

/// What the first page says, in hertz.
const ONE: u64 = 600;

/// What the second says.
const OTHER: u64 = 1_000;

/// The pages, each with what it should hear.
const BOTH: [(&str, u64); 2] = [("a001", OTHER), ("a002", ONE)];

fn kills() -> u32 {
    std::env::var("TURNO_KILLS").map_or(2, |kills| kills.parse().expect("a number of kills"))
}

fn pages(server: &Server) -> Option<Pages> {
    Pages::open(server, &format!("a001:{ONE},a002:{OTHER}"), true)
}

fn packets(server: &mut Server, many: f64) {
    let before = server.scrape().sum("turno_rtp_packets_total", &["direction=\"in\""]);
    server.wait_until("they talk on", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"in\""]) >= before + many
    });
}

#[test]
fn two_pages_talk_in_opus_and_kills_leave_short_gaps_on_both_sides() {
    let kills = kills();
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let Some(mut pages) = pages(&server) else { return };
    pages.does("call a001 a002");
    pages.says("a002", "rings");
    pages.says("a001", "confirmed");
    packets(&mut server, 200.0);
    for (seat, hertz) in BOTH {
        let heard = pages.heard(seat);
        assert!(heard.is_near(hertz) && heard.speaks("opus"), "{seat}: {heard:?}");
    }
    pages.listens_anew();
    for _ in 0..kills {
        packets(&mut server, 100.0);
        server.kill_and_start_again();
    }
    packets(&mut server, 200.0);
    for (seat, hertz) in BOTH {
        let heard = pages.heard(seat);
        println!("{kills} kills, {seat}: {heard:?}");
        assert!(heard.is_near(hertz) && heard.speaks("opus"), "{seat}: {heard:?}");
        assert_eq!(heard.sources(), 1, "no other SSRC: {heard:?}");
        assert!(!heard.0.contains("failed") && !heard.0.contains("disconnected"), "{seat}: {heard:?}");
        assert!(heard.number("gap") < 2_000 && heard.number("silence") < 2_000, "{seat}: {heard:?}");
        assert!(!pages.has_said(seat, "ended") && !pages.has_said(seat, "reinvite"), "{seat}");
    }
    pages.does("hangup a001");
    server.wait_until("all is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    server.stop();
}

#[test]
fn a_hold_and_its_music_and_ice_that_begins_anew_leave_a_talk_in_opus_whole() {
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let Some(mut pages) = pages(&server) else { return };
    pages.does("call a001 a002");
    pages.says("a001", "confirmed");
    packets(&mut server, 100.0);
    pages.does("hold a001");
    packets(&mut server, 150.0);
    let music = pages.heard("a002");
    assert!(!music.is_near(ONE), "on hold the other side hears music: {music:?}");
    assert!(music.0.contains("\"hears\":\"audio/PCMA\""), "turno plays in its own codec: {music:?}");
    pages.does("unhold a001");
    packets(&mut server, 250.0);
    pages.does("restart a002");
    packets(&mut server, 250.0);
    for (seat, hertz) in BOTH {
        let heard = pages.heard(seat);
        assert!(heard.is_near(hertz) && heard.speaks("opus"), "{seat}: {heard:?}");
    }
    server.stop();
}

#[test]
fn a_page_and_a_telephone_with_opus_hear_each_other_and_one_without_it_gets_g711() {
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let codecs = ("[media]", "[media]\ncodecs = [\"PCMA\", \"PCMU\", \"OPUS\"]");
    let mut server = Server::lab_kept_with(&[BROWSER, codecs]);
    let with = Baresip::opus_seat(&server, "a002", server.peer(2), 1_000);
    let without = Baresip::agent(&server, "a003", server.peer(3), 1_000);
    server.wait_until("the telephones are there", |now| {
        now.sum("turno_agents", &["state=\"available\""]) == 2.0
    });
    let Some(mut pages) = Pages::open(&server, &format!("a001:{ONE}"), true) else { return };
    for (number, codec) in [("a002", "opus"), ("a003", "PCMA")] {
        pages.does(&format!("call a001 {number}"));
        pages.says("a001", "confirmed");
        packets(&mut server, 300.0);
        let heard = pages.heard("a001");
        assert!(heard.is_near(OTHER) && heard.speaks(codec), "{number}: {heard:?}");
        pages.does("hangup a001");
        server.wait_until("it is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    }
    for phone in [with, without] {
        assert_eq!(dominant_hertz(&phone.stop(), &[300, 600, 800, 1_000]), Some(600), "what it heard");
    }
    server.stop();
}
