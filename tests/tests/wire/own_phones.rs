//! TLS and SDES with our own phones, which use rsip and rustls.

use rustls::ProtocolVersion;
use rustls::version::{TLS12, TLS13};
use turno_media_plan::Suite;
use turno_phone::{CallId, PhoneEvent};
use turno_tests::wire::{Certificates, LineNews, Server, Softphone, Tls};

use crate::encrypted::{lab, start};

const REQUIRED: (&str, &str) = ("auto_login = true", "auto_login = true\nsrtp = \"required\"");

/// The call that rings or has rung at the agent.
fn incoming(agent: &mut Softphone) -> CallId {
    let event = agent.waits_for("a call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    call
}

/// Connects a caller with an agent. Returns the call's id at the line and its id at the agent's phone.
fn talk(server: &mut Server, line: &mut Softphone, agent: &mut Softphone) -> (CallId, CallId) {
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let call = line.calls("0991234567", "7000");
    line.is_answered(call);
    let at_agent = incoming(agent);
    agent.is_answered(at_agent);
    (call, at_agent)
}

#[test]
fn our_phones_talk_over_both_versions_of_tls_under_every_suite() {
    // RFC 8446 and 5246; RFC 4568, RFC 7714. RFC 5626, 5.3: the agent's phone does not listen, so a call can reach it
    // only over the connection that it has opened.
    for (version, is_version) in [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)] {
        let certificates = Certificates::new();
        let mut server = lab(&certificates, &[REQUIRED]);
        let tls = Tls::new(&certificates.root(), version);
        for suite in Suite::ALL {
            let mut agent = Softphone::agent_over(&server, "a001", &tls, &[suite]);
            assert!(matches!(agent.line_news(), LineNews::Connected(version, _) if version == is_version));
            let mut line = Softphone::line_over(&server, &tls, &[suite]);
            let (call, at_agent) = talk(&mut server, &mut line, &mut agent);
            assert_eq!((line.suite(call), agent.suite(at_agent)), (Some(suite), Some(suite)));
            line.hangs_up(call);
            agent.is_hung_up_on();
            line.is_in_order();
            agent.is_in_order();
            drop((agent, line));
            server.wait_until("both have left", |now| now.sum("turno_sip_registrations", &[]) == 0.0);
        }
        let now = server.scrape();
        assert_eq!(now.sum("turno_tls_handshakes_total", &["direction=\"in\"", "outcome=\"done\""]), 8.0);
        assert_eq!(now.sum("turno_tls_handshakes_total", &["direction=\"out\""]), 0.0, "{now:?}");
        server.stop();
    }
}

#[test]
fn a_keep_alive_is_answered_and_a_renewed_certificate_cuts_no_connection() {
    // RFC 5626, 4.4.1: turno answers a double CRLF with one CRLF, or the phone opens another connection.
    let certificates = Certificates::new();
    let mut server = lab(&certificates, &[]);
    let tls = Tls::new(&certificates.root(), &TLS13);
    let mut agent = Softphone::agent_over(&server, "a001", &tls, &Suite::ALL);
    let LineNews::Connected(_, before) = agent.line_news() else { panic!("it is connected first") };
    agent.pings();
    assert_eq!(agent.line_news(), LineNews::Pong);
    certificates.issue("turno", None, 2041);
    server.wait_until("the new certificate is taken", |now| {
        now.sum("turno_tls_certificate_not_after_seconds", &[]) > 2.25e9
    });
    // Another phone, without a session ticket of the first handshake.
    let tls = Tls::new(&certificates.root(), &TLS13);
    let mut line = Softphone::line_over(&server, &tls, &Suite::ALL);
    let LineNews::Connected(_, after) = line.line_news() else { panic!("it is connected first") };
    assert!(before != after, "a new connection sees the new certificate");
    let (call, _) = talk(&mut server, &mut line, &mut agent);
    agent.pings();
    assert_eq!(agent.line_news(), LineNews::Pong, "the old connection stands");
    line.hangs_up(call);
    agent.is_hung_up_on();
    assert_eq!((agent.has_line_news(), line.has_line_news()), (None, None));
    server.stop();
}

#[test]
fn phones_whose_connections_a_kill_has_cut_connect_again_and_their_dialogs_go_on() {
    // Wound: after a restart the switch sends into a lost connection, and a BYE never arrives.
    let certificates = Certificates::new();
    let pair = certificates.issue("turno", None, 2040);
    let mut server = start(&certificates, pair, &[REQUIRED], Server::lab_kept_with);
    let tls = Tls::new(&certificates.root(), &TLS13);
    let mut agent = Softphone::agent_over(&server, "a001", &tls, &Suite::ALL);
    let mut line = Softphone::line_over(&server, &tls, &Suite::ALL);
    assert!(matches!(agent.line_news(), LineNews::Connected(..)));
    assert!(matches!(line.line_news(), LineNews::Connected(..)));
    let both_talk = |server: &mut Server, line: &mut Softphone, agent: &mut Softphone| {
        let calls = talk(server, line, agent);
        server.kill_and_start_again();
        for phone in [&mut *agent, &mut *line] {
            assert_eq!(phone.line_news(), LineNews::Cut);
            assert!(matches!(phone.line_news(), LineNews::Connected(..)));
        }
        agent.waits_for("the registration again", |event| *event == PhoneEvent::Registered);
        assert_eq!(server.scrape().sum("turno_agents", &["state=\"talking\""]), 1.0);
        calls
    };
    let (call, _) = both_talk(&mut server, &mut line, &mut agent);
    line.hangs_up(call);
    agent.is_hung_up_on();
    let (_, at_agent) = both_talk(&mut server, &mut line, &mut agent);
    // A carrier does not register: turno learns its new connection from its next call.
    let next = line.calls("0992222222", "7001");
    line.is_answered(next);
    agent.hangs_up(at_agent);
    line.is_hung_up_on();
    line.hangs_up(next);
    line.is_in_order();
    agent.is_in_order();
    server.wait_until("all is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    server.stop();
}

#[test]
fn phones_whose_connections_close_talk_on_and_hang_up_by_the_next() {
    // RFC 3261, 12 and 18.1.1. Wound: a talk ended with its TLS connection, and a BYE got 481.
    let certificates = Certificates::new();
    let mut server = lab(&certificates, &[REQUIRED]);
    let tls = Tls::new(&certificates.root(), &TLS13);
    let mut agent = Softphone::agent_over(&server, "a001", &tls, &Suite::ALL);
    let mut line = Softphone::line_over(&server, &tls, &Suite::ALL);
    assert!(matches!(agent.line_news(), LineNews::Connected(..)));
    assert!(matches!(line.line_news(), LineNews::Connected(..)));
    let (call, _) = talk(&mut server, &mut line, &mut agent);
    agent.is_cut_off();
    agent.waits_for("the registration again", |event| *event == PhoneEvent::Registered);
    line.is_cut_off();
    assert_eq!(server.scrape().sum("turno_agents", &["state=\"talking\""]), 1.0, "the talk goes on");
    line.hangs_up(call);
    agent.is_hung_up_on();
    let (_, at_agent) = talk(&mut server, &mut line, &mut agent);
    line.is_cut_off();
    agent.is_cut_off();
    assert_eq!(server.scrape().sum("turno_agents", &["state=\"talking\""]), 1.0, "the talk goes on");
    agent.hangs_up(at_agent);
    // A carrier does not register, and this one does not listen: turno learns its new connection from its next call.
    let next = line.calls("0992222222", "7001");
    line.is_answered(next);
    line.is_hung_up_on();
    line.hangs_up(next);
    line.is_in_order();
    agent.is_in_order();
    server.wait_until("all is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    server.stop();
}

#[test]
fn whoever_is_refused_by_the_plans_word_on_encryption_is_named_in_the_log_with_what_to_do() {
    // Wound: a carrier's calls get 488 for a day, and the log does not say that a setting is the reason.
    let spoken = |word: &str| format!("name = \"lab\"\ntransport = \"tls\"\nsrtp = \"{word}\"\naddresses");
    for (word, suites, reason, todo) in [
        ("required", &[][..], "plain", "switch SRTP (SDES) on at the other end"),
        ("never", &Suite::ALL, "encrypted", "let the other end offer RTP/AVP"),
    ] {
        let certificates = Certificates::new();
        let trunk = spoken(word);
        let mut server = lab(&certificates, &[("name = \"lab\"\naddresses", &trunk)]);
        let tls = Tls::new(&certificates.root(), &TLS13);
        let mut line = Softphone::line_over(&server, &tls, suites);
        for _ in 0..20 {
            let call = line.calls("0991234567", "7000");
            assert_eq!(line.is_refused(call), 488);
        }
        let label = format!("reason=\"{reason}\"");
        server.wait_until("each is counted", |now| {
            now.sum("turno_srtp_policy_refused_total", &[&label]) == 20.0
                && now.sum("turno_srtp_policy_refused_total", &[]) == 20.0
        });
        server.said(todo);
        let said = server.folder().read("turno.txt");
        let lines: Vec<&str> = said.lines().filter(|line| line.contains(todo)).collect();
        assert!(lines.len() < 20 && lines.iter().all(|line| line.contains("who=trunk lab")), "{lines:#?}");
        server.stop();
    }
}
