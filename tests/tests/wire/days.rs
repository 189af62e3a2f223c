//! Whole days of calls at high speed, played by SIPp.

use turno_tests::wire::{Scrape, Server, Sipp, is_missing};

/// Memory that half a day may leave behind, in bytes: fragments of the allocator, less than 4 kB a call.
const MEMORY_GROWTH_MAX: f64 = 2_500_000.0;

/// The brief: 1,500 calls a day on 20 seats. Wound: calls counted twice, answered shown as abandoned (Asterisk#1736);
/// memory that grows with every call (Asterisk, 85 MB to 1.2 GB).
#[test]
fn a_full_day_of_1500_calls_is_served_by_twenty_agents_and_the_books_balance() {
    if is_missing(&["sipp"]) {
        return;
    }
    // The trace memory is small, so that the morning fills it. delay_max is off, because a machine that is busy with
    // other work serves late, and turno must not refuse calls for that.
    let also = "[trace]\nmemory = 1\n\n[fence]\ndelay_max = \"none\"\n\n[media]\n";
    let mut server = Server::lab_with(&[("[media]\n", also)]);
    Sipp::register(&server, 1, 20, 5080);
    let agents = Sipp::agents(&server, "agent_uas", 5080).start();
    // After the morning turno holds the memory of a busy time; the afternoon is as busy and may add nothing.
    half_a_day(&server);
    let early = when_quiet(&mut server).sum("process_resident_memory_bytes", &[]);
    half_a_day(&server);
    let now =
        server.wait_until("every contact is booked", |now| now.sum("turno_contacts_total", &[]) == 1_500.0);
    assert_eq!(now.contacts("lab", "answered"), 1_500.0);
    assert_eq!(now.offers("accepted"), 1_500.0);
    assert_eq!(now.sum("turno_offers_total", &[]), 1_500.0, "no offer was made in vain");
    let late = when_quiet(&mut server);
    assert!(late.sum("turno_trace_bytes", &[]) > 1_000_000.0, "the room for tracing is full");
    assert_eq!(late.sum("turno_agents", &["state=\"available\""]), 20.0);
    let grown = late.sum("process_resident_memory_bytes", &[]) - early;
    assert!(grown < MEMORY_GROWTH_MAX, "the afternoon left {grown} bytes behind");
    drop(agents);
    server.stop();
}

/// 750 calls, at sixty a second.
fn half_a_day(server: &Server) {
    Sipp::callers(server, "caller_7000", "7000", 750).with(&["-d", "100", "-r", "60", "-l", "200"]).succeed();
}

/// Waits until every dialog, transaction and stream of the calls has ended, and returns /metrics.
fn when_quiet(server: &mut Server) -> Scrape {
    server.wait_until("nothing of the calls is left", |now| {
        now.sum("turno_sip_dialogs", &[]) == 0.0
            && now.sum("turno_sip_transactions", &[]) == 0.0
            && now.sum("turno_rtp_streams", &[]) == 0.0
    })
}

/// Wound: hold music for 1,000 callers takes 1,000 to 2,000 threads (Asterisk, FreeSWITCH).
#[test]
fn three_hundred_citizens_hear_music_without_a_thread_of_their_own() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    let threads = server.scrape().sum("process_threads", &[]);
    let citizens = Sipp::callers(&server, "caller_7001", "7001", 300);
    let citizens = citizens.with(&["-d", "4000", "-r", "150", "-l", "300"]).start();
    let now = server.wait_until("all three hundred listen", |now| now.sum("turno_rtp_streams", &[]) == 300.0);
    assert_eq!(now.sum("process_threads", &[]), threads);
    let packets = now.sum("turno_rtp_packets_total", &["direction=\"out\""]);
    server.wait_until("each has heard another second of it", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"out\""]) >= packets + 300.0 * 50.0
    });
    citizens.succeed();
    server.wait_until("all are booked", |now| now.contacts("hold", "abandoned") == 300.0);
    server.stop();
}
