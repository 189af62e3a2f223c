//! The procedures of the plan in force, searched by the HTTP API and read again by each reload.
#![expect(
    clippy::disallowed_types,
    reason = "the lock below is between those who search and a reload; calls never wait for it"
)]

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Zoned;
use jiff::civil::Date;
use turno_api::Verdicts;
use turno_channels::bot::{Settings, is_question, verdict};
use turno_knowledge::{AnswerForm, Library, ProcedureForm};
use turno_model::Plan;

/// Procedures that a verdict is made of: one more than the bot offers.
const LOOKED_AT: usize = 5;

/// The procedures; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Procedures(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    /// Somebody searches: without the HTTP API nothing is read.
    is_used: bool,
    library: Option<Library>,
}

impl Procedures {
    /// Reads them for the first time. Without them everything else goes on.
    pub(crate) fn begin(&self, plan: &Plan) {
        self.kept().is_used = true;
        match self.read(plan) {
            Ok(read) => self.put(read),
            Err(why) => tracing::error!("the procedures are not searched: {why}"),
        }
    }

    /// Reads them as they are now, without putting them into force.
    ///
    /// # Errors
    /// Every fault, for people.
    pub(crate) fn read(&self, plan: &Plan) -> Result<Option<Library>, String> {
        let folder = plan.knowledge.procedures.as_deref().filter(|_| self.kept().is_used);
        let read = folder.map(|folder| Library::read(folder, &|code| plan.takes_code(code)));
        read.transpose().map_err(|refused| refused.to_string())
    }

    /// Puts what was read into force.
    pub(crate) fn put(&self, library: Option<Library>) {
        self.kept().library = library;
    }

    /// The procedures that a question may ask for; `None`: there are none.
    pub(crate) fn search(&self, question: &str, most: usize) -> Option<AnswerForm> {
        self.kept().library.as_ref().map(|library| library.answer(question, most, today()))
    }

    /// What the bot makes of questions, with these words added if there are some; `None`: there are no procedures. Others search
    /// meanwhile.
    pub(crate) fn verdicts(
        &self,
        questions: &[String],
        added: Option<(&[String], Option<&str>)>,
        settings: &Settings,
    ) -> Option<Verdicts> {
        let changed = {
            let kept = self.kept();
            let library = kept.library.as_ref()?;
            added.map(|(words, procedure)| library.with_words(words, procedure)).transpose()
        };
        let (then, row) = match changed {
            Ok(changed) => changed.map_or((None, String::new()), |(then, row)| (Some(then), row)),
            Err(why) => return Some(Err(why)),
        };
        let answer = |question: &str| match &then {
            Some(then) => Some(then.answer(question, LOOKED_AT, today())),
            None => self.search(question, LOOKED_AT),
        };
        let judged = questions.iter().map(|question| {
            let answer = is_question(question, settings).then(|| answer(question)).flatten();
            answer.map(|answer| verdict(&answer, settings))
        });
        Some(Ok((judged.collect(), row)))
    }

    /// One procedure.
    pub(crate) fn procedure(&self, id: &str) -> Option<ProcedureForm> {
        let kept = self.kept();
        kept.library.as_ref()?.procedure(id).map(|procedure| ProcedureForm::new(procedure, today()))
    }

    /// The name of the procedure that a wrap-up code means.
    pub(crate) fn of_code(&self, code: &str) -> Option<String> {
        let kept = self.kept();
        kept.library.as_ref()?.of_code(code).map(|procedure| procedure.name.clone())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn today() -> Date {
    Zoned::now().date()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn a_faulty_card_leaves_the_procedures_as_they_were_and_nothing_is_read_without_a_searcher() {
        let folder = std::env::temp_dir().join(format!("turno-procedures-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let site = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/quito/procedures");
        let card = std::fs::read_to_string(site.join("otra-iess.md")).expect("a card");
        std::fs::write(folder.join("iess.md"), &card).expect("a file");
        let mut plan = turno_model::sample::plan();
        plan.knowledge.procedures = Some(folder.clone());
        let procedures = Procedures::default();
        assert!(procedures.read(&plan).is_ok_and(|read| read.is_none()));
        procedures.begin(&plan);
        let found = procedures.search("jubilacion del iess", 1).expect("procedures");
        assert_eq!(found.procedures[0].id, "iess");
        std::fs::write(folder.join("iess.md"), card.replace("cost =", "costs =")).expect("a file");
        assert!(procedures.read(&plan).err().is_some_and(|why| why.contains("nearest: `cost`")));
        assert!(procedures.procedure("iess").is_some());
        std::fs::write(folder.join("seguro.md"), &card).expect("a file");
        std::fs::remove_file(folder.join("iess.md")).expect("the file");
        procedures.put(procedures.read(&plan).expect("procedures"));
        assert!(procedures.procedure("iess").is_none() && procedures.procedure("seguro").is_some());
        let _ = std::fs::remove_dir_all(&folder);
    }
}
