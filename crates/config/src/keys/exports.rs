//! The keys of [exports].

use turno_model::plan::ExportsPlan;

use crate::key::keys;
use crate::words::{Own, own};

keys! {
    /// The keys of [exports].
    EXPORTS: ExportsKeys of ExportsPlan beside { queue_log } {
        /// the file to which what happens in queues is written as it happens, in the form of Asterisk's queue_log
        /// ([EXPORTS.md](EXPORTS.md#asterisks-queue_log)). A path that begins with no `/` is one in the journal's folder
        queue_log: Own = own("none", ""), start { by |_, exports| exports.queue_log.clone() };
    }
}
