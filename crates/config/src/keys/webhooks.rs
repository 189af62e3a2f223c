//! The keys of [[webhook]].

use turno_model::plan::WebhookPlan;

use crate::key::keys;
use crate::words::{Flag, OFF, Own, REQUIRED, own};

keys! {
    /// The keys of [[webhook]].
    WEBHOOK: WebhookKeys of WebhookPlan beside { name, secret, with_numbers, is_inner } {
        /// the name, for commands and metrics
        name: Own = REQUIRED, start { name };
        /// where the program listens: `https://…`, or `http://…` with `inner`
        url: Own = REQUIRED, start { told url };
        /// the file with the secret by which messages are signed: `whsec_` and 24 to 64 bytes in base64
        secret_file: Own = REQUIRED, start { told secret_file };
        /// the kinds of facts that it gets, such as `["ContactArrived", "ContactEnded"]`, as `turno facts` prints them
        events: Own = own("`[]`: all", ""), start { told events };
        /// whether it gets callers' whole numbers; without, their last two digits. Withheld numbers are never sent
        numbers: Flag = OFF, start { by |_, hook| hook.with_numbers };
        /// whether it may be at an inner address: loopback, private, link-local
        inner: Flag = OFF, start { by |_, hook| hook.is_inner };
    }
}
