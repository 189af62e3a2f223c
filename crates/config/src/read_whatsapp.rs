//! Reads [whatsapp].

use std::path::PathBuf;

use turno_ground::Secret;
use turno_model::plan::WhatsAppPlan;

use crate::fault::FaultKind;
use crate::keys::whatsapp::WHATSAPP;
use crate::password::from_file;
use crate::reading::Reading;
use crate::section::Section;
use crate::tables::Tables;

/// Characters of what opens a list.
const LIST_BUTTON_MAX: usize = 20;

/// Reads [whatsapp]; `None` where it does not stand: nobody can write there.
pub(crate) fn read_whatsapp(
    reading: &mut Reading<'_>,
    tables: &Tables,
    has_api: bool,
) -> Option<WhatsAppPlan> {
    if !tables.has_single("whatsapp") {
        return None;
    }
    let section = tables.single(reading, "whatsapp");
    let number_id = read_number(reading, section);
    let token = read_file(reading, section, WHATSAPP.token_file.name, "a file with the access token");
    let secret = read_file(reading, section, WHATSAPP.app_secret_file.name, "a file with the app secret");
    let word = read_file(reading, section, WHATSAPP.verify_token_file.name, "a file with a word of your own");
    if !has_api {
        let place = section.place_of(WHATSAPP.number_id.name);
        let found = "webhooks would come to an API that is not served";
        reading.fault(FaultKind::Conflict, place, found, "a table [api]");
    }
    let base_url = WHATSAPP.base_url.read(reading, section);
    let version = WHATSAPP.version.read(reading, section);
    let list_button = WHATSAPP.list_button.read(reading, section);
    check_url(reading, section, &base_url);
    check_version(reading, section, &version);
    if list_button.trim().is_empty() || list_button.encode_utf16().count() > LIST_BUTTON_MAX {
        let place = section.place_of(WHATSAPP.list_button.name);
        let found = format!("`{}` is `{list_button}`", WHATSAPP.list_button.name);
        let expected = format!("1 to {LIST_BUTTON_MAX} characters");
        reading.fault(FaultKind::OutOfRange, place, found, expected);
    }
    let per_second = WHATSAPP.per_second.read(reading, section);
    let file_mib = WHATSAPP.file_mib.read(reading, section);
    let card_template = section.text(reading, WHATSAPP.card_template.name).map(str::to_owned);
    let mobiles = read_mobiles(reading, section);
    let ((token_file, _), (app_secret_file, app_secret)) = (token?, secret?);
    let (verify_token_file, verify_word) = word?;
    Some(WhatsAppPlan {
        number_id: number_id?,
        token_file,
        app_secret_file,
        app_secret,
        verify_token_file,
        verify_word,
        base_url,
        version,
        per_second,
        file_mib,
        list_button,
        card_template,
        mobiles,
    })
}

fn read_mobiles(reading: &mut Reading<'_>, section: Section<'_>) -> Vec<String> {
    let mut mobiles = Vec::new();
    for (begin, node) in section.texts(reading, WHATSAPP.mobiles.name) {
        if begin.is_empty() || !begin.bytes().all(|byte| byte.is_ascii_digit()) {
            let found = format!("`{}` has `{begin}`", WHATSAPP.mobiles.name);
            reading.fault(
                FaultKind::UnknownValue,
                node.place,
                found,
                "digits, with the country: `[\"5939\"]`",
            );
        }
        mobiles.push(begin.to_owned());
    }
    mobiles
}

fn read_number(reading: &mut Reading<'_>, section: Section<'_>) -> Option<String> {
    let name = WHATSAPP.number_id.name;
    let such_as = "the number's `phone_number_id`, such as `\"106540352242922\"`";
    let Some(number) = section.text(reading, name) else {
        if !section.has(name) {
            section.missing(reading, name, such_as);
        }
        return None;
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        let found = format!("`{name}` is `{number}`");
        reading.fault(FaultKind::UnknownValue, section.place_of(name), found, such_as);
        return None;
    }
    Some(number.to_owned())
}

/// A file whose content nobody is shown.
fn read_file(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    name: &'static str,
    such_as: &str,
) -> Option<(PathBuf, Secret)> {
    let Some(file) = section.text(reading, name) else {
        if !section.has(name) {
            section.missing(reading, name, such_as);
        }
        return None;
    };
    let path = reading.origin.folder.join(file);
    let secret =
        section.field(name).map_or_else(Secret::default, |node| from_file(reading, (name, node), ""));
    Some((path, secret))
}

fn check_url(reading: &mut Reading<'_>, section: Section<'_>, url: &str) {
    let host = url.strip_prefix("http://").map(|rest| rest.split(['/', ':']).next().unwrap_or_default());
    let is_loopback = host.is_some_and(|host| host == "localhost" || host.starts_with("127."));
    let rest = url.split_once("://").map(|(_, rest)| rest).unwrap_or_default();
    let is_plain = !rest.is_empty() && !rest.contains(['@', ' ', '?', '#']);
    if !is_plain || !(url.starts_with("https://") || is_loopback) {
        let found = format!("`{}` is {url}", WHATSAPP.base_url.name);
        let place = section.place_of(WHATSAPP.base_url.name);
        reading.fault(FaultKind::UnknownValue, place, found, "such as `https://graph.facebook.com`");
    }
}

fn check_version(reading: &mut Reading<'_>, section: Section<'_>, version: &str) {
    let digits = version.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits.is_some_and(|(major, minor)| is_number(major) && is_number(minor)) {
        let found = format!("`{}` is `{version}`", WHATSAPP.version.name);
        let place = section.place_of(WHATSAPP.version.name);
        reading.fault(FaultKind::UnknownValue, place, found, "a version such as `v25.0`");
    }
}
