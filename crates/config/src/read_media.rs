//! Reads [media]: ports, codecs, music, and where prompts are.

use std::net::IpAddr;
use std::path::PathBuf;

use turno_model::plan::{MediaPlan, SipPlan};

use crate::fault::FaultKind;
use crate::limits;
use crate::node::Kind;
use crate::reading::Reading;
use crate::section::{Section, whole_of, word_of, wrong_type};
use crate::tables::Tables;

pub(crate) const MEDIA_KEYS: [&str; 7] =
    ["bind", "advertised", "ports", "inactivity", "codecs", "music", "prompts"];

/// Codecs in the order of preference unless the plan says otherwise.
const CODECS: [(&str, &str); 3] = [("PCMA", "PCMA"), ("PCMU", "PCMU"), ("G722", "G722")];

/// Reads [media]. Comes before everything that names a prompt.
pub(crate) fn read_media(reading: &mut Reading<'_>, tables: &Tables, sip: &SipPlan) -> MediaPlan {
    let media = tables.single(reading, "media", "[media]", &MEDIA_KEYS);
    let prompts = folder_of(reading, media);
    reading.set_prompt_folder(prompts);
    let (bind, bind_other) = read_bind(reading, media, sip);
    let shown: Vec<IpAddr> = ips_of(reading, media, "advertised");
    let advertised = shown.first().copied().or(sip.advertised);
    MediaPlan {
        bind,
        bind_other,
        advertised,
        advertised_other: shown.get(1).copied(),
        ports: read_ports(reading, media),
        inactivity: media.span_or_none(reading, limits::INACTIVITY, limits::INACTIVITY.default),
        codecs: read_codecs(reading, media),
        music: read_music(reading, media),
    }
}

/// Where RTP is received, for each family that turno listens on.
fn read_bind(reading: &mut Reading<'_>, media: Section<'_>, sip: &SipPlan) -> (IpAddr, Option<IpAddr>) {
    let listen = || sip.listen.iter().map(|&(_, address)| address.ip());
    let first = listen().next().unwrap_or(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));
    let other_than = |one: IpAddr| listen().find(|ip| ip.is_ipv4() != one.is_ipv4());
    let written = ips_of(reading, media, "bind");
    let Some(&bind) = written.first() else { return (first, other_than(first)) };
    let bind_other = written.get(1).copied();
    if let Some(deaf) = other_than(bind).filter(|_| bind_other.is_none()) {
        let family = if deaf.is_ipv4() { "IPv4" } else { "IPv6" };
        let found = format!(
            "turno listens on {deaf}, and `bind` has no {family} address: a phone there hears nobody"
        );
        let expected = format!("`bind = [\"{bind}\", \"{deaf}\"]`, or no `bind` at all");
        reading.fault(FaultKind::Conflict, media.place_of("bind"), found, &expected);
    }
    (bind, bind_other)
}

/// An address, or one of each family.
fn ips_of(reading: &mut Reading<'_>, media: Section<'_>, key: &str) -> Vec<IpAddr> {
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
    if let Some(written) = media.text(reading, "prompts") {
        return folder.join(written);
    }
    let own = folder.join("prompts");
    if own.is_dir() { own } else { folder.join("../prompts") }
}

fn read_music(reading: &mut Reading<'_>, media: Section<'_>) -> PathBuf {
    let folder = reading.origin.folder.clone();
    let written = media.text(reading, "music");
    let file = match written {
        Some(written) => folder.join(written),
        None => {
            let own = folder.join("music/hold.wav");
            if own.is_file() { own } else { folder.join("../music/hold.wav") }
        }
    };
    let name = written.unwrap_or("music/hold.wav");
    reading.check_wav(media.place_of("music"), &file, ("music", name), "");
    file
}

fn read_ports(reading: &mut Reading<'_>, media: Section<'_>) -> (u16, u16) {
    let Some(node) = media.field("ports") else { return limits::RTP_PORTS };
    let expected = "`[first, last]` such as `[20000, 29999]`";
    let Kind::List(items) = &node.kind else {
        wrong_type(reading, node, "ports", expected);
        return limits::RTP_PORTS;
    };
    let [first, last] = items.as_slice() else {
        let found = format!("`ports` has {} numbers", items.len());
        reading.fault(FaultKind::Unintelligible, node.place, found, expected);
        return limits::RTP_PORTS;
    };
    let mut port = |item| {
        let number = whole_of(reading, item, limits::RTP_PORT, "ports")?;
        u16::try_from(number).ok()
    };
    let (Some(first), Some(last)) = (port(first), port(last)) else { return limits::RTP_PORTS };
    if first % 2 != 0 {
        let found = format!("the first RTP port, {first}, is odd");
        reading.fault(
            FaultKind::Conflict,
            node.place,
            found,
            "an even port: RTCP takes the odd one after it",
        );
    }
    if last < first || last - first < limits::RTP_PORTS_MIN - 1 {
        let found = format!("`ports` runs from {first} to {last}");
        let expected = format!("first before last, at least {} ports", limits::RTP_PORTS_MIN);
        reading.fault(FaultKind::Conflict, node.place, found, expected);
    }
    (first, last)
}

fn read_codecs(reading: &mut Reading<'_>, media: Section<'_>) -> Vec<String> {
    if !media.has("codecs") {
        return CODECS.iter().map(|&(name, _)| name.to_owned()).collect();
    }
    let mut codecs: Vec<String> = Vec::new();
    for (_, node) in media.texts(reading, "codecs") {
        let Some(codec) = word_of(reading, node, "codec", &CODECS) else { continue };
        if codecs.iter().any(|known| known == codec) {
            reading.twice(node.place, media.place_of("codecs"), &format!("`{codec}`"));
        } else {
            codecs.push(codec.to_owned());
        }
    }
    if media.texts(reading, "codecs").is_empty() {
        let expected = "`PCMA`, `PCMU`, `G722` in the order of preference";
        reading.fault(FaultKind::Missing, media.place_of("codecs"), "no codec is left", expected);
    }
    codecs
}
