//! The written channels as the API sees them.

use tokio::sync::watch;
use turno_api::{
    Act, ChatForm, ConversationForm, NewChat, NotDone, SaidInWriting as Said, Stage, ToCaller, Typist, What,
    Written,
};
use turno_channels::conversation::{Act as Deed, Event, NotNow};
use turno_channels::{
    Address, Author, Body, ConversationId, FileHere, FileId, Incoming, MessageId, NotTaken, Post as _, Taken,
};
use turno_conversations::{Beginner, Kept, Say, Store, Trouble, kind_of};

use crate::conversations::forms;
use crate::conversations::office::{Office, now};
use crate::conversations::settings::limits;
use crate::conversations::turn::Turn;

/// Digits of a number with its country, at least.
const NUMBER_DIGITS_MIN: usize = 10;

/// Conversations in a list at most.
const LIST_MAX: u32 = 1_000;

fn later(trouble: Trouble) -> NotDone {
    NotDone::Later(trouble.to_string())
}

fn logged<T>(found: Result<Option<T>, Trouble>) -> Option<T> {
    found.unwrap_or_else(|why| {
        tracing::error!("conversations can't be read: {why}");
        None
    })
}

impl Office {
    /// Finds a conversation, takes an agent's or a person's event, and writes all down.
    fn takes(&self, id: ConversationId, event: Event, say: Option<Say>) -> Result<Option<Taken>, NotDone> {
        let at = now();
        let mut store = self.store();
        let kept = store.conversation(id).map_err(later)?.ok_or(NotDone::NoSuch)?;
        let mut turn = Turn::new(kept, &self.plan());
        if event == Event::Left
            && let Some(line) = store.unhandled(id, u32::MAX).map_err(later)?.last()
        {
            // What was written before the end would begin the conversation anew if it were heard after it.
            turn.has_handled(line.message.id);
        }
        turn.take(event, at).map_err(|why| match why {
            NotNow::NotYours => NotDone::NotYours,
            NotNow::NotParked => NotDone::Refused("it is not laid aside".to_owned()),
        })?;
        if let (Some(_), Some(dialogue)) = (&say, &mut turn.saved.dialogue) {
            dialogue.stop();
        }
        say.into_iter().for_each(|say| turn.say(say));
        let said = store.step(&[turn.into_step()], (None, None), at).map_err(later)?;
        drop(store);
        self.ring(id);
        Ok(said.first().map(|said| Taken { conversation: id, message: said.message, again: said.again }))
    }

    fn chat_of(&self, store: &Store, session: &str) -> Result<Option<Kept>, Trouble> {
        store.of_address(&Address::Chat(session.to_owned()))
    }

    /// What an agent says, with its file kept.
    fn say_of(&self, store: &Store, agent: &str, said: Said) -> Result<Say, NotDone> {
        let body = match said.what {
            What::Body(body) => body,
            What::File { file, caption } => {
                let limits = limits(&self.plan().written);
                if file.bytes.len() as u64 > limits.file_bytes_max {
                    return Err(NotDone::Refused("the file is too large".to_owned()));
                }
                let (size, media) = (file.bytes.len() as u64, kind_of(&file.bytes).to_owned());
                let id = store.put_file(&file.bytes).map_err(later)?;
                Body::File { file: id, name: file.name, media, size, caption }
            }
        };
        let author = Author::Agent { agent: agent.to_owned() };
        Ok(Say { author, body, client: Some(said.client), is_automatic: false })
    }
}

impl Written for Office {
    fn open_chat(&self, chat: NewChat) -> Result<ConversationId, NotDone> {
        if self.plan().written.chat.is_none() {
            return Err(NotDone::Refused("there is no web chat".to_owned()));
        }
        let address = Address::Chat(chat.session);
        let who = Beginner {
            address: &address,
            name: chat.name.as_deref(),
            subject: chat.page.as_deref(),
            language: Some(&chat.language),
            queue: chat.queue.as_deref(),
        };
        self.store().begin(&who, now()).map_err(later)
    }

    fn chat(&self, session: &str) -> Option<ChatForm> {
        let (mut form, contact) = {
            let store = self.store();
            let kept = logged(self.chat_of(&store, session))?;
            (logged(forms::chat(self, &store, &kept).map(Some))?, kept.standing.contact)
        };
        let waiting = contact.filter(|_| form.stage == Stage::Waiting);
        if let Some((contact, (place, is_first))) =
            waiting.and_then(|contact| Some((contact, forms::place_of(self, contact)?)))
        {
            form.place = Some(place);
            form.wait = if is_first { self.wait_of(contact) } else { None };
        }
        Some(form)
    }

    fn say(&self, session: &str, said: Said) -> Result<Taken, NotDone> {
        let kept = self.chat_of(&self.store(), session).map_err(later)?.ok_or(NotDone::NoSuch)?;
        let (body, files) = match said.what {
            What::Body(body) => (Some(body), Vec::new()),
            What::File { file, caption } => (caption.map(|text| Body::Text { text }), vec![file]),
        };
        self.types(kept.id, true, false);
        let taken = self.take(Incoming {
            address: kept.address,
            external: said.client,
            at: now(),
            name: None,
            body,
            files,
            conversation: Some(kept.id),
            replies_to: None,
            subject: None,
            language: None,
            queue: None,
            marks: Vec::new(),
        });
        taken.map_err(|why| match why {
            NotTaken::Later(why) => NotDone::Later(why),
            NotTaken::Never(why) => NotDone::Refused(why),
        })
    }

    fn typing(&self, conversation: ConversationId, by: Typist<'_>, is_typing: bool) {
        self.types(conversation, matches!(by, Typist::Person), is_typing);
    }

    fn seen(&self, conversation: ConversationId, by: Typist<'_>, up_to: MessageId) {
        let mut store = self.store();
        let mut told = None;
        let seen = match by {
            Typist::Person => store.person_saw(conversation, up_to),
            Typist::Agent(_) => {
                told = logged(store.unseen_until(conversation, up_to));
                store.agent_saw(conversation, up_to)
            }
        };
        let address = told.as_ref().and_then(|_| logged(store.conversation(conversation)));
        drop(store);
        if let Err(why) = seen {
            tracing::error!("what was seen can't be written: {why}");
        }
        if let Some((external, kept)) = told.zip(address) {
            self.tells_seen(kept.address.channel(), &external);
        }
        self.ring(conversation);
    }

    fn rate(&self, conversation: ConversationId, stars: u8, words: Option<&str>) -> Result<(), NotDone> {
        self.store().rate(conversation, stars, words).map_err(later)?;
        self.ring(conversation);
        Ok(())
    }

    fn leave(&self, conversation: ConversationId) -> Result<(), NotDone> {
        self.takes(conversation, Event::Left, None).map(drop)
    }

    fn messages(&self, conversation: ConversationId, after: MessageId, most: usize) -> Vec<turno_api::Kept> {
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let lines = logged(self.store().messages(conversation, after, most).map(Some));
        lines.unwrap_or_default().into_iter().map(forms::message).collect()
    }

    fn messages_before(
        &self,
        conversation: ConversationId,
        before: Option<MessageId>,
        most: usize,
    ) -> Vec<turno_api::Kept> {
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let lines = logged(self.store().messages_before(conversation, before, most).map(Some));
        lines.unwrap_or_default().into_iter().map(forms::message).collect()
    }

    fn file(&self, conversation: ConversationId, file: &FileId) -> Result<Option<FileHere>, String> {
        let store = self.store();
        let read = || -> Result<Option<FileHere>, Trouble> {
            let body = forms::body_with(&store, conversation, file)?;
            body.map_or(Ok(None), |body| store.file_of(&body))
        };
        read().map_err(|why| why.to_string())
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.bell()
    }

    fn changes_of(&self, conversation: ConversationId) -> watch::Receiver<u64> {
        self.bell_of(conversation)
    }

    fn conversations(&self) -> Vec<ConversationForm> {
        let store = self.store();
        let mut kept = logged(store.conversations(false, LIST_MAX).map(Some)).unwrap_or_default();
        kept.sort_by_key(|kept| kept.id);
        kept.iter().filter_map(|kept| logged(forms::conversation(self, &store, kept).map(Some))).collect()
    }

    fn conversation(&self, conversation: ConversationId) -> Option<ConversationForm> {
        let store = self.store();
        let kept = logged(store.conversation(conversation))?;
        logged(forms::conversation(self, &store, &kept).map(Some))
    }

    fn reply(&self, conversation: ConversationId, agent: &str, said: Said) -> Result<Taken, NotDone> {
        // The page may ask again after the conversation has gone on to somebody else.
        if let Some(known) = self.store().known(conversation, &said.client).map_err(later)? {
            return Ok(Taken { conversation, message: known.message, again: true });
        }
        let say = self.say_of(&self.store(), agent, said)?;
        self.types(conversation, false, false);
        let taken = self.takes(conversation, Event::By(agent.to_owned(), Deed::Reply), Some(say))?;
        taken.ok_or(NotDone::NoSuch)
    }

    fn draft(&self, conversation: ConversationId, agent: &str, text: &str) -> Result<(), NotDone> {
        // Nobody is told: an agent types, and each change would wake every page.
        self.store().keep_draft((conversation, agent), text, now()).map_err(later)
    }

    fn act(&self, conversation: ConversationId, agent: &str, act: Act) -> Result<(), NotDone> {
        let plan = self.plan();
        let deed = match act {
            Act::Park(until) => Deed::Park(until),
            Act::Resume => Deed::Resume,
            Act::Finish(code) => Deed::Finish(code),
            Act::ToQueue(queue) if plan.queues.iter().all(|known| known.name != queue) => {
                return Err(NotDone::NoSuch);
            }
            Act::ToQueue(queue) => Deed::ToQueue(queue),
            Act::ToAgent(to) if plan.agent_by_extension(&to).is_none() => return Err(NotDone::NoSuch),
            Act::ToAgent(to) => Deed::ToAgent(to),
            Act::Call(_) => {
                return Err(NotDone::Refused("dial the number at your phone, or in the desk".to_owned()));
            }
        };
        self.takes(conversation, Event::By(agent.to_owned(), deed), None).map(drop)
    }

    fn asked(&self, most: usize) -> Vec<turno_api::Asked> {
        let plan = self.plan();
        let asked = logged(self.store().asked(u32::try_from(most).unwrap_or(u32::MAX)).map(Some));
        let form = |one: turno_conversations::Asked| {
            let of_channel = || match one.channel.as_str() {
                "chat" => plan.written.chat.clone(),
                "whatsapp" => plan.written.whatsapp.clone(),
                _ => None,
            };
            turno_api::Asked {
                conversation: one.conversation.0,
                queue: one.queue.clone().or_else(of_channel),
                channel: one.channel,
                at: one.at.0,
                text: one.text,
            }
        };
        asked.unwrap_or_default().into_iter().map(form).collect()
    }

    fn write_to_caller(&self, to: ToCaller) -> Result<Taken, NotDone> {
        let digits: String = to.number.chars().filter(char::is_ascii_digit).collect();
        let is_whole = digits.len() >= NUMBER_DIGITS_MIN && !digits.starts_with('0');
        if self.plan().written.whatsapp.is_none() || !is_whole {
            return Err(NotDone::Refused("no written channel reaches this number".to_owned()));
        }
        let address = Address::WhatsApp { number: Some(digits), user: None };
        let who = Beginner { address: &address, name: None, subject: None, language: None, queue: None };
        let mut store = self.store();
        let say = self.say_of(&store, &to.agent, to.said)?;
        let at = now();
        let conversation = store.begin(&who, at).map_err(later)?;
        let said = store.say(conversation, &say, at).map_err(later)?.ok_or(NotDone::NoSuch)?;
        drop(store);
        self.ring(conversation);
        Ok(Taken { conversation, message: said.message, again: said.again })
    }
}
