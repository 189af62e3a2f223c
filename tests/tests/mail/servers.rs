//! exim and dovecot of the machine, with a configuration of their own in a folder of their own.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::until;

/// The password of every mailbox.
pub(crate) const PASSWORD: &str = "a-password-of-tests";

/// The mailboxes that exist; each has its name at any of the two domains.
const BOXES: [&str; 5] = ["atencion", "consultas", "vecina", "plaza", "full"];

pub(crate) struct Servers {
    pub(crate) folder: PathBuf,
    pub(crate) smtp: u16,
    pub(crate) imap: u16,
    pub(crate) imaps: u16,
    /// The certificate by which both are known.
    pub(crate) authority: Vec<u8>,
    exim: Option<Child>,
    dovecot: Option<Child>,
}

impl Servers {
    /// Starts both. `None`, said aloud: the machine lacks one.
    pub(crate) fn start() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        if let Some(missing) = [EXIM, DOVECOT].iter().find(|program| !Path::new(program).exists()) {
            println!("skipped: {missing} is not there");
            return None;
        }
        let name = format!("turno-mail-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        for inner in ["spool", "mail", "run", "log"] {
            fs::create_dir_all(folder.join(inner)).expect("a folder");
        }
        let key = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let authority = key.cert.pem().into_bytes();
        let [smtp, imap, imaps] = free_ports();
        let mut servers = Self { folder, smtp, imap, imaps, authority, exim: None, dovecot: None };
        servers.write("cert.pem", &key.cert.pem());
        servers.write("key.pem", &key.signing_key.serialize_pem());
        servers.write("users", &format!("{}\n", BOXES.map(|name| format!("{name}: {name}")).join("\n")));
        let (user, group) = owner();
        for (name, text) in [("exim.conf", EXIM_CONF), ("dovecot.conf", DOVECOT_CONF)] {
            let text = text
                .replace("DIR", &servers.folder.to_string_lossy())
                .replace("USER", &user)
                .replace("GROUP", &group);
            let text = text.replace("SMTP_PORT", &smtp.to_string()).replace("IMAPS_PORT", &imaps.to_string());
            let text = text.replace("IMAP_PORT", &imap.to_string());
            servers.write(name, &text.replace("PASSWORD", PASSWORD));
        }
        let folders =
            ["spool", "mail", "run", "log", "cert.pem", "key.pem"].map(|inner| servers.folder.join(inner));
        let done = Command::new("chown").arg("-R").arg(format!("{user}:{group}")).args(folders).status();
        assert!(done.is_ok_and(|done| done.success()), "chown");
        servers.start_exim();
        servers.start_dovecot();
        Some(servers)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).expect("a file");
    }

    pub(crate) fn start_exim(&mut self) {
        let config = self.folder.join("exim.conf");
        self.exim = Some(self.run(Command::new(EXIM).arg("-C").arg(config).args(["-bdf", "-q1s"]), "exim"));
        await_port(self.smtp);
    }

    pub(crate) fn start_dovecot(&mut self) {
        let config = self.folder.join("dovecot.conf");
        self.dovecot = Some(self.run(Command::new(DOVECOT).arg("-F").arg("-c").arg(config), "dovecot"));
        await_port(self.imap);
    }

    fn run(&self, command: &mut Command, name: &str) -> Child {
        let out = fs::File::create(self.folder.join(format!("{name}.out"))).expect("a file");
        let other = out.try_clone().expect("its second hand");
        command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(other)
            .spawn()
            .expect("the program starts")
    }

    pub(crate) fn stop_exim(&mut self) {
        end(self.exim.take());
    }

    pub(crate) fn stop_dovecot(&mut self) {
        end(self.dovecot.take());
    }

    /// Sends a mail as any mailer does. Lines of `text` end with a line feed alone.
    pub(crate) fn send(&self, from: &str, to: &str, text: &str) {
        let stream = TcpStream::connect(("127.0.0.1", self.smtp)).expect("exim is there");
        let mut lines = BufReader::new(stream.try_clone().expect("its second hand")).lines();
        let mut out = stream;
        let mut answer = |code: &str| loop {
            let line = lines.next().expect("an answer").expect("a line");
            assert!(line.starts_with(code), "{line}");
            if line.as_bytes().get(3) != Some(&b'-') {
                break;
            }
        };
        answer("220");
        for (command, code) in [
            ("EHLO citizen.example".to_owned(), "250"),
            (format!("MAIL FROM:<{from}>"), "250"),
            (format!("RCPT TO:<{to}>"), "250"),
            ("DATA".to_owned(), "354"),
            (format!("{}\r\n.", text.replace('\n', "\r\n")), "250"),
        ] {
            out.write_all(format!("{command}\r\n").as_bytes()).expect("it is sent");
            answer(code);
        }
    }

    /// The folder in which a mailbox's new mails lie.
    pub(crate) fn new_mails(&self, name: &str) -> PathBuf {
        self.folder.join("mail").join(name).join("new")
    }

    /// Waits until so many mails lie in a mailbox that nobody reads, and gives them in order of their names.
    pub(crate) fn mails(&self, name: &str, count: usize) -> Vec<String> {
        let folder = self.new_mails(name);
        let names = || {
            let mut names: Vec<PathBuf> =
                fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
            names.sort();
            names
        };
        until(&format!("{count} mails lie in {name}"), || names().len() >= count);
        names().into_iter().filter_map(|path| fs::read_to_string(path).ok()).collect()
    }

    /// Lays files into a mailbox as if they had lain there for long.
    pub(crate) fn fill(&self, name: &str, fill: impl FnOnce(&Path)) {
        let root = self.folder.join("mail").join(name);
        for inner in ["new", "cur", "tmp"] {
            fs::create_dir_all(root.join(inner)).expect("a folder");
        }
        fill(&root.join("cur"));
        let (user, group) = owner();
        let done = Command::new("chown").arg("-R").arg(format!("{user}:{group}")).arg(&root).status();
        assert!(done.is_ok_and(|done| done.success()), "chown");
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        self.stop_exim();
        self.stop_dovecot();
        if std::thread::panicking() {
            for name in ["exim.out", "dovecot.out", "log/mainlog", "log/dovecot.log"] {
                println!("{name}:\n{}", fs::read_to_string(self.folder.join(name)).unwrap_or_default());
            }
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn end(child: Option<Child>) {
    let Some(mut child) = child else { return };
    let pid = rustix::process::Pid::from_child(&child);
    let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::TERM);
    let _ = child.wait();
}

fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    let held: [TcpListener; COUNT] =
        core::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").expect("a port"));
    held.map(|socket| socket.local_addr().expect("its address").port())
}

fn await_port(port: u16) {
    until("the server listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
}

/// As whom the servers keep mails: root may own no mailbox.
fn owner() -> (String, String) {
    if rustix::process::getuid().is_root() {
        return ("nobody".to_owned(), "nogroup".to_owned());
    }
    let id = |what: &str| {
        let out = Command::new("id").arg(what).output().expect("id");
        String::from_utf8_lossy(&out.stdout).trim().to_owned()
    };
    (id("-un"), id("-gn"))
}

const EXIM: &str = "/usr/sbin/exim4";
const DOVECOT: &str = "/usr/sbin/dovecot";

const EXIM_CONF: &str = "
exim_user = USER
exim_group = GROUP
primary_hostname = mx.quito.example
spool_directory = DIR/spool
log_file_path = DIR/log/%slog
pid_file_path = DIR/spool/exim.pid
domainlist local_domains = quito.example : example.org
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
never_users =
deliver_drop_privilege
keep_environment =
local_interfaces = 127.0.0.1
daemon_smtp_ports = SMTP_PORT
host_lookup =
rfc1413_query_timeout = 0s
message_size_limit = 60M
smtp_accept_max = 100
smtp_accept_max_per_connection = 0
smtp_accept_queue_per_connection = 0
tls_certificate = DIR/cert.pem
tls_privatekey = DIR/key.pem
tls_advertise_hosts = *
begin acl
rcpt:
  deny domains = !+local_domains
  deny local_parts = nobody-here
       message = 5.1.1 no such mailbox
  defer local_parts = busy
       message = 4.3.0 come back later
  accept
begin routers
refused:
  driver = redirect
  local_parts = full
  allow_fail
  data = :fail: 552 the mailbox is full
box:
  driver = accept
  local_parts = lsearch;DIR/users
  local_part_suffix = +*
  local_part_suffix_optional
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = DIR/mail/$local_part_data
  maildir_format
  create_directory
  delivery_date_add
  envelope_to_add
  return_path_add
  user = USER
  group = GROUP
begin retry
* * F,1h,1s
";

const DOVECOT_CONF: &str = r#"
protocols = imap
base_dir = DIR/run
state_dir = DIR/run/state
log_path = DIR/log/dovecot.log
ssl = yes
ssl_cert = <DIR/cert.pem
ssl_key = <DIR/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:DIR/mail/%n
maildir_very_dirty_syncs = no
listen = 127.0.0.1
default_internal_user = USER
default_internal_group = GROUP
default_login_user = USER
first_valid_uid = 1
mail_max_userip_connections = 100
passdb {
  driver = static
  args = password=PASSWORD
}
userdb {
  driver = static
  args = uid=USER gid=GROUP home=DIR/mail/%n allow_all_users=yes
}
service imap-login {
  chroot =
  inet_listener imap {
    port = IMAP_PORT
  }
  inet_listener imaps {
    port = IMAPS_PORT
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
"#;
