//! The connectors of the plan: WhatsApp's number and the mailbox. Each needs its table and its queue in [written].

use std::path::Path;
use std::sync::Arc;

use core::time::Duration;

use prometheus::Registry;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use turno_channels::Post;
use turno_connectors::mail;
use turno_connectors::whatsapp::{self, Settings, WhatsApp, Work};
use turno_model::Plan;

use crate::conversations::office::{Office, now};
use crate::metrics::connectors::ConnectorMeters;
use crate::process::threads::thread;

/// How long a letter or a mail that is under way may take at the end. After that nobody knows of it, as after a kill.
const LAST_SPAN: Duration = Duration::from_secs(1);

/// WhatsApp's number, and what is to run for it.
pub(crate) type Number = (Arc<WhatsApp>, Work);

/// The connector of WhatsApp, which takes webhooks from now on. `None`: the plan has none, or the log says why.
pub(crate) fn whatsapp(plan: &Plan, office: &Arc<Office>) -> Option<Number> {
    let table = plan.whatsapp.as_ref()?;
    if plan.written.whatsapp.is_none() {
        tracing::error!("nobody can write on WhatsApp: [written] names no queue for it");
        return None;
    }
    let made = WhatsApp::new(Settings::of(table), post(office), Arc::new(now));
    let made = made.inspect_err(|why| tracing::error!("nobody can write on WhatsApp: {why}")).ok()?;
    // The connector keeps the office, so the office must not keep the connector.
    let number = Arc::downgrade(&made.0);
    office.tell_whatsapp_seen(move |external| {
        if let Some(number) = number.upgrade() {
            number.mark_seen(external, false);
        }
    });
    Some(made)
}

fn post(office: &Arc<Office>) -> Arc<dyn Post> {
    Arc::<Office>::clone(office)
}

/// The connectors that run.
pub(crate) struct Connectors {
    handle: Handle,
    stops: watch::Sender<bool>,
    sending: Option<JoinHandle<()>>,
    mailbox: Option<mail::Running>,
}

impl Connectors {
    /// Starts what the plan has. What can't start is in the log.
    pub(crate) fn start(
        office: &Arc<Office>,
        (plan, folder): (&Plan, &Path),
        number: Option<Number>,
        (handle, registry): (Handle, &Registry),
    ) -> Self {
        let (stops, asked) = watch::channel(false);
        let (number, work) = number.unzip();
        let sending = work.map(|work| handle.spawn(whatsapp::run(work, asked)));
        let mailbox = mailbox(office, plan, folder);
        let of_mailbox = mailbox.as_ref().map(|running| Arc::clone(running.figures()));
        ConnectorMeters::register(registry, number, of_mailbox);
        Self { handle, stops, sending, mailbox }
    }

    /// Stops them, and waits a little for what is under way.
    pub(crate) fn stop(self) {
        self.stops.send_replace(true);
        let (tells, ended) = oneshot::channel();
        if let Some(mailbox) = self.mailbox {
            // A server that does not answer must not hold up the end, so another thread waits for the mailbox.
            let waits = thread("turno-mail-end", move || {
                mailbox.stop();
                let _ = tells.send(());
            });
            if let Err(why) = waits {
                tracing::error!("the mailbox is not ended politely: {why}");
            }
        } else {
            drop(tells);
        }
        let sending = self.sending;
        self.handle.block_on(async {
            let sending = async {
                if let Some(sending) = sending
                    && sending.await.is_err()
                {
                    tracing::error!("WhatsApp's letters had ended by a fault of turno's own; please report the lines above");
                }
            };
            let both = async { tokio::join!(sending, ended) };
            if timeout(LAST_SPAN, both).await.is_err() {
                tracing::warn!("a connector was still busy at the end and was left; a letter that was leaving counts as unknown");
            }
        });
    }
}

fn mailbox(office: &Arc<Office>, plan: &Plan, folder: &Path) -> Option<mail::Running> {
    plan.mail.as_ref()?;
    if plan.written.email.is_none() {
        tracing::error!("the mailbox is not read: [written] names no queue for e-mails");
        return None;
    }
    let started = mail::start_planned(plan, folder, post(office), Arc::new(now));
    started.inspect_err(|why| tracing::error!("the mailbox is not read: {why}")).ok().flatten()
}
