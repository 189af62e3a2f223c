//! A turno with a web chat, a bot and WhatsApp: what persons write, and what the room and the edges get of it.

use std::path::PathBuf;
use std::sync::Arc;

use core::time::Duration;

use turno_api::{
    Act, ConversationForm, NewChat, NotDone, SaidInWriting as Said, Stage, Typist, What, Written as _,
};
use turno_channels::{
    Address, Author, Body, ConversationId, Delivery, Incoming, MessageId, Millis, Outcome, Post as _, Report,
    Reported,
};
use turno_model::Channel;

use crate::control::socket::Control;
use crate::conversations::Office;
use crate::conversations::office::now;
use crate::run::starting::start;
use crate::run::{Options, Running};
use crate::small_plan::{loopback, small_plan};

/// How often is looked, and how often at most.
const LOOK: Duration = Duration::from_millis(10);
const LOOKS_MAX: u32 = 1_000;

struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-written-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).expect("the temporary folder takes a folder");
        Self(path)
    }

    fn started(&self, has_bot: bool) -> Running {
        let mut plan = small_plan(loopback());
        plan.written.chat = Some("passports".to_owned());
        plan.written.whatsapp = Some("passports".to_owned());
        plan.written.bot.is_on = has_bot;
        let control = Control::At(self.0.join("control"));
        let options = Options { control, state: Some(self.0.join("state")), ..Options::default() };
        start(Arc::new(plan), options).expect("free ports")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn office(running: &Running) -> Arc<Office> {
    Arc::clone(running.services.office.as_ref().expect("the plan has a chat"))
}

fn text(text: &str) -> Body {
    Body::Text { text: text.to_owned() }
}

fn chat(office: &Office) -> ConversationId {
    let chat = NewChat {
        session: "5e55".to_owned(),
        name: None,
        language: "es".to_owned(),
        queue: None,
        page: None,
    };
    office.open_chat(chat).expect("a chat")
}

fn says(office: &Office, client: &str, words: &str) -> turno_channels::Taken {
    let said = Said { client: client.to_owned(), what: What::Body(text(words)) };
    office.say("5e55", said).expect("taken")
}

/// Looks until the conversation is so.
fn until(
    office: &Office,
    id: ConversationId,
    what: &str,
    is_so: impl Fn(&ConversationForm) -> bool,
) -> ConversationForm {
    for _ in 0..LOOKS_MAX {
        let form = office.conversation(id).expect("it is kept");
        if is_so(&form) {
            return form;
        }
        std::thread::park_timeout(LOOK);
    }
    panic!("not so: {what}: {:?}", office.conversation(id));
}

#[test]
fn who_writes_stands_in_line_once_also_after_a_restart_and_leaves_it() {
    let place = Place::new("line");
    let first = place.started(false);
    let shared = office(&first);
    let id = chat(&shared);
    assert_eq!(chat(&shared), id, "a session has one chat");
    let one = says(&shared, "1", "hola");
    let again = says(&shared, "1", "hola");
    assert_eq!((again.message, again.again), (one.message, true));
    let waiting = until(&shared, id, "in line", |form| form.contact.is_some());
    assert_eq!((waiting.stage, waiting.unread), (Stage::Waiting, 1));
    // The engine has answered before the room's books have counted.
    until(&shared, id, "first in line", |_| shared.chat("5e55").is_some_and(|chat| chat.place == Some(1)));
    // Nobody works for the queue, so nobody knows how long it will take.
    assert_eq!(shared.chat("5e55").and_then(|chat| chat.wait), None);
    let refused = shared.act(id, "1001", Act::Finish(None));
    assert_eq!(refused, Err(NotDone::NotYours), "nobody has it yet");
    drop(shared);
    first.stop().expect("a clean end");

    let second = place.started(false);
    let shared = office(&second);
    says(&shared, "2", "sigo aquí");
    let form = until(&shared, id, "both", |form| form.unread == 2);
    assert_eq!(form.contact, waiting.contact, "the same contact in the same place");
    shared.leave(id).expect("theirs");
    until(&shared, id, "over", |form| form.stage == Stage::Done);
    says(&shared, "3", "otra cosa");
    let next = until(&shared, id, "in line again", |form| form.contact.is_some());
    assert_ne!(next.contact, waiting.contact);
    let kept = shared.messages(id, MessageId(0), 10);
    assert_eq!(
        kept.iter().filter_map(|one| one.message.body.words()).collect::<Vec<_>>(),
        ["hola", "sigo aquí", "otra cosa"]
    );
    drop(shared);
    second.stop().expect("a clean end");
}

#[test]
fn who_leaves_right_after_a_word_is_gone() {
    // Wound: the word was heard after the leaving, and the conversation stood in line again for nobody.
    let place = Place::new("leaves");
    let running = place.started(false);
    let shared = office(&running);
    let id = chat(&shared);
    for round in 0..20 {
        says(&shared, &round.to_string(), "hola");
        shared.leave(id).expect("theirs");
        until(&shared, id, "heard", |_| shared.store().fresh(1).is_ok_and(|fresh| fresh.is_empty()));
        assert_eq!(until(&shared, id, "there", |_| true).stage, Stage::Done);
    }
    drop(shared);
    running.stop().expect("a clean end");
}

#[test]
fn the_bot_answers_first_and_hands_over_with_the_clock_of_the_first_message() {
    let place = Place::new("bot");
    let running = place.started(true);
    let shared = office(&running);
    let id = chat(&shared);
    says(&shared, "1", "hola");
    let greeted = until(&shared, id, "an answer", |form| form.last_by.as_deref() == Some("bot"));
    assert_eq!((greeted.stage, greeted.contact), (Stage::Bot, None));
    // Nobody is on duty, so the bot takes a message, and it waits in line for the next agent.
    for (client, words) in [("2", "quiero un asesor"), ("3", "1"), ("4", "necesito un pasaporte")] {
        let said = says(&shared, client, words);
        until(&shared, id, "an answer", |form| {
            form.last > said.message.0 && form.last_by.as_deref() == Some("bot")
        });
    }
    let waiting = until(&shared, id, "in line", |form| form.contact.is_some());
    let asked: Vec<String> = shared.asked(10).into_iter().map(|one| one.text).collect();
    assert_eq!(asked, ["hola", "quiero un asesor", "1", "necesito un pasaporte"]);
    assert_eq!(shared.asked(1)[0].queue.as_deref(), Some("passports"));
    let first = shared.messages(id, MessageId(0), 1).remove(0).message;
    assert_eq!(waiting.waits_since, Some(first.at.0));
    assert!(shared.messages(id, MessageId(0), 50).iter().all(|one| one.message.author != Author::Turno));
    drop(shared);
    running.stop().expect("a clean end");
}

#[test]
fn who_writes_second_is_told_the_place_and_no_wait_and_nobody_a_wait_that_the_plan_does_not_tell() {
    let place = Place::new("wait");
    let running = place.started(false);
    let shared = office(&running);
    let id = chat(&shared);
    says(&shared, "1", "hola");
    until(&shared, id, "in line", |form| form.contact.is_some());
    until(&shared, id, "first", |_| shared.chat("5e55").is_some_and(|chat| chat.place == Some(1)));
    let second =
        NewChat { session: "0ff".to_owned(), name: None, language: "es".to_owned(), queue: None, page: None };
    let other = shared.open_chat(second).expect("a chat");
    let said = Said { client: "1".to_owned(), what: What::Body(text("hola")) };
    shared.say("0ff", said).expect("taken");
    let waiting = until(&shared, other, "in line", |form| form.contact.is_some());
    until(&shared, other, "second", |_| shared.chat("0ff").is_some_and(|chat| chat.place == Some(2)));
    let contact = waiting.contact.expect("in line");
    assert_eq!(super::forms::place_of(&shared, contact), Some((2, false)), "somebody who writes is before");
    for session in ["5e55", "0ff"] {
        assert_eq!(shared.chat(session).and_then(|chat| chat.wait), None, "{session}");
    }
    drop(shared);
    running.stop().expect("a clean end");
}

#[test]
fn whatsapp_is_told_once_what_an_agent_has_seen_and_by_its_own_name() {
    let place = Place::new("seen");
    let running = place.started(false);
    let shared = office(&running);
    let (says, heard) = std::sync::mpsc::channel();
    shared.tell_whatsapp_seen(move |external| says.send(external.to_owned()).expect("heard"));
    let first = shared.take(incoming("wamid.1")).expect("taken");
    let second = shared.take(incoming("wamid.2")).expect("taken");
    let own = chat(&shared);
    let written = says_in_chat(&shared);
    let by = Typist::Agent("1001");
    shared.seen(first.conversation, by, second.message);
    shared.seen(first.conversation, by, second.message);
    shared.seen(first.conversation, by, first.message);
    shared.seen(own, by, written.message);
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["wamid.2"]);
    let third = shared.take(incoming("wamid.3")).expect("taken");
    shared.seen(first.conversation, Typist::Person, third.message);
    shared.seen(first.conversation, by, third.message);
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["wamid.3"]);
    drop(shared);
    running.stop().expect("a clean end");
}

/// A message by WhatsApp.
fn incoming(external: &str) -> Incoming {
    Incoming {
        address: Address::WhatsApp { number: Some("593990000001".to_owned()), user: None },
        external: external.to_owned(),
        at: now(),
        name: None,
        body: Some(text("hola")),
        files: Vec::new(),
        conversation: None,
        replies_to: None,
        subject: None,
        language: Some("es".to_owned()),
        queue: None,
        marks: Vec::new(),
    }
}

fn says_in_chat(office: &Office) -> turno_channels::Taken {
    says(office, "1", "hola")
}

#[test]
fn letters_leave_once_in_order_and_their_reports_are_told() {
    let place = Place::new("letters");
    let running = place.started(true);
    let shared = office(&running);
    let taken = shared.take(incoming("wamid.1")).expect("taken");
    let mut letter = None;
    for _ in 0..LOOKS_MAX {
        shared.wait(Channel::WhatsApp, LOOK);
        letter = letter.or_else(|| shared.next(Channel::WhatsApp));
        if letter.is_some() {
            break;
        }
    }
    let letter = letter.expect("the bot's answer");
    assert!(letter.is_automatic && letter.conversation == taken.conversation);
    let delivery = || {
        let kept = shared.messages(letter.conversation, MessageId(letter.message.0 - 1), 1).remove(0);
        kept.message.delivery
    };
    assert_eq!(delivery(), Delivery::Leaving);
    let seen =
        Report { external: "wamid.2".to_owned(), at: Millis(1), what: Reported::Reached(Delivery::Seen) };
    shared.report(seen).expect("kept");
    shared.settle(letter.message, Outcome::Sent { external: "wamid.2".to_owned() });
    assert_eq!(delivery(), Delivery::Seen);
    drop(shared);
    running.stop().expect("a clean end");
}
