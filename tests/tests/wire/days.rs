//! Whole days of work at speed, played by SIPp.

use turno_tests::wire::{Server, Sipp, is_missing};

/// The brief: 1,500 calls a day on 20 seats. Wound: calls counted twice, answered shown as abandoned.
#[test]
fn a_full_day_of_1500_calls_is_served_by_twenty_agents_and_the_books_balance() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::register(&server, 1, 20, 5080);
    let agents = Sipp::agents(&server, "agent_uas", 5080).start();
    Sipp::callers(&server, "caller_7000", "7000", 1_500)
        .with(&["-d", "100", "-r", "60", "-l", "200"])
        .succeed();
    let now =
        server.wait_until("every contact is booked", |now| now.sum("turno_contacts_total", &[]) == 1_500.0);
    assert_eq!(now.contacts("lab", "answered"), 1_500.0);
    assert_eq!(now.offers("accepted"), 1_500.0);
    assert_eq!(now.sum("turno_offers_total", &[]), 1_500.0, "no offer was made in vain");
    server.wait_until("nothing of the day is left", |now| {
        now.sum("turno_sip_dialogs", &[]) == 0.0 && now.sum("turno_rtp_streams", &[]) == 0.0
    });
    assert_eq!(server.scrape().sum("turno_agents", &["state=\"available\""]), 20.0);
    drop(agents);
    server.stop();
}
