//! The keys of [api].

use turno_model::plan::ApiPlan;

use crate::key::keys;
use crate::words::{Own, REQUIRED};

keys! {
    /// The keys of [api].
    API: ApiKeys of ApiPlan beside { is_over_tls } {
        /// where the HTTP API is served ([API.md](API.md)): with `[tls]` over HTTPS, with its certificate; without on loopback alone.
        /// Without `[api]` there is none
        listen: Own = REQUIRED, start { told listen };
    }
}
