//! What we send: each kind of letter within the platform's limits, and what each answer means.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::cutting::length;
use super::{
    Answer, CANNOT_BE_SENT, GraphError, Scope, Uploaded, Wording, codes, is_outside_window, judge, mark_seen,
    requests,
};
use crate::address::Address;
use crate::body::{Body, Choice, Choices, FileHere, FileId};
use crate::joint::{Letter, Outcome};
use crate::message::{ConversationId, MessageId};
use crate::time::Millis;

fn letter(body: Body) -> Letter {
    Letter {
        message: MessageId(77),
        conversation: ConversationId(5),
        address: Address::WhatsApp { number: Some("593990000001".to_owned()), user: Some("EC.1".to_owned()) },
        body,
        file: None,
        subject: None,
        earlier: Vec::new(),
        person_wrote: None,
        tries: 0,
        is_automatic: false,
    }
}

fn text(text: &str) -> Body {
    Body::Text { text: text.to_owned() }
}

fn sent(body: Body) -> Vec<Value> {
    requests(&letter(body), &Wording::default(), None, None).expect("a form")
}

fn choices(text: &str, titles: &[&str]) -> Body {
    let choice = |(at, title): (usize, &&str)| Choice {
        id: format!("id{at}"),
        title: (*title).to_owned(),
        detail: None,
    };
    Body::Choices(Choices { text: text.to_owned(), choices: titles.iter().enumerate().map(choice).collect() })
}

#[test]
fn a_text_bears_our_own_number_and_may_quote() {
    let request =
        requests(&letter(text("Buenas tardes")), &Wording::default(), None, Some("wamid.A")).expect("a form");
    let expected = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "593990000001", "type": "text",
        "text": { "body": "Buenas tardes" }, "context": { "message_id": "wamid.A" }, "biz_opaque_callback_data": "turno:77",
    });
    assert_eq!(request, [expected]);
}

#[test]
fn a_person_without_a_number_is_written_to_by_name() {
    let mut letter = letter(text("hola"));
    letter.address = Address::WhatsApp { number: None, user: Some("EC.1".to_owned()) };
    let request = &requests(&letter, &Wording::default(), None, None).expect("a form")[0];
    assert_eq!((&request["recipient"], &request["to"]), (&json!("EC.1"), &Value::Null));
    letter.address = Address::WhatsApp { number: None, user: None };
    assert_eq!(requests(&letter, &Wording::default(), None, None), Err(CANNOT_BE_SENT));
}

#[test]
fn a_long_text_becomes_several_messages() {
    let requests = sent(text(&"palabra ".repeat(1_000)));
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|one| length(one["text"]["body"].as_str().expect("text")) <= 4_096));
    assert!(requests[0]["text"]["body"].as_str().expect("text").ends_with("palabra"));
}

#[test]
fn up_to_three_short_answers_are_buttons() {
    let request = &sent(choices("¿Resuelto?", &["Sí", "No", "Hablar con asesor"]))[0];
    assert_eq!(request["interactive"]["type"], "button");
    assert_eq!(request["interactive"]["body"]["text"], "¿Resuelto?");
    assert_eq!(
        request["interactive"]["action"]["buttons"][2]["reply"],
        json!({ "id": "id2", "title": "Hablar con asesor" })
    );
}

#[test]
fn more_or_longer_answers_are_a_list_with_all_words() {
    let request = &sent(choices("¿Cuál?", &["Predial", "Patente", "LUAE", "RAET"]))[0];
    let section = &request["interactive"]["action"]["sections"][0];
    assert_eq!(section["rows"][3], json!({ "id": "id3", "title": "RAET" }));
    assert_eq!(request["interactive"]["action"]["button"], "Opciones");
    let request =
        &sent(choices("¿Cuál?", &["Impuesto predial: consulta y pago", "Impuesto predial: exoneración"]))[0];
    let rows = &request["interactive"]["action"]["sections"][0]["rows"];
    let expected = json!({ "id": "id0", "title": "1. Impuesto predial:…", "description": "Impuesto predial: consulta y pago" });
    assert_eq!(rows[0], expected);
    assert_eq!(request["interactive"]["body"]["text"], "¿Cuál?");
}

#[test]
fn what_no_row_can_show_stands_in_the_question() {
    let long = format!("Certificado de gravamen {}", "con antecedentes ".repeat(6));
    let request = &sent(choices("¿Cuál?", &[&long, "LUAE"]))[0];
    let question = request["interactive"]["body"]["text"].as_str().expect("a question");
    assert!(
        question.starts_with("¿Cuál?\n\n1. Certificado") && question.ends_with("\n2. LUAE"),
        "{question}"
    );
    let eleven: Vec<String> = (0..11).map(|at| format!("Trámite {at}")).collect();
    let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
    let request = &sent(choices("¿Cuál?", &eleven))[0];
    assert!(request["text"]["body"].as_str().expect("text").ends_with("11. Trámite 10"));
    assert_eq!(sent(choices("¿Cuál?", &[]))[0]["text"]["body"], "¿Cuál?");
}

#[test]
fn a_card_has_its_answers_in_the_same_message() {
    let choice = |id: &str, title: &str| Choice { id: id.to_owned(), title: title.to_owned(), detail: None };
    let card = |choices| Body::Card { procedure: "luae".into(), text: "LUAE: RUC, patente".into(), choices };
    assert_eq!(sent(card(Vec::new()))[0]["text"]["body"], "LUAE: RUC, patente");
    let requests = sent(card(vec![choice("yes", "Me sirve"), choice("no", "No me sirve")]));
    assert_eq!(
        (requests.len(), &requests[0]["interactive"]["body"]["text"]),
        (1, &json!("LUAE: RUC, patente"))
    );
    assert_eq!(requests[0]["interactive"]["action"]["buttons"][1]["reply"]["id"], "no");
}

#[test]
fn a_long_question_has_its_begin_in_front() {
    let requests = sent(choices(&"palabra ".repeat(300), &["Sí", "No"]));
    assert_eq!(
        requests.iter().map(|one| one["type"].as_str().expect("type")).collect::<Vec<_>>(),
        ["text", "interactive"]
    );
    let said = |one: &Value| {
        let words = one["text"]["body"].as_str().or_else(|| one["interactive"]["body"]["text"].as_str());
        words.expect("words").matches("palabra").count()
    };
    assert_eq!(requests.iter().map(said).sum::<usize>(), 300, "nothing is said twice, nothing is lost");
}

#[test]
fn a_file_goes_as_what_it_is_with_its_words() {
    let with = |kind: &str, caption: Option<&str>| {
        let mut letter = letter(Body::File {
            file: FileId("aa".to_owned()),
            name: "Requisitos.pdf".to_owned(),
            media: kind.to_owned(),
            size: 3,
            caption: caption.map(str::to_owned),
        });
        assert_eq!(
            requests(&letter, &Wording::default(), None, None),
            Err(CANNOT_BE_SENT),
            "without the file"
        );
        let file =
            FileHere { name: "Requisitos.pdf".to_owned(), kind: kind.to_owned(), bytes: vec![1, 2, 3] };
        letter.file = Some(file);
        requests(&letter, &Wording::default(), Some(&Uploaded("m1".to_owned())), None).expect("a form")
    };
    let pdf = with("application/pdf", Some("Aquí están"));
    assert_eq!(
        pdf[0]["document"],
        json!({ "id": "m1", "filename": "Requisitos.pdf", "caption": "Aquí están" })
    );
    assert_eq!(with("image/png", None)[0]["image"], json!({ "id": "m1" }));
    let audio = with("audio/ogg", Some("Escuche"));
    assert_eq!((&audio[0]["audio"], &audio[1]["text"]["body"]), (&json!({ "id": "m1" }), &json!("Escuche")));
    assert_eq!(with("image/png", Some(&"palabra ".repeat(200))).len(), 2);
}

#[test]
fn templates_places_and_signs_have_their_forms() {
    let template = Body::Template {
        name: "seguimos".to_owned(),
        language: "es".to_owned(),
        parameters: vec!["su\ntrámite     LUAE".to_owned()],
        text: "Seguimos con su trámite LUAE".to_owned(),
    };
    let expected = json!({
        "name": "seguimos",
        "language": { "policy": "deterministic", "code": "es" },
        "components": [{ "type": "body", "parameters": [{ "type": "text", "text": "su trámite LUAE" }] }],
    });
    assert_eq!(sent(template)[0]["template"], expected);
    let place = Body::Location { north: -180_653, east: -78_467_834, name: Some("Balcón".to_owned()) };
    let expected = json!({ "latitude": "-0.180653", "longitude": "-78.467834", "name": "Balcón" });
    assert_eq!(sent(place)[0]["location"], expected);
    let sign = Body::Reaction { to: "wamid.A".to_owned(), sign: "👍".to_owned() };
    assert_eq!(sent(sign)[0]["reaction"], json!({ "message_id": "wamid.A", "emoji": "👍" }));
    let nothing = requests(&letter(Body::Other { what: "x".to_owned() }), &Wording::default(), None, None);
    assert_eq!(nothing, Err(CANNOT_BE_SENT));
    assert_eq!(requests(&letter(text("  ")), &Wording::default(), None, None), Err(CANNOT_BE_SENT));
    let seen = mark_seen("wamid.A", true);
    assert_eq!((&seen["status"], &seen["typing_indicator"]["type"]), (&json!("read"), &json!("text")));
}

#[test]
fn a_day_after_the_person_wrote_only_a_template_may_leave() {
    let mut late = letter(text("hola"));
    let now = Millis(1_796_000_000_000);
    assert!(!is_outside_window(&late, now), "the person may have called: the platform knows");
    late.person_wrote = Some(now.plus_secs(-86_399));
    assert!(!is_outside_window(&late, now));
    late.person_wrote = Some(now.plus_secs(-86_400));
    assert!(is_outside_window(&late, now));
    late.body =
        Body::Template { name: "t".into(), language: "es".into(), parameters: vec![], text: "t".into() };
    assert!(!is_outside_window(&late, now));
}

fn refused(status: u16, code: u32, subcode: u32) -> Answer {
    let error = GraphError { code, subcode, message: "(#100) param text too long".to_owned() };
    Answer::Refused { status, error: Some(error), retry_after: None }
}

#[test]
fn each_code_has_its_course() {
    assert!(codes::CODES.is_sorted_by(|a, b| a.code < b.code));
    for never in [100, 131_026, 131_047, 131_051, 131_049, 132_001, 131_062] {
        let verdict = judge(&refused(400, never, 0), 0);
        assert!(matches!(verdict.outcome, Outcome::Failed { .. }) && verdict.hold.is_none(), "{never}");
    }
    for (code, scope, waits) in [
        (130_429, Scope::Number, [5, 10, 20]),
        (131_056, Scope::Person, [1, 4, 16]),
        (80_007, Scope::Number, [60, 120, 240]),
        (4, Scope::Number, [60, 120, 240]),
    ] {
        for (tries, wait) in (0..).zip(waits) {
            let verdict = judge(&refused(400, code, 0), tries);
            let Outcome::Later { after_secs, .. } = verdict.outcome else { panic!("{code}") };
            assert_eq!((after_secs, verdict.hold.map(|hold| hold.scope)), (wait, Some(scope)), "{code}");
        }
    }
    let expired = judge(&refused(401, 190, 0), 0);
    assert!(expired.is_alarm && matches!(expired.outcome, Outcome::Later { after_secs: 300, .. }));
    let unknown_number = judge(&refused(400, 100, 33), 0);
    assert!(unknown_number.is_alarm && matches!(unknown_number.outcome, Outcome::Failed { .. }));
    let Outcome::Failed { why } = judge(&refused(400, 131_047, 0), 0).outcome else {
        panic!("it may not leave")
    };
    assert_eq!(why, "more than 24 hours since this person last wrote: only a template may be sent (131047)");
}

#[test]
fn a_fault_of_the_platform_is_tried_again_but_not_for_ever() {
    assert!(matches!(judge(&refused(500, 131_000, 0), 3).outcome, Outcome::Later { after_secs: 240, .. }));
    assert!(matches!(judge(&refused(500, 131_000, 0), 12).outcome, Outcome::Failed { .. }));
    let plain = |status, retry_after| judge(&Answer::Refused { status, error: None, retry_after }, 0);
    assert!(matches!(plain(429, Some(90)).outcome, Outcome::Later { after_secs: 90, .. }));
    assert!(plain(503, None).is_away && matches!(plain(503, None).outcome, Outcome::Later { .. }));
    assert!(matches!(plain(504, None).outcome, Outcome::Unknown { .. }), "it may have been done");
    assert!(matches!(plain(404, None).outcome, Outcome::Failed { .. }));
    let silent = judge(&Answer::Silent("no answer in time".to_owned()), 0);
    assert!(silent.is_away && matches!(silent.outcome, Outcome::Unknown { .. }), "never sent twice");
    let away = judge(&Answer::Unreached("connection refused".to_owned()), 20);
    assert!(matches!(away.outcome, Outcome::Later { after_secs: 15, .. }), "none is lost");
}

#[test]
fn answers_are_read() {
    let taken = br#"{"messaging_product":"whatsapp","contacts":[{"input":"1","wa_id":"1"}],"messages":[{"id":"wamid.A"}]}"#;
    assert_eq!(Answer::read(200, None, taken), Answer::Taken("wamid.A".to_owned()));
    assert!(matches!(Answer::read(200, None, b"{}"), Answer::Silent(_)));
    let refused = br#"{"error":{"message":"(#131056) pair","code":131056,"error_data":{"details":"too many"},"error_subcode":2494055}}"#;
    let expected = GraphError { code: 131_056, subcode: 2_494_055, message: "too many".to_owned() };
    assert_eq!(
        Answer::read(400, Some(3), refused),
        Answer::Refused { status: 400, error: Some(expected), retry_after: Some(3) }
    );
    assert_eq!(
        Answer::read(502, None, b"<html>"),
        Answer::Refused { status: 502, error: None, retry_after: None }
    );
}

fn within_limits(request: &Value) {
    let text = |value: &Value| length(value.as_str().unwrap_or_default());
    assert!(text(&request["text"]["body"]) <= 4_096);
    let asked = &request["interactive"];
    assert!(text(&asked["body"]["text"]) <= 1_024);
    let mut titles = Vec::new();
    for button in asked["action"]["buttons"].as_array().into_iter().flatten() {
        assert!((1..=20).contains(&text(&button["reply"]["title"])));
        titles.push(button["reply"]["title"].clone());
    }
    assert!(titles.len() <= 3);
    for row in asked["action"]["sections"][0]["rows"].as_array().into_iter().flatten() {
        assert!((1..=24).contains(&text(&row["title"])) && text(&row["description"]) <= 72);
        titles.push(row["title"].clone());
    }
    assert!(titles.len() <= 10);
    let all = titles.len();
    titles.sort_by_key(Value::to_string);
    titles.dedup();
    assert_eq!(titles.len(), all, "titles are different");
}

proptest! {
    #[test]
    fn no_question_breaks_a_limit(
        question in "[a-zñ \\n👍]{0,3000}",
        titles in prop::collection::vec("[a-zñ👍 ]{0,90}", 0..13),
        detail in prop::option::of("[a-z ]{0,100}"),
    ) {
        let choice = |(at, title): (usize, &String)| {
            Choice { id: format!("id{at}"), title: title.clone(), detail: detail.clone() }
        };
        let list: Vec<Choice> = titles.iter().enumerate().map(choice).collect();
        let body = Body::Choices(Choices { text: question, choices: list });
        if let Ok(requests) = requests(&letter(body), &Wording::default(), None, None) {
            requests.iter().for_each(within_limits);
            let said = requests.iter().map(Value::to_string).collect::<String>();
            for title in &titles {
                let words = title.trim();
                prop_assert!(words.split_whitespace().all(|word| said.contains(word)), "{words:?} is said in {said}");
            }
        }
    }
}
