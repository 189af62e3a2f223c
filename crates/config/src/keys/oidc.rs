//! The keys of [oidc].

use turno_model::plan::OidcPlan;

use crate::key::keys;
use crate::words::{Own, REQUIRED, own};

keys! {
    /// The keys of [oidc].
    OIDC: OidcKeys of OidcPlan beside { secret_file, secret } {
        /// who says who somebody is: the issuer's address, below which `/.well-known/openid-configuration` is
        issuer: Own = REQUIRED, start { told issuer };
        /// turno's name at the issuer
        client: Own = REQUIRED, start { told client };
        /// the file with turno's secret at the issuer and nothing else
        secret_file: Own = own("none: a public client, by PKCE alone", ""), start { by |_, oidc| oidc.secret_file.clone() };
        /// where the issuer sends people back to, as their browsers reach the API: it ends in `/api/v1/oidc/back`
        back: Own = REQUIRED, start { told back };
        /// what turno asks the issuer for beside `openid`: the scopes whose claims are named below
        scopes: Own = own("`[\"profile\"]`", ""), start { told scopes };
        /// the claim of the ID token with somebody's groups, a text or a list of texts
        roles_claim: Own = own("`groups`", ""), start { told roles_claim };
        /// the group whose people are operators
        operators: Own = own("`turno-operators`", ""), start { told operators };
        /// the group whose people are supervisors
        supervisors: Own = own("`turno-supervisors`", ""), start { told supervisors };
        /// the group whose people are agents
        agents: Own = own("`turno-agents`", ""), start { told agents };
        /// the group whose people are readers
        readers: Own = own("`turno-readers`", ""), start { told readers };
        /// the claim with somebody's name as a user
        name_claim: Own = own("`preferred_username`", ""), start { told name_claim };
        /// the claim with somebody's extension
        extension_claim: Own = own("`extension`", ""), start { told extension_claim };
        /// the claim with the queues that somebody is limited to, a list of names; without the claim all queues
        queues_claim: Own = own("`queues`", ""), start { told queues_claim };
    }
}
