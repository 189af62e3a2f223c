//! What channels say about messages after they have taken them, in any order, and before anybody knows the message.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use turno_channels::{Body, ConversationId, Delivery, MessageId, Millis, NotTaken, Report, Reported};

use crate::store::{Store, delivery_code, delivery_of};
use crate::trouble::Trouble;

/// For how long a report of a message is kept that nobody knows, in seconds.
const EARLY_SECS: i64 = 600;

/// What the agent reads in place of words that the person has taken back.
const TAKEN_BACK: &str = "taken back";

/// A report as the file has it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Stored {
    Reached(Delivery),
    Failed(String),
    Priced(String, bool),
    TakenBack,
    Edited(Body),
}

impl Store {
    /// Notes what a channel says about a message. Returns the message with its conversation, if it is known
    /// yet.
    ///
    /// # Errors
    /// [`NotTaken::Later`] if the disk fails.
    pub fn report(
        &mut self,
        report: &Report,
        now: Millis,
    ) -> Result<Option<(ConversationId, MessageId)>, NotTaken> {
        self.note(report, now).map_err(|trouble| NotTaken::Later(trouble.to_string()))
    }

    fn note(&mut self, report: &Report, now: Millis) -> Result<Option<(ConversationId, MessageId)>, Trouble> {
        let noting = self.db.transaction()?;
        let found = noting
            .prepare_cached(
                "SELECT conversation, id FROM message \
                 WHERE external = ?1 OR id = (SELECT message FROM also_named WHERE external = ?1) ORDER BY id DESC LIMIT 1",
            )?
            .query_row([&report.external], |row| Ok((ConversationId(row.get(0)?), MessageId(row.get(1)?))))
            .optional()?;
        let what = Stored::from(&report.what);
        match found {
            Some((_, message)) => apply(&noting, message, &what, report.at)?,
            None => {
                noting.execute("DELETE FROM early WHERE put_ms < ?1", [now.plus_secs(-EARLY_SECS).0])?;
                noting
                    .prepare_cached(
                        "INSERT INTO early (external, at_ms, what, put_ms) VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute(params![report.external, report.at.0, serde_json::to_string(&what)?, now.0])?;
            }
        }
        noting.commit()?;
        Ok(found)
    }
}

impl From<&Reported> for Stored {
    fn from(reported: &Reported) -> Self {
        match reported {
            Reported::Reached(delivery) => Self::Reached(*delivery),
            Reported::Failed(why) => Self::Failed(why.clone()),
            Reported::Priced { category, is_billed } => Self::Priced(category.clone(), *is_billed),
            Reported::TakenBack => Self::TakenBack,
            Reported::Edited(body) => Self::Edited(body.clone()),
        }
    }
}

/// Applies the reports that came before their message was known.
pub(crate) fn apply_early(db: &Connection, external: &str, message: MessageId) -> Result<(), Trouble> {
    let early: Vec<(i64, String)> = {
        let mut statement =
            db.prepare_cached("SELECT at_ms, what FROM early WHERE external = ?1 ORDER BY rowid")?;
        let rows = statement.query_map([external], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    if early.is_empty() {
        return Ok(());
    }
    for (at, what) in early {
        apply(db, message, &serde_json::from_str(&what)?, Millis(at))?;
    }
    db.execute("DELETE FROM early WHERE external = ?1", [external])?;
    Ok(())
}

fn apply(db: &Connection, message: MessageId, what: &Stored, at: Millis) -> Result<(), Trouble> {
    match what {
        Stored::Reached(delivery) => reach(db, message, *delivery, None),
        Stored::Failed(why) => reach(db, message, Delivery::Failed, Some(why)),
        Stored::Priced(category, is_billed) => {
            // Each status of a message has its price again: it is booked once.
            db.prepare_cached(
                "INSERT OR IGNORE INTO price (message, category, channel, conversation, is_billed, at_ms) \
                 SELECT id, ?2, channel, conversation, ?3, ?4 FROM message WHERE id = ?1",
            )?
            .execute(params![message.0, category, is_billed, at.0])?;
            Ok(())
        }
        Stored::TakenBack => change_words(db, message, &Body::Other { what: TAKEN_BACK.to_owned() }),
        Stored::Edited(body) => change_words(db, message, body),
    }
}

fn reach(db: &Connection, message: MessageId, delivery: Delivery, why: Option<&str>) -> Result<(), Trouble> {
    let before: i64 = db
        .prepare_cached("SELECT delivery FROM message WHERE id = ?1")?
        .query_row([message.0], |row| row.get(0))?;
    let after = delivery_of(before).then(delivery);
    let why = if after == Delivery::Failed { why } else { None };
    db.prepare_cached(
        "UPDATE message SET delivery = ?2, failure = CASE WHEN ?2 = 5 THEN coalesce(?3, failure) END \
         WHERE id = ?1 AND is_ours = 1",
    )?
    .execute(params![message.0, delivery_code(after), why])?;
    Ok(())
}

/// Only a person's own words can be taken back or changed.
fn change_words(db: &Connection, message: MessageId, body: &Body) -> Result<(), Trouble> {
    db.prepare_cached(
        "UPDATE message SET body = ?2, file = NULL, is_elsewhere = 0 WHERE id = ?1 AND is_ours = 0",
    )?
    .execute(params![message.0, serde_json::to_string(body)?])?;
    Ok(())
}
