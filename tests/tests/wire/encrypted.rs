//! TLS and SRTP with baresip, a third-party softphone, and with certificates that each test creates.

use core::time::Duration;
use std::path::PathBuf;
use std::process::Command;

use turno_tests::wire::{
    Baresip, Certificates, Encryption, Program, Server, dominant_hertz, is_missing, seconds_of,
};

/// Tone of the caller's phone, in hertz.
const CITIZEN: u32 = 440;
/// Tone of the agent's phone, in hertz.
const AGENT: u32 = 1_000;
/// The tones among which the strongest is searched.
const HEARABLE: [u32; 6] = [300, CITIZEN, 620, 800, AGENT, 1_300];
/// Packets of about two seconds of talk in both directions.
const ENOUGH_PACKETS: f64 = 300.0;
/// How long OpenSSL may take for one handshake.
const HANDSHAKE_SPAN: Duration = Duration::from_secs(20);

/// The lab with TLS and with further changes.
pub(crate) fn lab(certificates: &Certificates, more: &[(&str, &str)]) -> Server {
    lab_with(certificates, certificates.issue("turno", None, 2040), more)
}

/// The same, with this certificate and key.
fn lab_with(certificates: &Certificates, pair: (PathBuf, PathBuf), more: &[(&str, &str)]) -> Server {
    start(certificates, pair, more, Server::lab_with)
}

pub(crate) fn start(
    certificates: &Certificates,
    (pem, key): (PathBuf, PathBuf),
    more: &[(&str, &str)],
    start: fn(&[(&str, &str)]) -> Server,
) -> Server {
    let tls = format!(
        "[tls]\nlook_interval = \"1s\"\ncertificate = \"{}\"\nkey = \"{}\"\nca = \"{}\"\n\n[http]",
        pem.display(),
        key.display(),
        certificates.root().display()
    );
    let mut changes = vec![
        ("\"tcp:127.0.0.1:5060\"]", "\"tcp:127.0.0.1:5060\", \"tls:127.0.0.1:5061\"]"),
        ("[http]", tls.as_str()),
        ("contact_as_given = true", "contact_as_given = false"),
    ];
    changes.extend_from_slice(more);
    start(&changes)
}

/// Lets both talk long enough, ends both phones, and checks that each has heard the other's tone.
fn talk(server: &mut Server, agent: Baresip, citizen: Baresip) {
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    let before = server.scrape().sum("turno_rtp_packets_total", &["direction=\"in\""]);
    server.wait_until("they have talked", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"in\""]) >= before + ENOUGH_PACKETS
    });
    let heard_by_citizen = citizen.stop();
    let heard_by_agent = agent.stop();
    assert_eq!(dominant_hertz(&heard_by_agent, &HEARABLE), Some(CITIZEN), "what the agent heard");
    assert_eq!(dominant_hertz(&heard_by_citizen, &HEARABLE), Some(AGENT), "what the citizen heard");
}

/// Checks that no SRTP packet failed authentication or replay protection, because both ends have the same keys. Packets
/// that are too short are not checked: baresip sends them to open a NAT.
pub(crate) fn assert_all_were_opened(server: &Server) {
    let now = server.scrape();
    for reason in ["auth", "replay"] {
        let label = format!("reason=\"{reason}\"");
        assert_eq!(now.sum("turno_srtp_packets_refused_total", &[&label]), 0.0, "{now:?}");
    }
}

#[test]
fn two_encrypted_phones_hear_each_other() {
    // RFC 4568, RFC 3711, RFC 7714: our offer has AES-GCM first, and baresip's own offer AES-CM.
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let certificates = Certificates::new();
    let mut server = lab(&certificates, &[("auto_login = true", "auto_login = true\nsrtp = \"required\"")]);
    let roots = certificates.root();
    let encryption = Encryption { roots: Some(&roots), media: Some("srtp-mand") };
    let agent = Baresip::encrypted_seat(&server, ("a001", "lab"), server.peer(2), AGENT, encryption);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let caller = ("0991234567", server.peer(3));
    let citizen = Baresip::encrypted_citizen(&server, caller, CITIZEN, "7000", encryption);
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    let (agent_said, citizen_said) = (agent.said(), citizen.said());
    talk(&mut server, agent, citizen);
    assert!(agent_said.contains("cryptosuite=AEAD_AES_128_GCM"), "{agent_said}");
    assert!(citizen_said.contains("cryptosuite=AES_CM_128_HMAC_SHA1_"), "{citizen_said}");
    assert_all_were_opened(&server);
    let now = server.scrape();
    assert_eq!(now.sum("turno_tls_handshakes_total", &["direction=\"in\"", "outcome=\"done\""]), 2.0);
    assert!(now.sum("turno_tls_certificate_not_after_seconds", &[]) > 2.2e9, "{now:?}");
    server.stop();
}

#[test]
fn an_encrypted_agent_talks_to_a_citizen_on_a_plain_line() {
    // One leg has SRTP, the other has not. The plan does not set `srtp`: over TLS it is offered by default.
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let certificates = Certificates::new();
    let mut server = lab(&certificates, &[]);
    let roots = certificates.root();
    let encryption = Encryption { roots: Some(&roots), media: Some("srtp") };
    let agent = Baresip::encrypted_seat(&server, ("a001", "lab"), server.peer(2), AGENT, encryption);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Baresip::citizen(&server, "0991234567", server.peer(3), CITIZEN, "7000");
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    assert!(agent.said().contains("SRTP is Enabled"), "{}", agent.said());
    assert!(!citizen.said().contains("SRTP is Enabled"), "{}", citizen.said());
    talk(&mut server, agent, citizen);
    assert_all_were_opened(&server);
    server.stop();
}

#[test]
fn a_softphone_that_insists_on_encryption_is_rung_again_and_nobody_notices() {
    // The profile of sip-config/softphones/baresip-tls: `srtp-mand` answers 488 to RTP/AVP with keys. The plan does not
    // set
    // `srtp`.
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let certificates = Certificates::new();
    let mut server = lab(&certificates, &[]);
    let roots = certificates.root();
    let encryption = Encryption { roots: Some(&roots), media: Some("srtp-mand") };
    let agent = Baresip::encrypted_seat(&server, ("a001", "lab"), server.peer(2), AGENT, encryption);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Baresip::citizen(&server, "0991234567", server.peer(3), CITIZEN, "7000");
    talk(&mut server, agent, citizen);
    let now = server.scrape();
    assert_eq!(now.sum("turno_offers_total", &["outcome=\"accepted\""]), 1.0);
    for outcome in ["refused", "incompatible", "unreachable"] {
        let label = format!("outcome=\"{outcome}\"");
        assert_eq!(now.sum("turno_offers_total", &[&label]), 0.0, "{outcome}");
    }
    assert_all_were_opened(&server);
    server.stop();
}

#[test]
fn a_citizen_without_encryption_is_refused_where_the_trunk_requires_it() {
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let certificates = Certificates::new();
    let trunk =
        ("name = \"lab\"\naddresses", "name = \"lab\"\ntransport = \"tls\"\nsrtp = \"required\"\naddresses");
    let mut server = lab(&certificates, &[trunk]);
    let roots = certificates.root();
    let plain = Encryption { roots: Some(&roots), media: None };
    let caller = ("0991234567", server.peer(3));
    let citizen = Baresip::encrypted_citizen(&server, caller, CITIZEN, "7000", plain);
    server.wait_until("the call is turned away", |now| {
        now.sum("turno_turned_away_total", &["reason=\"not_possible\""]) == 1.0
    });
    let contact = server.trace(&["--list"], "list.txt").wait(Duration::from_secs(10));
    assert!(contact.is_some_and(|status| status.success()));
    assert!(citizen.said().contains("488"), "{}", citizen.said());
    drop(citizen);
    server.stop();
}

#[test]
fn a_phone_of_a_seat_that_requires_encryption_cannot_register_where_its_keys_could_be_read() {
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let certificates = Certificates::new();
    let mut server = lab(&certificates, &[("auto_login = true", "auto_login = true\nsrtp = \"required\"")]);
    let plain = Baresip::agent(&server, "a001", server.peer(2), AGENT);
    server.wait_until("REGISTER is refused", |_| plain.said().contains("403"));
    assert_eq!(server.scrape().sum("turno_sip_registrations", &[]), 0.0);
    server.said("set the other end to TLS");
    server.said("who=seat a001");
    drop(plain);
    server.stop();
}

/// A TLS handshake by OpenSSL, which trusts only the test's root; `words` are further arguments.
fn handshake(server: &Server, certificates: &Certificates, words: &[&str]) -> bool {
    let mut openssl = Command::new("openssl");
    openssl.args(["s_client", "-verify_return_error", "-verify_hostname", "turno", "-connect"]);
    openssl.arg(server.sips().to_string()).arg("-CAfile").arg(certificates.root()).args(words);
    let mut openssl = Program::start(&mut openssl, &server.folder().join("openssl.txt"));
    openssl.wait(HANDSHAKE_SPAN).expect("a handshake has an end").success()
}

#[test]
fn both_versions_of_tls_are_spoken_and_older_ones_are_not() {
    if is_missing(&["openssl"]) {
        return;
    }
    let certificates = Certificates::new();
    let mut server = lab(&certificates, &[]);
    assert!(handshake(&server, &certificates, &["-tls1_2"]));
    assert!(handshake(&server, &certificates, &["-tls1_3"]));
    assert!(!handshake(&server, &certificates, &["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]));
    server.wait_until("the third has failed", |now| {
        now.sum("turno_tls_handshakes_total", &["direction=\"in\"", "outcome=\"failed\""]) == 1.0
            && now.sum("turno_tls_handshakes_total", &["direction=\"in\"", "outcome=\"done\""]) == 2.0
    });
    let said = server.folder().read("turno.txt");
    assert!(said.contains("TLS handshake has failed"), "{said}");
    server.stop();
}

#[test]
fn an_old_certificate_and_a_strangers_are_seen_through() {
    // A client refuses a server at turno's address without turno's key. (baresip 1.0.0 accepts every certificate.)
    if is_missing(&["openssl"]) {
        return;
    }
    let (certificates, strangers) = (Certificates::new(), Certificates::new());
    let old = certificates.issue("turno", None, 2001);
    let other = certificates.issue("other", None, 2040);
    let strange = strangers.issue("turno", None, 2040);
    for pair in [old, other, strange] {
        let server = lab_with(&certificates, pair, &[]);
        assert!(!handshake(&server, &certificates, &[]));
        server.stop();
    }
}

#[test]
fn a_certificate_that_is_renewed_on_disk_is_shown_within_the_interval() {
    if is_missing(&["openssl"]) {
        return;
    }
    let certificates = Certificates::new();
    let (pem, key) = certificates.issue("turno", None, 2001);
    let mut server = lab_with(&certificates, (pem, key), &[]);
    assert!(!handshake(&server, &certificates, &[]));
    certificates.issue("turno", None, 2040);
    server.wait_until("the new certificate is taken", |now| {
        now.sum("turno_tls_certificate_not_after_seconds", &[]) > 2.2e9
    });
    assert!(handshake(&server, &certificates, &[]));
    server.stop();
}

#[test]
fn two_encrypted_phones_go_on_talking_after_turno_was_killed() {
    // After the restart turno has the keys from the journal, finds the packet index of the phones' streams by trial,
    // and sends with a new SSRC.
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let certificates = Certificates::new();
    let pair = certificates.issue("turno", None, 2040);
    let required = ("auto_login = true", "auto_login = true\nsrtp = \"required\"");
    let mut server = start(&certificates, pair, &[required], Server::lab_kept_with);
    let roots = certificates.root();
    let encryption = Encryption { roots: Some(&roots), media: Some("srtp-mand") };
    let agent = Baresip::encrypted_seat(&server, ("a001", "lab"), server.peer(2), AGENT, encryption);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let caller = ("0991234567", server.peer(3));
    let citizen = Baresip::encrypted_citizen(&server, caller, CITIZEN, "7000", encryption);
    server.wait_until("they talk", |now| {
        now.sum("turno_agents", &["state=\"talking\""]) == 1.0
            && now.sum("turno_rtp_packets_total", &["direction=\"out\""]) > ENOUGH_PACKETS
    });
    server.kill_and_start_again();
    server.wait_until("they have talked on", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"out\""]) > 2.0 * ENOUGH_PACKETS
    });
    assert_all_were_opened(&server);
    assert_eq!(server.scrape().sum("turno_agents", &["state=\"talking\""]), 1.0);
    for phone in [&agent, &citizen] {
        assert!(!phone.said().contains("failed to decrypt"), "{}", phone.said());
    }
    let heard_by_citizen = citizen.stop();
    let heard_by_agent = agent.stop();
    // Three seconds before the kill and six after it, less the gap of a second and the seconds at its borders.
    let heard = (seconds_of(&heard_by_agent, CITIZEN), seconds_of(&heard_by_citizen, AGENT));
    assert!(heard.0 >= 6 && heard.1 >= 6, "seconds of the other's tone: {heard:?}");
    server.stop();
}
