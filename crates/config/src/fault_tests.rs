//! Plans with faults: each is found, placed and explained.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use turno_model::Language;

use crate::fault::FaultKind;
use crate::fault::FaultKind as K;
use crate::summary::summary;
use crate::tests::{Folder, QUEUE, plan_of};

/// Kind, line, the beginning of what is said, and what stands after a queue of two lines.
#[rustfmt::skip]
const CASES: &[(K, usize, &str, &str)] = &[
        (K::Syntax, 3, "this is", "ring = = 3\n"),
        (K::UnknownKey, 3, "unknown key `rign`", "rign = \"15s\"\n"),
        (K::UnknownKey, 3, "unknown table or key `quue`", "[[quue]]\nname = \"x\"\n"),
        (K::WrongType, 3, "`ring` is a whole number", "ring = 15\n"),
        (K::WrongType, 3, "[http] is a list", "[[http]]\n"),
        (K::WrongType, 3, "[agent] stands in single", "[agent]\nname = \"x\"\n"),
        (K::Unintelligible, 3, "`15` can't", "ring = \"15\"\n"),
        (K::OutOfRange, 3, "`ring` is 3m", "ring = \"3m\"\n"),
        (K::OutOfRange, 3, "`priority` is -1", "priority = -1\n"),
        (K::UnknownValue, 3, "`ead-mai` is no rule", "rule = \"ead-mai\"\n"),
        (K::Twice, 3, "`name` stands twice", "name = \"x\"\n"),
        (K::Twice, 4, "queue `luae` stands twice", "[[queue]]\nname = \"luae\"\n"),
        (K::Audio, 3, "prompt `helo`", "greeting = [\"helo\"]\n"),
        (
            K::Conflict,
            4,
            "the handling warning",
            "handling_target = \"20s\"\nhandling_warning = \"20s\"\n",
        ),
        (K::UnknownName, 6, "there is no skill `laue`", "[[agent]]\nname = \"1\"\npassword = \"p\"\nskills = { laue = 1 }\n"),
        (K::OutOfRange, 6, "`level` is 17", "[[agent]]\nname = \"1\"\npassword = \"p\"\nskills = { luae = 17 }\n"),
        (
            K::Twice,
            8,
            "extension `1` stands",
            "[[agent]]\nname = \"1\"\npassword = \"p\"\n[[agent]]\nname=\"2\"\nextension=\"1\"\npassword=\"p\"\n",
        ),
        (K::Missing, 3, "[[agent]] has no `password`", "[[agent]]\nname = \"1\"\n"),
        (K::Missing, 3, "[[seat]] has no `extension`", "[[seat]]\npassword = \"p\"\n"),
        (K::Missing, 3, "[[seat]] has no `password`", "[[seat]]\nextension = \"1\"\n"),
        (
            K::Twice,
            7,
            "extension `1` stands",
            "[[agent]]\nname = \"1\"\npassword = \"p\"\n[[seat]]\nextension = \"1\"\npassword = \"p\"\n",
        ),
        (
            K::Twice,
            7,
            "extension `1` stands",
            "[[agent]]\nname = \"1\"\nphone = \"none\"\n[[seat]]\nextension = \"1\"\npassword = \"p\"\n",
        ),
        (
            K::Conflict,
            6,
            "`password` is a phone's, and this agent has none",
            "[[agent]]\nname = \"1\"\nphone = \"none\"\npassword = \"p\"\n",
        ),
        (
            K::Password,
            5,
            "the environment variable",
            "[[agent]]\nname = \"1\"\npassword_env = \"UNSET\"\n",
        ),
        (K::Password, 5, "nofile", "[[agent]]\nname = \"1\"\npassword_file = \"nofile\"\n"),
        (
            K::Twice,
            4,
            "`udp:127.0.0.1:5060`",
            "[sip]\nlisten=[\"udp:127.0.0.1:5060\",\"udp:127.0.0.1:5060\"]\n",
        ),
        (K::Conflict, 4, "[http] and [sip]", "[http]\nlisten = \"127.0.0.1:5060\"\n"),
        (K::Conflict, 4, "`ports` runs", "[media]\nports = [30000, 20000]\n"),
        (K::Conflict, 4, "the first RTP port, 20001", "[media]\nports = [20001, 30000]\n"),
        (
            K::UnknownName,
            5,
            "there is no queue `lua`",
            "[[number]]\nnumber = \"1\"\nqueue = \"lua\"\n",
        ),
        (
            K::UnknownName,
            6,
            "there is no queue `x`",
            "[[menu]]\nname = \"m\"\nprompts = [\"hello\"]\nchoices = { 1 = \"x\" }\notherwise = \"luae\"\n"
                ,
        ),
        (
            K::UnknownName,
            6,
            "there is no menu `n`",
            "[[menu]]\nname = \"m\"\nprompts = [\"hello\"]\nchoices = { 1 = \"menu n\" }\notherwise = \"luae\"\n",
        ),
        (
            K::UnknownName,
            6,
            "there is no queue `bak`",
            "[[menu]]\nname = \"m\"\nprompts = [\"hello\"]\nchoices = { 1 = \"bak\" }\notherwise = \"luae\"\n",
        ),
        (
            K::UnknownName,
            6,
            "there is no language `fr`",
            "[[menu]]\nname = \"m\"\nprompts = [\"hello\"]\nchoices = { 1 = \"language fr\" }\notherwise = \"luae\"\n",
        ),
        (
            K::Missing,
            6,
            "a key reads no prompts",
            "[[menu]]\nname = \"m\"\nprompts = [\"hello\"]\nchoices = { 1 = [] }\notherwise = \"luae\"\n",
        ),
        (
            K::Conflict,
            7,
            "the key 0 of menu `m` is in `choices` and leads to `person`",
            "[[menu]]\nname = \"m\"\nprompts = [\"hello\"]\nchoices = { 0 = \"luae\" }\nperson = \"luae\"\n\
             otherwise = \"luae\"\n",
        ),
        (
            K::Conflict,
            6,
            "a key of menu `m` sends a card, and the menu has none",
            "[[menu]]\nname = \"m\"\nprompts = [\"hello\"]\nchoices = { 1 = \"send\" }\notherwise = \"luae\"\n",
        ),
        (
            K::Missing,
            6,
            "`luae` is a procedure, and the plan has none",
            "[[menu]]\nname = \"m\"\nprompts = [\"hello\"]\nprocedure = \"luae\"\nchoices = { 1 = \"send\" }\notherwise = \"luae\"\n",
        ),
        (
            K::Conflict,
            6,
            "`sent` is about a card, and the menu has none",
            "[[menu]]\nname = \"m\"\nprompts = [\"hello\"]\nsent = \"hello\"\nchoices = { 1 = \"luae\" }\notherwise = \"luae\"\n",
        ),
        (
            K::Twice,
            6,
            "`1` stands twice",
            "[[menu]]\nname = \"m\"\nprompts = [\"hello\"]\nchoices = { 1 = \"luae\", 1 = \"luae\" }\n"
                ,
        ),
        (
            K::Twice,
            7,
            "number `12` stands twice",
            "[[number]]\nnumber = \"12\"\nqueue = \"luae\"\n[[number]]\nnumber = \"1-2\"\nqueue = \"luae\"\n"
                ,
        ),
        (
            K::UnknownValue,
            5,
            "there is no time zone",
            "[[hours]]\nname = \"h\"\nzone = \"America/Guayakil\"\n",
        ),
        (
            K::Twice,
            8,
            "digit `1` stands",
            "[[aux_reason]]\nname = \"a\"\ndigit = 1\n[[aux_reason]]\nname=\"b\"\ndigit=1\n",
        ),
        (K::Conflict, 4, "the codes `log_out` and `log_in`", "[feature_codes]\nlog_out = \"*1\"\n"),
        (
            K::Unintelligible,
            5,
            "`10.0.0.1/8` has bits",
            "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1/8\"]\n",
        ),
        (K::Missing, 3, "[[trunk]] has no `addresses`", "[[trunk]]\nname = \"t\"\n"),
        (K::Missing, 4, "[sip] listens on `tls:`", "[sip]\nlisten = [\"tls:127.0.0.1:5061\"]\n"),
        (K::Missing, 3, "[tls] has no `certificate`", "[tls]\nkey = \"music/hold.wav\"\n"),
        (K::Unintelligible, 4, "nofile.pem can't be read", "[tls]\ncertificate = \"nofile.pem\"\nkey = \"music/hold.wav\"\n"),
        (K::Unintelligible, 4, "music can't be read", "[tls]\ncertificate = \"music\"\nkey = \"music/hold.wav\"\n"),
        (K::UnknownValue, 4, "`1.1` is no oldest", "[tls]\noldest = \"1.1\"\ncertificate = \"music/hold.wav\"\nkey = \"music/hold.wav\"\n"),
        (K::UnknownKey, 4, "unknown key `certificat`", "[tls]\ncertificat = \"music/hold.wav\"\nkey = \"music/hold.wav\"\ncertificate = \"music/hold.wav\"\n"),
        (K::Conflict, 6, "the trunk speaks TLS", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\ntransport = \"tls\"\n"),
        (K::UnknownValue, 6, "`requird` is no srtp", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nsrtp = \"requird\"\n"),
        (K::Conflict, 6, "SRTP's keys would be readable", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nsrtp = \"required\"\n"),
        (K::Conflict, 6, "`client_certificate` is asked", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nclient_certificate = true\n"),
        (K::Conflict, 6, "`certificate_name` has no use", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\ncertificate_name = \"sip.example\"\n"),
        (K::Conflict, 6, "`srtp_without_tls` says how", "[[agent]]\nname = \"1\"\npassword = \"p\"\nsrtp_without_tls = true\n"),
        (K::UnknownValue, 6, "`diversoin` is no number_from", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nnumber_from = [\"diversoin\"]\n"),
        (K::Conflict, 6, "`to` stands twice", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nnumber_from = [\"to\", \"to\"]\n"),
        (K::Missing, 6, "`number_from` is empty", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nnumber_from = []\n"),
        (K::Conflict, 6, "`from_user` has no use", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nfrom_user = \"1\"\n"),
        (K::Conflict, 6, "`auth_username` has no use", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nauth_username = \"1\"\n"),
        (K::Unintelligible, 7, "`sip:x` is no domain", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nhost = \"10.0.0.1\"\nfrom_domain = \"sip:x\"\n"),
        (K::Unintelligible, 7, "`caller_number` is `x`", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nhost = \"10.0.0.1\"\ncaller_number = \"x\"\n"),
        (K::UnknownValue, 7, "`pai` is no identity_header", "[[trunk]]\nname = \"t\"\naddresses = [\"10.0.0.1\"]\nhost = \"10.0.0.1\"\nidentity_header = \"pai\"\n"),
        (K::WrongType, 4, "`keep_withheld` is", "[privacy]\nkeep_withheld = \"yes\"\n"),
        (K::Missing, 3, "[dial_out] has no `trunk`", "[dial_out]\nallow = [\"09XXXXXXXX\"]\n"),
    ];

/// The kinds and first words of the faults in `QUEUE` and `text`.
fn faults_of(name: &str, text: &str) -> Vec<(FaultKind, usize, String)> {
    let refused = plan_of(name, &format!("{QUEUE}{text}")).expect_err("a faulty plan");
    refused.faults.into_iter().map(|fault| (fault.kind, fault.at.line, fault.found)).collect()
}

#[test]
fn every_fault_of_a_plan_is_told_at_once_with_its_place() {
    let folder = Folder::new("golden");
    folder.put("plan.toml", include_str!("../testdata/faulty.toml"));
    let refusal = folder.refusal();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/faulty.txt");
    if std::env::var_os("TURNO_BLESS").is_some() {
        fs::write(&golden, &refusal).expect("the golden file");
    }
    assert_eq!(refusal, fs::read_to_string(&golden).expect("the golden file"));
}

#[test]
fn each_kind_of_fault_is_found_where_it_stands() {
    for (at, (kind, line, begins, text)) in CASES.iter().enumerate() {
        let faults = faults_of(&format!("kind-{at}"), text);
        let hit = faults.iter().any(|(k, l, found)| k == kind && l == line && found.contains(begins));
        assert!(hit, "{text}\nexpected {kind:?} in line {line}: {begins}\ngot {faults:?}");
    }
}

#[test]
fn phones_of_a_family_that_would_hear_nobody_are_a_fault() {
    // Bad input: RTP is received on IPv4 alone, and phones may register over IPv6.
    let plan = |media: &str| {
        format!("[sip]\nlisten = [\"udp:127.0.0.1:5060\", \"udp:[::1]:5060\"]\n[media]\n{media}")
    };
    let deaf = |media: &str| {
        let read = plan_of("families", &format!("{QUEUE}{}", plan(media)));
        let faults = read.err().map(|refused| refused.faults).unwrap_or_default();
        let faults: Vec<_> =
            faults.into_iter().map(|fault| (fault.kind, fault.at.line, fault.found)).collect();
        faults.iter().any(|(kind, _, found)| *kind == FaultKind::Conflict && found.contains("hears nobody"))
    };
    assert!(deaf("bind = \"127.0.0.1\"\n"));
    assert!(deaf("bind = \"::1\"\n"));
    assert!(!deaf("bind = [\"127.0.0.1\", \"::1\"]\n"));
    assert!(!deaf(""));
    let twice = faults_of("families-twice", &plan("bind = [\"127.0.0.1\", \"127.0.0.2\"]\n"));
    assert!(twice.iter().any(|(kind, _, _)| *kind == FaultKind::Unintelligible), "{twice:?}");
}

#[test]
fn a_misspelt_word_is_answered_with_the_nearest_one() {
    let nearest = |text: &str| {
        let refused = plan_of("nearest", &format!("{QUEUE}{text}")).expect_err("a faulty plan");
        refused.faults.iter().find_map(|fault| fault.nearest.clone())
    };
    assert_eq!(nearest("rign = \"15s\"\n").as_deref(), Some("ring"));
    assert_eq!(nearest("rule = \"ead-mai\"\n").as_deref(), Some("ead-mia"));
    assert_eq!(nearest("greeting = [\"helo\"]\n").as_deref(), Some("hello"));
    assert_eq!(nearest("[[number]]\nnumber = \"1\"\nqueue = \"laue\"\n").as_deref(), Some("luae"));
    // Found by fuzzing: the nearest of a file whose ending is wrong was the name without any.
    assert_eq!(nearest("[media]\nmusic = \"music/hold.wva\"\n").as_deref(), Some("music/hold.wav"));
    let zone = |name| nearest(&format!("[[hours]]\nname = \"h\"\nzone = \"{name}\"\n"));
    assert_eq!(zone("America/Guayakil").as_deref(), Some("America/Guayaquil"));
    assert_eq!(zone("guayaquil").as_deref(), Some("America/Guayaquil"));
    assert_eq!(nearest("[sipp]\n").as_deref(), Some("sip"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}", lines in proptest::collection::vec(toml_line(), 0..12)) {
        let folder = Folder::new("any-text");
        folder.put("a.toml", &text);
        folder.put("b.toml", &lines.join("\n"));
        if let Err(refused) = folder.load() {
            prop_assert!(!refused.faults.is_empty());
            prop_assert!(!refused.to_string().is_empty());
        }
        folder.put("a.toml", "");
        if let Ok((plan, _)) = folder.load() {
            prop_assert!(!summary(&plan, Language::Spanish).is_empty());
        }
    }
}

/// Lines that look like a plan's, with values that may not.
fn toml_line() -> impl Strategy<Value = String> {
    let words = prop_oneof![
        Just("name"),
        Just("queue"),
        Just("ring"),
        Just("skills"),
        Just("number"),
        Just("zone"),
        Just("password"),
        Just("listen"),
        Just("ports"),
        Just("holidays"),
        Just("monday"),
        Just("choices"),
        Just("from"),
        Just("to"),
        Just("addresses"),
        Just("greeting"),
        Just("when_full"),
        Just("digit"),
    ];
    let values = prop_oneof![
        "\"\\PC{0,8}\"",
        "-?[0-9]{1,20}",
        "\\[[0-9\", a-z]{0,12}\\]",
        "\\{ ?[a-z0-9]{1,3} = \"?[a-z0-9]{1,3}\"? ?\\}",
        Just("true".to_owned()),
        Just("\"12h\"".to_owned()),
        Just("\"07:50-16:30\"".to_owned()),
        "\\PC{0,10}",
    ];
    let tables = prop_oneof![
        Just("[sip]"),
        Just("[[queue]]"),
        Just("[[agent]]"),
        Just("[[seat]]"),
        Just("[[seat_range]]"),
        Just("[[trunk]]"),
        Just("[[menu]]"),
        Just("[[number]]"),
        Just("[[hours]]"),
        Just("[media]"),
        Just("[queue_defaults]"),
        Just("[feature_codes]"),
    ];
    prop_oneof![
        2 => (words, values).prop_map(|(key, value)| format!("{key} = {value}")),
        1 => tables.prop_map(str::to_owned),
    ]
}
