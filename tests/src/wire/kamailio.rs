//! Kamailio as a carrier: a registrar that challenges, and the proxy in front of it.

use core::time::Duration;
use std::net::SocketAddr;
use std::process::Command;

use crate::wire::program::Program;
use crate::wire::server::Server;

/// Kamailio's port, at the server's address.
pub const CARRIER_PORT: u16 = 5080;

/// How long it may take to end.
const END_SPAN: Duration = Duration::from_secs(5);

/// A running Kamailio.
#[derive(Debug)]
pub struct Kamailio(Program);

impl Kamailio {
    /// A carrier with one account, `account7` with the password `wonder`, at the server's address and [`CARRIER_PORT`].
    /// It challenges with an unknown hash and with SHA-256, requires registrations of at least two minutes, rejects
    /// calls whose From is not the account's, and routes the others to `outside`. `refuses`: it has no account.
    pub fn carrier(server: &Server, outside: SocketAddr, refuses: bool) -> Self {
        let place = SocketAddr::new(server.sip().ip(), CARRIER_PORT);
        let script = SCRIPT
            .replace("CARRIER", &place.ip().to_string())
            .replace("PORT", &place.port().to_string())
            .replace("OUTSIDE", &outside.to_string())
            .replace("REFUSES", if refuses { "1" } else { "0" });
        let folder = server.folder();
        let file = folder.join("kamailio.cfg");
        std::fs::write(&file, script).expect("the folder is ours");
        let mut command = Command::new("kamailio");
        command.arg("-f").arg(&file).args(["-DD", "-E", "-m", "16", "-M", "4", "-Y"]).arg(folder.path());
        Self(Program::start(
            &mut command,
            &folder.join(if refuses { "refusing.txt" } else { "kamailio.txt" }),
        ))
    }

    /// Ends it, with its child processes.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Kamailio {
    fn drop(&mut self) {
        // It ends its own children only on request.
        self.0.terminate();
        let _ = self.0.wait(END_SPAN);
    }
}

const SCRIPT: &str = r#"#!KAMAILIO
debug=1
log_stderror=yes
fork=no
children=1
disable_tcp=yes
auto_aliases=no
dns=no
rev_dns=no
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/:/usr/lib/aarch64-linux-gnu/kamailio/modules/"
listen=udp:CARRIER:PORT
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("auth", "algorithm", "SHA-256")
modparam("usrloc", "db_mode", 0)
request_route {
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  if (is_method("REGISTER")) {
    if (REFUSES == 1) { sl_send_reply("403", "Account suspended"); exit; }
    if (!pv_www_authenticate("carrier", "wonder", "0") || $au != "account7") {
      append_to_reply("WWW-Authenticate: Digest realm=\"carrier\", nonce=\"x\", algorithm=SHA3-512, qop=\"auth\"\r\n");
      auth_challenge("carrier", "1");
      exit;
    }
    if ($(hdr(Expires){s.int}) > 0 && $(hdr(Expires){s.int}) < 120) {
      append_to_reply("Min-Expires: 120\r\n");
      sl_send_reply("423", "Interval Too Brief");
      exit;
    }
    save("location");
    exit;
  }
  if (has_totag() || is_method("CANCEL")) { t_relay(); exit; }
  if ($sp == 5060 && $si == "CARRIER") {
    if ($fU != "account7" || $fd != "CARRIER") { sl_send_reply("403", "Not your number"); exit; }
    if (!pv_proxy_authenticate("carrier", "wonder", "0") || $au != "account7") {
      auth_challenge("carrier", "1");
      exit;
    }
    consume_credentials();
    $du = "sip:OUTSIDE";
    t_relay();
    exit;
  }
  append_hf("P-Asserted-Identity: <sip:+593998877665@CARRIER>\r\n");
  append_hf("Privacy: id\r\n");
  $ru = "sip:account7@CARRIER";
  if (!lookup("location")) { sl_send_reply("404", "Not registered"); exit; }
  t_relay();
}
"#;
