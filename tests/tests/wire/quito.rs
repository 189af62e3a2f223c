//! The first site unchanged, but open at any hour: the menu, a feature code, a third-party softphone.

use turno_tests::wire::{Baresip, Server, Sipp, is_missing};

/// The site without its opening hours.
fn quito_at_any_hour() -> Server {
    Server::quito_with(&[
        ("hours = \"office\"\nclosed = \"es/closed\"\nholiday = \"es/holiday\"\n", ""),
        // A caller who says nothing hears the menu once: it is a minute long.
        ("wait = \"4s\"\nchoices = { 1 = \"online", "wait = \"4s\"\nrepeats = 0\nchoices = { 1 = \"online"),
    ])
}

/// The brief: 1800-510-510, the menu's key 1, an agent who has dialled *11.
#[test]
fn a_citizen_chooses_online_procedures_and_reaches_the_public_servant_who_logged_in() {
    if is_missing(&["sipp", "baresip", "cc"]) {
        return;
    }
    let mut server = quito_at_any_hour();
    let seat = Baresip::seat(&server, ("1001", "quito-1001"), server.peer(2), 1_000);
    server.wait_until("the seat is there", |now| now.sum("turno_sip_registrations", &[]) == 1.0);
    seat.dial(&server, "*11");
    server.wait_until("the seat is ready", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Sipp::callers(&server, "caller_dtmf_info", "1800510510", 1).with(&["-d", "2000"]).start();
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    citizen.succeed();
    server.wait_until("the contact is booked", |now| now.contacts("online_procedures", "answered") == 1.0);
    seat.stop();
    server.stop();
}

/// If nobody is logged in, the caller hears a prompt and turno ends the call, as the plan says.
#[test]
fn a_citizen_who_calls_when_nobody_works_is_told_so() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = quito_at_any_hour();
    Sipp::callers(&server, "caller_waits", "1800510510", 1).succeed();
    server.wait_until("the contact is booked", |now| now.contacts("general", "outflowed") == 1.0);
    server.stop();
}
