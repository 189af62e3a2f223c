//! Reads [media]: ports, codecs, music, and where prompts are.

use std::net::IpAddr;
use std::path::PathBuf;

use turno_model::plan::{MediaPlan, SipPlan};

use crate::fault::FaultKind;
use crate::keys::voices::MEDIA;
use crate::node::Kind;
use crate::reading::Reading;
use crate::section::{Section, whole_of, word_of, wrong_type};
use crate::shipped::or_shipped;
use crate::tables::Tables;
use crate::values::Pair;

/// Reads [media]. Comes before everything that names a prompt.
pub(crate) fn read_media(reading: &mut Reading<'_>, tables: &Tables, sip: &SipPlan) -> MediaPlan {
    let media = tables.single(reading, "media");
    let prompts = folder_of(reading, media);
    reading.set_prompt_folder(prompts);
    let (bind, bind_other) = read_bind(reading, media, sip);
    let shown: Vec<IpAddr> = ips_of(reading, media, MEDIA.advertised.name);
    let advertised = shown.first().copied().or(sip.advertised);
    MediaPlan {
        bind,
        bind_other,
        advertised,
        advertised_other: shown.get(1).copied(),
        ports: read_ports(reading, media),
        inactivity: MEDIA.inactivity.read(reading, media),
        codecs: read_codecs(reading, media),
        music: read_music(reading, media),
    }
}

/// Where RTP is received, for each family that turno listens on.
fn read_bind(reading: &mut Reading<'_>, media: Section<'_>, sip: &SipPlan) -> (IpAddr, Option<IpAddr>) {
    let listen = || sip.listen.iter().map(|&(_, address)| address.ip());
    let first = listen().next().unwrap_or(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));
    let other_than = |one: IpAddr| listen().find(|ip| ip.is_ipv4() != one.is_ipv4());
    let written = ips_of(reading, media, MEDIA.bind.name);
    let Some(&bind) = written.first() else { return (first, other_than(first)) };
    let bind_other = written.get(1).copied();
    if let Some(deaf) = other_than(bind).filter(|_| bind_other.is_none()) {
        let family = if deaf.is_ipv4() { "IPv4" } else { "IPv6" };
        let found = format!(
            "turno listens on {deaf}, and `bind` has no {family} address: a phone there hears nobody"
        );
        let expected = format!("`bind = [\"{bind}\", \"{deaf}\"]`, or no `bind` at all");
        reading.fault(FaultKind::Conflict, media.place_of(MEDIA.bind.name), found, &expected);
    }
    (bind, bind_other)
}

/// An address, or one of each family.
pub(crate) fn ips_of(reading: &mut Reading<'_>, media: Section<'_>, key: &str) -> Vec<IpAddr> {
    let Some(node) = media.field(key) else { return Vec::new() };
    if !matches!(node.kind, Kind::List(_)) {
        return media.ip(reading, key).into_iter().collect();
    }
    let expected = "an address, or one of IPv4 and one of IPv6";
    let mut ips: Vec<IpAddr> = Vec::new();
    for (text, node) in media.texts(reading, key) {
        match text.parse::<IpAddr>() {
            Ok(ip) if ips.len() < 2 && ips.iter().all(|known| known.is_ipv4() != ip.is_ipv4()) => {
                ips.push(ip)
            }
            Ok(_) | Err(_) => {
                let found = format!("`{key}` has `{text}`");
                reading.fault(FaultKind::Unintelligible, node.place, found, expected);
            }
        }
    }
    ips
}

/// The folder of prompts: as written, or beside the plan, or beside the plan's folder.
fn folder_of(reading: &mut Reading<'_>, media: Section<'_>) -> PathBuf {
    let folder = reading.origin.folder.clone();
    if let Some(written) = media.text(reading, MEDIA.prompts.name) {
        return folder.join(written);
    }
    let own = folder.join("prompts");
    if own.is_dir() { own } else { folder.join("../prompts") }
}

fn read_music(reading: &mut Reading<'_>, media: Section<'_>) -> PathBuf {
    let folder = reading.origin.folder.clone();
    let written = media.text(reading, MEDIA.music.name);
    let file = match written {
        Some(written) => folder.join(written),
        None => {
            let own = folder.join("music/hold.wav");
            let beside = if own.is_file() { own } else { folder.join("../music/hold.wav") };
            or_shipped(beside, "music/hold.wav", reading.origin.environment)
        }
    };
    let name = written.unwrap_or("music/hold.wav");
    reading.check_wav(media.place_of(MEDIA.music.name), &file, ("music", name), "");
    file
}

fn read_ports(reading: &mut Reading<'_>, media: Section<'_>) -> (u16, u16) {
    let Pair { default, range, least } = MEDIA.ports.value;
    let Some(node) = media.field(MEDIA.ports.name) else { return default };
    let expected = "`[first, last]` such as `[20000, 29999]`";
    let Kind::List(items) = &node.kind else {
        wrong_type(reading, node, "ports", expected);
        return default;
    };
    let [first, last] = items.as_slice() else {
        let found = format!("`ports` has {} numbers", items.len());
        reading.fault(FaultKind::Unintelligible, node.place, found, expected);
        return default;
    };
    let mut port = |item| {
        let number = whole_of(reading, item, MEDIA.ports.name, range, None)?;
        u16::try_from(number).ok()
    };
    let (Some(first), Some(last)) = (port(first), port(last)) else { return default };
    if first % 2 != 0 {
        let found = format!("the first RTP port, {first}, is odd");
        reading.fault(
            FaultKind::Conflict,
            node.place,
            found,
            "an even port: RTCP takes the odd one after it",
        );
    }
    if last < first || last - first < least - 1 {
        let found = format!("`ports` runs from {first} to {last}");
        let expected = format!("first before last, at least {least} ports");
        reading.fault(FaultKind::Conflict, node.place, found, expected);
    }
    (first, last)
}

fn read_codecs(reading: &mut Reading<'_>, media: Section<'_>) -> Vec<String> {
    let key = &MEDIA.codecs;
    if !media.has(key.name) {
        return key.value.default.iter().map(|&codec| codec.to_owned()).collect();
    }
    let mut codecs: Vec<String> = Vec::new();
    for (_, node) in media.texts(reading, key.name) {
        let Some(codec) = word_of(reading, node, "codec", key.value.words) else { continue };
        if codecs.iter().any(|known| known == codec) {
            reading.twice(node.place, media.place_of(key.name), &format!("`{codec}`"));
        } else {
            codecs.push(codec.to_owned());
        }
    }
    if codecs.iter().all(|codec| codec == "OPUS") {
        // Music, mixes and trunks have one of the others.
        let expected = "one of `PCMA`, `PCMU`, `G722` at least, in the order of preference";
        reading.fault(FaultKind::Missing, media.place_of(key.name), "no codec is left", expected);
    }
    codecs
}
