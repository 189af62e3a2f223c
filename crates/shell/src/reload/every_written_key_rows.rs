//! One change for each documented key of the written channels, and how it comes into force.

use super::every_key_rows::Row;
use super::every_key_rows::Taken::{ByStart, Hot};

/// Every key of [chat] and [whatsapp], and those of [room] for what is written.
pub(super) const WRITTEN_ROWS: &[Row] = &[
    ("[chat]", "origins", "[chat]", &["origins = [\"https://www.example\"]"], Hot),
    ("[chat]", "title", "[chat]", &["title = \"Ask\""], Hot),
    ("[chat]", "sessions", "[chat]", &["sessions = 7"], Hot),
    ("[chat]", "messages", "[chat]", &["messages = 7"], Hot),
    ("[chat]", "answers", "[chat]", &["answers = [\"hi: Good morning.\"]"], Hot),
    ("[room]", "chats_at_once", "[room]", &["chats_at_once = 2"], Hot),
    ("[room]", "whatsapp_at_once", "[room]", &["whatsapp_at_once = 2"], Hot),
    ("[room]", "emails_at_once", "[room]", &["emails_at_once = 2"], Hot),
    ("[room]", "calls_beside", "[room]", &["calls_beside = 1"], Hot),
    ("[room]", "keep_for_calls", "[room]", &["keep_for_calls = 2"], Hot),
    ("[room]", "chat_within", "[room]", &["chat_within = \"40s\""], Hot),
    ("[room]", "whatsapp_within", "[room]", &["whatsapp_within = \"5m\""], Hot),
    ("[room]", "email_within", "[room]", &["email_within = \"8h\""], Hot),
    ("[knowledge]", "voice", "[knowledge]", &["voice = \"festival --tts\""], Hot),
    ("[whatsapp]", "number_id", "[whatsapp]", &["number_id = \"7\""], ByStart),
    ("[whatsapp]", "token_file", "[whatsapp]", &["token_file = \"pin.key\""], ByStart),
    ("[whatsapp]", "app_secret_file", "[whatsapp]", &["app_secret_file = \"pin.key\""], ByStart),
    ("[whatsapp]", "verify_token_file", "[whatsapp]", &["verify_token_file = \"pin.key\""], ByStart),
    ("[whatsapp]", "base_url", "[whatsapp]", &["base_url = \"http://127.0.0.1:9\""], ByStart),
    ("[whatsapp]", "version", "[whatsapp]", &["version = \"v26.0\""], ByStart),
    ("[whatsapp]", "per_second", "[whatsapp]", &["per_second = 20"], ByStart),
    ("[whatsapp]", "file_mib", "[whatsapp]", &["file_mib = 5"], ByStart),
    ("[whatsapp]", "list_button", "[whatsapp]", &["list_button = \"Options\""], ByStart),
    ("[whatsapp]", "card_template", "[whatsapp]", &["card_template = \"card\""], ByStart),
    ("[whatsapp]", "mobiles", "[whatsapp]", &["mobiles = [\"5939\"]"], ByStart),
];
