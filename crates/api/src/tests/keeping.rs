//! A keeper of conversations that has everything in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use tokio::sync::watch;
use turno_channels::{
    Author, Body, ConversationId, Delivery, FileHere, FileId, Message, MessageId, Millis, Taken,
};

use crate::written::{
    Act, Asked, ChatForm, ConversationForm, Kept, NewChat, NotDone, Said, Stage, ToCaller, Typist, What,
    Written,
};

/// Files that the double takes, in bytes.
pub(crate) const FILE_BYTES_MAX: u64 = 1 << 20;

#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) chats: BTreeMap<String, i64>,
    pub(crate) forms: BTreeMap<i64, ConversationForm>,
    pub(crate) kept: Vec<Kept>,
    pub(crate) files: BTreeMap<String, FileHere>,
    pub(crate) acts: Vec<(i64, String, Act)>,
    pub(crate) ratings: BTreeMap<i64, u8>,
    pub(crate) seen_by_agent: BTreeMap<i64, i64>,
    /// Whether the disk is full.
    pub(crate) is_broken: bool,
}

/// The double.
pub(crate) struct Keeping {
    pub(crate) memory: Mutex<Memory>,
    pub(crate) changes: watch::Sender<u64>,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { memory: Mutex::default(), changes: watch::channel(0).0 }
    }
}

impl Keeping {
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no panic")
    }

    fn changed(&self) {
        self.changes.send_modify(|number| *number += 1);
    }

    /// A conversation that is with this agent.
    pub(crate) fn with_agent(&self, conversation: i64, agent: &str) {
        let mut memory = self.memory();
        let form = memory.forms.get_mut(&conversation).expect("it is there");
        (form.stage, form.agent) = (Stage::Agent, Some(agent.to_owned()));
        drop(memory);
        self.changed();
    }

    /// The bot says something.
    pub(crate) fn bot_says(&self, conversation: i64, body: Body) -> i64 {
        let said = Said { client: format!("bot {}", self.memory().kept.len()), what: What::Body(body) };
        self.put(conversation, Author::Bot, said).expect("it is kept").message.0
    }

    fn put(&self, conversation: i64, author: Author, said: Said) -> Result<Taken, NotDone> {
        let mut memory = self.memory();
        if memory.is_broken {
            return Err(NotDone::Later("the disk is full".to_owned()));
        }
        let own = ConversationId(conversation);
        let known = memory.kept.iter().find(|kept| {
            kept.message.conversation == own
                && kept.message.author == author
                && kept.client.as_deref() == Some(&said.client)
        });
        if let Some(known) = known {
            return Ok(Taken { conversation: own, message: known.message.id, again: true });
        }
        let body = match said.what {
            What::Body(body) => body,
            What::File { mut file, caption } => {
                if file.bytes.starts_with(b"MZ") {
                    return Err(NotDone::Refused("files of this type are not taken".to_owned()));
                }
                let is_png = file.bytes.starts_with(b"\x89PNG");
                file.kind = if is_png { "image/png" } else { "application/octet-stream" }.to_owned();
                let name = format!("{:064x}", memory.files.len() + 10);
                let (media, size) = (file.kind.clone(), file.bytes.len() as u64);
                memory.files.insert(name.clone(), file.clone());
                Body::File { file: FileId(name), name: file.name, media, size, caption }
            }
        };
        let id = MessageId(i64::try_from(memory.kept.len()).expect("few") + 1);
        let message = Message {
            id,
            conversation: own,
            author,
            at: Millis(1_800_000_000_000),
            body,
            delivery: Delivery::Sent,
            failure: None,
        };
        memory.kept.push(Kept { message, client: Some(said.client) });
        if let Some(form) = memory.forms.get_mut(&conversation) {
            form.last = id.0;
            form.version += 1;
        }
        drop(memory);
        self.changed();
        Ok(Taken { conversation: own, message: id, again: false })
    }
}

fn new_form(conversation: i64, chat: NewChat) -> ConversationForm {
    ConversationForm {
        conversation,
        version: 1,
        channel: "chat".to_owned(),
        stage: Stage::Bot,
        queue: chat.queue,
        agent: None,
        is_offered: false,
        contact: None,
        name: chat.name,
        address: Some("0991234567".to_owned()),
        subject: None,
        language: Some(chat.language),
        began: 0,
        waits_since: None,
        last_at: 0,
        last: 0,
        last_words: None,
        last_by: None,
        unread: 0,
        seen_by_person: 0,
        is_typing: false,
        draft: None,
        parked_until: None,
        free_until: None,
        procedures: Vec::new(),
        marks: Vec::new(),
        rating: None,
    }
}

impl Written for Keeping {
    fn open_chat(&self, chat: NewChat) -> Result<ConversationId, NotDone> {
        let mut memory = self.memory();
        let number = i64::try_from(memory.forms.len()).expect("few") + 1;
        memory.chats.insert(chat.session.clone(), number);
        memory.forms.insert(number, new_form(number, chat));
        Ok(ConversationId(number))
    }

    fn chat(&self, session: &str) -> Option<ChatForm> {
        let memory = self.memory();
        let conversation = *memory.chats.get(session)?;
        let form = memory.forms.get(&conversation)?;
        Some(ChatForm {
            conversation,
            stage: form.stage,
            language: form.language.clone().unwrap_or_default(),
            name: form.name.clone(),
            place: (form.stage == Stage::Waiting).then_some(3),
            wait: (form.stage == Stage::Waiting).then_some(240),
            agent_name: None,
            is_typing: form.is_typing,
            last: form.last,
            seen: memory.seen_by_agent.get(&conversation).copied().unwrap_or_default(),
            rating: memory.ratings.get(&conversation).copied(),
            asks_rating: form.stage == Stage::Done,
            file_bytes_max: FILE_BYTES_MAX,
        })
    }

    fn say(&self, session: &str, said: Said) -> Result<Taken, NotDone> {
        let conversation = *self.memory().chats.get(session).ok_or(NotDone::NoSuch)?;
        self.put(conversation, Author::Citizen, said)
    }

    fn typing(&self, conversation: ConversationId, _by: Typist<'_>, is_typing: bool) {
        if let Some(form) = self.memory().forms.get_mut(&conversation.0) {
            form.is_typing = is_typing;
        }
        self.changed();
    }

    fn seen(&self, conversation: ConversationId, by: Typist<'_>, up_to: MessageId) {
        let mut memory = self.memory();
        match by {
            Typist::Person => {
                if let Some(form) = memory.forms.get_mut(&conversation.0) {
                    form.seen_by_person = form.seen_by_person.max(up_to.0);
                }
            }
            Typist::Agent(_) => {
                let seen = memory.seen_by_agent.entry(conversation.0).or_default();
                *seen = (*seen).max(up_to.0);
            }
        }
        drop(memory);
        self.changed();
    }

    fn rate(&self, conversation: ConversationId, stars: u8, _words: Option<&str>) -> Result<(), NotDone> {
        self.memory().ratings.insert(conversation.0, stars);
        Ok(())
    }

    fn leave(&self, conversation: ConversationId) -> Result<(), NotDone> {
        self.memory().forms.get_mut(&conversation.0).ok_or(NotDone::NoSuch)?.stage = Stage::Done;
        self.changed();
        Ok(())
    }

    fn messages(&self, conversation: ConversationId, after: MessageId, most: usize) -> Vec<Kept> {
        let memory = self.memory();
        let own = memory.kept.iter().filter(|kept| kept.message.conversation == conversation);
        own.filter(|kept| kept.message.id > after).take(most).cloned().collect()
    }

    fn messages_before(
        &self,
        conversation: ConversationId,
        before: Option<MessageId>,
        most: usize,
    ) -> Vec<Kept> {
        let memory = self.memory();
        let own = memory.kept.iter().filter(|kept| kept.message.conversation == conversation);
        let own: Vec<_> =
            own.filter(|kept| before.is_none_or(|before| kept.message.id < before)).cloned().collect();
        own[own.len().saturating_sub(most)..].to_vec()
    }

    fn file(&self, conversation: ConversationId, file: &FileId) -> Result<Option<FileHere>, String> {
        let memory = self.memory();
        let has = |kept: &Kept| {
            kept.message.conversation == conversation
                && matches!(&kept.message.body, Body::File { file: own, .. } if own == file)
        };
        Ok(memory.kept.iter().any(has).then(|| memory.files[&file.0].clone()))
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn changes_of(&self, _conversation: ConversationId) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn conversations(&self) -> Vec<ConversationForm> {
        self.memory().forms.values().filter(|form| form.stage != Stage::Done).cloned().collect()
    }

    fn conversation(&self, conversation: ConversationId) -> Option<ConversationForm> {
        self.memory().forms.get(&conversation.0).cloned()
    }

    fn reply(&self, conversation: ConversationId, agent: &str, said: Said) -> Result<Taken, NotDone> {
        let with = self.memory().forms.get(&conversation.0).and_then(|form| form.agent.clone());
        if with.as_deref() != Some(agent) {
            return Err(NotDone::NotYours);
        }
        self.put(conversation.0, Author::Agent { agent: agent.to_owned() }, said)
    }

    fn draft(&self, conversation: ConversationId, agent: &str, text: &str) -> Result<(), NotDone> {
        let mut memory = self.memory();
        let form = memory.forms.get_mut(&conversation.0).ok_or(NotDone::NoSuch)?;
        if form.agent.as_deref() != Some(agent) {
            return Err(NotDone::NotYours);
        }
        form.draft = Some(text.to_owned()).filter(|text| !text.is_empty());
        Ok(())
    }

    fn act(&self, conversation: ConversationId, agent: &str, act: Act) -> Result<(), NotDone> {
        self.memory().acts.push((conversation.0, agent.to_owned(), act));
        Ok(())
    }

    fn asked(&self, most: usize) -> Vec<Asked> {
        let memory = self.memory();
        let people = memory.kept.iter().filter(|kept| kept.message.author == Author::Citizen);
        let asked = people.filter_map(|kept| {
            let form = memory.forms.get(&kept.message.conversation.0)?;
            Some(Asked {
                conversation: form.conversation,
                channel: form.channel.clone(),
                queue: form.queue.clone(),
                at: kept.message.at.0,
                text: kept.message.body.words()?.to_owned(),
            })
        });
        asked.take(most).collect()
    }

    fn write_to_caller(&self, to: ToCaller) -> Result<Taken, NotDone> {
        if to.number.is_empty() {
            return Err(NotDone::Refused("no channel reaches this number".to_owned()));
        }
        let chat =
            NewChat { session: to.number, name: None, language: "es".to_owned(), queue: None, page: None };
        let conversation = self.open_chat(chat)?;
        self.put(conversation.0, Author::Agent { agent: to.agent }, to.said)
    }
}
