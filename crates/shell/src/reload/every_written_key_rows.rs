//! One change for each documented key of the written channels, and how it comes into force.

use super::every_key_rows::Row;
use super::every_key_rows::Taken::ByStart;

/// Every key of [whatsapp].
pub(super) const WRITTEN_ROWS: &[Row] = &[
    ("[whatsapp]", "number_id", "[whatsapp]", &["number_id = \"7\""], ByStart),
    ("[whatsapp]", "token_file", "[whatsapp]", &["token_file = \"pin.key\""], ByStart),
    ("[whatsapp]", "app_secret_file", "[whatsapp]", &["app_secret_file = \"pin.key\""], ByStart),
    ("[whatsapp]", "verify_token_file", "[whatsapp]", &["verify_token_file = \"pin.key\""], ByStart),
    ("[whatsapp]", "base_url", "[whatsapp]", &["base_url = \"http://127.0.0.1:9\""], ByStart),
    ("[whatsapp]", "version", "[whatsapp]", &["version = \"v26.0\""], ByStart),
    ("[whatsapp]", "per_second", "[whatsapp]", &["per_second = 20"], ByStart),
    ("[whatsapp]", "file_mib", "[whatsapp]", &["file_mib = 5"], ByStart),
    ("[whatsapp]", "list_button", "[whatsapp]", &["list_button = \"Options\""], ByStart),
];
