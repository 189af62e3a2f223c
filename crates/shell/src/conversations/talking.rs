//! What a person wrote goes to the machine of the conversation, and while no person has it, to the bot.

use turno_channels::bot::{Deed, Dialogue, HandOver, Procedures as Cards, Said, Settings};
use turno_channels::conversation::{Event, Stage};
use turno_channels::{Author, Body, Millis};
use turno_conversations::{Line, Say};
use turno_knowledge::{AnswerForm, ProcedureForm};
use turno_model::Channel;

use crate::conversations::saved::Likely;
use crate::conversations::turn::{Errand, Turn};
use crate::metrics::conversations::WrittenMeters;
use crate::procedures::Procedures;

/// Procedures that an agent is shown.
const LIKELY_MAX: usize = 3;

/// What the bot needs.
pub(crate) struct BotMeans<'a> {
    pub(crate) procedures: &'a Procedures,
    pub(crate) settings: Settings,
    pub(crate) is_staffed: bool,
    pub(crate) meters: &'a WrittenMeters,
}

/// Takes one message of a person.
pub(crate) fn hear(turn: &mut Turn, line: &Line, means: &BotMeans<'_>, now: Millis) {
    turn.has_handled(line.message.id);
    let began = matches!(turn.saved.machine.stage, Stage::New | Stage::Done);
    // The clock of the wait begins when the person wrote; but what a mail says of that is only its sender's word.
    let wrote = match turn.kept.address.channel() {
        Channel::Email => now,
        Channel::Chat | Channel::WhatsApp | Channel::Voice | Channel::Callback | Channel::Voicemail => {
            line.message.at.min(now)
        }
    };
    let asks_bot = turn.take(Event::Message { wrote }, now).unwrap_or_default();
    if !asks_bot {
        return;
    }
    let mut dialogue = match turn.saved.dialogue.take().filter(|_| !began) {
        Some(dialogue) => dialogue,
        None => Dialogue::new(turn.language),
    };
    let body = &line.message.body;
    let said = if let Body::Chosen { id, .. } = body {
        Said::Chosen(id)
    } else {
        body.words().map_or(Said::NoWords, Said::Words)
    };
    let cards = Library(means.procedures);
    for deed in dialogue.said(said, &cards, &means.settings, means.is_staffed) {
        carry_out(turn, deed, means, now);
    }
    turn.saved.dialogue = Some(dialogue);
}

fn carry_out(turn: &mut Turn, deed: Deed, means: &BotMeans<'_>, now: Millis) {
    match deed {
        Deed::Say(body) => {
            turn.say(Say { author: Author::Bot, body, client: None, is_automatic: true });
        }
        Deed::HandOver(HandOver { why: _, question, procedures: _ }) => {
            means.meters.bot("handed-over");
            let found = means.procedures.search(&question, LIKELY_MAX);
            let hits = found.into_iter().flat_map(|answer| answer.procedures);
            turn.saved.likely =
                hits.map(|hit| Likely { id: hit.id, name: hit.name, score: hit.score }).collect();
            turn.notes(Event::HandedOver, now);
        }
        Deed::TakeMessage(_) => {
            means.meters.bot("message");
            turn.notes(Event::HandedOver, now);
        }
        Deed::Resolved(_) => means.meters.bot("resolved"),
        Deed::NotUnderstood(_) => means.meters.bot("not-understood"),
        Deed::CallBack(number) => {
            means.meters.bot("callback");
            turn.errand(Errand::CallBack(number));
            turn.notes(Event::Resolved, now);
        }
    }
}

/// The procedures of the plan in force; none if the plan has none.
struct Library<'a>(&'a Procedures);

impl Cards for Library<'_> {
    fn search(&self, question: &str, most: usize) -> AnswerForm {
        self.0.search(question, most).unwrap_or_else(|| AnswerForm {
            question: question.to_owned(),
            procedures: Vec::new(),
            taken: Vec::new(),
            unknown: Vec::new(),
        })
    }

    fn procedure(&self, id: &str) -> Option<ProcedureForm> {
        self.0.procedure(id)
    }
}
