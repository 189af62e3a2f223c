//! Phones that change their address.

use turno_tests::stage::{Stage, answering, secs};

#[test]
fn a_phone_that_registers_from_another_port_is_hung_up_on_there() {
    // Wound: a router gives a phone another port during a talk; the BYE goes to the old port until it times out, and
    // the agent talks to nobody.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let talk = stage.talks_to(caller, ana);
    stage.gets_another_port(ana, 33_333);
    stage.registers(ana);
    stage.hangs_up(caller);
    stage.until("the goodbye has come", secs(1), |stage| stage.is_over(talk));
    stage.finish();
}
