//! Every recorded webhook becomes the right values, and a strange one takes nothing with it.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Event, NoticeKind, Unread, What, read};
use crate::address::Address;
use crate::body::Body;
use crate::joint::{Incoming, Reported};
use crate::message::{Delivery, MessageId};
use crate::time::Millis;

const RECORDED: &str = include_str!("webhooks/recorded.json");
const NOW: Millis = Millis(1_796_000_000_000);

fn recorded() -> Map<String, Value> {
    serde_json::from_str(RECORDED).expect("JSON")
}

fn events(name: &str) -> Vec<Event> {
    let all = recorded();
    let one = all.get(name).unwrap_or_else(|| panic!("{name} is not recorded"));
    read(&serde_json::to_vec(one).expect("JSON"), NOW).expect(name)
}

fn incoming(name: &str) -> Incoming {
    let What::Message(incoming) = events(name).remove(0).what else { panic!("{name} is no message") };
    *incoming
}

fn body(name: &str) -> Body {
    incoming(name).body.expect("words")
}

fn reports(name: &str) -> Vec<Reported> {
    let report = |event: Event| if let What::Report(report) = event.what { Some(report.what) } else { None };
    events(name).into_iter().filter_map(report).collect()
}

fn notices(name: &str) -> Vec<(NoticeKind, String)> {
    let told = |event: Event| {
        let What::Notice(notice) = event.what else { panic!("{name} is no notice") };
        (notice.kind, notice.words)
    };
    events(name).into_iter().map(told).collect()
}

fn text(text: &str) -> Body {
    Body::Text { text: text.to_owned() }
}

fn other(what: &str) -> Body {
    Body::Other { what: what.to_owned() }
}

fn file(reference: &str, media: &str, name: Option<&str>, caption: Option<&str>) -> Body {
    Body::FileElsewhere {
        reference: reference.to_owned(),
        media: media.to_owned(),
        name: name.map(str::to_owned),
        caption: caption.map(str::to_owned),
    }
}

#[test]
fn a_text_comes_with_its_writer_and_its_time() {
    let event = events("message.text").remove(0);
    assert_eq!(event.number.as_deref(), Some("1122334455667"));
    let incoming = incoming("message.text");
    let user = Some("US.13491208655302741918".to_owned());
    assert_eq!(incoming.address, Address::WhatsApp { number: Some("972987654321".to_owned()), user });
    assert_eq!(incoming.external, "wamid.xyzxyz");
    assert_eq!(incoming.at, Millis(1_697_043_223_000));
    assert_eq!(incoming.name.as_deref(), Some("Test Name"));
    assert_eq!(incoming.body, Some(text("Body Text")));
    assert_eq!(incoming.replies_to, None);
    assert!(incoming.files.is_empty() && incoming.marks.is_empty());
}

#[test]
fn every_kind_of_message_becomes_its_body() {
    let (ogg, id) = ("audio/ogg; codecs=opus", "1234567890987654321");
    for (name, expected) in [
        ("message.image", file("65463453", "image/jpeg", None, None)),
        ("message.media_with_url", file("65463453", "image/jpeg", None, None)),
        ("message.video", file("765756756", "video/mp4", None, Some("caption"))),
        ("message.document", file(id, "application/pdf", Some("filename.pdf"), Some("caption"))),
        ("message.audio", file(id, ogg, None, None)),
        ("message.voice", file(id, ogg, None, None)),
        ("message.static_sticker", file(id, "image/webp", None, None)),
        ("message.animated_sticker", file(id, "image/webp", None, None)),
        ("message.reaction", Body::Reaction { to: "wamid.yzxyzx=".to_owned(), sign: "😮".to_owned() }),
        ("message.unreaction_empty", Body::Reaction { to: "wamid.yzxyzx=".to_owned(), sign: String::new() }),
        (
            "message.unreaction_no_emoji",
            Body::Reaction { to: "wamid.yzxyzx=".to_owned(), sign: String::new() },
        ),
        ("message.current_location", Body::Location { north: 12_250_890, east: 43_905_390, name: None }),
        (
            "message.chosen_location",
            Body::Location { north: 37_461_198, east: -122_216_439, name: Some("Facebook HQ".to_owned()) },
        ),
        (
            "message.contacts",
            text(
                "Centro Quitumbe, +1 555-555-5555\nCarapungo, +1 666-666-6666\nParque Calderon, +1 777-777-7777",
            ),
        ),
        ("message.order", other("order: 3 × HAMBURGER, 2 × FRENCH_FRIES, 2 × SODA")),
        ("message.unsupported", other("unsupported (131051)")),
        ("message.unsupported_with_type", other("pool")),
        ("message.reply", text("replied text")),
        ("message.interactive_message_with_err", other("interactive")),
        ("message.referral", text("BODY")),
        (
            "callback_button.button",
            Body::Chosen { id: "callback_data".to_owned(), title: "title".to_owned() },
        ),
        (
            "callback_button.quick_reply",
            Body::Chosen { id: "callback_data".to_owned(), title: "title".to_owned() },
        ),
        (
            "callback_selection.callback",
            Body::Chosen { id: "callback_data".to_owned(), title: "title".to_owned() },
        ),
        (
            "callback_selection.description",
            Body::Chosen { id: "callback_data".to_owned(), title: "title".to_owned() },
        ),
        ("call_permission_update.accept", other("call permission: accept")),
        ("call_permission_update.reject", other("call permission: reject")),
        (
            "flow_completion.without_flow_token",
            text(
                "comment_text: Comment Text\ncs_rating: 0\ndelivery_rating: 4\npurchase_rating: 2\nrecommend_radio: 0",
            ),
        ),
    ] {
        assert_eq!(body(name), expected, "{name}");
    }
    assert_eq!(
        body("flow_completion.completion"),
        body("flow_completion.without_flow_token"),
        "no token is shown"
    );
}

#[test]
fn marks_and_quotes_are_told() {
    assert_eq!(incoming("message.reply").replies_to.as_deref(), Some("wamid.xyzxyz=="));
    assert_eq!(incoming("message.forwarded").marks, ["forwarded"]);
    assert_eq!(incoming("message.forwarded_many_times").marks, ["forwarded many times"]);
    assert_eq!(incoming("message.voice").marks, ["voice message"]);
    assert_eq!(incoming("message.static_sticker").marks, ["sticker"]);
    assert_eq!(incoming("message.referral").marks, ["from an advertisement: AD_TITLE"]);
}

#[test]
fn statuses_tell_how_far_a_message_is_and_what_it_costs() {
    let priced = Reported::Priced { category: "service".to_owned(), is_billed: true };
    for (name, reached) in [
        ("message_status.sent", Delivery::Sent),
        ("message_status.delivered", Delivery::Delivered),
        ("message_status.read", Delivery::Seen),
        ("message_status.played", Delivery::Seen),
    ] {
        assert_eq!(reports(name), [Reported::Reached(reached), priced.clone()], "{name}");
    }
    let [Reported::Failed(why)] = &reports("message_status.failed")[..] else { panic!("no failure") };
    assert_eq!(why, "WhatsApp keeps this person out of such messages for an experiment (130472)");
    assert_eq!(notices("message_status.group")[0].0, NoticeKind::Group);
}

#[test]
fn a_status_bears_our_own_number_and_a_strangers_is_ignored() {
    assert_eq!(reports("message_status.with_tracker").len(), 2);
    assert_eq!(events("message_status.with_tracker").len(), 2, "'some data' is none of ours");
    let mut webhook = recorded()["message_status.with_tracker"].clone();
    webhook["entry"][0]["changes"][0]["value"]["statuses"][0]["biz_opaque_callback_data"] = json!("turno:77");
    let events = read(webhook.to_string().as_bytes(), NOW).expect("a webhook");
    assert_eq!(events[0].what, What::Named { message: MessageId(77), external: "wamid.xyzxyz".to_owned() });
    assert_eq!(events.len(), 3);
}

#[test]
fn a_person_may_edit_and_take_back_and_get_another_number() {
    let What::Report(report) = events("edited_message.image").remove(0).what else { panic!("no report") };
    assert_eq!(report.external, "wamid.HBgLMTQxMjU1NTA4MjkVAgASGBQzQUNCNjk5RDUwNUZGMUZEM0VBRAA=");
    let edited = file("1234567890", "image/jpeg", None, Some("Updated image caption"));
    assert_eq!(report.what, Reported::Edited(edited));
    let What::Report(report) = events("deleted_message.revoke").remove(0).what else { panic!("no report") };
    assert_eq!((&*report.external, report.what), ("<ORIGINAL_WHATSAPP_MESSAGE_ID>", Reported::TakenBack));
    let address = |number: &str| Address::WhatsApp { number: Some(number.to_owned()), user: None };
    let (from, to) = (address("972987654321"), address("972912345678"));
    assert_eq!(events("system.phone_number_change").remove(0).what, What::Moved { from, to });
    assert_eq!(notices("system.identity_change")[0].0, NoticeKind::Identity);
}

#[test]
fn the_account_its_templates_and_calls_are_noticed() {
    for (name, kind, words) in [
        ("account_update.account_deleted", NoticeKind::Account, "account_update ACCOUNT_DELETED"),
        ("account_update.account_disabled", NoticeKind::Account, "account_update DISABLED_UPDATE REINSTATE"),
        ("account_update.account_violation", NoticeKind::Account, "account_update ACCOUNT_VIOLATION ADULT"),
        ("template_status_update.approved", NoticeKind::Template, "order_confirmation: APPROVED"),
        ("template_status_update.rejected", NoticeKind::Template, "abandoned_cart: REJECTED, INVALID_FORMAT"),
        ("template_category_update.marketing", NoticeKind::Template, "my_message_template: MARKETING"),
        ("template_quality_update.yellow", NoticeKind::Template, "welcome_template: YELLOW"),
        ("call_connect.user_initiated", NoticeKind::Call, "connect"),
        ("call_terminate.call_terminate", NoticeKind::Call, "terminate"),
        ("call_status.call_status", NoticeKind::Call, "RINGING"),
        ("outgoing_message.text", NoticeKind::Echo, "smb_message_echoes"),
        ("user_marketing_preferences.resume", NoticeKind::Preference, "marketing_messages: resume"),
    ] {
        assert_eq!(notices(name), [(kind, words.to_owned())], "{name}");
    }
}

#[test]
fn every_recorded_webhook_is_understood() {
    let all = recorded();
    assert_eq!(all.len(), 74);
    for name in all.keys() {
        for event in events(name) {
            let is_strange = matches!(&event.what, What::Notice(notice)
                if matches!(notice.kind, NoticeKind::Unknown | NoticeKind::Malformed));
            assert!(!is_strange, "{name}: {event:?}");
        }
    }
}

#[test]
fn an_error_of_the_platform_is_noticed_beside_the_message() {
    let events = events("message.interactive_message_with_err");
    let What::Notice(notice) = &events[1].what else { panic!("no notice") };
    assert_eq!((notice.kind, &*notice.words), (NoticeKind::Error, "131000 Something went wrong"));
}

fn webhook(messages: Value) -> Vec<u8> {
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "5932", "phone_number_id": "7" },
        "contacts": [
            { "profile": { "name": "Uno" }, "wa_id": "593990000001" },
            { "profile": { "name": "Dos" }, "user_id": "EC.2" },
        ],
        "messages": messages,
    });
    let change = json!({ "field": "messages", "value": value });
    let entry = json!({ "id": "1", "changes": [change, { "field": "weather", "value": 7 }] });
    let all = json!({ "object": "whatsapp_business_account", "entry": [entry, { "id": "2" }] });
    all.to_string().into_bytes()
}

#[test]
fn a_person_without_a_number_is_known_by_the_platforms_name() {
    let raw = webhook(json!([
        { "id": "a", "from": "593990000001", "timestamp": "1", "type": "text", "text": { "body": "hola" } },
        { "id": "b", "from_user_id": "EC.2", "timestamp": "2", "type": "text", "text": { "body": "buenas" } },
    ]));
    let events = read(&raw, NOW).expect("a webhook");
    let said: Vec<(Address, Option<String>)> = events
        .into_iter()
        .filter_map(
            |event| if let What::Message(one) = event.what { Some((one.address, one.name)) } else { None },
        )
        .collect();
    let one = Address::WhatsApp { number: Some("593990000001".to_owned()), user: None };
    let two = Address::WhatsApp { number: None, user: Some("EC.2".to_owned()) };
    assert_eq!(said, [(one, Some("Uno".to_owned())), (two, Some("Dos".to_owned()))]);
}

#[test]
fn a_strange_message_takes_nothing_with_it() {
    let raw = webhook(json!([
        7,
        { "id": "a", "from": "593990000001", "timestamp": "soon", "type": "hologram", "hologram": {} },
        { "id": "b", "from": "593990000001", "timestamp": "9999999999", "type": "image", "image": "none" },
        { "id": "c", "from": "593990000001", "timestamp": 5, "type": "location", "location": { "latitude": 999, "longitude": 0 } },
        { "id": "d", "type": "text", "text": { "body": "from nobody" } },
        { "id": "e", "from": "593990000001", "timestamp": "3", "type": "text", "text": { "body": "hola" } },
    ]));
    let events = read(&raw, NOW).expect("a webhook");
    let mut bodies = Vec::new();
    let mut kinds = Vec::new();
    for event in events {
        match event.what {
            What::Message(one) => bodies.push((one.body.expect("words"), one.at)),
            What::Notice(notice) => kinds.push(notice.kind),
            What::Report(_) | What::Named { .. } | What::Moved { .. } => panic!("{event:?}"),
        }
    }
    let expected = [
        (other("hologram"), NOW),
        (other("image"), NOW),
        (other("location"), Millis(5_000)),
        (text("hola"), Millis(3_000)),
    ];
    assert_eq!(bodies, expected);
    let malformed = NoticeKind::Malformed;
    assert_eq!(kinds, [malformed, malformed, NoticeKind::Unknown, malformed]);
}

#[test]
fn what_is_no_webhook_is_refused() {
    for raw in [&b""[..], b"{}", b"[]", b"\xff", b"{\"object\":7}", &b"[".repeat(100_000)] {
        assert_eq!(read(raw, NOW), Err(Unread::Broken));
    }
    assert_eq!(read(b"{\"object\":\"page\",\"entry\":[]}", NOW), Err(Unread::NotOurs));
    let escaped = br#"{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[
        {"id":"a","from":"593990000001","type":"text","text":{"body":"\u00bfd\u00f3nde\ud83d\ude2e?\u0000"}}]}}]}]}"#;
    let What::Message(one) = read(escaped, NOW).expect("a webhook").remove(0).what else {
        panic!("no message")
    };
    assert_eq!(one.body, Some(text("¿dónde😮?")));
}

/// Any JSON of some depth.
fn any_json() -> impl Strategy<Value = Value> {
    let keys = "(id|from|type|text|body|image|context|contacts|statuses|status|pricing|errors|system|edit|[a-z]{1,6})";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "(text|image|sent|failed|location|.{0,12})".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(keys, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_stands_in_a_webhook_it_is_read(value in any_json(), messages in any_json(), statuses in any_json()) {
        let change = json!({ "field": "messages", "value": { "messages": [messages], "statuses": [statuses], "contacts": [value] } });
        let all = json!({ "object": "whatsapp_business_account", "entry": [{ "changes": [change, { "field": "messages", "value": value }] }] });
        let events = read(all.to_string().as_bytes(), NOW).expect("a webhook");
        for event in events {
            if let What::Message(one) = event.what {
                prop_assert!(!one.address.key().is_empty() && !one.external.is_empty() && one.body.is_some());
                prop_assert!(one.at <= NOW.plus_secs(60));
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(raw in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&raw, NOW);
    }
}
