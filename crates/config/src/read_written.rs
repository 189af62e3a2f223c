//! Reads [written] and [bot]: the written channels and their bot.

use turno_model::plan::{BotPlan, WrittenPlan};

use crate::fault::FaultKind;
use crate::keys::written::{BOT, WRITTEN};
use crate::reading::{Names, Reading};
use crate::section::Section;
use crate::tables::Tables;

/// Most entries of a list.
const MANY: usize = 50;

pub(crate) fn read_written(reading: &mut Reading<'_>, tables: &Tables, queues: &Names) -> WrittenPlan {
    let section = tables.single(reading, "written");
    let mut queue = |key: &'static str| read_queue(reading, section, key, queues);
    let (chat, whatsapp, email) =
        (queue(WRITTEN.chat.name), queue(WRITTEN.whatsapp.name), queue(WRITTEN.email.name));
    note_idle(reading, tables, [("whatsapp", &whatsapp), ("mail", &email)]);
    let mut file_types = WrittenPlan::default().file_types;
    if section.has(WRITTEN.file_types.name) {
        file_types = read_texts(reading, section, WRITTEN.file_types.name);
    }
    WrittenPlan {
        chat,
        whatsapp,
        email,
        keep_days: WRITTEN.keep_days.read(reading, section),
        reopen: WRITTEN.reopen.read(reading, section),
        give_back: WRITTEN.give_back.read(reading, section),
        ask: WRITTEN.ask.read(reading, section),
        close: WRITTEN.close.read(reading, section),
        file_mb: WRITTEN.file_mb.read(reading, section),
        file_types,
        bot: read_bot(reading, tables),
    }
}

/// A connector without a queue does not start.
fn note_idle(reading: &mut Reading<'_>, tables: &Tables, connectors: [(&'static str, &Option<String>); 2]) {
    for (table, queue) in connectors {
        if tables.has_single(table) && queue.is_none() {
            let place = tables.single(reading, table).place;
            let key = if table == "mail" { WRITTEN.email.name } else { WRITTEN.whatsapp.name };
            reading.notice(place, format!("[{table}] does nothing: [written] has no queue `{key}` for it"));
        }
    }
}

fn read_bot(reading: &mut Reading<'_>, tables: &Tables) -> BotPlan {
    let section = tables.single(reading, "bot");
    let plan = BotPlan {
        is_on: BOT.on.read(reading, section),
        name: BOT.name.read(reading, section),
        answers_from: BOT.answers_from.read(reading, section),
        asks_from: BOT.asks_from.read(reading, section),
        near: BOT.near.read(reading, section),
        person_words: read_texts(reading, section, BOT.person_words.name),
        angry_words: read_texts(reading, section, BOT.angry_words.name),
    };
    if plan.asks_from > plan.answers_from {
        let found = format!("it would ask from {} and answer from {}", plan.asks_from, plan.answers_from);
        let place = section.place_of(BOT.asks_from.name);
        reading.fault(FaultKind::Conflict, place, found, "`asks_from` up to `answers_from`");
    }
    plan
}

fn read_queue(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    key: &'static str,
    queues: &Names,
) -> Option<String> {
    section.reference(reading, key, "queue", queues)?;
    section.text(reading, key).map(str::to_owned)
}

fn read_texts(reading: &mut Reading<'_>, section: Section<'_>, key: &'static str) -> Vec<String> {
    let texts: Vec<String> =
        section.texts(reading, key).into_iter().map(|(text, _)| text.trim().to_owned()).collect();
    if texts.len() > MANY {
        let found = format!("there are {} in `{key}`", texts.len());
        reading.fault(FaultKind::OutOfRange, section.place_of(key), found, format!("at most {MANY}"));
    }
    texts
}
