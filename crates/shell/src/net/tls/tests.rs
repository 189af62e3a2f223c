//! TLS with phones, carriers and strangers over loopback, with test certificates.

use core::time::Duration;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use bytes::Bytes;
use turno_ground::{Flow, Transmit, Transport};
use turno_model::encryption::{TlsPlan, TlsVersion};

use crate::net::tls::authority::Authority;
use crate::net::tls::peers::Peers;
use crate::net::tls::stage::{BOTH, OPTIONS, Phone, Stage, carrier, client, serve_as, tls_plan};
use crate::net::tls::{Renewal, TlsRefused, check_certificates};
use crate::small_plan::{loopback, one_queue};

#[test]
fn phones_of_both_versions_are_served_and_reached_by_their_own_connection() {
    // RFC 5246, RFC 8446; RFC 5626, 5.3: messages for the phone go over the connection that it opened.
    let authority = Authority::new();
    let mut stage = Stage::usual(&authority);
    for versions in [&[&rustls::version::TLS12][..], &[&rustls::version::TLS13]] {
        let mut phone = stage.phone(client(&authority, versions, None));
        phone.write_all(OPTIONS).expect("written");
        let (flow, bytes) = stage.message();
        assert_eq!((flow.transport, &bytes[..]), (Transport::Tls, OPTIONS));
        assert_eq!(flow.remote, phone.sock.local_addr().expect("connected"));
        assert!(stage.streams.send(&Transmit { flow, bytes: Bytes::from_static(b"answer") }));
        let mut answer = [0; 6];
        phone.read_exact(&mut answer).expect("the answer");
        assert_eq!(&answer, b"answer");
        phone.write_all(b"\r\n\r\n").expect("written");
        let mut pong = [0; 2];
        phone.read_exact(&mut pong).expect("RFC 5626, 3.5.1: a ping is answered");
        assert_eq!(&pong, b"\r\n");
        drop(phone);
        assert_eq!(stage.closed(), flow);
    }
}

#[test]
fn an_old_version_is_refused_where_the_plan_says_so() {
    let authority = Authority::new();
    authority.issue("turno.test", 2040);
    let mut stage = Stage::new(TlsPlan { oldest: TlsVersion::Tls13, ..tls_plan(&authority) }, Vec::new());
    let mut old = stage.phone(client(&authority, &[&rustls::version::TLS12], None));
    assert!(old.write_all(OPTIONS).is_err());
    let mut new = stage.phone(client(&authority, &[&rustls::version::TLS13], None));
    new.write_all(OPTIONS).expect("written");
    assert_eq!(&stage.message().1[..], OPTIONS);
}

#[test]
fn who_dawdles_over_the_handshake_is_closed_and_holds_nobody_up() {
    // Wound: a slowloris client occupies a place as long as it sends nothing.
    let authority = Authority::new();
    authority.issue("turno.test", 2040);
    let plan = TlsPlan { handshake: Duration::from_millis(300), ..tls_plan(&authority) };
    let mut stage = Stage::new(plan, Vec::new());
    let mut sleeper = TcpStream::connect(stage.address).expect("accepted");
    sleeper.write_all(&[22, 3, 1]).expect("the beginning of a record");
    let mut phone = stage.phone(client(&authority, BOTH, None));
    phone.write_all(OPTIONS).expect("written");
    assert_eq!(&stage.message().1[..], OPTIONS);
    let mut rest = Vec::new();
    assert_eq!(sleeper.read_to_end(&mut rest).unwrap_or(0), 0, "closed without a word");
    stage.wait_for("in", "slow");
    stage.wait_for("in", "done");
}

#[test]
fn more_handshakes_than_there_is_room_for_are_closed_at_once() {
    let authority = Authority::new();
    authority.issue("turno.test", 2040);
    let plan = TlsPlan { handshakes_max: 1, ..tls_plan(&authority) };
    let stage = Stage::new(plan, Vec::new());
    let mut dawdlers = [(); 2].map(|()| TcpStream::connect(stage.address).expect("accepted"));
    // The second one to be accepted is closed; the other has ten seconds.
    let mut byte = [0];
    for dawdler in &mut dawdlers {
        dawdler.set_nonblocking(true).expect("a socket");
    }
    let closed = loop {
        let ended = |it: &mut TcpStream| matches!(it.read(&mut byte), Ok(0));
        if let Some(place) = dawdlers.iter_mut().position(ended) {
            break place;
        }
        std::thread::yield_now();
    };
    stage.wait_for("in", "full");
    assert!(dawdlers[1 - closed].read(&mut byte).is_err(), "the first still has its time");
}

#[test]
fn who_speaks_plainly_to_the_port_of_tls_is_closed() {
    let authority = Authority::new();
    let stage = Stage::usual(&authority);
    let mut plain = TcpStream::connect(stage.address).expect("accepted");
    plain.write_all(OPTIONS).expect("written");
    let mut rest = Vec::new();
    let _ = plain.read_to_end(&mut rest);
    assert!(!rest.starts_with(b"SIP"), "at most an alert");
    stage.wait_for("in", "failed");
}

#[test]
fn a_carrier_is_called_when_its_certificate_has_its_name_and_otherwise_not() {
    // RFC 5922, 7.2: the peer at the trunk's address must prove that it is the trunk.
    let authority = Authority::new();
    let stranger = Authority::new();
    authority.issue("turno.test", 2040);
    let cases = [
        (&authority, "carrier.test", 2040, "done"),
        (&authority, "thief.test", 2040, "certificate"),
        (&authority, "carrier.test", 2001, "certificate"),
        (&stranger, "carrier.test", 2040, "certificate"),
    ];
    for (issuer, name, year, outcome) in cases {
        issuer.issue(name, year);
        let mut stage = Stage::new(tls_plan(&authority), vec![carrier(false)]);
        let (remote, carrier) = serve_as(issuer, name);
        let flow = stage.call(remote);
        let told = carrier.join().expect("no panic");
        assert_eq!(told.is_some(), outcome == "done", "{name} {year}");
        if outcome != "done" {
            assert_eq!(stage.closed(), flow, "the engine is told at once, so that it tries the next way");
        }
        stage.wait_for("out", outcome);
    }
}

#[test]
fn nobody_but_a_trunk_is_called_over_tls() {
    // A phone whose connection is gone registers again; another client may have its old port by now.
    let authority = Authority::new();
    let mut stage = Stage::usual(&authority);
    let somebody = TcpListener::bind(loopback()).expect("a free port");
    let remote = somebody.local_addr().expect("bound");
    let flow = Flow { transport: Transport::Tls, local: loopback(), remote };
    stage.streams.send(&Transmit { flow, bytes: Bytes::from_static(OPTIONS) });
    assert_eq!(stage.closed(), flow);
    somebody.set_nonblocking(true).expect("a socket");
    assert!(somebody.accept().is_err(), "not even a connection");
}

#[test]
fn a_trunk_that_must_show_a_certificate_is_not_served_without_it() {
    let authority = Authority::new();
    for name in ["turno.test", "carrier.test", "thief.test"] {
        authority.issue(name, 2040);
    }
    for (own, is_served) in [(Some("carrier.test"), true), (Some("thief.test"), false), (None, false)] {
        let mut stage = Stage::new(tls_plan(&authority), vec![carrier(true)]);
        let mut trunk = stage.phone(client(&authority, BOTH, own));
        // With TLS 1.3 the client may write before it learns that it was refused.
        let _ = trunk.write_all(OPTIONS);
        if is_served {
            assert_eq!(&stage.message().1[..], OPTIONS);
        } else {
            let mut answer = [0];
            assert!(matches!(trunk.read(&mut answer), Ok(0) | Err(_)));
            stage.wait_for("in", "certificate");
            assert!(stage.reader.take().is_none());
        }
    }
}

#[test]
fn a_renewed_certificate_is_shown_to_new_connections_and_old_ones_go_on() {
    let authority = Authority::new();
    let mut stage = Stage::usual(&authority);
    let shown = |phone: &Phone| phone.conn.peer_certificates().expect("shown")[0].clone();
    let mut before = stage.phone(client(&authority, BOTH, None));
    before.write_all(OPTIONS).expect("written");
    stage.message();
    assert!(matches!(stage.tls.renew(), Ok(Renewal::Same)));
    authority.issue("turno.test", 2041);
    assert!(matches!(stage.tls.renew(), Ok(Renewal::Taken)));
    let mut after = stage.phone(client(&authority, BOTH, None));
    after.write_all(OPTIONS).expect("written");
    stage.message();
    assert_ne!(shown(&before), shown(&after));
    before.write_all(OPTIONS).expect("the old connection stands");
    stage.message();
}

#[test]
fn a_half_written_renewal_leaves_everything_as_it_is_and_is_told_once() {
    let authority = Authority::new();
    let mut stage = Stage::usual(&authority);
    let pem = std::fs::read(authority.file("turno.test.pem")).expect("written");
    authority.issue("other.test", 2041);
    std::fs::copy(authority.file("other.test.pem"), authority.file("turno.test.pem")).expect("ours");
    let refused = stage.tls.renew().expect_err("the key is another's");
    assert!(refused.to_string().contains("does not belong to"), "{refused}");
    assert!(matches!(stage.tls.renew(), Ok(Renewal::Same)), "told once");
    let mut phone = stage.phone(client(&authority, BOTH, None));
    phone.write_all(OPTIONS).expect("the old certificate is still shown");
    stage.message();
    std::fs::write(authority.file("turno.test.pem"), pem).expect("ours");
    assert!(matches!(stage.tls.renew(), Ok(Renewal::Taken)));
    std::fs::remove_file(authority.file("turno.test.key")).expect("ours");
    assert!(matches!(stage.tls.renew(), Err(TlsRefused::Unreadable { .. })));
}

#[test]
fn a_key_that_stays_away_is_told_once_and_a_pipe_in_its_place_holds_nobody_up() {
    // Wound: three log lines in three seconds; and a pipe without a writer ended the check for good, without a log
    // line.
    let authority = Authority::new();
    let stage = Stage::usual(&authority);
    let key = authority.file("turno.test.key");
    let pem = std::fs::read(&key).expect("written");
    let told = || stage.tls.meters.renewals_refused();
    std::fs::remove_file(&key).expect("ours");
    (0..3).for_each(|_| stage.tls.renew_and_tell());
    assert_eq!(told(), 1);
    rustix::fs::mknodat(rustix::fs::CWD, &key, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0)
        .expect("a free name");
    (0..3).for_each(|_| stage.tls.renew_and_tell());
    assert_eq!(told(), 2, "that is another fault");
    std::fs::remove_file(&key).expect("ours");
    std::fs::write(&key, pem).expect("ours");
    stage.tls.renew_and_tell();
    std::fs::remove_file(&key).expect("ours");
    stage.tls.renew_and_tell();
    assert_eq!(told(), 3, "a new one, after all was well");
}

#[test]
fn certificates_that_cannot_work_are_refused_before_anything_starts() {
    let authority = Authority::new();
    authority.issue("turno.test", 2040);
    authority.issue("other.test", 2040);
    std::fs::write(authority.file("empty.pem"), "nothing\n").expect("ours");
    let good = tls_plan(&authority);
    let cases = [
        (TlsPlan { certificate: authority.file("empty.pem"), ..good.clone() }, "there is no certificate"),
        (TlsPlan { key: authority.file("empty.pem"), ..good.clone() }, "there is no private key"),
        (TlsPlan { key: authority.file("other.test.key"), ..good.clone() }, "does not belong to"),
        (TlsPlan { key: authority.file("none.key"), ..good.clone() }, "can't be read"),
        (TlsPlan { ca: Some(authority.file("empty.pem")), ..good.clone() }, "others can be judged by"),
        (TlsPlan { ca: None, ..good.clone() }, "no roots"),
    ];
    for (tls, expected) in cases {
        let mut plan = one_queue();
        plan.trunks = vec![carrier(false)];
        plan.sip.tls = Some(tls);
        let refused = check_certificates(&plan).expect_err(expected).to_string();
        assert!(refused.contains(expected), "{refused}");
        assert!(!refused.contains('\n') && !refused.contains("PRIVATE"), "{refused}");
    }
    let mut plan = one_queue();
    plan.sip.tls = Some(good);
    check_certificates(&plan).expect("a good pair");
    assert!(authority.folder().is_dir());
}

#[test]
fn the_last_words_are_heard_over_tls_too() {
    let authority = Authority::new();
    let mut stage = Stage::usual(&authority);
    let mut phone = stage.phone(client(&authority, BOTH, None));
    phone.write_all(OPTIONS).expect("written");
    let (flow, _) = stage.message();
    stage.streams.send(&Transmit { flow, bytes: Bytes::from_static(b"BYE") });
    stage.runtime.block_on(stage.streams.finish(Duration::from_secs(5)));
    let mut heard = Vec::new();
    phone.read_to_end(&mut heard).expect("a clean end: close_notify");
    assert_eq!(&heard, b"BYE");
}

#[test]
fn a_trunk_that_must_show_a_certificate_must_where_a_socket_for_both_families_brings_it_too() {
    // Wound: on a dual-stack listener its address was not recognised, and so no certificate was required.
    let peers = Peers::new(&[carrier(true)]);
    for source in ["127.0.0.1", "::ffff:127.0.0.1"] {
        let source = source.parse().expect("an address");
        assert_eq!(peers.admit(source, None), Err("this trunk must show a certificate, and showed none"));
    }
    assert_eq!(peers.admit([127, 0, 0, 9].into(), None), Ok(()), "that is no trunk");
}
