//! Tests the sentences against their golden files, the numbers against a second way to spell them, and the recordings.

use core::fmt::Write as _;
use core::time::Duration;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::language::Language;
use crate::speech::spanish::Form;
use crate::speech::{Spoken, english, joined, parts, recordings, spanish, text, told_minutes};

const LANGUAGES: [Language; 2] = [Language::English, Language::Spanish];

/// Times beside the half hours: first and last minutes, those with and without a noun in Spanish, quarters.
const TIMES: [(u16, u16); 18] = [
    (0, 1),
    (0, 5),
    (1, 1),
    (6, 15),
    (7, 50),
    (9, 59),
    (10, 2),
    (10, 9),
    (10, 20),
    (11, 21),
    (12, 1),
    (12, 45),
    (13, 15),
    (14, 31),
    (17, 55),
    (18, 40),
    (20, 41),
    (23, 59),
];

fn code(language: Language) -> &'static str {
    language.say("en", "es")
}

fn prompts() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/prompts")
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

/// Each sentence of the golden file, with what it tells.
fn sentences() -> Vec<(String, Spoken)> {
    let places = (1..=205).map(|place| (format!("place {place}"), Spoken::Place(place)));
    let waits = (0..=125).map(|wait| (format!("wait {wait} min"), Spoken::Wait(minutes(wait))));
    let half_hours = (0..48).map(|half| (half / 2, half % 2 * 30));
    let times = half_hours
        .chain(TIMES)
        .map(|(hour, minute)| (format!("call at {hour:02}:{minute:02}"), Spoken::CallAt(60 * hour + minute)));
    let turns = [0, 60, 720, 760, 785, 1021]
        .map(|minute| (format!("turn at {:02}:{:02}", minute / 60, minute % 60), Spoken::TurnAt(minute)));
    let messages = [0, 60, 785].map(|minute| {
        (format!("message at {:02}:{:02}", minute / 60, minute % 60), Spoken::MessageAt(minute))
    });
    let digits = ["0123456789", "1800 510-510"]
        .map(|digits| (format!("digits {digits}"), Spoken::Digits(digits.into())));
    places.chain(waits).chain(times).chain(turns).chain(messages).chain(digits).collect()
}

fn numbers(language: Language, number: u32) -> Vec<Vec<&'static str>> {
    match language {
        Language::English => vec![english::number(number)],
        Language::Spanish => [Form::Feminine, Form::Short].map(|form| spanish::number(number, form)).to_vec(),
    }
}

// A caller who hears 'veintiuno personas' hears a machine.
#[test]
fn every_sentence_is_the_one_that_is_written_down() {
    for (language, golden) in
        [(Language::English, include_str!("english.txt")), (Language::Spanish, include_str!("spanish.txt"))]
    {
        let mut table = String::new();
        for (what, spoken) in sentences() {
            writeln!(table, "{what}: {}", text(language, &spoken)).expect("a string grows");
        }
        for number in 0..200 {
            let forms =
                numbers(language, number).iter().map(|parts| joined(language, parts)).collect::<Vec<_>>();
            writeln!(table, "number {number}: {}", forms.join(" | ")).expect("a string grows");
        }
        if std::env::var_os("TURNO_BLESS").is_some() {
            let file = format!("src/speech/{}.txt", language.say("english", "spanish"));
            fs::write(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file), &table)
                .expect("the file is ours");
        } else {
            let other = table.lines().zip(golden.lines()).find(|(new, old)| new != old);
            assert!(
                table == golden,
                "{other:?}\n`TURNO_BLESS=1 cargo test -p turno-model speech` writes it anew"
            );
        }
    }
}

/// A number as it is counted, spelled from its words.
fn counted(number: usize) -> String {
    const SMALL: &str =
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince";
    const TENS: &str = "treinta cuarenta cincuenta sesenta setenta ochenta noventa";
    let unit = || counted(number % 10);
    match number {
        0..=15 => SMALL.split(' ').nth(number).expect("sixteen words").to_owned(),
        16..=19 => accented(&format!("dieci{}", unit())),
        20 => "veinte".to_owned(),
        21..=29 => accented(&format!("veinti{}", unit())),
        30..=99 => {
            let tens = TENS.split(' ').nth(number / 10 - 3).expect("seven words");
            if number.is_multiple_of(10) { tens.to_owned() } else { format!("{tens} y {}", unit()) }
        }
        100 => "cien".to_owned(),
        _ => format!("ciento {}", counted(number - 100)),
    }
}

/// One word from two has an accent where its last syllable is stressed and ends in `s`.
fn accented(word: &str) -> String {
    for (plain, accented) in [("dos", "dós"), ("tres", "trés"), ("seis", "séis")] {
        if let Some(start) = word.strip_suffix(plain) {
            return format!("{start}{accented}");
        }
    }
    word.to_owned()
}

fn before_personas(number: usize) -> String {
    let counted = counted(number);
    counted.strip_suffix("uno").map_or_else(|| counted.clone(), |start| format!("{start}una"))
}

fn before_minutos(number: usize) -> String {
    let counted = counted(number);
    if let Some(start) = counted.strip_suffix("veintiuno") {
        return format!("{start}veintiún");
    }
    counted.strip_suffix("uno").map_or_else(|| counted.clone(), |start| format!("{start}un"))
}

#[test]
fn spanish_numbers_are_spelled_alike_by_another_rule() {
    for number in 0..200_u32 {
        let said = |form| joined(Language::Spanish, &spanish::number(number, form));
        assert_eq!(said(Form::Feminine), before_personas(number as usize));
        assert_eq!(said(Form::Short), before_minutos(number as usize));
    }
    assert_eq!(before_personas(131), "ciento treinta y una");
    assert_eq!(before_minutos(121), "ciento veintiún");
}

#[test]
fn a_sentence_changes_exactly_when_its_told_minutes_change() {
    let told = [(0, None), (59, None), (60, Some(1)), (61, Some(2)), (900, Some(15)), (901, Some(20))];
    for (seconds, minutes) in told.into_iter().chain([(7_200, Some(120)), (7_201, Some(121))]) {
        assert_eq!(told_minutes(Duration::from_secs(seconds)), minutes, "{seconds} s");
    }
    assert_eq!(told_minutes(Duration::from_millis(60_900)), Some(1), "parts of a second make no minute");
    assert_eq!(told_minutes(Duration::MAX), Some(121));
    for language in LANGUAGES {
        for seconds in 0..7_500 {
            let [one, next] = [seconds, seconds + 1].map(Duration::from_secs);
            let same = text(language, &Spoken::Wait(one)) == text(language, &Spoken::Wait(next));
            assert_eq!(same, told_minutes(one) == told_minutes(next), "{seconds} s");
        }
    }
}

#[test]
fn values_outside_their_range_are_spoken_too() {
    for language in LANGUAGES {
        let said = |spoken| text(language, &spoken);
        assert_eq!(said(Spoken::Place(0)), said(Spoken::Place(1)));
        assert_eq!(said(Spoken::Place(u32::MAX)), said(Spoken::Place(202)));
        assert_eq!(said(Spoken::CallAt(24 * 60 + 90)), said(Spoken::CallAt(90)));
        assert_eq!(said(Spoken::Wait(Duration::MAX)), said(Spoken::Wait(minutes(121))));
        assert_eq!(said(Spoken::Digits("*#+a".into())), "");
    }
}

#[test]
fn every_part_is_a_recording_and_every_recording_is_a_part_of_a_sentence() {
    for language in LANGUAGES {
        let recorded: BTreeSet<_> = recordings(language).iter().map(|(name, _)| *name).collect();
        assert_eq!(recorded.len(), recordings(language).len(), "each name stands once");
        let times = (0..24 * 60).map(Spoken::CallAt);
        let spoken = sentences().into_iter().map(|(_, spoken)| spoken).chain(times);
        let named: BTreeSet<_> = spoken.flat_map(|spoken| parts(language, &spoken)).collect();
        assert_eq!(named, recorded);
        let in_numbers: BTreeSet<_> =
            (0..200).flat_map(|number| numbers(language, number)).flatten().collect();
        assert!(in_numbers.is_subset(&recorded));
    }
}

#[test]
fn every_recording_is_there_with_its_text() {
    for language in LANGUAGES {
        let lines = fs::read_to_string(prompts().join(format!("{}.txt", code(language)))).unwrap();
        let lines: Vec<_> = lines.lines().filter_map(|line| line.split_once(" | ")).collect();
        let written: Vec<_> = lines.into_iter().filter(|(name, _)| name.starts_with("say/")).collect();
        assert_eq!(written, recordings(language));
        for (name, _) in recordings(language) {
            let wav = fs::read(prompts().join(format!("{}/{name}.wav", code(language)))).expect(name);
            assert!(wav.starts_with(b"RIFF") && wav[8..].starts_with(b"WAVE"), "{name}");
            let milliseconds = wav.len() / 32;
            assert!((200..4_000).contains(&milliseconds), "{name} has {milliseconds} ms at 16 kHz");
        }
    }
}

#[test]
fn names_are_plain_and_a_sentence_ends_with_its_last_part() {
    for language in LANGUAGES {
        for (name, _) in recordings(language) {
            let name = name.strip_prefix("say/").expect("a folder of their own");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{name}");
        }
        for (what, spoken) in sentences() {
            let text = text(language, &spoken);
            let is_sentence = text.matches('.').count() == 1 && text.ends_with('.');
            assert_eq!(is_sentence, !matches!(spoken, Spoken::Digits(_)), "{what}: {text}");
            assert!(!text.contains("  ") && !text.contains("say/"), "{what}: {text}");
        }
    }
}
