//! Checks the certificate files regularly, so that a renewal needs no command.

use std::sync::{Arc, PoisonError};

use tokio::time::{MissedTickBehavior, interval};

use crate::net::tls::{Renewal, Tls};

impl Tls {
    /// Checks the files in the plan's interval, until the runtime ends.
    pub(crate) async fn watch(self: Arc<Self>) {
        let mut looks = interval(self.plan.look_interval);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            let tls = Arc::clone(&self);
            let looked = tokio::task::spawn_blocking(move || tls.renew_and_tell()).await;
            if looked.is_err() {
                tracing::error!("the certificates' files are not looked at any more");
                return;
            }
        }
    }

    /// Checks the files and logs the result; a lasting fault is logged once.
    pub(crate) fn renew_and_tell(&self) {
        let renewed = self.renew();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = renewed.as_ref().err().map(ToString::to_string);
        if fault.is_some() && *told == fault {
            return;
        }
        *told = fault;
        drop(told);
        match renewed {
            Ok(Renewal::Same) => {}
            Ok(Renewal::Taken) => {
                tracing::info!(
                    certificate = %self.plan.certificate.display(),
                    "a changed certificate is used for new connections"
                );
            }
            Err(refused) => {
                self.meters.renewal_refused();
                tracing::error!(%refused, "changed certificates can't be used; the previous ones stay in use");
            }
        }
    }
}
