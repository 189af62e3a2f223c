//! Tests that a reload reports a change of each documented key, and applies it hot or by a successor.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use turno_config::needs_start;
use turno_model::Plan;

/// How a change comes into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Hot,
    ByStart,
}

use Taken::{ByStart, Hot};

/// A change of one key: its section and its name in docs/CONFIG.md, the table that is changed, the new line
/// (`key = value`, or `-key` to remove it), and how the change comes into force.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str], Taken);

const PLAN: &str = include_str!("../../../config/testdata/every_key.toml");

const ROWS: &[Row] = &[
    ("[site]", "name", "[site]", &["name = \"other\""], ByStart),
    ("[site]", "language", "[site]", &["language = \"es\""], Hot),
    ("[sip]", "listen", "[sip]", &["listen = [\"udp:127.0.0.1:5070\", \"tls:127.0.0.1:5061\"]"], ByStart),
    ("[sip]", "advertised", "[sip]", &["advertised = \"192.0.2.9\""], Hot),
    ("[sip]", "domain", "[sip]", &["domain = \"other\""], Hot),
    ("[sip]", "digest", "[sip]", &["digest = [\"sha256\"]"], Hot),
    ("[sip]", "expires_min", "[sip]", &["expires_min = \"2m\""], Hot),
    ("[sip]", "expires_max", "[sip]", &["expires_max = \"2h\""], Hot),
    ("[sip]", "expires_default", "[sip]", &["expires_default = \"5m\""], Hot),
    ("[sip]", "contacts_per_seat_max", "[sip]", &["contacts_per_seat_max = 2"], Hot),
    ("[sip]", "contact_as_given", "[sip]", &["contact_as_given = true"], Hot),
    ("[sip]", "options_interval", "[sip]", &["options_interval = \"none\""], Hot),
    ("[sip]", "options_misses_max", "[sip]", &["options_misses_max = 5"], Hot),
    ("[sip]", "session_expires", "[sip]", &["session_expires = \"20m\""], Hot),
    ("[sip]", "min_se", "[sip]", &["min_se = \"2m\""], Hot),
    ("[sip]", "requests_per_source_max", "[sip]", &["requests_per_source_max = 5"], Hot),
    ("[sip]", "requests_per_source_max", "[sip]", &["requests_per_source_max = \"none\""], ByStart),
    ("[sip]", "force_rport", "[sip]", &["force_rport = true"], Hot),
    ("[tls]", "certificate", "[tls]", &["certificate = \"two.pem\""], ByStart),
    ("[tls]", "key", "[tls]", &["key = \"two.key\""], ByStart),
    ("[tls]", "ca", "[tls]", &["ca = \"two.pem\""], ByStart),
    ("[tls]", "oldest", "[tls]", &["oldest = \"1.3\""], ByStart),
    ("[tls]", "handshake", "[tls]", &["handshake = \"9s\""], ByStart),
    ("[tls]", "handshakes_max", "[tls]", &["handshakes_max = 9"], ByStart),
    ("[tls]", "look_interval", "[tls]", &["look_interval = \"9s\""], ByStart),
    ("SRTP", "srtp", "[[agent]]", &["srtp = \"required\""], Hot),
    ("SRTP", "srtp", "[[trunk]]", &["srtp = \"never\""], ByStart),
    ("SRTP", "srtp_without_tls", "[[agent]]", &["srtp = \"offered\"", "srtp_without_tls = true"], Hot),
    ("[http]", "listen", "[http]", &["listen = \"127.0.0.1:8081\""], ByStart),
    ("[media]", "bind", "[media]", &["bind = \"127.0.0.2\""], ByStart),
    ("[media]", "advertised", "[media]", &["advertised = \"192.0.2.9\""], Hot),
    ("[media]", "ports", "[media]", &["ports = [30000, 30999]"], ByStart),
    ("[media]", "inactivity", "[media]", &["inactivity = \"none\""], Hot),
    ("[media]", "codecs", "[media]", &["codecs = [\"PCMU\", \"PCMA\"]"], Hot),
    ("[media]", "music", "[media]", &["music = \"SOUNDS/prompts/es/thanks.wav\""], Hot),
    ("[media]", "prompts", "[media]", &["prompts = \"SOUNDS/prompts/../prompts\""], Hot),
    ("[trace]", "memory", "[trace]", &["memory = \"none\""], ByStart),
    ("[trace]", "messages", "[trace]", &["messages = 1000"], ByStart),
    ("[fence]", "delay_max", "[fence]", &["delay_max = \"none\""], Hot),
    ("[fence]", "calls_per_source_max", "[fence]", &["calls_per_source_max = 3"], Hot),
    ("[fence]", "offences_max", "[fence]", &["offences_max = 3"], Hot),
    ("[fence]", "ban", "[fence]", &["ban = \"7m\""], Hot),
    ("[fence]", "ban_max", "[fence]", &["ban_max = \"7h\""], Hot),
    ("[fence]", "never_ban", "[fence]", &["never_ban = [\"192.168.0.0/16\"]"], Hot),
    ("[journal]", "keep", "[journal]", &["keep = true"], ByStart),
    ("[journal]", "durability", "[journal]", &["durability = \"power\""], ByStart),
    ("[journal]", "segment", "[journal]", &["segment = 8"], ByStart),
    ("[journal]", "facts_days", "[journal]", &["facts_days = 8"], ByStart),
    ("[journal]", "facts_room", "[journal]", &["facts_room = 8"], ByStart),
    ("[journal]", "on_stop", "[journal]", &["on_stop = \"drain\""], ByStart),
    ("[journal]", "drain_max", "[journal]", &["drain_max = \"8m\""], ByStart),
    ("[[queue]]", "name", "[[queue]]", &["name = \"p\""], Hot),
    ("[[queue]]", "display", "[[queue]]", &["display = \"Queue\""], Hot),
    ("[[queue]]", "skill", "[[queue]]", &["skill = \"r\""], Hot),
    ("[[queue]]", "rule", "[queue_defaults]", &["rule = \"ead-mia\""], Hot),
    ("[[queue]]", "priority", "[queue_defaults]", &["priority = 7"], Hot),
    ("[[queue]]", "ring", "[queue_defaults]", &["ring = \"7s\""], Hot),
    ("[[queue]]", "rona_cool_down", "[queue_defaults]", &["rona_cool_down = \"7s\""], Hot),
    ("[[queue]]", "hold_max", "[queue_defaults]", &["hold_max = \"7s\""], Hot),
    ("[[queue]]", "acw", "[queue_defaults]", &["acw = \"manual\""], Hot),
    ("[[queue]]", "handling_target", "[queue_defaults]", &["handling_target = \"7m\""], Hot),
    ("[[queue]]", "handling_warning", "[queue_defaults]", &["handling_warning = \"7s\""], Hot),
    ("[[queue]]", "wait_target", "[queue_defaults]", &["wait_target = \"7s\""], Hot),
    ("[[queue]]", "short_abandon", "[queue_defaults]", &["short_abandon = \"7s\""], Hot),
    ("[[queue]]", "length_max", "[queue_defaults]", &["length_max = 7"], Hot),
    ("[[queue]]", "when_full", "[queue_defaults]", &["when_full = { prompt = \"es/thanks\" }"], Hot),
    ("[[queue]]", "wait_max", "[queue_defaults]", &["wait_max = \"7m\""], Hot),
    ("[[queue]]", "when_waited", "[queue_defaults]", &["when_waited = { prompt = \"es/thanks\" }"], Hot),
    ("[[queue]]", "when_nobody", "[queue_defaults]", &["when_nobody = { prompt = \"es/thanks\" }"], Hot),
    ("[[queue]]", "answer_on_entry", "[queue_defaults]", &["answer_on_entry = true"], Hot),
    ("[[queue]]", "greeting", "[queue_defaults]", &["greeting = [\"es/thanks\"]"], Hot),
    ("[[queue]]", "announce_place", "[queue_defaults]", &["announce_place = true"], Hot),
    ("[[queue]]", "announce_wait", "[queue_defaults]", &["announce_wait = true"], Hot),
    ("[[queue]]", "announce_comfort", "[queue_defaults]", &["announce_comfort = [\"es/thanks\"]"], Hot),
    (
        "[[queue]]",
        "announce_first",
        "[queue_defaults]",
        &["announce_comfort = [\"es/thanks\"]", "announce_first = \"7s\""],
        Hot,
    ),
    (
        "[[queue]]",
        "announce_every",
        "[queue_defaults]",
        &["announce_comfort = [\"es/thanks\"]", "announce_every = \"77s\""],
        Hot,
    ),
    (
        "[[queue]]",
        "announce_changes_only",
        "[queue_defaults]",
        &["announce_comfort = [\"es/thanks\"]", "announce_changes_only = false"],
        Hot,
    ),
    (
        "[[queue]]",
        "announce_language",
        "[queue_defaults]",
        &["announce_comfort = [\"es/thanks\"]", "announce_language = \"es\""],
        Hot,
    ),
    ("[[queue]]", "recording", "[queue_defaults]", &["recording = 20"], Hot),
    ("[[queue]]", "recording_class", "[queue_defaults]", &["recording_class = \"complaints\""], Hot),
    ("[[queue]]", "recording_notice", "[queue_defaults]", &["recording_notice = \"es/thanks\""], Hot),
    ("[[agent]]", "recorded", "[[agent]]", &["recorded = true"], Hot),
    ("[[agent]]", "name", "[[agent]]", &["name = \"eva\""], Hot),
    ("[[agent]]", "from", "[[seat_range]]", &["from = \"b002\""], Hot),
    ("[[agent]]", "to", "[[seat_range]]", &["to = \"b004\""], Hot),
    ("[[agent]]", "display", "[[agent]]", &["display = \"Ana\""], Hot),
    ("[[agent]]", "extension", "[[agent]]", &["extension = \"a009\""], Hot),
    ("[[agent]]", "phone", "[[agent]]", &["-password", "phone = \"none\""], Hot),
    ("[[agent]]", "skills", "[[agent]]", &["skills = { q = 3 }"], Hot),
    ("[[agent]]", "auto_login", "[[agent]]", &["auto_login = true"], Hot),
    ("[[agent]]", "supervises", "[[agent]]", &["supervises = true"], Hot),
    ("[[agent]]", "password", "[[agent]]", &["password = \"two\""], Hot),
    ("[[agent]]", "password_file", "[[agent]]", &["-password", "password_file = \"two.key\""], Hot),
    (
        "[[agent]]",
        "password_env",
        "[[agent]]",
        &["-password", "password_env = \"TURNO_TEST_IS_NOT_SET\"", "default_password = \"two\""],
        Hot,
    ),
    ("[[agent]]", "default_password", "[[agent]]", &["-password", "default_password = \"two\""], Hot),
    ("[[seat]]", "extension", "[[seat]]", &["extension = \"c002\""], Hot),
    ("[[seat]]", "display", "[[seat]]", &["display = \"Window\""], Hot),
    ("[[aux_reason]]", "name", "[[aux_reason]]", &["name = \"dinner\""], Hot),
    ("[[aux_reason]]", "digit", "[[aux_reason]]", &["digit = 2"], Hot),
    ("[room]", "acw_considered_idle", "[room]", &["acw_considered_idle = true"], Hot),
    ("[room]", "aux_considered_idle", "[room]", &["aux_considered_idle = true"], Hot),
    ("[room]", "chats_at_once", "[room]", &["chats_at_once = 2"], Hot),
    ("[room]", "whatsapp_at_once", "[room]", &["whatsapp_at_once = 2"], Hot),
    ("[room]", "observed_tone", "[room]", &["observed_tone = true"], Hot),
    ("[room]", "emails_at_once", "[room]", &["emails_at_once = 2"], Hot),
    ("[[number]]", "number", "[[number]]", &["number = \"7001\""], Hot),
    ("[[number]]", "queue", "[[number]]", &["queue = \"r\""], Hot),
    ("[[number]]", "menu", "[[number]]", &["-queue", "menu = \"m\""], Hot),
    ("[[number]]", "hours", "[[number]]", &["hours = \"office\"", "closed = \"es/closed\""], Hot),
    ("[[number]]", "closed", "[[number]]", &["hours = \"office\"", "closed = \"es/closed\""], Hot),
    (
        "[[number]]",
        "holiday",
        "[[number]]",
        &["hours = \"office\"", "closed = \"es/closed\"", "holiday = \"es/holiday\""],
        Hot,
    ),
    ("[[menu]]", "name", "[[menu]]", &["name = \"n\""], Hot),
    ("[[menu]]", "prompts", "[[menu]]", &["prompts = [\"es/menu\"]"], Hot),
    ("[[menu]]", "wait", "[[menu]]", &["wait = \"7s\""], Hot),
    ("[[menu]]", "choices", "[[menu]]", &["choices = { 1 = \"r\" }"], Hot),
    ("[[menu]]", "otherwise", "[[menu]]", &["otherwise = \"q\""], Hot),
    ("[[hours]]", "name", "[[hours]]", &["name = \"bureau\""], Hot),
    ("[[hours]]", "zone", "[[hours]]", &["zone = \"America/Lima\""], Hot),
    ("[[hours]]", "monday", "[[hours]]", &["-monday_to_friday", "monday = [\"09:00-12:00\"]"], Hot),
    ("[[hours]]", "tuesday", "[[hours]]", &["-monday_to_friday", "tuesday = [\"09:00-12:00\"]"], Hot),
    ("[[hours]]", "wednesday", "[[hours]]", &["-monday_to_friday", "wednesday = [\"09:00-12:00\"]"], Hot),
    ("[[hours]]", "thursday", "[[hours]]", &["-monday_to_friday", "thursday = [\"09:00-12:00\"]"], Hot),
    ("[[hours]]", "friday", "[[hours]]", &["-monday_to_friday", "friday = [\"09:00-12:00\"]"], Hot),
    ("[[hours]]", "saturday", "[[hours]]", &["saturday = [\"08:00-13:00\"]"], Hot),
    ("[[hours]]", "sunday", "[[hours]]", &["sunday = [\"08:00-13:00\"]"], Hot),
    ("[[hours]]", "monday_to_friday", "[[hours]]", &["monday_to_friday = [\"08:00-13:00\"]"], Hot),
    ("[[hours]]", "holidays", "[[hours]]", &["holidays = [\"2026-12-25\"]"], Hot),
    ("[[trunk]]", "name", "[[trunk]]", &["name = \"v\""], ByStart),
    ("[[trunk]]", "host", "[[trunk]]", &["host = \"192.0.2.2\""], ByStart),
    ("[[trunk]]", "port", "[[trunk]]", &["port = 5070"], ByStart),
    ("[[trunk]]", "transport", "[[trunk]]", &["transport = \"tls\""], ByStart),
    (
        "[[trunk]]",
        "certificate_name",
        "[[trunk]]",
        &["transport = \"tls\"", "certificate_name = \"sip.example\""],
        ByStart,
    ),
    (
        "[[trunk]]",
        "client_certificate",
        "[[trunk]]",
        &["transport = \"tls\"", "client_certificate = true"],
        ByStart,
    ),
    (
        "[[trunk]]",
        "trust",
        "[[trunk]]",
        &["-addresses", "trust = \"digest\"", "username = \"carrier\"", "password = \"one\""],
        ByStart,
    ),
    ("[[trunk]]", "addresses", "[[trunk]]", &["addresses = [\"192.0.2.0/24\"]"], ByStart),
    (
        "[[trunk]]",
        "username",
        "[[trunk]]",
        &["-addresses", "username = \"carrier\"", "password = \"one\""],
        ByStart,
    ),
    ("[[trunk]]", "options_interval", "[[trunk]]", &["options_interval = \"none\""], ByStart),
    ("[[trunk]]", "country_code", "[[trunk]]", &["country_code = \"593\""], ByStart),
    (
        "[[trunk]]",
        "national_prefix",
        "[[trunk]]",
        &["country_code = \"593\"", "national_prefix = \"0\""],
        ByStart,
    ),
    (
        "[[trunk]]",
        "expires",
        "[[trunk]]",
        &[
            "-addresses",
            "trust = \"registration\"",
            "username = \"x\"",
            "password = \"y\"",
            "expires = \"5m\"",
        ],
        ByStart,
    ),
    ("[[trunk]]", "number_from", "[[trunk]]", &["number_from = [\"to\"]"], ByStart),
    ("[[trunk]]", "domain", "[[trunk]]", &["domain = \"carrier.example\""], ByStart),
    (
        "[[trunk]]",
        "auth_username",
        "[[trunk]]",
        &[
            "-addresses",
            "trust = \"registration\"",
            "username = \"x\"",
            "password = \"y\"",
            "auth_username = \"z\"",
        ],
        ByStart,
    ),
    ("[[trunk]]", "from_user", "[[trunk]]", &["from_user = \"x\""], ByStart),
    ("[[trunk]]", "from_domain", "[[trunk]]", &["from_domain = \"carrier.example\""], ByStart),
    ("[[trunk]]", "caller_number", "[[trunk]]", &["caller_number = \"59322345678\""], ByStart),
    ("[[trunk]]", "identity_header", "[[trunk]]", &["identity_header = \"none\""], ByStart),
    ("[privacy]", "keep_withheld", "[privacy]", &["keep_withheld = true"], Hot),
    ("[recording]", "folder", "[recording]", &["folder = \"elsewhere\""], ByStart),
    ("[recording]", "format", "[recording]", &["format = \"wav\""], ByStart),
    ("[recording]", "key_file", "[recording]", &["key_file = \"other.key\""], ByStart),
    ("[recording]", "digits_pause", "[recording]", &["digits_pause = \"0s\""], Hot),
    ("[recording]", "pause_key", "[recording]", &["pause_key = \"*\""], Hot),
    ("[recording]", "classes", "[recording]", &["classes = { standard = 7 }"], ByStart),
    ("[dial_out]", "allow", "[dial_out]", &["allow = [\"0.\", \"1XX\"]"], Hot),
    ("[dial_out]", "deny", "[dial_out]", &["deny = [\"0900.\"]"], Hot),
    ("[dial_out]", "trunk", "[dial_out]", &["trunk = \"t\""], Hot),
    ("[feature_codes]", "log_in", "[feature_codes]", &["log_in = \"*91\""], Hot),
    ("[feature_codes]", "log_out", "[feature_codes]", &["log_out = \"*92\""], Hot),
    ("[feature_codes]", "ready", "[feature_codes]", &["ready = \"*93\""], Hot),
    ("[feature_codes]", "aux", "[feature_codes]", &["aux = \"*94\""], Hot),
    ("[feature_codes]", "end_acw", "[feature_codes]", &["end_acw = \"*95\""], Hot),
    ("[feature_codes]", "wrap_up", "[feature_codes]", &["wrap_up = \"*96\""], Hot),
    ("[feature_codes]", "listen", "[feature_codes]", &["listen = \"*81\""], Hot),
    ("[feature_codes]", "whisper", "[feature_codes]", &["whisper = \"*82\""], Hot),
    ("[feature_codes]", "barge", "[feature_codes]", &["barge = \"*83\""], Hot),
    ("[feature_codes]", "take_over", "[feature_codes]", &["take_over = \"*84\""], Hot),
    ("[feature_codes]", "record", "[feature_codes]", &["record = \"*97\""], Hot),
    ("[feature_codes]", "pause_recording", "[feature_codes]", &["pause_recording = \"*98\""], Hot),
    ("[feature_codes]", "resume_recording", "[feature_codes]", &["resume_recording = \"*99\""], Hot),
    ("[feature_codes]", "prompts", "[feature_codes.prompts]", &["ready = \"es/ready\""], Hot),
    ("[feature_codes.prompts]", "log_in", "[feature_codes.prompts]", &["log_in = \"es/logged_in\""], Hot),
    ("[feature_codes.prompts]", "log_out", "[feature_codes.prompts]", &["log_out = \"es/logged_out\""], Hot),
    ("[feature_codes.prompts]", "ready", "[feature_codes.prompts]", &["ready = \"es/ready\""], Hot),
    ("[feature_codes.prompts]", "aux", "[feature_codes.prompts]", &["aux = \"es/aux\""], Hot),
    ("[feature_codes.prompts]", "end_acw", "[feature_codes.prompts]", &["end_acw = \"es/acw_ended\""], Hot),
    (
        "[feature_codes.prompts]",
        "wrap_up",
        "[feature_codes.prompts]",
        &["wrap_up = \"es/wrapup_saved\""],
        Hot,
    ),
    ("[feature_codes.prompts]", "record", "[feature_codes.prompts]", &["record = \"es/ready\""], Hot),
    (
        "[feature_codes.prompts]",
        "pause_recording",
        "[feature_codes.prompts]",
        &["pause_recording = \"es/ready\""],
        Hot,
    ),
    (
        "[feature_codes.prompts]",
        "resume_recording",
        "[feature_codes.prompts]",
        &["resume_recording = \"es/ready\""],
        Hot,
    ),
    ("[feature_codes.prompts]", "refused", "[feature_codes.prompts]", &["refused = \"es/refused\""], Hot),
    ("[feature_codes.prompts]", "not_now", "[feature_codes.prompts]", &["not_now = \"es/not_now\""], Hot),
];

/// A folder for plans, removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("turno-every-key-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the test");
        for name in ["one.pem", "one.key", "two.pem", "two.key"] {
            fs::write(path.join(name), name).expect("a file for the test");
        }
        for name in ["recording.key", "other.key"] {
            fs::write(path.join(name), "5a".repeat(32)).expect("a file for the test");
        }
        Self(path)
    }

    fn read(&self, text: &str) -> Plan {
        let sounds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config");
        let text = text.replace("SOUNDS", &sounds.display().to_string());
        let file = self.0.join("plan.toml");
        fs::write(&file, &text).expect("a file for the test");
        turno_config::load(&file).unwrap_or_else(|refused| panic!("{refused}\n{text}")).0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The plan with these lines in the first table of this name.
fn changed(table: &str, lines: &[&str]) -> String {
    let mut text: Vec<String> = PLAN.lines().map(str::to_owned).collect();
    let at = text.iter().position(|line| line == table).expect("the plan has the table") + 1;
    for line in lines {
        let end = text[at..].iter().position(|line| line.starts_with('[')).map_or(text.len(), |end| at + end);
        let key = line.split(" = ").next().expect("a key").trim_start_matches('-');
        let begin = format!("{key} = ");
        if let Some(old) = text[at..end].iter().position(|line| line.starts_with(&begin)) {
            text.remove(at + old);
        }
        if !line.starts_with('-') {
            text.insert(at, (*line).to_owned());
        }
    }
    text.join("\n")
}

/// Every key of docs/CONFIG.md, with its section.
fn documented() -> BTreeSet<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/CONFIG.md");
    let page = fs::read_to_string(page).expect("the page of keys");
    let mut keys = BTreeSet::new();
    let mut section = String::new();
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            let title = heading.split(':').next().unwrap_or(heading);
            section = title.split(" and ").next().unwrap_or(title).to_owned();
        } else if let Some(key) = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()) {
            keys.insert((section.clone(), key.to_owned()));
        }
    }
    keys
}

#[test]
fn no_key_changes_without_a_word_and_without_effect() {
    // Wound: a reload that sets a block on toll fraud says that nothing has changed, and the block is not in force.
    let folder = Folder::new();
    let old = folder.read(PLAN);
    for (section, key, table, lines, taken) in ROWS {
        let new = folder.read(&changed(table, lines));
        let told = turno_config::differences(&old, &new);
        assert!(!told.is_empty(), "{section} {key} is not told");
        assert!(!told.concat().contains("two\""), "{section} {key} shows a password: {told:?}");
        // Wound: an operator reads `Some([(480, 780)])` where the plan says `08:00-13:00`.
        let code = ["Some(", "None", "[", "(", "{", "\""];
        assert!(
            !code.iter().any(|sign| told.concat().contains(sign)),
            "{section} {key} is no text: {told:?}"
        );
        let rest = needs_start(&old, &new);
        let is_in_place = rest.is_empty();
        assert_eq!(is_in_place, *taken == Hot, "{section} {key}: {told:?}, of which for a start: {rest:?}");
    }
}

#[test]
fn every_key_that_the_page_of_keys_has_is_tried_here() {
    let tried: BTreeSet<(String, String)> =
        ROWS.iter().map(|(section, key, ..)| ((*section).to_owned(), (*key).to_owned())).collect();
    let documented = documented();
    let missing: Vec<_> = documented.difference(&tried).collect();
    assert!(missing.is_empty(), "nobody has tried to change {missing:?}");
    let unknown: Vec<_> = tried.difference(&documented).collect();
    assert!(unknown.is_empty(), "docs/CONFIG.md does not have {unknown:?}");
}
