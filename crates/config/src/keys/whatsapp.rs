//! The keys of [whatsapp].

use turno_model::plan::WhatsAppPlan;

use crate::key::keys;
use crate::told::Said;
use crate::values::{Whole, whole};
use crate::words::{Own, REQUIRED, Text, own};

keys! {
    /// The keys of [whatsapp].
    WHATSAPP: WhatsAppKeys of WhatsAppPlan beside { app_secret, verify_word, mobiles } {
        /// the platform's name for the number that citizens write to: its `phone_number_id`, digits alone
        number_id: Own = REQUIRED, start { told number_id };
        /// the file with the access token of a system user, and nothing else. It is read again when the platform refuses the token
        token_file: Own = REQUIRED, start { told token_file };
        /// the file with the app secret, by which the platform signs webhooks
        app_secret_file: Own = REQUIRED, start { told app_secret_file };
        /// the file with the word that is entered beside the webhook's address
        verify_token_file: Own = REQUIRED, start { told verify_token_file };
        /// where the platform is
        base_url: Text = Text { default: "https://graph.facebook.com", range: "" }, start { told base_url };
        /// the version of its interface
        version: Text = Text { default: "v25.0", range: "" }, start { told version };
        /// how many messages leave in a second; the platform allows a new number 80
        per_second: Whole = whole(80, 1..=1_000, ""), start { told per_second };
        /// the largest file of a citizen that is fetched
        file_mib: Whole = whole(16, 1..=100, "MiB"), start { told file_mib };
        /// what opens a list of answers
        list_button: Text = Text { default: "Opciones", range: "at most 20 characters" }, start { told list_button };
        /// the approved template by which a caller in a menu is sent a procedure's card ([MENUS.md](MENUS.md#cards-of-procedures)),
        /// with three values: its name, what it says, its page. Without it no menu offers that
        card_template: Own = own("none", ""), start { told card_template };
        /// how the whole numbers of mobile telephones begin: callers with others are offered nothing. `["5939"]`
        mobiles: Own = own("none", "digits"), start { by |_, whatsapp| Some(Said(whatsapp.mobiles.join(", "))) };
    }
}
