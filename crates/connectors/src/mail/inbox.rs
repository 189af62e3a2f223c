//! The thread that reads: a mailbox by IMAP, each mail to the post, its place noted when the post has it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::Duration;

use rustls::ClientConfig;
use turno_channels::mail::{Mail, Mailbox, Quoted, Read, Subjects};
use turno_channels::{Body, Millis, NotTaken, Post};

use crate::mail::Clock;
use crate::mail::figures::Figures;
use crate::mail::folder::{Waiting, arrival, end_of, imap_date, search, sizes};
use crate::mail::notes::{Notes, Place};
use crate::mail::outbox::Handed;
use crate::mail::session::{Fault, Opened, Session, folder_name};
use crate::mail::settings::{Begin, Settings};
use crate::mail::wire::{Fetched, Tag};

/// Mails that are asked for at once.
const BATCH: usize = 20;

/// Bytes that are asked for at once, as long as it is more than one mail.
const BATCH_BYTES: u64 = 4 * 1024 * 1024;

/// After how many seconds an IDLE is begun anew; servers end it after half an hour.
const IDLE_SECS: u32 = 20 * 60;

/// How far back a mailbox is searched whose numbers have changed, in days before the last mail that was kept.
const BACK_DAYS: i64 = 2;

/// The thread that reads.
pub(crate) struct Inbox {
    pub(crate) settings: Settings,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) config: Arc<ClientConfig>,
    pub(crate) post: Arc<dyn Post>,
    pub(crate) clock: Clock,
    pub(crate) figures: Arc<Figures>,
    pub(crate) notes: Notes,
    pub(crate) subjects: Subjects,
    pub(crate) handed: Sender<Handed>,
    pub(crate) stop: Receiver<()>,
}

/// Why reading pauses.
enum Pause {
    /// turno ends.
    Stopped,
    /// The session is of no use any more.
    Broken(String),
}

impl From<Fault> for Pause {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Lost(why) | Fault::Refused(why) => Self::Broken(why),
        }
    }
}

impl Inbox {
    /// Reads until it is stopped; a lost connection is made again, at first after a second, at last after five minutes.
    pub(crate) fn run(mut self) {
        let mut pause_secs = 1;
        loop {
            let before = self.figures.taken.get();
            let Err(pause) = self.read();
            self.figures.is_reading.set(false);
            let Pause::Broken(why) = pause else { return };
            self.figures.failures.add("mailbox");
            if self.figures.taken.get() > before {
                pause_secs = 1;
            }
            tracing::warn!(why, pause_secs, "the mailbox can't be read; it is tried again");
            match self.stop.recv_timeout(Duration::from_secs(pause_secs)) {
                Err(RecvTimeoutError::Timeout) => pause_secs = (pause_secs * 2).min(300),
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn read(&mut self) -> Result<core::convert::Infallible, Pause> {
        let settings = &self.settings;
        let literal_max = settings.mailbox.limits.mail_bytes + 64 * 1024;
        let mut session = Session::open(&settings.imap, &settings.login, &self.config, literal_max)?;
        let opened = session.select(&settings.folder)?;
        if let Some(done) = &settings.done {
            // It may exist already: then the server refuses, and nothing is wrong.
            let _ = session.command(&format!("CREATE {}", folder_name(done)), |_| {});
        }
        self.find_place(&mut session, opened)?;
        self.figures.connections.add();
        self.figures.is_reading.set(true);
        let mut failed = 0;
        loop {
            let is_whole = self.fetch_new(&mut session)?;
            failed = if is_whole { 0 } else { failed + 1 };
            if failed > 0 {
                // The post can't keep mails now: they lie safely in the mailbox.
                self.pause(Duration::from_secs(1 << failed.min(6)))?;
                continue;
            }
            if let Err(pause) = self.await_news(&mut session) {
                if matches!(pause, Pause::Stopped) {
                    session.close();
                }
                return Err(pause);
            }
        }
    }

    /// Where to go on: at the noted place, at the end of a mailbox that is new, or two days back if its numbers changed.
    fn find_place(&mut self, session: &mut Session, opened: Opened) -> Result<(), Pause> {
        let settings = &self.settings;
        let name = format!("{}@{}/{}", settings.login.user, settings.imap.host, settings.folder);
        let now = (self.clock)();
        let uid = match self.notes.noted.place.as_ref().filter(|place| place.mailbox == name) {
            Some(place) if place.validity == opened.validity => return Ok(()),
            Some(place) => {
                let since = Millis(place.at.0.saturating_sub(BACK_DAYS * 86_400_000));
                let found = search(session, &format!("SINCE {}", imap_date(since)))?;
                tracing::warn!(
                    mails = found.len(),
                    "the mailbox's numbers have changed; its last days are read again"
                );
                found.first().map_or(end_of(session, opened)?, |first| first.saturating_sub(1))
            }
            None if settings.begin == Begin::All => 0,
            None => end_of(session, opened)?,
        };
        self.notes.noted.place = Some(Place { mailbox: name, validity: opened.validity, uid, at: now });
        self.keep_notes()
    }

    fn keep_notes(&self) -> Result<(), Pause> {
        self.notes
            .keep()
            .map_err(|fault| Pause::Broken(format!("{}: {fault}", self.settings.notes.display())))
    }

    fn place(&self) -> u32 {
        self.notes.noted.place.as_ref().map_or(0, |place| place.uid)
    }

    /// Fetches what is new. Says whether the post kept everything.
    fn fetch_new(&mut self, session: &mut Session) -> Result<bool, Pause> {
        loop {
            let last = self.place();
            let _ = session.take_news();
            let mut new = search(session, &format!("UID {}:*", last.saturating_add(1)))?;
            // `n:*` names the last mail even if its number is smaller.
            new.retain(|uid| *uid > last);
            if new.is_empty() {
                return Ok(true);
            }
            for some in new.chunks(BATCH) {
                self.check_stop()?;
                let waiting = sizes(session, some)?;
                if !self.fetch_batch(session, some, &waiting)? {
                    return Ok(false);
                }
            }
        }
    }

    /// Fetches mails and notes the place behind them.
    fn fetch_batch(
        &mut self,
        session: &mut Session,
        uids: &[u32],
        waiting: &[Waiting],
    ) -> Result<bool, Pause> {
        let most = u64::try_from(self.settings.mailbox.limits.mail_bytes).unwrap_or(u64::MAX);
        let (mut done, mut is_whole, mut at) = (Vec::new(), true, 0);
        while at < waiting.len() && is_whole {
            let mut bytes = 0;
            let count = waiting[at..].iter().take_while(|mail| {
                bytes += mail.bytes;
                mail.bytes <= most && bytes <= BATCH_BYTES
            });
            let count = count.count().max(1);
            let some = &waiting[at..at + count];
            let what = if some[0].bytes > most { "BODY.PEEK[HEADER]" } else { "BODY.PEEK[]" };
            is_whole = self.fetch_or_skip(session, some, what, &mut done)?;
            at += count;
        }
        // Mails that vanished meanwhile count as done.
        let failed = (!is_whole)
            .then(|| waiting.iter().map(|mail| mail.uid).find(|uid| !done.contains(uid)))
            .flatten();
        let last = uids.iter().copied().take_while(|uid| failed.is_none_or(|failed| *uid < failed)).last();
        if let (Some(last), Some(place)) = (last, self.notes.noted.place.as_mut()) {
            place.uid = place.uid.max(last);
            place.at = (self.clock)();
        }
        self.keep_notes()?;
        self.move_away(session, &done)?;
        Ok(is_whole)
    }

    /// Fetches mails; one that the server refuses to give stays behind, and does not stop those after it.
    fn fetch_or_skip(
        &mut self,
        session: &mut Session,
        some: &[Waiting],
        what: &str,
        done: &mut Vec<u32>,
    ) -> Result<bool, Pause> {
        match self.fetch_some(session, some, what, done) {
            Ok(is_whole) => Ok(is_whole),
            Err(Fault::Refused(_)) if some.len() > 1 => {
                for one in some.chunks(1) {
                    if !self.fetch_or_skip(session, one, what, done)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Err(Fault::Refused(why)) => {
                tracing::warn!(why, "the server does not give a mail; it stays in the mailbox");
                self.figures.refused.add();
                Ok(true)
            }
            Err(lost) => Err(lost.into()),
        }
    }

    fn fetch_some(
        &mut self,
        session: &mut Session,
        some: &[Waiting],
        what: &str,
        done: &mut Vec<u32>,
    ) -> Result<bool, Fault> {
        let set: Vec<String> = some.iter().map(|mail| mail.uid.to_string()).collect();
        let mut is_whole = true;
        let item = what.replace(".PEEK", "");
        let command = format!("UID FETCH {} (UID INTERNALDATE {what})", set.join(","));
        session.command(&command, |response| {
            let Some(fetched) = response.fetched() else { return };
            let Some(uid) = fetched.number("UID") else { return };
            let Some(mail) = some.iter().find(|mail| mail.uid == uid) else { return };
            let Some(raw) = fetched.bytes(&item) else { return };
            // Order is kept: behind one that the post can't keep now, none is kept.
            if is_whole && !done.contains(&uid) {
                is_whole = self.take(raw, mail, &fetched, item == "BODY[HEADER]", done);
            }
        })?;
        Ok(is_whole)
    }

    /// Hands one mail to the post. `false`: not now.
    fn take(
        &mut self,
        raw: &[u8],
        waiting: &Waiting,
        fetched: &Fetched<'_>,
        is_head: bool,
        done: &mut Vec<u32>,
    ) -> bool {
        let now = (self.clock)();
        let received = arrival(fetched).filter(|at| at.0 <= now.0).unwrap_or(now);
        let read = if is_head {
            self.mailbox.read_too_large(raw, waiting.bytes, received)
        } else {
            self.mailbox.read(raw, received)
        };
        match read {
            Read::Nothing => done.push(waiting.uid),
            Read::Report(report) => match self.post.report(report) {
                Ok(()) | Err(NotTaken::Never(_)) => {
                    self.figures.reports.add();
                    done.push(waiting.uid);
                }
                Err(NotTaken::Later(why)) => return later(&why),
            },
            Read::Mail(mail) => return self.take_mail(*mail, waiting.uid, now, done),
        }
        true
    }

    fn take_mail(&mut self, mut mail: Mail, uid: u32, now: Millis, done: &mut Vec<u32>) -> bool {
        let sender = mail.incoming.address.key().to_owned();
        let subject = mail.incoming.subject.clone().unwrap_or_default();
        let at = mail.incoming.at;
        if mail.incoming.conversation.is_none() && mail.automatic.is_none() {
            mail.incoming.conversation = self.subjects.find(&sender, &subject, at);
        }
        let taken = match self.post.take(mail.incoming.clone()) {
            Ok(taken) => taken,
            Err(NotTaken::Later(why)) => return later(&why),
            Err(NotTaken::Never(why)) => {
                // It stays where it is, for a person who looks into the mailbox.
                tracing::warn!(why, uid, "a mail is not kept, and stays in the mailbox");
                self.figures.refused.add();
                return true;
            }
        };
        done.push(uid);
        if taken.again {
            self.figures.again.add();
            return true;
        }
        self.figures.taken.add();
        self.subjects.note(&sender, &subject, taken.conversation, at);
        if let Some(Body::Text { text }) = &mail.incoming.body {
            let quoted = Quoted { at, text: text.clone() };
            let _ = self.handed.send(Handed::Said(mail.incoming.external.clone(), quoted));
        }
        if mail.automatic.is_some() {
            self.figures.automatic.add();
        } else if mail.incoming.replies_to.is_none() {
            self.acknowledge(&mail, taken, now);
        }
        true
    }

    /// The first mail of a matter is acknowledged; an answer in a talk is not.
    fn acknowledge(&mut self, mail: &Mail, taken: turno_channels::Taken, now: Millis) {
        let hourly = self.settings.acknowledgements_hourly;
        if hourly == 0 || self.mailbox.acknowledgement.is_empty() {
            return;
        }
        if self.notes.noted.restraint.acknowledge(mail.incoming.address.key(), hourly, now)
            && let Ok(outgoing) = self.mailbox.acknowledge(mail, taken, now)
        {
            let _ = self.handed.send(Handed::Acknowledgement(outgoing));
        }
    }

    fn move_away(&self, session: &mut Session, done: &[u32]) -> Result<(), Pause> {
        let Some(folder) = self.settings.done.as_ref().filter(|_| !done.is_empty() && session.can("MOVE"))
        else {
            return Ok(());
        };
        let set: Vec<String> = done.iter().map(u32::to_string).collect();
        match session.command(&format!("UID MOVE {} {}", set.join(","), folder_name(folder)), |_| {}) {
            Ok(()) => Ok(()),
            Err(Fault::Refused(why)) => {
                tracing::warn!(why, "mails that were kept can't be moved, and stay in the mailbox");
                Ok(())
            }
            Err(lost) => Err(lost.into()),
        }
    }

    /// Waits for news: the server tells them (RFC 2177), or is asked every now and then.
    fn await_news(&self, session: &mut Session) -> Result<(), Pause> {
        if session.take_news() {
            return Ok(());
        }
        if !session.can("IDLE") {
            return self.pause(Duration::from_secs(u64::from(self.settings.poll_secs)));
        }
        let tag = session.send("IDLE")?;
        let mut stopped = None;
        for _ in 0..IDLE_SECS {
            match session.response_soon()? {
                Some(response) if response.tag == Tag::Of(tag.clone()) => {
                    return Err(Pause::Broken(response.line));
                }
                Some(_) if session.take_news() => break,
                Some(_) => {}
                None => {
                    if let Err(pause) = self.check_stop() {
                        stopped = Some(pause);
                        break;
                    }
                }
            }
        }
        session.write(b"DONE\r\n")?;
        while session.response()?.tag != Tag::Of(tag.clone()) {}
        stopped.map_or(Ok(()), Err)
    }

    fn check_stop(&self) -> Result<(), Pause> {
        match self.stop.try_recv() {
            Err(TryRecvError::Empty) => Ok(()),
            Ok(()) | Err(TryRecvError::Disconnected) => Err(Pause::Stopped),
        }
    }

    fn pause(&self, span: Duration) -> Result<(), Pause> {
        match self.stop.recv_timeout(span) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Ok(()) | Err(RecvTimeoutError::Disconnected) => Err(Pause::Stopped),
        }
    }
}

fn later(why: &str) -> bool {
    tracing::warn!(why, "a mail can't be kept now; it lies in the mailbox");
    false
}
